"""Partial pooling: many noisy cells drawn towards their mean, with the weight shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array

GRID = 200
REACH = 4.0
"""The largest spread considered, in standard deviations of the estimates."""


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """A normal–normal model: cell_i ~ N(θ_i, v_i), θ_i ~ N(mean, τ²), averaged over τ."""

    mean: float
    tau: float
    """Spread of the true cells, posterior mean."""
    weight_on_own: Array
    """(cells,) mean of τ² / (τ² + v_i)"""
    shrunk: Array
    """(cells,)"""
    shrunk_variance: Array
    """(cells,) with the uncertainty of the mean and of τ"""


def partially_pooled(estimates: Array, variances: Array) -> Pooled:
    """Partial pooling of independent estimates, averaged over the spread τ.

    Restricted likelihood with a flat prior on τ. Plugging in one τ would be shorter, but too
    sure: with eight cells its intervals cover .84 where .95 is claimed, because τ is often
    estimated as 0; averaging covers .94 (measured in the tests).

    Parameters
    ----------
    estimates, variances : (cells,), variances > 0

    Raises
    ------
    TooFewUnits : fewer than 3 cells, from which no spread can be learned

    References
    ----------
    Morris (1983); Gelman (2006) for the prior.
    """
    if len(estimates) < 3:
        raise TooFewUnits(f"{len(estimates)} cells: a spread is learned from 3 or more")
    top = REACH * float(np.sqrt(np.var(estimates, ddof=1) + variances.mean()))
    tau = np.linspace(0.0, top, GRID)[:, None]
    precision = 1 / (variances + tau**2)  # (GRID, cells)
    total = precision.sum(axis=1)
    mean = precision @ estimates / total
    squares = np.sum(precision * (estimates - mean[:, None]) ** 2, axis=1)
    log_likelihood = 0.5 * (np.log(precision).sum(axis=1) - np.log(total) - squares)
    posterior = np.exp(log_likelihood - log_likelihood.max())
    posterior /= posterior.sum()
    own = tau**2 * precision
    shrunk = own * estimates + (1 - own) * mean[:, None]
    within = own * variances + (1 - own) ** 2 / total[:, None]
    centre = posterior @ shrunk
    return Pooled(
        float(posterior @ mean),
        float(posterior @ tau[:, 0]),
        posterior @ own,
        centre,
        posterior @ (within + (shrunk - centre) ** 2),
    )
