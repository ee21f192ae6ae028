"""What a channel's row cost: beside its attributed and its extra enrolments, never mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evaluator.claims.cost import cost, spend_by
from evaluator.comparisons import ALL, channels
from evaluator.resolve import Resolved
from evaluator.results import Row

PRICED = ("channel_mean", "joint_daily")


def with_costs(rows: Sequence[Row], resolved: Resolved) -> list[Row]:
    """Rows per channel and per cell with their last-touch counts, spend and costs."""
    delivery = resolved.tables.get("delivery")
    doses = spend_by(resolved.protocol, delivery) if delivery is not None else {}
    spends = {key: dose.spend for key, dose in doses.items()}
    return [_priced(row, resolved, spends) for row in rows]


def _priced(row: Row, resolved: Resolved, spends: dict[tuple[str, str, str], float | None]) -> Row:
    if row.key.question != channels.QUESTION or row.key.method not in PRICED:
        return row
    courses = resolved.promoted if row.key.course == ALL else (row.key.course,)
    row = replace(row, attributed=attributed(resolved, row.key.channel, courses))
    own = [spends.get((row.key.channel, course, ALL)) for course in courses]
    known = [spend for spend in own if spend is not None]
    if not known:
        return row
    extra = row.extra.realised if row.extra is not None else None
    priced = cost(sum(known), row.attributed, extra)
    return replace(
        row,
        spend=priced.spend,
        cost_per_attributed=priced.per_attributed,
        cost_per_extra=priced.per_extra,
        cost_per_extra_interval=priced.interval,
    )


def attributed(resolved: Resolved, channel: str, courses: Sequence[str]) -> float | None:
    """Enrolments of the window with the channel's last-touch tag; None where it leaves none."""
    tags = {c.name: c.tag for c in resolved.protocol.channels}
    tag = tags.get(channel)
    if tag is None or tag not in resolved.panel.tags:
        return None
    panel, window = resolved.panel, resolved.protocol.window
    daily = panel.array("day", course=list(courses), tag=[tag])
    return float(daily[panel.day(window.start) : panel.day(window.end) + 1].sum())
