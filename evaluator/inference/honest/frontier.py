"""How little noise an affine estimator can have for the bias it risks under a bending trend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.estimators.arrays import Array
from evaluator.inference.honest.coefficients import EventCoefficients

LONGEST_PATH = 1_000
"""Knots: a path has a handful for each period before the window."""


@dataclass(frozen=True, slots=True, eq=False)
class Frontier:
    """Estimators of least variance for each worst bias: straight stretches between knots.

    An estimator weights the coefficients: the window's by the estimand, those before it so that
    every straight line cancels. What is left of a departure are its second differences x_j,
    each with a loading g_j; those of the window and of the left-out period are given by the
    estimand, the others are free. So the worst bias is M · Σ|g_j|, the variance is quadratic in
    the free g, and the least variance for a given bias is a lasso, whose path is piecewise
    linear.

    References
    ----------
    Rambachan & Roth (2023), section 4.1 and appendix; Osborne, Presnell & Turlach (2000).
    """

    estimators: Array
    """(knots, n_pre + n_post) weights, from the least bias to the least variance."""
    biases: Array
    """(knots,) worst bias for M = 1, ascending."""
    variances: Array
    """(knots,) descending."""
    mixed: Array
    """(knots − 1,) covariance of the estimators at the two ends of each stretch."""

    @classmethod
    def of(cls, study: EventCoefficients) -> Frontier:
        n_pre, weights = study.n_pre, study.weights
        pre = _second_differences(n_pre)
        first = weights @ np.arange(1, len(weights) + 1)
        fixed = np.concatenate([first * pre[:, 0], weights])
        free = np.zeros((len(fixed), n_pre - 1))
        free[:n_pre] = pre[:, 1:]
        loadings = lasso_path(free.T @ study.covariance @ free, free.T @ study.covariance @ fixed)
        estimators = fixed + loadings @ free.T
        spread = estimators @ study.covariance
        return cls(
            estimators=estimators,
            biases=study.bending + np.sum(np.abs(loadings), axis=1),
            variances=np.sum(spread * estimators, axis=1),
            mixed=np.sum(spread[:-1] * estimators[1:], axis=1),
        )

    def at(self, positions: Array) -> tuple[Array, Array]:
        """Worst biases for M = 1 and standard errors, of the shape of `positions`.

        A position is a knot's number; between two numbers the estimators are mixed.
        """
        knot, share = self._stretch(positions)
        follow = np.minimum(knot + 1, len(self.biases) - 1)
        bias = (1 - share) * self.biases[knot] + share * self.biases[follow]
        mixed = np.append(self.mixed, self.variances[-1])[knot]
        variance = (
            (1 - share) ** 2 * self.variances[knot]
            + 2 * share * (1 - share) * mixed
            + share**2 * self.variances[follow]
        )
        return bias, np.sqrt(variance)

    def estimator(self, positions: Array) -> Array:
        """Weights on the coefficients, (..., n_pre + n_post)."""
        knot, share = self._stretch(positions)
        follow = np.minimum(knot + 1, len(self.biases) - 1)
        share = share[..., None]
        return np.asarray((1 - share) * self.estimators[knot] + share * self.estimators[follow])

    def _stretch(self, positions: Array) -> tuple[NDArray[np.int_], Array]:
        knot = np.clip(positions.astype(int), 0, max(len(self.biases) - 2, 0))
        return knot, positions - knot


def lasso_path(gram: Array, linear: Array) -> Array:
    """Knots of argmin_g ½g'Qg + q'g + μΣ|g| as μ falls from where g = 0 to zero.

    Parameters
    ----------
    gram : Q, (p, p), positive definite
    linear : q, (p,)

    Returns
    -------
    (knots, p), from g = 0 to −Q⁻¹q
    """
    signs, knots, penalty = np.zeros(len(linear)), [], np.inf
    # Every knot is an estimator that may be used: a path cut short costs length, never coverage.
    for _ in range(LONGEST_PATH):
        still, turn = _solution(gram, linear, signs)
        ends = _ends_of_stretch(gram, linear, signs, (still, turn))
        kind, j = np.unravel_index(np.argmax(ends), ends.shape) if ends.size else (0, 0)
        penalty = min(float(ends[kind, j]), penalty) if ends.size else 0.0
        knots.append(still + (penalty * turn if np.any(signs) else 0.0))
        if penalty <= 0:
            break
        signs[j] = (-1.0, 1.0, 0.0)[kind]
    return np.array(knots)


def _solution(gram: Array, linear: Array, signs: Array) -> tuple[Array, Array]:
    """The minimiser while its signs hold: constant part, and slope in the penalty."""
    active = np.flatnonzero(signs)
    still, turn = np.zeros(len(signs)), np.zeros(len(signs))
    block = gram[np.ix_(active, active)]
    still[active] = -np.linalg.solve(block, linear[active])
    turn[active] = -np.linalg.solve(block, signs[active])
    return still, turn


def _ends_of_stretch(
    gram: Array, linear: Array, signs: Array, solution: tuple[Array, Array]
) -> Array:
    """Penalties, (3, p), at which a gradient reaches +μ or −μ, or a coefficient zero.

    As the penalty falls: a gradient catches up with it only if it shrinks more slowly, and a
    coefficient dies only if it shrinks. Zero where neither will happen.
    """
    still, turn = solution
    gradient, drift = linear + gram @ still, gram @ turn
    ends = np.zeros((3, len(signs)))
    for row, side in enumerate((1.0, -1.0)):
        closing = 1 - side * drift
        np.divide(side * gradient, closing, out=ends[row], where=(signs == 0) & (closing > 0))
    np.divide(-still, turn, out=ends[2], where=signs * turn > 0)
    return ends


def _second_differences(size: int) -> Array:
    """(size, size): weights on the periods before, oldest first, of loadings, newest first."""
    newest_first = np.eye(size) - 2 * np.eye(size, k=1) + np.eye(size, k=2)
    return np.asarray(newest_first[::-1])
