"""Partial pooling: many noisy cells drawn towards their mean, with the weight shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array

STEPS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """A normal–normal model: cell_i ~ N(θ_i, v_i), θ_i ~ N(mean, τ²)."""

    mean: float
    mean_variance: float
    tau2: float
    weight_on_own: Array
    """(cells,) τ² / (τ² + v_i)"""
    shrunk: Array
    """(cells,)"""
    shrunk_variance: Array
    """(cells,) with the mean's own uncertainty"""


def partially_pooled(estimates: Array, variances: Array) -> Pooled:
    """Restricted-likelihood partial pooling of independent estimates.

    Parameters
    ----------
    estimates, variances : (cells,), variances > 0

    Raises
    ------
    TooFewUnits : fewer than 2 cells

    References
    ----------
    Morris (1983); Raudenbush (2009) for the REML iteration.
    """
    if len(estimates) < 2:
        raise TooFewUnits("one cell: nothing to pool it with")
    tau2 = _reml(estimates, variances)
    weights = 1 / (variances + tau2)
    mean = float(weights @ estimates / weights.sum())
    mean_variance = float(1 / weights.sum())
    own = tau2 / (tau2 + variances)
    shrunk = own * estimates + (1 - own) * mean
    return Pooled(
        mean, mean_variance, tau2, own, shrunk, own * variances + (1 - own) ** 2 * mean_variance
    )


def _reml(estimates: Array, variances: Array) -> float:
    tau2 = max(float(np.var(estimates, ddof=1) - variances.mean()), 0.0)
    for _ in range(STEPS):
        weights = 1 / (variances + tau2)
        mean = weights @ estimates / weights.sum()
        excess = (estimates - mean) ** 2 + 1 / weights.sum() - variances
        updated = max(float(weights**2 @ excess / (weights**2).sum()), 0.0)
        if abs(updated - tau2) < 1e-12:
            break
        tau2 = updated
    return tau2
