"""How courses move by themselves: fitted to history, and drawn from what was fitted.

A weekly count is expected count × (1 + shock), the shock an AR(1) of standard deviation sd and
lag-one correlation ρ; around it counts vary by Poisson noise and by an over-dispersion α of
their own. What sd, ρ and α are is known badly from a year of one course: they are averaged over
(drawn anew in every world), with the other courses for a prior.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import numpy as np

from evaluator.comparisons.periods import Days
from evaluator.estimators.arrays import Array

GRID: Array = np.array(
    [
        *product((0.0,), (0.0,), (0.0, 0.015, 0.05, 0.15, 0.5)),
        *product((0.05, 0.1, 0.15, 0.2, 0.3, 0.45), (0.3, 0.6, 0.9), (0.0, 0.015, 0.05, 0.15, 0.5)),
    ]
)
"""(G, 3): sd, ρ, α."""
SLOPE_SD = 0.02
"""Prior of a differential log trend a week: what was measured on real series."""
CLEAR = 2.0
"""A trend is carried on where it is this many standard errors from none."""
EM_STEPS = 30
STRANGER = 0.02
"""Chance, before its history is seen, that a promoted course is not one of these."""
MOST_WEEKS = 52
FEWEST_WEEKS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """What history says of each series: `weights` (series, G) over a grid, `slope` (series,)."""

    weights: Array
    slope: Array
    """Differential log trend a week, drawn to none."""
    grid: Array = field(default_factory=lambda: GRID)
    """(G, 3): sd, ρ, α"""

    def drawn(self, rng: np.random.Generator, worlds: int) -> Array:
        """sd, ρ, α of each series in each world: (3, worlds, series)."""
        steps = np.cumsum(self.weights, axis=1)
        at = rng.random((worlds, len(steps)))
        index = (at[..., None] > steps[None, :, :-1]).sum(axis=-1)
        return np.moveaxis(self.grid[index], -1, 0)

    def variance(self) -> float:
        """sd² + α on average: of a weekly count beyond Poisson's."""
        return float((self.weights @ (self.grid[:, 0] ** 2 + self.grid[:, 2])).mean())


def grid_of_sum(courses: float) -> Array:
    """`GRID` for the sum of as many courses, each of which moves by itself."""
    shared: Array = GRID / np.array([np.sqrt(courses), 1.0, courses])
    return shared


def fitted_noise(
    counts: Array,
    beside: Array,
    prior: Array | None = None,
    grid: Array = GRID,
    *,
    clear: float = CLEAR,
) -> Noise:
    """Noise of series relative to others, by restricted likelihood on a grid.

    Parameters
    ----------
    counts : (series, T) weekly counts without any promotion
    beside : (series, T) weekly counts of what each is compared with
    prior : (G,) weights; without it that of the population these series are from
    clear : standard errors from none of a trend that is carried on
    """
    series, weeks = counts.shape
    flat = (
        np.full((series, len(GRID)), 1 / len(GRID))
        if prior is None
        else np.tile(prior, (series, 1))
    )
    if weeks < FEWEST_WEEKS or not series:
        return Noise(flat, np.zeros(series), grid)
    likelihood, slopes, variances = _profile(counts, beside, grid)
    if prior is None:
        prior = _population(likelihood)
    weights = likelihood * prior
    weights /= weights.sum(axis=1, keepdims=True)
    return Noise(weights, _slope(weights, slopes, variances, clear), grid)


def population(noise: Noise) -> Array:
    """(G,) what a series is expected to be like that comes from where these come from.

    Little is left to any other: a course whose own history says so is not like the others.
    """
    like: Array = (1 - STRANGER) * noise.weights.mean(axis=0)
    return like + STRANGER / len(GRID)


def _population(likelihood: Array) -> Array:
    """The mixture over `GRID` from which the series are drawn, by expectation–maximisation.

    References
    ----------
    Laird (1978); Efron (2014) on its use as a prior.
    """
    mixture = np.full(likelihood.shape[1], 1 / likelihood.shape[1])
    for _ in range(EM_STEPS):
        weights = likelihood * mixture
        mixture = (weights / weights.sum(axis=1, keepdims=True)).mean(axis=0)
    return mixture


