"""Coverage of a group of countries against the rest, on free worlds with weaker areas planted.

Facebook's log lifts are planted .8 as large in its weak countries; LinkedIn's are alike
everywhere. The truth of a row is its own formula on the means that the counts were drawn from.
"""

from collections import defaultdict
from collections.abc import Sequence
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from evaluator.comparisons import Comparison, geography
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.experiment import load_protocol
from evaluator.resampling.flagship import STORY, Lifts, flagship_world
from evaluator.resampling.simulate import Simulated, simulate

WORLDS, SEED, LEVEL, FALSE_ALARMS = 300, 7, 0.95, 0.01
Array = NDArray[np.float64]
Tallies = dict[tuple[str, str, str], list[bool]]
OTHERS = "other courses"


@pytest.mark.long
class TestThreeHundredWorlds:
    @pytest.fixture(scope="class")
    def covered(self, recovery: ModuleType) -> Tallies:
        return recover(recovery, WORLDS, STORY)

    def test_groups_against_the_rest_are_above_the_lower_end_of_the_band(
        self, covered: Tallies
    ) -> None:
        """Of groups that are refused in fewer than half of the worlds."""
        often = {
            name: held
            for name, held in covered.items()
            if name[2] == geography.AGAINST and len(held) > WORLDS / 2
        }
        assert len(often) >= 18
        for name, held in often.items():
            assert sum(held) >= binom.ppf(FALSE_ALARMS / len(often), len(held), LEVEL), name


def recover(recovery: ModuleType, worlds: int, lifts: Lifts | None) -> Tallies:
    """(channel, group, method) → whether each world's interval held the truth."""
    protocol = load_protocol(recovery.FLAGSHIP)
    world = flagship_world(protocol, lifts)
    groups = {geography.arm_of(group): group.countries for group in protocol.country_groups}
    found: Tallies = defaultdict(list)
    for seed in np.random.SeedSequence(SEED).spawn(worlds):
        simulated = simulate(world, np.random.default_rng(seed))
        totals = {code: sums(simulated, [row]) for row, code in enumerate(world.courses)}
        totals[OTHERS] = sums(simulated, np.flatnonzero(~world.promoted))
        for row in geography.planned(recovery.resolved_world(protocol, simulated)):
            key, built = row.key, row.comparison
            if key.variant != "default" or key.arm not in groups:
                continue
            assert isinstance(built, Comparison)
            answer = estimate(built, key, Setting())
            if isinstance(answer, Estimated):
                inside = np.isin(world.countries, groups[key.arm])
                against = key.method == geography.AGAINST
                true = truth(totals, built, inside, against=against)
                found[key.channel, key.arm, key.method].append(
                    true in answer.effect.interval(LEVEL)
                )
    return found


def sums(simulated: Simulated, rows: Sequence[int] | NDArray[np.intp]) -> Array:
    """(2, countries, days): means with and without promotion, over these courses."""
    return np.stack([simulated.mean[rows].sum(axis=0), simulated.base[rows].sum(axis=0)])


def truth(
    totals: dict[str, Array], comparison: Comparison, inside: NDArray[np.bool_], *, against: bool
) -> float:
    """The formula of the row on means with and without promotion."""
    with_, expected = cells(totals, comparison, inside)
    if against:
        rest, rest_expected = cells(totals, comparison, ~inside)
        with_ = with_ * rest_expected / rest
    return float(np.log(with_.sum() / expected.sum()))


def cells(
    totals: dict[str, Array], comparison: Comparison, units: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Per course: the mean of its wave days, and what it would have been by the row's logic."""
    means, expected = [], []
    for code, coded in zip(comparison.series, comparison.codes, strict=True):
        lifts = {}
        for name in (code, OTHERS):
            window, reference = (
                totals[name][:, units][:, :, coded == kind].sum(axis=(1, 2))
                for kind in (WINDOW, REFERENCE)
            )
            lifts[name] = (window[0] / window[1]) / (reference[0] / reference[1])
            if name == code:
                means.append(window[0])
        expected.append(means[-1] / lifts[code] * lifts[OTHERS])
    return np.array(means), np.array(expected)
