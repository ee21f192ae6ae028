"""From an interval and the declared decision rule to the one word a row concludes with."""

from __future__ import annotations

import math

from evaluator.experiment.protocol import Decision
from evaluator.results import Effect, Finding, RowStatus, Simultaneous, Status, Verdict


def conclude(
    status: RowStatus,
    effect: Effect | None,
    simultaneous: Simultaneous | None,
    findings: tuple[Finding, ...],
    decision: Decision,
) -> Verdict:
    """The verdict of a row.

    The simultaneous interval decides where there is one. A size is reported as known only when
    both ends lie within the declared precision of the estimate and no finding failed: findings
    and coverage can weaken a verdict, never strengthen one.
    """
    if effect is None or status in (RowStatus.REFUSED, RowStatus.SUPPRESSED):
        return Verdict.REFUSED
    if status is RowStatus.DESCRIPTIVE:
        return Verdict.DESCRIPTIVE
    interval = (simultaneous or effect).interval(decision.level)
    failed = any(finding.status is Status.FAIL for finding in findings)
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
