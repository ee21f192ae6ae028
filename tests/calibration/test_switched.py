"""Weeks on and off by chance: the study in small, on the same worlds in every run."""

from types import ModuleType

from scipy.stats import binom

WORLDS, SEED, FALSE_ALARMS = 60, 4, 0.005


def test_intervals_cover_and_find(switched: ModuleType) -> None:
    own = switched.DESIGNS["six courses, three couples, every second week"]
    null = switched.recover(WORLDS, SEED, own, switched.KINDS["nothing planted"])
    planted = switched.recover(WORLDS, SEED, own, switched.KINDS["lifts"])
    fewest = binom.ppf(FALSE_ALARMS, WORLDS, switched.LEVEL)
    assert null.covered == WORLDS - null.found >= fewest
    assert planted.covered >= fewest
    assert planted.found >= 0.9 * WORLDS


def test_what_is_left_behind_makes_it_small(switched: ModuleType) -> None:
    """Where half is left a week later neighbouring weeks err by more than every second week."""
    kind = switched.KINDS["lifts, half left a week later"]
    near = switched.recover(20, SEED, switched.Design(12, 3), kind)
    apart = switched.recover(20, SEED, switched.Design(12, 3, 2), kind)
    assert near.bias / 20 < apart.bias / 20 - 0.03 < 0
