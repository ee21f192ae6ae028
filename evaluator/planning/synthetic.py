"""Synthetic control with unit effects, many problems at once.

Each problem is a small quadratic program on the simplex; all are solved together by one
interior-point iteration, whose steps are batched linear solves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluator.estimators.arrays import Array

Index = NDArray[np.intp]
STEPS = 60
CENTRING = 0.1
TO_THE_BOUNDARY = 0.995
GAP, SLACK = 1e-13, 1e-9
"""Complementarity and dual residual at which a problem is solved, in mean squares of a unit."""


def residuals(outcomes: Array, treated: Array, donors: Index, fitted: int) -> tuple[Array, Array]:
    """What a treated series leaves over its synthetic control, in every period.

    Every series is taken from its own mean over the fitted periods (unit effects); weights are
    at least 0 and add up to 1.

    Parameters
    ----------
    outcomes : (U, T) of all units
    treated : (..., T) series to imitate, one for each problem
    donors : (..., n) positions of its donors
    fitted : first periods, on which weights and means are fitted

    Returns
    -------
    residuals (..., T), in units of the outcome; weights (..., n)

    References
    ----------
    Abadie, Diamond & Hainmueller (2010); Ferman & Pinto (2021) for the demeaned version.
    """
    centred = outcomes - outcomes[:, :fitted].mean(axis=1, keepdims=True)
    own = treated - treated[..., :fitted].mean(axis=-1, keepdims=True)
    products = centred[:, :fitted] @ centred[:, :fitted].T
    cross = own[..., :fitted] @ centred[:, :fitted].T
    quadratic = products[donors[..., :, None], donors[..., None, :]]
    weights = simplex_weights(quadratic, np.take_along_axis(cross, donors, axis=-1))
    spread = np.zeros(cross.shape)
    np.put_along_axis(spread, donors, weights, axis=-1)
    return own - spread @ centred, weights


def simplex_weights(quadratic: Array, linear: Array) -> Array:
    """min ½ w'Qw − q'w with w ≥ 0 and Σw = 1, of every problem: (..., n).

    Parameters
    ----------
    quadratic : (..., n, n) positive semi-definite
    linear : (..., n)

    References
    ----------
    Nocedal & Wright (2006), algorithm 16.4, with a fixed centring.
    """
    n = linear.shape[-1]
    scale = np.trace(quadratic, axis1=-2, axis2=-1)[..., None] / n
    Q, q = quadratic / scale[..., None], linear / scale
    w, z, level = np.full(q.shape, 1 / n), np.ones(q.shape), np.zeros((*q.shape[:-1], 1))
    for _ in range(STEPS):
        gap = np.mean(w * z, axis=-1, keepdims=True)
        slope = (Q @ w[..., None])[..., 0] - q + level
        if float(gap.max()) < GAP and float(np.abs(slope - z).max()) < SLACK:
            break
        barrier = Q + np.eye(n) * (z / w)[..., None, :]
        aim = -slope + CENTRING * gap / w
        moved = np.linalg.solve(barrier, np.stack([aim, np.ones(aim.shape)], axis=-1))
        shift = moved[..., 0].sum(-1, keepdims=True) / moved[..., 1].sum(-1, keepdims=True)
        dw = moved[..., 0] - shift * moved[..., 1]
        dz = (CENTRING * gap - z * dw) / w - z
        step = np.minimum(_longest(w, dw), _longest(z, dz))
        w, z, level = w + step * dw, z + step * dz, level + step * shift
    return np.asarray(w / w.sum(axis=-1, keepdims=True))


def _longest(value: Array, direction: Array) -> Array:
    """Step that keeps every value above 0, at most 1: (..., 1)."""
    reach = np.where(direction < 0, -value / np.where(direction < 0, direction, -1.0), np.inf)
    return np.asarray(np.minimum(TO_THE_BOUNDARY * reach.min(axis=-1, keepdims=True), 1.0))
