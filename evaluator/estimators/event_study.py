"""A weekly log ratio: how it moves by itself, and the trend in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import TooFewPeriods
from evaluator.estimators.arrays import Array
from evaluator.estimators.autoregression import RHO_GRID
from evaluator.estimators.ratio import nonnegative_line

LAGS = 12
"""Longest distance in weeks at which movements are compared."""
MIN_TREND_WEEKS = 3


@dataclass(frozen=True, slots=True)
class Movement:
    """How a weekly log ratio moves where nothing happens: AR(1), one-week noise, and counts."""

    rho: float
    persistent: float
    """Variance of the part that is still there, times `rho`, a week later."""
    passing: float
    """Variance of what is gone a week later, beyond the noise of the counts."""

    def covariance(self, noise: Array, share: float = 1.0) -> Array:
        """Covariance of a path, (N, N).

        Parameters
        ----------
        noise : (N,) variance of the logs from the counts alone
        share : what is left of a single series' movement in this path: 1/S in a mean of S
        """
        weeks = np.arange(len(noise))
        kept = self.rho ** np.abs(weeks[:, None] - weeks)
        moved = self.persistent * kept + self.passing * np.eye(len(noise))
        return np.asarray(share * moved + np.diag(noise))


def movement(paths: Array, noise: Array) -> Movement:
    """Movement common to several paths, from how far they are apart after 1, 2, … weeks.

    Half the mean squared difference at distance k is σ²(1 − ρᵏ) + α + counts, whatever the level
    of each path is. Series weigh by the inverse square of their variance; σ² and α are fitted by
    least squares at each ρ of a grid, both at least 0, and the best ρ is taken.

    Parameters
    ----------
    paths : (series, N) log ratios; not a number where a series was not open
    noise : (series, N) their count variances

    Raises
    ------
    TooFewPeriods : no path has two weeks

    References
    ----------
    The variogram: Diggle, Heagerty, Liang & Zeger (2002), section 3.4 and chapter 5.
    """
    lags = np.arange(1, min(LAGS, paths.shape[1] - 1) + 1)
    apart = [_apart(paths, noise, int(lag)) for lag in lags]
    pairs = np.array([n.sum() for _, n in apart])
    if not pairs.sum():
        raise TooFewPeriods("no two weeks before the window: nothing shows how they move")
    excess = np.stack([e for e, _ in apart]), np.stack([n for _, n in apart])
    size = np.nanmean(np.where(np.isfinite(paths), noise, np.nan), axis=1)
    typical = max(float(np.sum(excess[0] * excess[1]) / excess[1].sum()), 0.0)
    weights = excess[1] / (size + typical) ** 2
    used = weights.sum(axis=1) > 0
    mean = np.sum(excess[0] * weights, axis=1)[used] / weights.sum(axis=1)[used]
    lags, pairs = lags[used], pairs[used].astype(float)
    best = (np.inf, Movement(0.0, 0.0, 0.0))
    for rho in RHO_GRID:
        x = 1 - rho**lags
        passing, persistent = (float(value) for value in nonnegative_line(x, mean, pairs))
        misfit = float(np.sum(pairs * (mean - passing - persistent * x) ** 2))
        if misfit < best[0] - 1e-15:
            best = misfit, Movement(float(rho), max(persistent, 0.0), max(passing, 0.0))
    return best[1]


def trend_weights(covariance: Array, time: Array) -> Array:
    """Weights that give the generalised-least-squares slope of a path, (N,); they sum to 0.

    Raises
    ------
    TooFewPeriods : fewer than `MIN_TREND_WEEKS` weeks
    """
    if len(time) < MIN_TREND_WEEKS:
        raise TooFewPeriods(f"{len(time)} weeks: a trend needs {MIN_TREND_WEEKS}")
    X = np.column_stack([np.ones(len(time)), time])
    whitened = np.linalg.solve(covariance, X)
    return np.asarray(whitened @ np.linalg.inv(X.T @ whitened), dtype=float)[:, 1]


def relative_to(weights: Array) -> Array:
    """Matrix that takes a path to its distance from a weighted mean of its weeks, (N, N)."""
    matrix: Array = np.eye(len(weights)) - weights[None, :]
    return matrix


def _apart(paths: Array, noise: Array, lag: int) -> tuple[Array, Array]:
    """Half the mean squared difference beyond the counts, and pairs of weeks, of each series."""
    difference = paths[:, lag:] - paths[:, :-lag]
    own = difference**2 / 2 - (noise[:, lag:] + noise[:, :-lag]) / 2
    there = np.isfinite(difference)
    number = there.sum(axis=1).astype(float)
    total = np.sum(np.where(there, own, 0.0), axis=1)
    return np.divide(total, number, out=np.zeros_like(total), where=number > 0), number
