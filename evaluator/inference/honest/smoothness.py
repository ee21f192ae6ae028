"""Fixed-length intervals when the differential trend may bend by at most M a period."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from evaluator.estimators.arrays import Array, Flags
from evaluator.inference.honest.breakdown import breakdown_value
from evaluator.inference.honest.coefficients import EventCoefficients
from evaluator.inference.honest.frontier import Frontier
from evaluator.results import Bounds, Interval

ROUNDS = 7
"""Of Newton's method for the folded normal: it is exact after six."""
POINTS = 17
"""Places looked at along the frontier, and again between the neighbours of the best one."""
ZOOMS = 6


def smoothness_bounds(study: EventCoefficients, sizes: Sequence[float], level: float) -> Bounds:
    """Optimal fixed-length intervals under Δ^SD(M), and the smallest M that holds no effect.

    Δ^SD(M): second differences of the departure, the left-out period included, are at most M
    in absolute value; at M = 0 it is a straight line, extrapolated into the window. Of all
    affine estimators whose bias is bounded, the one with the shortest interval is used:
    half-width = s.e. × the folded normal's quantile at (worst bias / s.e.).

    Parameters
    ----------
    study : with log coefficients
    sizes : M, in log points a period, ascending
    level : 1 − α

    Returns
    -------
    Bounds on the log scale; the breakdown is in the unit of M

    References
    ----------
    Rambachan & Roth (2023), section 4.1; Armstrong & Kolesár (2018).
    """
    frontier = Frontier.of(study)

    def ends(at: Array) -> tuple[Array, Array]:
        return _fixed_length(study, frontier, at, level)

    def holds(at: Array) -> Flags:
        low, high = ends(at)
        return np.asarray((low <= 0) & (high >= 0))

    low, high = ends(np.asarray(sizes, dtype=float))
    # There the bias alone takes the least biased estimator from its centre to no effect.
    far = abs(float(frontier.estimators[0] @ study.coefficients)) / float(frontier.biases[0])
    return Bounds(
        kind="smoothness",
        at=tuple(float(size) for size in sizes),
        intervals=tuple(
            Interval(float(a), float(b), level) for a, b in zip(low, high, strict=True)
        ),
        breakdown=breakdown_value(holds, far),
    )


def folded_quantile(level: float, means: Array) -> Array:
    """Quantile of |N(mean, 1)|, of the shape of `means` ≥ 0.

    Newton's method from below, where the law's distribution function is concave.
    """
    quantile = means + ndtri(level)
    for _ in range(ROUNDS):
        missing = level - (ndtr(quantile - means) - ndtr(-quantile - means))
        density = np.exp(-((quantile - means) ** 2) / 2) + np.exp(-((quantile + means) ** 2) / 2)
        quantile = quantile + missing * math.sqrt(2 * math.pi) / density
    return np.asarray(quantile)


def _fixed_length(
    study: EventCoefficients, frontier: Frontier, sizes: Array, level: float
) -> tuple[Array, Array]:
    """Ends of the shortest intervals, for each size."""
    last = len(frontier.biases) - 1
    low, high = np.zeros((len(sizes), 1)), np.full((len(sizes), 1), float(last))
    for _ in range(ZOOMS):
        places = low + (high - low) * np.linspace(0, 1, POINTS)
        best = np.argmin(_half_widths(frontier, places, sizes, level), axis=1)[:, None]
        low, high = (
            np.take_along_axis(places, np.clip(best + step, 0, POINTS - 1), axis=1)
            for step in (-1, 1)
        )
    place = np.take_along_axis(places, best, axis=1)
    half = _half_widths(frontier, place, sizes, level)[:, 0]
    centre = frontier.estimator(place[:, 0]) @ study.coefficients
    return centre - half, centre + half


def _half_widths(frontier: Frontier, places: Array, sizes: Array, level: float) -> Array:
    """Of shape (sizes, places)."""
    bias, error = frontier.at(places)
    return np.asarray(error * folded_quantile(level, sizes[:, None] * bias / error))
