"""A row's estimate as a function of its totals: redrawn labels and courses are one call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from evaluator.assumptions.looked import Looked
from evaluator.comparisons.design import Comparison
from evaluator.effects.facts import window_and_reference
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF

OF_COURSES = frozenset({"these_courses", "size_adjusted_ratio"})
OF_ARMS = frozenset({"arms_wider", "arms_by_unit", "arms_two_series"})
TRIPLE = "triple_difference"


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """Totals of K kinds (window and reference, of each arm where arms are compared).

    S promoted courses, n other courses, U units (countries; 1 where courses are compared).
    """

    signs: Array
    """(K,) with which the logs of the totals enter: window of A or of the course first."""
    is_base: Array
    """(K,) whether a kind is a reference."""
    promoted: Array
    """(K, S, U)"""
    crossed: Array
    """(K, S, S, U): what the days and the arm of the first course make of the second."""
    other: Array
    """(K, S, n, U)"""
    net: bool
    """Whether the other courses are subtracted."""

    def log_lift(self, own: Array, others: Array) -> Array:
        """The estimate of each course.

        Parameters
        ----------
        own, others : (K, ...) totals that broadcast against each other

        Returns
        -------
        (...,) natural-log units
        """
        lift = self._log(own)
        return lift - self._log(others) if self.net else lift

    def noise(self, own: Array) -> Array:
        """Count noise of a course up to a factor common to all: that of its reference, (...,).

        Its window is left out: under no effect it is the reference times a common growth.
        """
        summed: Array = np.tensordot(self.is_base, 1 / (own + HALF), axes=1)
        return summed

    def _log(self, totals: Array) -> Array:
        logs: Array = np.tensordot(self.signs, np.log(totals + HALF), axes=1)
        return logs


def contrast_of(looked: Looked) -> Contrast | None:
    """The totals behind a row; None for rows that are no ratio of totals."""
    if looked.comparison.trials is not None:
        return None
    return contrast(looked.comparison, looked.planned.key.method)


@lru_cache(maxsize=4)
def contrast(comparison: Comparison, method: str) -> Contrast | None:
    """The totals behind a row of this method; None for methods that are no ratio of totals."""
    if method not in (*OF_COURSES, *OF_ARMS, TRIPLE):
        return None
    treated, other = window_and_reference(comparison)
    alone = len(comparison.series) == 1
    crossed = (
        treated[:, :, None]
        if alone
        else window_and_reference(replace(comparison, other=comparison.treated))[1]
    )
    if method in OF_COURSES:
        signs, base = np.array([1.0, -1.0]), np.array([0.0, 1.0])
        return Contrast(signs, base, treated, crossed, other, net=True)
    signs, base = np.array([1.0, -1.0, -1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])
    own, across, rest = (_by_arm(part, comparison) for part in (treated, crossed, other))
    return Contrast(signs, base, own, across, rest, net=method == TRIPLE)


def _by_arm(totals: Array, comparison: Comparison) -> Array:
    """(2, S, ..., U) → (4, S, ..., U): those of arm A, then of arm B, the rest of each set to 0."""
    in_a = np.asarray(comparison.in_a)
    in_a = in_a.reshape(len(in_a), *[1] * (totals.ndim - 3), in_a.shape[-1])
    return np.concatenate([totals * in_a, totals * ~in_a])
