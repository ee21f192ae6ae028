"""Extra enrolments: what the lift is worth in counts.

*Realised*: what was counted minus what would have been, Y − Y·exp(−θ); the count is a fact, so
only θ is uncertain and the interval is θ's own, transformed: it excludes no extra exactly when
the lift's excludes 1. *Expected*: the mean of that over repetitions of the campaign; the
treated count is random too, which widens the interval by its noise (MOVER).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from evaluator.estimators.arrays import Array
from evaluator.inference.distributions import Drawn
from evaluator.results import Amount, Effect, Extra, Interval

DRAWS = 20_000


def overdispersion(counts: Array) -> Array:
    """Moment estimate of α in var = μ + αμ², with unit × period means.

    Parameters
    ----------
    counts : (..., units, periods) of courses that nobody promoted individually

    Returns
    -------
    α ≥ 0, per period, (...,); 0 where nothing was counted
    """
    units, periods = counts.shape[-2:]
    total = np.maximum(counts.sum(axis=(-2, -1), keepdims=True), 1e-300)
    mean = counts.sum(axis=-1, keepdims=True) * counts.sum(axis=-2, keepdims=True) / total
    freedom = (units - 1) * (periods - 1) / (units * periods)
    both = (-2, -1)
    excess = np.sum((counts - mean) ** 2, axis=both) / freedom - mean.sum(axis=both)
    squares = np.maximum(np.sum(mean**2, axis=both), 1e-300)
    return np.asarray(np.maximum(excess / squares, 0.0))


def extra_of_one(
    effect: Effect, observed: float, alpha: float, periods: int, level: float
) -> Extra:
    """Realised and expected extra of one treated total.

    Parameters
    ----------
    observed : outcome of the treated units in the window
    alpha : over-dispersion per period (see `overdispersion`)
    periods : window periods over which it averages

    References
    ----------
    Zou & Donner (2008), method of variance estimates recovery.
    """
    value = -observed * math.expm1(-effect.log_lift)
    counterfactual = observed - value
    noise = _treated_noise(observed, counterfactual, alpha, periods)

    def realised(at: float) -> Interval:
        return in_counts(effect.interval(at), observed)

    def expected(at: float) -> Interval:
        own, reach = realised(at), float(ndtri((1 + at) / 2)) * math.sqrt(noise)
        low = value - math.hypot(value - own.low, reach)
        return Interval(low, value + math.hypot(own.high - value, reach), at)

    return Extra(
        Amount(value, realised(level), effect.p_value()),
        Amount(value, expected(level), _inverted_p(expected)),
    )


def in_counts(interval: Interval, observed: float) -> Interval:
    """An interval of a log lift as one of realised extra enrolments: Y − Y·exp(−θ)."""
    low, high = (-observed * _expm1(-end) for end in (interval.low, interval.high))
    return Interval(low, high, interval.level)


def extra_of_several(
    log_lifts: Array,
    covariance: Array,
    dof: float,
    observed: Array,
    noise: tuple[float, int],
    level: float,
    rng: np.random.Generator,
) -> Extra:
    """The same summed over series whose log lifts are uncertain together.

    Parameters
    ----------
    log_lifts : (series,); covariance : (series, series)
    observed : (series,) outcomes in the window
    noise : over-dispersion per period and the number of periods
    rng : generator of the `DRAWS` joint draws, multivariate t
    """
    # Not Cholesky's: two courses may be one another's copy.
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    normal = rng.standard_normal((DRAWS, len(log_lifts))) @ root.T
    stretch = np.sqrt(dof / rng.chisquare(dof, size=(DRAWS, 1)))
    realised = -(observed * np.expm1(-(log_lifts + normal * stretch))).sum(axis=1)
    value = float(-(observed * np.expm1(-log_lifts)).sum())
    counterfactual = observed * np.exp(-log_lifts)
    variance = sum(
        _treated_noise(float(y), float(cf), *noise)
        for y, cf in zip(observed, counterfactual, strict=True)
    )
    expected = realised + math.sqrt(variance) * rng.standard_normal(DRAWS)
    return Extra(_drawn(value, realised, level), _drawn(value, expected, level))


def _treated_noise(observed: float, counterfactual: float, alpha: float, periods: int) -> float:
    """Count noise of the treated total beyond the counterfactual's, which θ already carries."""
    poisson = observed - counterfactual
    return max(poisson + alpha * (observed**2 - counterfactual**2) / periods, 0.0)


def _drawn(value: float, draws: Array, level: float) -> Amount:
    law = Drawn(np.sort(draws))
    tail = (1 - level) / 2
    below = law.cdf(0.0)
    interval = Interval(law.quantile(tail), law.quantile(1 - tail), level)
    return Amount(value, interval, 2 * min(below, 1 - below))


def _inverted_p(interval: Callable[[float], Interval]) -> float:
    """Two-sided p: 1 − the level at which the interval's nearer end reaches zero."""

    def distance(at: float) -> float:
        own = interval(at)
        return max(own.low, -own.high)

    if distance(1e-9) <= 0:
        return 1.0
    if distance(1 - 1e-12) > 0:
        return 0.0
    return float(1 - brentq(distance, 1e-9, 1 - 1e-12, xtol=1e-14))


def _expm1(x: float) -> float:
    return math.expm1(x) if x < 700 else math.inf
