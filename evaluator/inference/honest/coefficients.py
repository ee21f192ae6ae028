"""What the bounds need of an event study: its coefficients, their covariance, and an estimand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.arrays import Array

SMALLEST_EIGENVALUE = 1e-10
"""Of the correlation matrix: below, some combination of coefficients has no noise at all."""


@dataclass(frozen=True, slots=True, eq=False)
class EventCoefficients:
    """Coefficients relative to the period just before the window, which is left out as zero.

    Periods are equally long and in order: `n_pre` before that period, then the window's. The
    covariance is taken as known.

    Raises
    ------
    TooFewPeriods : nothing before the left-out period, or no period inside the window
    NotIdentified : numbers that are not finite, no weight on any period, or a covariance that
        is not positive definite (fewer clusters than coefficients make such a one)
    """

    coefficients: Array
    """(n_pre + n_post,)"""
    covariance: Array
    """(n_pre + n_post, n_pre + n_post)"""
    n_pre: int
    weights: Array
    """(n_post,) of the estimand: the weighted sum of the window's effects."""

    def __post_init__(self) -> None:
        n = len(self.coefficients)
        if self.n_pre < 1:
            raise TooFewPeriods("no period before the reference: departures there are not seen")
        if n <= self.n_pre:
            raise TooFewPeriods("no period inside the window")
        if self.covariance.shape != (n, n) or self.weights.shape != (n - self.n_pre,):
            raise ValueError(f"{n} coefficients, {self.n_pre} of them before the window: {self}")
        if not all(np.all(np.isfinite(a)) for a in (self.coefficients, self.covariance)):
            raise NotIdentified("some coefficient of the event study is not a finite number")
        if not np.any(self.weights):
            raise NotIdentified("no period inside the window carries weight")
        if not _positive_definite(self.covariance):
            raise NotIdentified(
                f"the covariance of the {n} coefficients of the event study is singular: "
                "it rests on too few units or weeks"
            )

    @property
    def estimate(self) -> float:
        """Of the estimand, if trends are parallel."""
        return float(self.weights @ self.coefficients[self.n_pre :])

    @property
    def standard_error(self) -> float:
        after = self.covariance[self.n_pre :, self.n_pre :]
        return float(np.sqrt(self.weights @ after @ self.weights))

    @property
    def moving(self) -> float:
        """What moves of 1 from each period to the next, the window's first included, add."""
        return float(np.sum(np.abs(_tail_sums(self.weights))))

    @property
    def bending(self) -> float:
        """What bends of 1 a period, all of the worst sign, add to the estimate."""
        return float(np.sum(np.abs(_tail_sums(_tail_sums(self.weights)))))


def _tail_sums(values: Array) -> Array:
    """Sums from each place to the end."""
    return np.asarray(np.cumsum(values[::-1])[::-1])


def _positive_definite(covariance: Array) -> bool:
    scale = np.sqrt(np.abs(np.diag(covariance)))
    if not np.all(scale > 0) or np.any(np.diag(covariance) <= 0):
        return False
    correlation = covariance / np.outer(scale, scale)
    return bool(np.linalg.eigvalsh(correlation)[0] > SMALLEST_EIGENVALUE)
