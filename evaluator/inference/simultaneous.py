"""Several coefficients at once: the largest of them, and what a look at all of them notices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evaluator.estimators.arrays import Array, Flags

DRAWS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Largest:
    """Joint law of several t statistics where every coefficient is 0, as draws.

    References
    ----------
    Montiel Olea & Plagborg-Møller (2019), sup-t bands.
    """

    draws: Array
    """(`DRAWS`, K) statistics under the null"""
    scale: Array
    """(K,) standard errors"""
    highest: Array
    """(`DRAWS`,) largest |t| of each draw"""

    def critical(self, level: float) -> float:
        """Factor on the standard errors with which all intervals hold together."""
        return float(np.quantile(self.highest, level))

    def p_value(self, coefficients: Array) -> float:
        """Of no departure in any of them; coefficients of shape (K,)."""
        largest = np.max(np.abs(coefficients) / self.scale)
        return float((1 + np.sum(self.highest >= largest)) / (1 + len(self.highest)))

    def noticed(self, shift: Array, critical: float) -> Flags:
        """(`DRAWS`,) whether any |t| is beyond `critical` where the coefficients are `shift`."""
        beyond = np.abs(self.draws + shift / self.scale) > critical
        return np.asarray(beyond.any(axis=1))


def largest_of(root: Array, dof: float, seed: int) -> Largest:
    """The law of coefficients with covariance `root` rootᵀ, known up to a t's scale.

    Parameters
    ----------
    root : (K, N); a coefficient without variance is 0 by construction and stays 0
    dof : degrees of freedom of the common scale
    seed : of the draws, which are the same for every `root` of N columns
    """
    scale = np.sqrt(np.sum(root**2, axis=1))
    scale = np.where(scale > 1e-9 * scale.max(), scale, np.inf)
    draws = _draws(root.shape[1], dof, seed) @ (root / scale[:, None]).T
    return Largest(draws, scale, np.abs(draws).max(axis=1))


@lru_cache(maxsize=8)
def _draws(columns: int, dof: float, seed: int) -> Array:
    rng = np.random.default_rng([seed, columns])
    normal = rng.standard_normal((DRAWS, columns))
    drawn: Array = normal * np.sqrt(dof / rng.chisquare(dof, size=(DRAWS, 1)))
    drawn.flags.writeable = False
    return drawn
