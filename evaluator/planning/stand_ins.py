"""Other courses in place of the promoted ones, of their size, when nothing was promoted."""

from __future__ import annotations

import numpy as np

from evaluator.calibration.placebos import Drawn
from evaluator.comparisons import Comparison
from evaluator.estimators.arrays import Array

FEW = 5
"""Courses that may stand in for one at least, however large it is."""


def sizes(base: Comparison) -> tuple[Array, Array]:
    """What is counted of each promoted course (P,), and of the other courses in its place (P, n).

    In arm A where arms are compared, which is the smaller of the two and makes the noise.
    """
    own, others = base.treated.sum(axis=-1), base.other.sum(axis=-1)
    inside = np.ones(own.shape, dtype=bool) if base.in_a is None else base.in_a
    return (own * inside).sum(axis=1) + 0.5, inside.astype(float) @ others.T + 0.5


def drawn_stand_ins(
    rng: np.random.Generator, base: Comparison, moves: range, campaigns: int
) -> Drawn:
    """For every promoted course another one, at least as large where there are some.

    Large courses choose first; no course stands in for two. Where fewer than `FEW` are as large,
    the largest do.

    Parameters
    ----------
    moves : weeks by which a campaign may be moved back
    """
    own, others = sizes(base)
    moved = rng.integers(moves.start, moves.stop, size=campaigns)
    courses = np.empty((campaigns, len(own)), dtype=np.intp)
    free = np.ones((campaigns, others.shape[1]), dtype=bool)
    for role in np.argsort(-own, kind="stable"):
        ranked = np.sort(others[role])
        enough = others[role] >= min(own[role], ranked[-min(FEW, len(ranked))])
        # Any that is large enough; where all of these are taken, the largest that is left.
        wanted = np.where(enough, 1 + rng.random(free.shape), others[role] / (ranked[-1] + 1))
        courses[:, role] = np.argmax(np.where(free, wanted, -1.0), axis=1)
        free[np.arange(campaigns), courses[:, role]] = False
    return Drawn(courses, moved)


def kept(base: Comparison) -> Array:
    """(P, n) share of its counts that makes an other course no larger than the promoted one."""
    own, others = sizes(base)
    return np.minimum(own[:, None] / others, 1.0)
