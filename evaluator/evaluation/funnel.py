"""The funnel of each channel: its stages as counted, and attributed beside incremental.

The extra is that of the channel's waves with the two weeks after them, which the spend bought; it
is of the courses whose extra is identified, and so are the attributed count and the costs beside
it. The stages count all courses that the channel advertises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.claims.cost import spend_by
from evaluator.claims.funnel import ChannelStages, Stage
from evaluator.comparisons import channels
from evaluator.experiment.protocol import Question
from evaluator.resolve import Resolved
from evaluator.results import Interval, Row

NOT_ASKED = "the question about channels was not asked"


@dataclass(frozen=True, slots=True)
class Funnel:
    """One channel from those who saw it to those who shared it, and what it added and cost."""

    channel: str
    kind: str
    network: str
    stages: tuple[Stage, ...]
    courses: tuple[str, ...] = ()
    """Whose extra is identified: what follows is about these."""
    attributed: float | None = None
    """Last-touch count of these courses in the window."""
    extra: float | None = None
    extra_interval: Interval | None = None
    extra_note: str = ""
    """Why there is no extra."""
    spend: float | None = None
    currency: str = ""
    cost_per_attributed: float | None = None
    cost_per_extra: float | None = None
    cost_per_extra_interval: Interval | None = None
    cost_note: str = ""


def funnels(
    counted: Sequence[ChannelStages], rows: Sequence[Row], resolved: Resolved
) -> tuple[Funnel, ...]:
    """Every channel with its stages and its row about the waves and the two weeks after.

    Parameters
    ----------
    rows : with their costs
    """
    delivery = resolved.tables.get("delivery")
    doses = spend_by(resolved.protocol, delivery) if delivery is not None else {}
    currency = next((dose.currency for dose in doses.values() if dose.currency), "")
    return tuple(_funnel(own, rows, resolved, currency) for own in counted)


def _funnel(own: ChannelStages, rows: Sequence[Row], resolved: Resolved, currency: str) -> Funnel:
    channel = own.channel
    ours = [
        row
        for row in rows
        if row.key.question == channels.QUESTION and row.key.channel == channel.name
    ]
    means = [row for row in ours if row.key.method == "channel_mean"]
    row = next((row for row in means if row.key.variant == channels.AFTER), None)
    if row is None or row.extra is None:
        asked = Question.CHANNELS in resolved.protocol.questions
        refused = next((each.reason for each in means if each.reason), "")
        why = refused if asked else NOT_ASKED
        return Funnel(channel.name, channel.kind, channel.network, own.stages, extra_note=why)
    cells = (cell for cell in ours if cell.key.method == "joint_daily")
    known = {
        cell.key.course
        for cell in cells
        if cell.key.variant == channels.AFTER and cell.effect is not None
    }
    return Funnel(
        channel=channel.name,
        kind=channel.kind,
        network=channel.network,
        stages=own.stages,
        courses=tuple(course for course in resolved.promoted if course in known),
        attributed=row.attributed,
        extra=row.extra.realised.value,
        extra_interval=row.extra_simultaneous or row.extra.realised.interval,
        spend=row.spend,
        currency=currency if row.spend is not None else "",
        cost_per_attributed=row.cost_per_attributed,
        cost_per_extra=row.cost_per_extra,
        cost_per_extra_interval=row.cost_per_extra_interval,
        cost_note=row.cost_note,
    )
