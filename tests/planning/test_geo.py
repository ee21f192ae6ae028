"""Selection of markets on histories of which the answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array
from evaluator.planning.geo import Markets, select_markets

NAMES = tuple(f"M{n}" for n in range(12))
ASKED = Markets(NAMES, (1, 2), (8,), (0.0, 0.02, 0.05, 0.1, 0.3), draws=2000)


def history(noise: float = 0.002) -> Array:
    """Twelve markets that share two seasons; M0 goes its own way."""
    rng = np.random.default_rng(6)
    seasons = rng.normal(size=(2, 80)).cumsum(axis=1)
    shares = rng.dirichlet((2, 2), size=12)
    paths = shares @ seasons * 0.02 + noise * rng.normal(size=(12, 80))
    paths[0] += 0.1 * rng.normal(size=80)
    sizes = 1000 * (1 + rng.integers(1, 5, size=12))
    return np.asarray(sizes[:, None] * np.exp(paths))


def test_what_is_planted_is_estimated() -> None:
    for own in select_markets(history(), replace(ASKED, exclude=("M0",))):
        assert own.effect == 0.02
        assert own.detected == pytest.approx(own.effect, abs=0.01)
        assert own.abs_lift_in_zero == round(abs(own.detected - own.effect), 3)
        assert 0 <= own.imbalance < 1


def test_a_market_of_its_own_finds_little() -> None:
    found = {own.names: own for own in select_markets(history(), replace(ASKED, sizes=(1,)))}
    calm = [own.effect for names, own in found.items() if names != ("M0",)]
    assert max(calm) <= 0.05
    assert ("M0",) not in found or found["M0",].effect > 0.05


def test_include_exclude_and_budget() -> None:
    outcomes, asked = history(), replace(ASKED, include=("M3",), exclude=("M0", "M4"))
    found = select_markets(outcomes, asked)
    assert all("M3" in own.names and not {"M0", "M4"} & set(own.names) for own in found)
    cheapest = min(own.investment for own in found)
    within = select_markets(outcomes, replace(asked, budget=cheapest + 1))
    assert [own.investment for own in within] == [cheapest]
    assert within[0].rank == 1
    with pytest.raises(TooFewUnits, match="within the budget"):
        select_markets(outcomes, replace(asked, budget=1.0))
    with pytest.raises(TooFewUnits, match="holds M3, M8"):
        select_markets(outcomes, replace(asked, sizes=(1,), include=("M3", "M8")))


def test_of_two_alike_effects_the_one_that_adds() -> None:
    asked = replace(ASKED, effects=(-0.1, 0.1), exclude=("M0",))
    assert {own.effect for own in select_markets(history(), asked)} == {0.1}
    (taken, *_) = select_markets(history(), replace(asked, effects=(-0.1,)))
    assert taken.holdout == taken.share
    assert taken.investment > 0


def test_size_of_the_test_where_nothing_is_planted() -> None:
    """p < .1 of independent histories, in one market: binomial(200, .1) within 3 errors."""
    asked = Markets(NAMES[:8], (1,), (6,), (1e-12,), include=("M2",), draws=500)
    found = 0
    for seed in range(200):
        rng = np.random.default_rng([9, seed])
        outcomes = 1000 * np.exp(0.05 * rng.normal(size=(8, 40)))
        try:
            select_markets(outcomes, asked)
            found += 1
        except TooFewUnits:
            continue
    assert found / 200 <= 0.1 + 3 * np.sqrt(0.09 / 200)


def test_same_seed_same_table() -> None:
    assert select_markets(history(), ASKED) == select_markets(history(), ASKED)
