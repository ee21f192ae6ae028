"""What a channel cost: beside its attributed and its extra enrolments, never mixed.

The extra that is priced is that of the waves with the two weeks after them, because the spend
bought both; rows about the waves alone carry the same price. The last-touch count is that of the
whole window.

A row that decides about the promotion as a whole is priced by all that was spent on its courses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluator.claims.cost import Dose, attributed, cost, spend_by
from evaluator.comparisons import ALL, campaign, channels, promoted
from evaluator.resolve import Resolved
from evaluator.results import Amount, Row, RowRole, RowStatus

PRICED = ("channel_mean", "joint_daily")
WHOLE = (promoted.QUESTION, campaign.QUESTION)
"""Questions about the promotion as a whole, whatever its channels."""
ADVERTISING = "advertising alone is in it, not pages, e-mails or staff"
Spends = Mapping[tuple[str, str, str], Dose]


def with_costs(rows: Sequence[Row], resolved: Resolved) -> list[Row]:
    """Rows per channel and per cell with their last-touch counts, spend and costs."""
    delivery = resolved.tables.get("delivery")
    doses = spend_by(resolved.protocol, delivery) if delivery is not None else {}
    priced = {
        (row.key.channel, row.key.course): row
        for row in rows
        if row.key.method in PRICED and row.key.variant == channels.AFTER
    }
    cells = {
        channel: [
            row.key.course
            for row in rows
            if row.key.method == "joint_daily"
            and (row.key.channel, row.key.variant) == (channel, channels.AFTER)
            and row.status is not RowStatus.REFUSED
        ]
        for channel, _ in priced
    }
    with_channels = [_priced(row, resolved, doses, priced, cells) for row in rows]
    return [_whole(row, rows, doses) for row in with_channels]


def _priced(
    row: Row,
    resolved: Resolved,
    doses: Spends,
    priced: Mapping[tuple[str, str], Row],
    cells: Mapping[str, Sequence[str]],
) -> Row:
    with_after = priced.get((row.key.channel, row.key.course))
    if with_after is None or row.key.method not in PRICED:
        return row
    if row.key.variant not in ("default", channels.AFTER):
        return row
    courses = cells[row.key.channel] if row.key.course == ALL else (row.key.course,)
    row = replace(row, attributed=attributed(resolved, row.key.channel, courses))
    spend = _spend(doses, row.key.channel, courses)
    if spend is None:
        return row
    found = cost(spend, row.attributed, _extra(with_after))
    return replace(
        row,
        spend=found.spend,
        cost_per_attributed=found.per_attributed,
        cost_per_extra=found.per_extra,
        cost_per_extra_interval=found.interval,
        cost_note=found.why,
    )


def _whole(row: Row, rows: Sequence[Row], doses: Spends) -> Row:
    """Priced by all channels together, where it identifies the promotion as a whole."""
    decides = row.role is RowRole.HEADLINE and row.status is RowStatus.ESTIMATED
    if row.key.question not in WHOLE or not decides or row.extra is None:
        return row
    together = [
        other.key.course
        for other in rows
        if (other.key.question, other.role) == (row.key.question, row.role)
        and other.status is RowStatus.ESTIMATED
        and other.key.course != ALL
    ]
    courses = together if row.key.course == ALL else (row.key.course,)
    spent = [_spend(doses, channel, courses) for channel in dict.fromkeys(c for c, *_ in doses)]
    if not spent or any(spend is None for spend in spent):
        return row
    found = cost(sum(spend for spend in spent if spend is not None), None, _extra(row))
    return replace(
        row,
        spend=found.spend,
        cost_per_extra=found.per_extra,
        cost_per_extra_interval=found.interval,
        cost_note="; ".join(filter(None, (ADVERTISING, found.why))),
    )


def _extra(row: Row) -> Amount | None:
    """The realised extra at the level at which the row decides."""
    if row.extra is None:
        return None
    own = row.extra.realised
    return replace(own, interval=row.extra_simultaneous) if row.extra_simultaneous else own


def _spend(doses: Spends, channel: str, courses: Sequence[str]) -> float | None:
    """None where the delivery of a course is not told, or told only together with others'."""
    own = [doses.get((channel, course, ALL), Dose()).spend for course in courses]
    if not own or any(spend is None for spend in own) or (channel, ALL, ALL) in doses:
        return None
    return sum(spend for spend in own if spend is not None)
