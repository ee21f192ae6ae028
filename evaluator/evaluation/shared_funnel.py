"""What channels counted, as it may be shared: without what is small or gives that away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from evaluator.claims.funnel import ENROLMENT, Stage
from evaluator.comparisons import channels
from evaluator.evaluation.decay import Decay, WeekAfter
from evaluator.evaluation.funnel import Funnel
from evaluator.results import Row, RowKey


def shared_funnels(
    funnels: Sequence[Funnel], rows: Sequence[Row], minimum: int, gone: Collection[RowKey]
) -> tuple[Funnel, ...]:
    """Each channel's funnel without what would tell a count below the minimum.

    Parameters
    ----------
    rows : with all their counts
    gone : rows of which nothing may be shown
    """
    return tuple(_shared(own, list(_cells(own, rows)), minimum, gone) for own in funnels)


def shared_decay(decay: Decay, minimum: int, gone: Collection[RowKey]) -> Decay:
    """A channel's weeks without those that counted few, or all where its row is not shown."""
    hidden = any(key.channel == decay.channel and key.method == "channel_mean" for key in gone)
    why = f"suppressed: it would tell a count below {minimum}"
    weeks = (
        WeekAfter(own.week, own.courses, reason=why)
        if hidden or _is_small(own.observed, minimum)
        else own
        for own in decay.weeks
    )
    return replace(decay, weeks=tuple(weeks))


def _cells(funnel: Funnel, rows: Sequence[Row]) -> Iterator[Row]:
    """Rows about the channel in one course: their attributed counts add up to the funnel's."""
    for row in rows:
        key = row.key
        if key.question == channels.QUESTION and key.channel == funnel.channel:
            if key.method == "joint_daily" and key.variant == channels.AFTER:
                yield row


def _shared(funnel: Funnel, cells: Sequence[Row], minimum: int, gone: Collection[RowKey]) -> Funnel:
    why = f"suppressed: it would tell a count below {minimum}"
    parts = [cell.attributed for cell in cells if cell.attributed is not None]
    enrolled = next((s.count for s in funnel.stages if s.stage == ENROLMENT), None)
    rest = (enrolled or 0.0) - sum(parts)
    told = any(_is_small(count, minimum) for count in (*parts, rest))
    stages = tuple(_stage(stage, minimum, why, told=told) for stage in funnel.stages)
    funnel = replace(funnel, stages=stages)
    if told or _is_small(funnel.attributed, minimum):
        funnel = replace(funnel, attributed=None, cost_per_attributed=None)
    if any(cell.key in gone for cell in cells):
        # The extra of one course would follow from the sum and the others.
        funnel = replace(funnel, extra=None, extra_interval=None, extra_note=why)
        funnel = replace(funnel, cost_per_extra=None, cost_per_extra_interval=None)
    return funnel


def _stage(stage: Stage, minimum: int, why: str, *, told: bool) -> Stage:
    """A stage without its own count, or without that of which it is a share."""
    if _is_small(stage.count, minimum) or (told and stage.stage == ENROLMENT):
        return Stage(stage.stage, stage.unit, note=why)
    if _is_small(stage.of, minimum):
        return Stage(stage.stage, stage.unit, stage.count, note=why)
    return stage


def _is_small(count: float | None, minimum: int) -> bool:
    return count is not None and 0 < count < minimum
