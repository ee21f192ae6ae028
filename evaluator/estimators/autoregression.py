"""A regression with AR(1) errors, its level shift and its forecast, for many series at once.

Everything is computed on a grid of ρ from the exact, tridiagonal inverse of the errors' covariance
(no matrix is inverted beyond k × k), so that 10,000 series cost a few array operations. What is
done with ρ afterwards — mixing over it or taking one pooled value — is inference, not estimation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF, nonnegative_line

RHO_GRID: Array = np.linspace(0.0, 0.95, 20)
MIN_DOF = 2
EPSILON, TINY = float(np.finfo(float).eps), 1e-300
PRIOR_DOF = 4.0
"""Weight of the variance predicted from a series' size, in degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A restricted-likelihood profile over ρ. R grid points, k columns, leading axes = series."""

    rho: Array
    """(R,)"""
    log_likelihood: Array
    """(..., R), restricted, up to a constant"""
    coefficients: Array
    """(..., R, k)"""
    unit_covariance: Array
    """(R, k, k): (X'Ω⁻¹X)⁻¹, to be multiplied by the error variance"""
    variance: Array
    """(..., R): S / (N − k)"""
    last_residual: Array
    """(..., R)"""
    dof: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """An effect at each ρ, `estimate` and `unit_variance` (..., R), and its profile."""

    estimate: Array
    unit_variance: Array
    profile: Profile


def ar1_profile(y: Array, X: Array, rho: Array = RHO_GRID) -> Profile:
    """Generalised least squares of y on X with stationary AR(1) errors, at each ρ.

    Parameters
    ----------
    y : (..., N) series, natural logs
    X : (N, k) design shared by all series
    rho : (R,) grid in [0, 1)

    Returns
    -------
    Profile

    Raises
    ------
    TooFewPeriods : N − k < 2
    NotIdentified : X is not of full column rank

    References
    ----------
    Restricted likelihood: Patterson & Thompson (1971); see `statistics.md` section 2.
    """
    periods, columns = X.shape
    dof = periods - columns
    if dof < MIN_DOF:
        raise TooFewPeriods(
            f"{periods} periods for {columns} coefficients: fewer than {MIN_DOF} degrees of freedom"
        )
    if np.linalg.matrix_rank(X) < columns:
        raise NotIdentified(f"the design of {columns} columns has rank {np.linalg.matrix_rank(X)}")
    precise = _precision(X, rho)
    gram = np.einsum("nk,rnl->rkl", X, precise)
    covariance: Array = np.asarray(np.linalg.inv(gram), dtype=float)
    # Of least squares' residuals, so that sums of squares are small where the fit is close.
    rough = y @ np.linalg.pinv(X).T
    residual = y - rough @ X.T
    score = residual @ np.moveaxis(precise, 0, 1).reshape(periods, -1)
    score = score.reshape(*y.shape[:-1], len(rho), columns)
    change = np.einsum("...rk,rkl->...rl", score, covariance)
    coefficients = rough[..., None, :] + change
    whole = _squares(residual, rho)
    rounding = EPSILON * whole + EPSILON**2 * np.sum(y**2, axis=-1)[..., None] + TINY
    squares = np.maximum(whole - np.sum(change * score, axis=-1), rounding)
    log_determinant = (periods - 1) * np.log1p(-(rho**2)) + np.linalg.slogdet(gram)[1]
    return Profile(
        np.asarray(rho, dtype=float),
        -0.5 * log_determinant - 0.5 * dof * np.log(squares),
        coefficients,
        covariance,
        squares / dof,
        y[..., -1:] - coefficients @ X[-1],
        dof,
    )


def level_shift(profile: Profile) -> Candidates:
    """The last coefficient: a shift that lasts through the window, in log units."""
    estimate = profile.coefficients[..., -1]
    unit = np.broadcast_to(profile.unit_covariance[:, -1, -1], estimate.shape)
    return Candidates(estimate, unit, profile)


