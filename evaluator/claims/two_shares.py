"""Two independent shares: their difference, a split by chance, and a sign test over days."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, ndtri

from evaluator.claims.intervals import t_reach
from evaluator.estimators.arrays import Array
from evaluator.inference.shares import share_interval
from evaluator.results import Interval, Share


@dataclass(frozen=True, slots=True)
class Difference:
    """Treated less other, with its pooled standard error and two intervals, or three."""

    treated: Share
    other: Share
    value: float
    standard_error: float
    pooled: Interval
    """As published: the standard error of equal shares, and a reach of two decimals (1.96)."""
    hybrid: Interval
    """From the two score intervals; it covers as it says where the pooled one does not."""
    by_day: Interval | None = None
    """From how it differs by day; it covers as it says where units of a day are alike."""

    @property
    def wider(self) -> Interval:
        """All: what is concluded holds in each."""
        every = [own for own in (self.pooled, self.hybrid, self.by_day) if own is not None]
        low, high = min(own.low for own in every), max(own.high for own in every)
        return Interval(low, high, self.pooled.level)


def difference(
    treated: tuple[float, float], other: tuple[float, float], level: float
) -> Difference:
    """Difference of two independent shares.

    Parameters
    ----------
    treated, other : (successes, trials), trials positive

    References
    ----------
    Newcombe (1998), method 10, for the hybrid interval.
    """
    shares = [
        Share(part / whole, share_interval(part, whole, level), whole)
        for part, whole in (treated, other)
    ]
    first, second = shares
    value = first.value - second.value
    pool = (treated[0] + other[0]) / (treated[1] + other[1])
    error = math.sqrt(pool * (1 - pool) * (1 / treated[1] + 1 / other[1]))
    reach = round(z_reach(level), 2) * error
    return Difference(
        first,
        second,
        value,
        error,
        Interval(value - reach, value + reach, level),
        hybrid_interval(first, second, level),
    )


def hybrid_interval(first: Share, second: Share, level: float) -> Interval:
    """Interval of a difference of shares from the score interval of each.

    References
    ----------
    Newcombe (1998), method 10.
    """
    value = first.value - second.value
    below = math.hypot(first.value - first.interval.low, second.interval.high - second.value)
    above = math.hypot(first.interval.high - first.value, second.value - second.interval.low)
    return Interval(value - below, value + above, level)


def by_day_interval(successes: Array, trials: Array, level: float) -> Interval:
    """Interval of the difference of total shares from how it differs by day: days independent.

    Units of a day may be alike: only days are taken to be independent. Linear in the share of
    each day, with Student's law of one less than the days.

    Parameters
    ----------
    successes, trials : (2, days) of the treated arm and of the other, at least two days

    References
    ----------
    Cochran (1977), chapter 6, for a ratio; Deng, Knoblich & Lu (2018) for its use on days.
    """
    days, whole = trials.shape[1], trials.sum(axis=1, keepdims=True)
    shares = successes.sum(axis=1, keepdims=True) / whole
    moved = (successes - shares * trials) / whole
    error = math.sqrt(days / (days - 1) * float(np.sum((moved[0] - moved[1]) ** 2)))
    value, reach = float(shares[0, 0] - shares[1, 0]), t_reach(days, level) * error
    return Interval(value - reach, value + reach, level)


def split_interval(planned: float, units: float, level: float) -> Interval:
    """Where chance leaves the share of one arm, of so many units: the normal law, as published."""
    reach = round(z_reach(level), 2) * math.sqrt(planned * (1 - planned) / units)
    return Interval(planned - reach, planned + reach, level)


def sign_p(above: int, below: int) -> float:
    """Two-sided p that as many days of one sign happen by luck; equal days are left out.

    >>> round(sign_p(4, 19), 4), round(sign_p(10, 13), 4)
    (0.0026, 0.6776)
    """
    days = above + below
    return min(1.0, 2 * float(bdtr(min(above, below), days, 0.5))) if days else 1.0


def z_reach(level: float) -> float:
    """Half-width in standard errors under the normal law."""
    return float(ndtri((1 + level) / 2))
