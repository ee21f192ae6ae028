"""Poisson regression of many series on one design, with the bias correction that ½ is.

The joint daily model of the channels: a course's counts on its wave dummies, with the other
courses' daily total as offset (their day effects) and a constant (its course effect). Every
other course is fitted to the same design as a placebo, in the same call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.arrays import Array

STEPS = 60
TOLERANCE = 1e-9
LARGEST_STEP = 2.0
ALIASED = 1e6
"""A variance inflation above this is an alias, not a matter of precision."""


@dataclass(frozen=True, slots=True, eq=False)
class PoissonFit:
    """Coefficients (..., k), their Poisson covariance and the fitted means (..., D)."""

    coefficients: Array
    covariance: Array
    """(..., k, k) inverse information at the means without the treated columns"""
    fitted: Array


def poisson_regression(y: Array, X: Array, offset: Array, treated: Array) -> PoissonFit:
    """Firth's Poisson regression, log link, one design for all series.

    Firth's correction adds half a leverage to every count; for a dummy that is the same ½ that
    a ratio of totals gets (Haldane–Anscombe), so an empty cell has a finite estimate.

    Parameters
    ----------
    y : (..., D) counts
    X : (D, k) design; the first column is the constant
    offset : (..., D) log of what the rate is proportional to
    treated : (k,) 1 for the columns of the treatment; the covariance is that of the series
        without them, the noise of the *counterfactual*

    Raises
    ------
    TooFewPeriods : D ≤ k
    NotIdentified : X is rank-deficient

    References
    ----------
    Firth (1993); Kosmidis & Firth (2009) for the log link.
    """
    days, columns = X.shape
    if days <= columns:
        raise TooFewPeriods(f"{days} days for {columns} coefficients")
    if int(np.linalg.matrix_rank(X)) < columns:
        raise NotIdentified("two or more of the channels ran on the same days: aliased")
    coefficients = np.zeros((*y.shape[:-1], columns))
    level = np.log(y.sum(axis=-1) + 0.5) - np.log(np.exp(offset).sum(axis=-1))
    coefficients[..., 0] = level
    for _ in range(STEPS):
        fitted = np.exp(offset + coefficients @ X.T)
        covariance = _covariance(fitted, X)
        leverage = fitted * np.sum((X @ covariance) * X, axis=-1)
        score = (y + leverage / 2 - fitted) @ X
        step = np.einsum("...kl,...l->...k", covariance, score)
        coefficients = coefficients + np.clip(step, -LARGEST_STEP, LARGEST_STEP)
        if np.abs(step).max() < TOLERANCE:
            break
    untreated = np.exp(offset + coefficients @ (X * (1 - treated)).T)
    return PoissonFit(coefficients, _covariance(untreated, X), np.exp(offset + coefficients @ X.T))


def variance_inflation(X: Array, weights: Array) -> Array:
    """How much each column's variance grows because the other columns resemble it.

    Parameters
    ----------
    X : (D, k), first column the constant; weights : (D,) means

    Returns
    -------
    (k,) ≥ 1; the constant's is 1; infinite for an aliased column
    """
    root = np.sqrt(weights)[:, None]
    constant = root[:, 0]
    inflation = np.ones(X.shape[1])
    for column in range(1, X.shape[1]):
        others = np.delete(X, column, axis=1) * root
        own = X[:, column] * root[:, 0]
        residual = own - others @ np.linalg.lstsq(others, own, rcond=None)[0]
        alone = own - constant * (constant @ own) / (constant @ constant)
        explained = float(residual @ residual)
        inflation[column] = np.inf if explained <= 1e-12 else float(alone @ alone) / explained
    return inflation


def _covariance(fitted: Array, X: Array) -> Array:
    information = X.T @ (fitted[..., None] * X)
    return np.asarray(np.linalg.inv(information), dtype=float)
