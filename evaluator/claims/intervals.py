"""Intervals of plain counts and means."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaincinv, stdtrit

from evaluator.estimators.arrays import Array
from evaluator.results import Interval


def count_interval(count: float, level: float) -> Interval:
    """Exact interval of the mean of a Poisson count.

    References
    ----------
    Garwood (1936).
    """
    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) if count > 0 else 0.0
    return Interval(low, float(gammaincinv(count + 1, 1 - tail)), level)


def weighted_count_interval(counts: Array, weights: Array, level: float) -> Interval:
    """Interval of a weighted sum of Poisson means; with equal weights it is exact.

    Parameters
    ----------
    counts, weights : (n,), weights positive

    References
    ----------
    Dobson, Kuulasmaa, Eberle & Scherer (1991).
    """
    total, value = float(counts.sum()), float(weights @ counts)
    exact = count_interval(total, level)
    if total == 0:
        return Interval(0.0, float(weights.max()) * exact.high, level)
    scale = math.sqrt(float(weights**2 @ counts) / total)
    return Interval(
        value + scale * (exact.low - total), value + scale * (exact.high - total), level
    )


def mean_interval(values: Array, level: float) -> Interval:
    """Student's interval of the mean of at least two values, (n,)."""
    reach = t_reach(len(values), level) * spread(values) / math.sqrt(len(values))
    mean = float(values.mean())
    return Interval(mean - reach, mean + reach, level)


def spread(values: Array) -> float:
    """Standard deviation of a sample, (n,)."""
    return float(np.std(values, ddof=1))


def t_reach(n: int, level: float) -> float:
    """Half-width in standard errors, for a standard deviation known from `n` values."""
    return float(stdtrit(n - 1, (1 + level) / 2))
