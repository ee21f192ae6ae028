"""Poisson regression of many series on one design, with the bias correction that ½ is.

The joint daily model of the channels: a course's counts on its wave dummies, with the other
courses' daily total as offset (their day effects) and a constant (its course effect). Every
other course is fitted to the same design as a placebo, in the same call.
"""

from __future__ import annotations

import math
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
    """Coefficients (..., k) and their Poisson covariance."""

    coefficients: Array
    covariance: Array
    """(..., k, k) inverse information at the means without the treated columns"""


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
    cells, counts, exposure = _cells(X, y, np.exp(offset))
    leading = np.broadcast_shapes(counts.shape[:-1], exposure.shape[:-1])
    flat = [
        np.broadcast_to(values, (*leading, len(cells))).reshape(-1, len(cells))
        for values in (counts, exposure)
    ]
    coefficients = _maximised(flat[0], cells, flat[1])
    untreated = flat[1] * np.exp(coefficients @ (cells * (1 - treated)).T)
    covariance = _covariance(untreated, _products(cells))
    return PoissonFit(
        coefficients.reshape(*leading, columns), covariance.reshape(*leading, columns, columns)
    )


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


def _cells(X: Array, y: Array, exposure: Array) -> tuple[Array, Array, Array]:
    """Days with the same row of the design, added: the likelihood knows no more of them."""
    cells, of_day = np.unique(X, axis=0, return_inverse=True)
    if len(cells) == len(X):
        return X, y, exposure
    member = (of_day.ravel()[:, None] == np.arange(len(cells))).astype(float)
    return cells, y @ member, exposure @ member


def _maximised(y: Array, X: Array, exposure: Array) -> Array:
    """Coefficients (n, k) of n series; each is left alone once it has converged."""
    coefficients = np.zeros((len(y), X.shape[1]))
    coefficients[:, 0] = np.log(y.sum(axis=1) + 0.5) - np.log(exposure.sum(axis=1))
    products, open_ = _products(X), np.arange(len(y))
    for _ in range(STEPS):
        fitted = exposure[open_] * np.exp(coefficients[open_] @ X.T)
        covariance = _covariance(fitted, products)
        leverage = fitted * (covariance.reshape(len(open_), -1) @ products.T)
        score = (y[open_] + leverage / 2 - fitted) @ X
        step = np.matmul(covariance, score[..., None])[..., 0]
        coefficients[open_] += np.clip(step, -LARGEST_STEP, LARGEST_STEP)
        open_ = open_[np.abs(step).max(axis=1) >= TOLERANCE]
        if not len(open_):
            break
    return coefficients


def _products(X: Array) -> Array:
    """(D, k²) products of every two columns: sums over days are then one matrix product."""
    products: Array = (X[:, :, None] * X[:, None, :]).reshape(len(X), -1)
    return products


def _covariance(fitted: Array, products: Array) -> Array:
    """(n, k, k) inverse information at the means `fitted`, (n, D)."""
    columns = math.isqrt(products.shape[1])
    information = (fitted @ products).reshape(len(fitted), columns, columns)
    return np.asarray(np.linalg.inv(information), dtype=float)
