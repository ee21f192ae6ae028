"""From an interval and the declared decision rule to the one word a row concludes with."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from evaluator.estimators.arrays import Array, Flags
from evaluator.experiment.protocol import Decision
from evaluator.results import Row, RowStatus, Status, Verdict

# The order in which one word says less than another.
WEAKER = (
    *(Verdict.RAISED, Verdict.LOWERED, Verdict.NO_EFFECT),
    *(Verdict.RAISED_UNCERTAIN, Verdict.LOWERED_UNCERTAIN, Verdict.NOT_PRECISE),
)
CONCLUDED = (*WEAKER, Verdict.REFUSED)
"""What `conclude_many` points into."""

Places = NDArray[np.intp]


def conclude(row: Row, decision: Decision) -> Verdict:
    """The verdict of a row.

    The simultaneous interval decides where there is one. A size is reported as known only when
    both ends lie within the declared precision of the estimate and no finding failed. What is
    concluded has to hold in every wider interval beside it too: findings and coverage can weaken
    a verdict, never strengthen one.
    """
    effect = row.effect
    if effect is None or row.status in (RowStatus.REFUSED, RowStatus.SUPPRESSED):
        return Verdict.REFUSED
    if row.status is RowStatus.DESCRIPTIVE:
        return Verdict.DESCRIPTIVE
    own = (row.simultaneous or effect).interval(decision.level)
    wider = [beside.around(effect.log_lift, own) for beside in row.beside]
    failed = any(finding.status is Status.FAIL for finding in row.findings)
    ends = np.array([(interval.low, interval.high) for interval in (own, *wider)])
    estimate = np.asarray(effect.log_lift)
    return WEAKER[int(_words(estimate, ends[:, 0], ends[:, 1], decision, failed=failed).max())]


def conclude_many(
    log_lift: Array, low: Array, high: Array, refused: Flags, decision: Decision
) -> Places:
    """The verdicts of a row in many campaigns of which no finding is known: (...,).

    Parameters
    ----------
    log_lift, low, high : (...,) estimates, and the ends of the intervals that decide
    refused : (...,) campaigns of which nothing can be said

    Returns
    -------
    Positions in `CONCLUDED`.
    """
    words = _words(log_lift, low, high, decision, failed=False)
    return np.where(refused, CONCLUDED.index(Verdict.REFUSED), words)


def _words(log_lift: Array, low: Array, high: Array, decision: Decision, *, failed: bool) -> Places:
    """Positions in `WEAKER` of what each interval says, (...,)."""
    reach = np.maximum(high - log_lift, log_lift - low)
    precise = (reach <= math.log(decision.precision)) & (not failed)
    worth = math.log(decision.smallest_lift)
    nothing = (-worth < low) & (high < worth) & (not failed)
    said = {
        Verdict.RAISED: (low > 0) & precise,
        Verdict.RAISED_UNCERTAIN: low > 0,
        Verdict.LOWERED: (high < 0) & precise,
        Verdict.LOWERED_UNCERTAIN: high < 0,
        Verdict.NO_EFFECT: nothing,
    }
    places = [np.intp(WEAKER.index(verdict)) for verdict in said]
    return np.asarray(
        np.select(list(said.values()), places, np.intp(WEAKER.index(Verdict.NOT_PRECISE))),
        dtype=np.intp,
    )