def forecast_shift(
    profile: Profile, last_row: Array, future: Array, treated: Array, comparison: Array
) -> Candidates:
    """log(treated total / its forecast), the forecast being that of log(treated / comparison).

    The profile is fitted on reference periods only, so a pulse in the window moves neither the
    variance nor ρ. The counterfactual of period t is comparison_t · exp(forecast_t).

    Parameters
    ----------
    profile : fitted to log((treated + ½) / (comparison + ½)) over the reference
    last_row : (k,) design of the last reference period
    future : (m, k) design of the window periods, which follow it without a gap
    treated, comparison : (..., m) outcomes in the window

    Returns
    -------
    Candidates, natural-log units: forecast errors of the log of the counterfactual total
    """
    steps = np.arange(1, len(future) + 1)
    decay = profile.rho[:, None] ** steps  # (R, m)
    drift = future[None] - decay[..., None] * last_row  # (R, m, k)
    forecast = np.einsum("...rk,mk->...rm", profile.coefficients, future)
    forecast = forecast + profile.last_residual[..., None] * decay
    path = (comparison[..., None, :] + HALF) * np.exp(forecast)  # (..., R, m)
    total = path.sum(axis=-1)
    weights = path / total[..., None]
    estimate = np.log(treated.sum(axis=-1) + HALF)[..., None] - np.log(total)
    lags = np.abs(steps[:, None] - steps)
    innovation = profile.rho[:, None, None] ** lags - decay[:, :, None] * decay[:, None, :]
    own = np.einsum("...rm,rmn,...rn->...r", weights, innovation, weights, optimize=True)
    slope = np.einsum("...rm,rmk->...rk", weights, drift)
    fitted = np.einsum(
        "...rk,rkl,...rl->...r", slope, profile.unit_covariance, slope, optimize=True
    )
    return Candidates(estimate, own + fitted, profile)


def mean_forecast_shift(
    profile: Profile, future: Array, treated: Array, comparison: Array
) -> Array:
    """`forecast_shift`'s estimates averaged over ρ by the restricted likelihood, (...,).

    Without their variances it takes a tenth of the time: for placebos, in their thousands.
    """
    weights = mixing_weights(profile)
    steps = np.arange(1, len(future) + 1)
    counterfactual = np.zeros(weights.shape[:-1])
    for place, rho in enumerate(profile.rho):
        ahead = profile.coefficients[..., place, :] @ future.T
        ahead += profile.last_residual[..., place, None] * rho**steps
        total = np.sum((comparison + HALF) * np.exp(ahead), axis=-1)
        counterfactual += weights[..., place] * np.log(total)
    return np.asarray(np.log(treated.sum(axis=-1) + HALF) - counterfactual)


def design(periods: int, columns: Sequence[Array] = ()) -> Array:
    """(N, k) design: a constant, then the given columns in order (the effect last)."""
    return np.column_stack([np.ones(periods), *columns])


def moderated_variance(variance: Array, noise: Array, dof: int) -> Array:
    """Error variances drawn towards what the series' sizes predict, s² ≈ c0 + c1·h.

    Parameters
    ----------
    variance, noise : (..., series); noise h = sum of reciprocal mean counts

    References
    ----------
    Smyth (2004): moderated variances; degrees of freedom become dof + `PRIOR_DOF`.
    """
    intercept, slope = nonnegative_line(noise, variance, 1 / noise**2)
    predicted = intercept[..., None] + slope[..., None] * noise
    shrunk: Array = (PRIOR_DOF * predicted + dof * variance) / (PRIOR_DOF + dof)
    return shrunk


def mixing_weights(profile: Profile) -> Array:
    """(..., R) posterior weight of each ρ under a flat prior on the grid."""
    relative = profile.log_likelihood - profile.log_likelihood.max(axis=-1, keepdims=True)
    weights = np.exp(relative)
    normalised: Array = weights / weights.sum(axis=-1, keepdims=True)
    return normalised


def _precision(columns: Array, rho: Array) -> Array:
    """Ω⁻¹ times each column, (R, N, k), if the errors are AR(1) with unit variance."""
    r = rho[:, None, None]
    weighted = np.broadcast_to(columns, (len(rho), *columns.shape)).copy()
    weighted[:, 1:-1] *= 1 + r**2
    weighted[:, 1:] -= r * columns[:-1]
    weighted[:, :-1] -= r * columns[1:]
    return np.asarray(weighted / (1 - r**2))


def _squares(residual: Array, rho: Array) -> Array:
    """e'Ω⁻¹e of each series, (..., R): a polynomial in ρ."""
    squares = residual**2
    inner = squares[..., 1:-1].sum(axis=-1)[..., None]
    cross = np.sum(residual[..., 1:] * residual[..., :-1], axis=-1)[..., None]
    total = squares.sum(axis=-1)[..., None]
    return np.asarray((total - 2 * rho * cross + rho**2 * inner) / (1 - rho**2))
