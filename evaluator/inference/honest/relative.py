"""Intervals when the trends move in the window at most M̄ times as fast as they did before it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.estimators.arrays import Array, Flags
from evaluator.inference.honest.breakdown import breakdown_value
from evaluator.inference.honest.coefficients import EventCoefficients
from evaluator.inference.honest.moments import Moments
from evaluator.results import Bounds, Interval

PLACES = 65
"""Effects looked at on each side of the estimate, out to where the first stage rejects."""
FINER = 17
"""Effects looked at again between the last one accepted and the next."""
ZOOMS = 4


def relative_magnitude_bounds(
    study: EventCoefficients, sizes: Sequence[float], level: float
) -> Bounds:
    """Intervals under Δ^RM(M̄), and the smallest M̄ that holds no effect.

    Δ^RM(M̄): from one period to the next the departure moves in the window at most M̄ times as
    far as the largest such move before it, the left-out period included. Effects are kept that
    the conditional least-favourable hybrid test does not reject for some place and direction of
    that largest move; an interval runs between the outermost of them.

    Parameters
    ----------
    study : with log coefficients
    sizes : M̄, ascending
    level : 1 − α

    Returns
    -------
    Bounds on the log scale, each end to 1e-6 of its distance from the estimate

    References
    ----------
    Rambachan & Roth (2023), sections 2.4.1 and 3; Andrews, Roth & Pakes (2023).
    """

    def holds(at: Array) -> Flags:
        return Moments.of(study, at, level).accepted(np.zeros((len(at), 1)))[:, 0]

    low, high = _ends(study, np.asarray(sizes, dtype=float), level)
    return Bounds(
        kind="relative magnitudes",
        at=tuple(float(size) for size in sizes),
        intervals=tuple(
            Interval(float(a), float(b), level) for a, b in zip(low, high, strict=True)
        ),
        breakdown=breakdown_value(holds, _about(study)),
    )


def _about(study: EventCoefficients) -> float:
    """The size that makes up the estimate, were the largest move before as large as it looks,
    and not less than its noise."""
    steps = np.diff(np.eye(study.n_pre + 1), axis=0)[:, :-1]
    errors = np.sqrt(np.diag(steps @ study.covariance[: study.n_pre, : study.n_pre] @ steps.T))
    moves = np.abs(steps @ study.coefficients[: study.n_pre])
    return abs(study.estimate) / (study.moving * float(np.maximum(moves, errors).max()))


def _ends(study: EventCoefficients, sizes: Array, level: float) -> tuple[Array, Array]:
    moments = Moments.of(study, sizes, level)
    low, high = moments.reach()
    estimate = study.estimate
    return outermost(moments, estimate, low), outermost(moments, estimate, high)


def outermost(moments: Moments, estimate: float, ends: Array) -> Array:
    """The accepted effect nearest to each end, (sizes,); the estimate itself is accepted."""
    outer, inner = ends[:, None], np.full_like(ends, estimate)[:, None]
    for places in (PLACES, *[FINER] * ZOOMS):
        effects = outer + (inner - outer) * np.linspace(0, 1, places)
        first = np.argmax(moments.accepted(effects), axis=1)[:, None]
        inner = np.take_along_axis(effects, first, axis=1)
        outer = np.take_along_axis(effects, np.maximum(first - 1, 0), axis=1)
    return inner[:, 0]
