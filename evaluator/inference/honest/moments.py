"""The moment inequalities of relative magnitudes, and their conditional least-favourable test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from evaluator.estimators.arrays import Array, Flags
from evaluator.inference.honest.coefficients import EventCoefficients

FIRST_STAGE = 0.1
"""Share of α spent on the least-favourable test that precedes the conditional one."""
SAME = 1e-9
"""Statistics this nearly proportional are one."""
SECANTS = 2
"""In a bracket of a third of a standard error, where the logarithm is all but straight."""
DEPTH = 10.0
"""Standard errors over which the least-favourable law is integrated."""
NODES, NODE_WEIGHTS = np.polynomial.legendre.leggauss(32)


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """For each size of the departure, and each place and direction of the largest move before.

    Suppose the largest move D ≥ 0 from one period to the next before the window happened at s,
    up or down. Then the trends' moves x_t in the window obey |x_t| ≤ M̄·D, and the effects must
    account for the rest. With the effects' path profiled out, the statistic is
    η = min{η : every inequality, studentized, is at most η}: a linear programme whose dual has
    few vertices, known in closed form. Two say that the estimand is above, or below, what M̄·D
    allows; the others say that D < 0. All are combinations of the estimate and of D.

    References
    ----------
    Rambachan & Roth (2023), section 3; Andrews, Roth & Pakes (2023), section 5.
    """

    values: Array
    """(moves, 2): the estimate under parallel trends, and D."""
    covariances: Array
    """(moves, 2, 2)"""
    vertices: Array
    """(sizes, moves, 4, 2): weights on `values` of the four statistics."""
    alpha: float
    critical: Array
    """(sizes, moves): of the least-favourable test."""

    @classmethod
    def of(cls, study: EventCoefficients, sizes: Array, level: float) -> Moments:
        weights = _moves_before(study)
        values = weights @ study.coefficients
        covariances = weights @ study.covariance @ weights.transpose(0, 2, 1)
        vertices = _vertices(study, weights[:, 1], sizes)
        alpha = 1 - level
        return cls(
            values,
            covariances,
            vertices,
            alpha,
            least_favourable(vertices, covariances, FIRST_STAGE * alpha),
        )

    def accepted(self, effects: Array) -> Flags:
        """Whether an effect, (sizes, effects), is rejected for no move, with that shape."""
        estimate, move = self.values[:, 0] - effects[..., None], self.values[:, 1]
        on_estimate, on_move = self.vertices[:, None, ..., 0], self.vertices[:, None, ..., 1]
        statistics = on_estimate * estimate[..., None] + on_move * move[:, None]
        return np.asarray(np.any(~self._rejected(statistics), axis=-1))

    def reach(self) -> tuple[Array, Array]:
        """Effects, (sizes,), beyond which the first stage rejects for every move."""
        low, high = (
            self.values[:, 0]
            - (self.critical - weights[..., 1] * self.values[:, 1]) / weights[..., 0]
            for weights in (self.vertices[..., 0, :], self.vertices[..., 1, :])
        )
        return low.min(axis=-1), high.max(axis=-1)

    def _rejected(self, statistics: Array) -> Flags:
        """Hybrid test: beyond the least-favourable value, or in the tail of the law truncated
        to where the largest statistic is the largest, and below that value."""
        spread = np.einsum("smvk,mkl,smwl->smvw", self.vertices, self.covariances, self.vertices)
        top = np.argmax(statistics, axis=-1)
        largest = np.max(statistics, axis=-1)
        rows = np.take_along_axis(spread[:, None], top[..., None, None], axis=-2)[..., 0, :]
        variance = np.take_along_axis(rows, top[..., None], axis=-1)[..., 0]
        error = np.sqrt(np.where(variance > 0, variance, 1.0))
        low, high = _truncation(statistics, largest, rows, variance)
        high = np.minimum(high, self.critical[:, None])
        above = ndtr(-largest / error) - ndtr(-high / error)
        within = ndtr(-low / error) - ndtr(-high / error)
        size = (self.alpha - FIRST_STAGE * self.alpha) / (1 - FIRST_STAGE * self.alpha)
        in_tail = (variance > 0) & (within > 0) & (above < size * within)
        return np.asarray((largest > 0) & ((largest > self.critical[:, None]) | in_tail))


def _moves_before(study: EventCoefficients) -> Array:
    """(moves, 2, n_pre + n_post) weights of the estimate and of D: each move, up and down."""
    n_pre, n = study.n_pre, len(study.coefficients)
    weights = np.zeros((2 * n_pre, 2, n))
    weights[:, 0, n_pre:] = study.weights
    steps = np.zeros((n_pre, n))
    steps[:, :n_pre] = np.eye(n_pre, k=1) - np.eye(n_pre)
    weights[:n_pre, 1], weights[n_pre:, 1] = steps, -steps
    return weights


def _vertices(study: EventCoefficients, moves: Array, sizes: Array) -> Array:
    """Weights on the estimate and D of η's dual vertices, (sizes, moves, 4, 2).

    With L_t the estimand's weights summed from t on, and sd_t± that of ±x_t − M̄·D: the estimand
    above what is allowed, below it, and D < 0 by the most and by the least sensitive of the
    periods (the others lie between).
    """
    n_pre, n_post = study.n_pre, len(study.weights)
    steps = np.zeros((n_post, len(study.coefficients)))
    steps[:, n_pre:] = np.eye(n_post) - np.eye(n_post, k=-1)
    tails = np.cumsum(study.weights[::-1])[::-1]
    own = np.einsum("tn,nk,tk->t", steps, study.covariance, steps)
    size = sizes[:, None, None]
    move = size**2 * np.einsum("mn,nk,mk->m", moves, study.covariance, moves)[:, None]
    cross = 2 * size * (moves @ study.covariance @ steps.T)
    rising, falling = np.sqrt(own + move - cross), np.sqrt(own + move + cross)
    positive, negative = np.maximum(tails, 0), np.maximum(-tails, 0)
    above = 1 / (rising @ positive + falling @ negative)
    below = 1 / (falling @ positive + rising @ negative)
    contradicted = 2 * size / (rising + falling)
    allowed = sizes[:, None] * study.moving
    none = np.zeros_like(above)
    return np.stack(
        [
            np.stack([above, -allowed * above], axis=-1),
            np.stack([-below, -allowed * below], axis=-1),
            np.stack([none, -contradicted.max(axis=-1)], axis=-1),
            np.stack([none, -contradicted.min(axis=-1)], axis=-1),
        ],
        axis=-2,
    )


def _truncation(
    statistics: Array, largest: Array, covariances: Array, variance: Array
) -> tuple[Array, Array]:
    """Between which values the largest statistic stays so, given what is independent of it."""
    share = covariances / np.where(variance > 0, variance, 1.0)[..., None]
    gap = (largest[..., None] - statistics) / np.where(np.abs(1 - share) > SAME, 1 - share, np.nan)
    low = np.where(share < 1 - SAME, gap, np.inf).min(axis=-1)
    high = np.where(share > 1 + SAME, -gap, np.inf).min(axis=-1)
    return np.asarray(largest - low), np.asarray(largest + high)


def least_favourable(vertices: Array, covariances: Array, alpha: float) -> Array:
    """Value that the largest of the statistics exceeds with probability α, all means zero.

    Given D the estimate is normal and must lie between two ends: one integral over D, whose
    nodes crowd at its lower end, where the law's tail is. Bracketed by the largest statistic's
    own quantile and Bonferroni's.

    Parameters
    ----------
    vertices : (sizes, moves, 4, 2), as `Moments.vertices`
    covariances : (moves, 2, 2)

    Returns
    -------
    (sizes, moves)
    """
    variances = np.einsum("smvk,mkl,smvl->smv", vertices, covariances, vertices)
    error = np.sqrt(np.maximum(variances, 0)).max(axis=-1)
    low, high = error * -ndtri(alpha), error * -ndtri(alpha / 3)
    excess, lack = (np.log(_exceeding(vertices, covariances, q) / alpha) for q in (low, high))
    for _ in range(SECANTS):
        share = np.divide(excess, excess - lack, out=np.zeros_like(low), where=excess > lack)
        value = low + np.clip(share, 0, 1) * (high - low)
        left = np.log(_exceeding(vertices, covariances, value) / alpha)
        low, excess = np.where(left > 0, value, low), np.where(left > 0, left, excess)
        high, lack = np.where(left > 0, high, value), np.where(left > 0, lack, left)
    return np.asarray(value)


def _exceeding(vertices: Array, covariances: Array, value: Array) -> Array:
    """Probability, (sizes, moves), that a statistic exceeds `value`."""
    d_error = np.sqrt(covariances[:, 1, 1])
    slope = covariances[:, 0, 1] / d_error
    rest = np.sqrt(covariances[:, 0, 0] - slope**2)[:, None]
    contradicted = -vertices[..., 2, 1] * d_error
    start = np.maximum(-value / np.maximum(contradicted, 1e-300), -DEPTH)
    length = DEPTH - start
    z = start[..., None] + length[..., None] * (NODES + 1) / 2
    above, below = vertices[..., 0, :, None], vertices[..., 1, :, None]
    d = z * d_error[:, None]
    high = (value[..., None] - above[..., 1, :] * d) / above[..., 0, :]
    low = (value[..., None] - below[..., 1, :] * d) / below[..., 0, :]
    mean = slope[:, None] * z
    inside = ndtr((high - mean) / rest) - ndtr((low - mean) / rest)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    outside = (1 - np.maximum(inside, 0)) * density * NODE_WEIGHTS
    return np.asarray(ndtr(start) + np.sum(outside, axis=-1) * length / 2)