def _profile(counts: Array, beside: Array, grid: Array) -> tuple[Array, Array, Array]:
    """Normalised likelihood, trend and its variance at each grid point, (series, G) each.

    Remembered by content: rows share their other courses, whose profile costs most.
    """
    both = np.stack([counts, np.broadcast_to(beside, counts.shape)]).astype(float)
    return _profile_of(both.tobytes(), both.shape, grid.tobytes(), grid.shape)


@lru_cache(maxsize=32)
def _profile_of(
    series: bytes, shape: tuple[int, ...], points: bytes, grid_shape: tuple[int, ...]
) -> tuple[Array, Array, Array]:
    counts, beside = np.frombuffer(series).reshape(shape)
    grid = np.frombuffer(points).reshape(grid_shape)
    weeks = counts.shape[1]
    base = np.maximum(beside, 0.5)
    expected = base * (counts.sum(axis=1) + 0.5)[:, None] / base.sum(axis=1, keepdims=True)
    y = counts / expected - 1
    poisson = 1 / expected + 1 / base
    time = np.arange(weeks) - (weeks - 1) / 2
    X = np.column_stack([np.ones(weeks), time])
    both = np.concatenate([np.broadcast_to(X, (len(y), weeks, 2)), y[..., None]], axis=-1)
    lags = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    found = [_at(both, poisson, lags, *point) for point in grid]
    logs, slopes, variances = (np.stack(column, axis=1) for column in zip(*found, strict=True))
    likelihood = np.exp(logs - logs.max(axis=1, keepdims=True))
    profile = likelihood / likelihood.sum(axis=1, keepdims=True), slopes, variances
    for column in profile:
        column.flags.writeable = False
    return profile


def _at(
    both: Array, poisson: Array, lags: Days, sd: float, rho: float, alpha: float
) -> tuple[Array, Array, Array]:
    """Restricted log likelihood, trend and its variance at one grid point."""
    covariance = np.zeros((*poisson.shape, poisson.shape[1]))
    if sd:
        covariance += sd**2 * rho**lags
    diagonal = np.arange(poisson.shape[1])
    covariance[:, diagonal, diagonal] += poisson + alpha
    root = np.linalg.cholesky(covariance)
    white = np.linalg.solve(root, both)
    products = np.swapaxes(white, 1, 2) @ white
    gram, cross, total = products[:, :2, :2], products[:, :2, 2], products[:, 2, 2]
    inverse = np.linalg.inv(gram)
    coefficients = np.einsum("skl,sl->sk", inverse, cross)
    squares = total - np.sum(coefficients * cross, axis=1)
    logs = np.log(root[:, diagonal, diagonal]).sum(axis=1) + np.linalg.slogdet(gram)[1] / 2
    return -logs - squares / 2, coefficients[:, 1], inverse[:, 1, 1]


def _slope(weights: Array, slopes: Array, variances: Array, clear: float) -> Array:
    mean = np.sum(weights * slopes, axis=1)
    variance = np.sum(weights * (variances + (slopes - mean[:, None]) ** 2), axis=1)
    shrunk = mean * SLOPE_SD**2 / (SLOPE_SD**2 + variance)
    return np.where(np.abs(mean) > clear * np.sqrt(variance), shrunk, 0.0)


def weekly_shocks(rng: np.random.Generator, sd: Array, rho: Array, weeks: int) -> Array:
    """Factors of mean one, an AR(1) on the log scale.

    Parameters
    ----------
    sd, rho : (...,)

    Returns
    -------
    (..., weeks)
    """
    unit = rng.standard_normal((weeks, *np.shape(sd)))
    fresh = np.sqrt(1 - np.square(rho))
    for week in range(1, weeks):
        unit[week] = rho * unit[week - 1] + fresh * unit[week]
    factor = np.exp(sd * unit - np.square(sd) / 2)
    return np.ascontiguousarray(np.moveaxis(factor, 0, -1))


def mixed_counts(rng: np.random.Generator, shape: tuple[int, ...], alpha: Array) -> Array:
    """Gamma factors of mean one and variance α; exactly 1 where α is 0."""
    alpha = np.broadcast_to(alpha, shape)
    factors = np.ones(shape)
    some = alpha > 0
    factors[some] = rng.standard_gamma(1 / alpha[some]) * alpha[some]
    return factors
