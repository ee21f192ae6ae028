"""The coverage of every default, compared with what it was: the study in small.

750 small worlds, seven defaults. A change that takes two points off the coverage of one default (or
adds them) moves 15 worlds one way on average and is caught with a chance of .93. One that moves
worlds as often one way as the other is reported, for any of the seven, at most 14 times in a
thousand; an unchanged program never.
"""

from types import ModuleType

import numpy as np
import pytest
from scipy.stats import binom

MEANT = "if that was meant: python tests/calibration/paired.py --write, and say why in the commit"


def test_every_default_covers_the_worlds_that_it_covered(paired: ModuleType) -> None:
    before, after = paired.stored(), paired.now()
    same = before.counted == after.counted
    how = (
        "in the same worlds (McNemar)"
        if same
        else "random numbers differ from those of the stored worlds, so two samples (Fisher)"
    )
    assert set(before.by_default) == set(after.by_default)
    changed = []
    for name, held in after.by_default.items():
        p = paired.chance(before.by_default[name], held, same_worlds=same)
        if p <= paired.ALARM:
            was = before.by_default[name].mean()
            changed.append(
                f"{name}: coverage {held.mean():.3f}, was {was:.3f} (p = {p:.2g}, {how})"
            )
    assert not changed, "\n".join([*changed, MEANT])


def test_two_points_are_noticed_with_the_stated_power(paired: ModuleType) -> None:
    """Fewest worlds lost, none won, that alarm; then the chance of losing so many."""
    held = np.ones(paired.WORLDS, dtype=bool)
    fewest = next(
        lost
        for lost in range(1, 40)
        if paired.chance(held, np.arange(paired.WORLDS) >= lost, same_worlds=True) <= paired.ALARM
    )
    assert binom.sf(fewest - 1, paired.WORLDS, paired.CHANGE) == pytest.approx(0.93, abs=0.01)


def test_worlds_that_come_and_go_are_no_change(paired: ModuleType) -> None:
    before = np.arange(paired.WORLDS) >= 30
    after = np.roll(before, 15)
    assert paired.chance(before, after, same_worlds=True) == pytest.approx(1.0)


def test_other_random_numbers_are_compared_as_samples(paired: ModuleType) -> None:
    """.95 against .90 of 750 is p < .001; against .94, nothing."""
    rank = np.arange(paired.WORLDS) / paired.WORLDS
    assert paired.chance(rank < 0.95, rank < 0.90, same_worlds=False) < 0.001
    assert paired.chance(rank < 0.95, rank < 0.94, same_worlds=False) > 0.2
