"""Intervals against SciPy's own, and at their edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from evaluator.claims.intervals import (
    count_interval,
    mean_interval,
    spread,
    t_reach,
    weighted_count_interval,
)

LEVELS = [0.8, 0.95]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("count", [1, 7, 6085])
def test_count_is_garwoods(count: int, level: float) -> None:
    interval = count_interval(count, level)
    tail = (1 - level) / 2
    assert interval.low == pytest.approx(stats.chi2.ppf(tail, 2 * count) / 2)
    assert interval.high == pytest.approx(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2)


def test_nothing_counted_leaves_an_upper_end() -> None:
    """1 − e^−x = .975 at x = 3.69."""
    interval = count_interval(0, 0.95)
    assert interval.low == 0
    assert interval.high == pytest.approx(-math.log(0.025))


def test_equal_weights_are_one_count() -> None:
    exact = count_interval(12, 0.95)
    weighted = weighted_count_interval(np.array([5.0, 0.0, 7.0]), np.full(3, 0.5), 0.95)
    assert weighted.low == pytest.approx(exact.low / 2)
    assert weighted.high == pytest.approx(exact.high / 2)


def test_a_heavy_weight_makes_it_wider() -> None:
    """30 at weight 1 and 2 at weight 10: value 50, variance 30 + 200."""
    interval = weighted_count_interval(np.array([30.0, 2.0]), np.array([1.0, 10.0]), 0.95)
    exact, scale = count_interval(32, 0.95), math.sqrt(230 / 32)
    assert interval.low == pytest.approx(50 - scale * (32 - exact.low))
    assert interval.high == pytest.approx(50 + scale * (exact.high - 32))


def test_nothing_counted_is_as_rare_as_its_heaviest_weight_allows() -> None:
    interval = weighted_count_interval(np.zeros(2), np.array([1.0, 10.0]), 0.95)
    assert interval.low == 0
    assert interval.high == pytest.approx(-10 * math.log(0.025))


@pytest.mark.parametrize("level", LEVELS)
def test_mean_is_students(level: float) -> None:
    values = np.array([3.0, 4.0, 8.0, 1.0])
    theirs = stats.ttest_1samp(values, 0).confidence_interval(level)
    own = mean_interval(values, level)
    assert (own.low, own.high) == pytest.approx((theirs.low, theirs.high))
    assert own.high - 4 == pytest.approx(t_reach(4, level) * spread(values) / 2)
