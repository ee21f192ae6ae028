"""Two shares: their difference against published examples, its measured coverage, splits, signs."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, t

from evaluator.claims.two_shares import by_day_interval, difference, sign_p, split_interval
from evaluator.results import Interval

NEWCOMBE = [
    # Newcombe (1998), Table II, method 10
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ((10, 10), (0, 10), (0.6075, 1.0000)),
]


@pytest.mark.parametrize(("treated", "other", "ends"), NEWCOMBE)
def test_newcombe_s_examples(
    treated: tuple[float, float], other: tuple[float, float], ends: tuple[float, float]
) -> None:
    found = difference(treated, other, 0.95).hybrid
    assert (found.low, found.high) == pytest.approx(ends, abs=5e-5)


def test_the_pooled_interval_is_the_published_formula() -> None:
    """d = .2, p = .3, se = sqrt(.3 · .7 · (1/10 + 1/10))."""
    found = difference((4, 10), (2, 10), 0.95)
    assert found.value == pytest.approx(0.2)
    assert found.standard_error == pytest.approx((0.21 * 0.2) ** 0.5)
    assert found.pooled.high == pytest.approx(0.2 + 1.96 * (0.21 * 0.2) ** 0.5)


def test_swapping_the_arms_turns_the_sign() -> None:
    one, other = difference((7, 20), (3, 30), 0.9), difference((3, 30), (7, 20), 0.9)
    assert other.value == -one.value
    for mine, its in ((one.pooled, other.pooled), (one.hybrid, other.hybrid)):
        assert (its.low, its.high) == pytest.approx((-mine.high, -mine.low))


def test_coverage_is_that_of_the_table() -> None:
    """Exact, 20 an arm at shares of .05 and .02: the pooled interval falls, the other does not."""
    held = [0.0, 0.0]
    for x, y in itertools.product(range(21), repeat=2):
        found = difference((x, 20), (y, 20), 0.95)
        chance = binom.pmf(x, 20, 0.05) * binom.pmf(y, 20, 0.02)
        for position, interval in enumerate((found.pooled, found.hybrid)):
            held[position] += chance * (0.05 - 0.02 in interval)
    assert held == pytest.approx([0.7564, 0.9981], abs=5e-5)


def test_by_day_is_the_paired_t_of_days_of_one_size() -> None:
    """Differences .1, .2, .3 on three days of 10: .2 ± t(2) · .1 / √3."""
    parts = np.array([[3.0, 5.0, 4.0], [2.0, 3.0, 1.0]])
    found = by_day_interval(parts, np.full((2, 3), 10.0), 0.95)
    reach = float(t.ppf(0.975, 2)) * 0.1 / 3**0.5
    assert (found.low, found.high) == pytest.approx((0.2 - reach, 0.2 + reach))


def test_by_day_weighs_days_by_their_trials() -> None:
    """Shares .5 = 30/60 and 0: u = (20 − 25)/60, (10 − 5)/60; √(2/1 · 2 · (5/60)²) = 1/6."""
    found = by_day_interval(
        np.array([[20.0, 10.0], [0.0, 0.0]]), np.array([[50.0, 10.0], [9.0, 1.0]]), 0.95
    )
    assert found.high - 0.5 == pytest.approx(float(t.ppf(0.975, 1)) / 6)


def test_by_day_holds_where_units_of_a_day_are_alike() -> None:
    """400 draws of 23 days, correlation .01: false alarms of the band .01 in all."""
    rng, held = np.random.default_rng(20), np.zeros(2)
    for _ in range(400):
        parts = rng.binomial(750, rng.beta(0.2 * 99, 0.8 * 99, size=(2, 23))).astype(float)
        one, other = ((float(part), 750.0 * 23) for part in parts.sum(axis=1))
        intervals = (
            by_day_interval(parts, np.full((2, 23), 750.0), 0.95),
            difference(one, other, 0.95).hybrid,
        )
        held += [0.0 in interval for interval in intervals]
    assert binom.ppf(0.005, 400, 0.95) <= held[0] <= binom.ppf(0.995, 400, 0.95)
    assert held[1] < binom.ppf(0.005, 400, 0.7)


def test_the_widest_decides() -> None:
    apart = difference((4, 10), (2, 10), 0.95)
    wide, narrow = Interval(-9.0, 9.0, 0.95), Interval(0.19, 0.21, 0.95)
    assert replace(apart, by_day=wide).wider == wide
    assert replace(apart, by_day=narrow).wider == apart.wider


def test_a_split() -> None:
    """1.96 · sqrt(.25 / 100) = .098 around the planned half."""
    found = split_interval(0.5, 100, 0.95)
    assert (found.low, found.high) == pytest.approx((0.402, 0.598))


@pytest.mark.parametrize(("above", "below", "p"), [(0, 0, 1.0), (5, 0, 1 / 16), (3, 3, 1.0)])
def test_signs(above: int, below: int, p: float) -> None:
    assert sign_p(above, below) == pytest.approx(p)
    assert sign_p(below, above) == pytest.approx(p)
