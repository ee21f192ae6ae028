"""Ordinary least squares with the covariances of the textbooks, for comparison rows.

The house's own defaults are elsewhere; these are what a reviewer asks to see beside them, and
what published results are reproduced with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.arrays import Array


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Coefficients (k,), their covariance (k, k), and the residual degrees of freedom."""

    coefficients: Array
    covariance: Array
    dof: int

    @property
    def standard_errors(self) -> Array:
        return np.sqrt(np.diag(self.covariance))


def least_squares(y: Array, X: Array) -> Fit:
    """Classical covariance, s²(X'X)⁻¹.

    Parameters
    ----------
    y : (N,); X : (N, k)

    Raises
    ------
    TooFewPeriods : N ≤ k; NotIdentified : X is rank-deficient
    """
    coefficients, inverse, residual, dof = _solve(y, X)
    return Fit(coefficients, inverse * (residual @ residual) / dof, dof)


def newey_west(y: Array, X: Array, lags: int) -> Fit:
    """Bartlett kernel, small-sample factor N / (N − k).

    Parameters
    ----------
    y : (N,); X : (N, k), in time order; lags : ≥ 0

    References
    ----------
    Newey & West (1987); the factor is Stata's `newey` and R's `NeweyWest(adjust = TRUE)`.
    """
    coefficients, inverse, residual, dof = _solve(y, X)
    scores = X * residual[:, None]
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        cross = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (cross + cross.T)
    covariance = inverse @ meat @ inverse * len(y) / dof
    return Fit(coefficients, covariance, dof)


def _solve(y: Array, X: Array) -> tuple[Array, Array, Array, int]:
    rows, columns = X.shape
    if rows <= columns:
        raise TooFewPeriods(f"{rows} observations for {columns} coefficients")
    rank = int(np.linalg.matrix_rank(X))
    if rank < columns:
        raise NotIdentified(f"the design of {columns} columns has rank {rank}")
    inverse: Array = np.asarray(np.linalg.inv(X.T @ X), dtype=float)
    coefficients = inverse @ X.T @ y
    return coefficients, inverse, y - X @ coefficients, rows - columns
