"""From an interval and the declared decision rule to the one word a row concludes with."""

from __future__ import annotations

import math

from evaluator.experiment.protocol import Decision
from evaluator.results import Effect, Interval, Row, RowStatus, Status, Verdict

# The order in which one word says less than another.
WEAKER = (
    *(Verdict.RAISED, Verdict.LOWERED, Verdict.NO_EFFECT),
    *(Verdict.RAISED_UNCERTAIN, Verdict.LOWERED_UNCERTAIN, Verdict.NOT_PRECISE),
)


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
    words = [_word(effect, interval, decision, failed=failed) for interval in (own, *wider)]
    return max(words, key=WEAKER.index)


def _word(effect: Effect, interval: Interval, decision: Decision, *, failed: bool) -> Verdict:
    reach = max(interval.high - effect.log_lift, effect.log_lift - interval.low)
    precise = reach <= math.log(decision.precision) and not failed
    if interval.low > 0:
        return Verdict.RAISED if precise else Verdict.RAISED_UNCERTAIN
    if interval.high < 0:
        return Verdict.LOWERED if precise else Verdict.LOWERED_UNCERTAIN
    worth = math.log(decision.smallest_lift)
    if -worth < interval.low and interval.high < worth and not failed:
        return Verdict.NO_EFFECT
    return Verdict.NOT_PRECISE
