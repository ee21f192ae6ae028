"""Findings about what was delivered: against the plan, as dated, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from evaluator.assumptions.concerned import events_of
from evaluator.assumptions.counting import some
from evaluator.comparisons import ALL, Comparison, Planned, channels, within
from evaluator.comparisons.waves import channel_of, in_one_week
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

if TYPE_CHECKING:
    import pandas as pd

BUDGET = "delivered against planned budget"
TOLERANCE = 0.05
"""Share of a wave's money that may go to the other arm than planned."""


def delivered(resolved: Resolved) -> Iterator[Finding]:
    """Spend of each wave by arm, against the split that was planned."""
    planned = {wave.id: wave.budget for wave in resolved.protocol.waves if wave.budget}
    if not planned:
        return
    delivery = resolved.tables.get("delivery")
    shares = _shares_of_a(delivery) if delivery is not None else {}
    told = {wave: shares[wave] - budget.a for wave, budget in planned.items() if wave in shares}
    if not told:
        yield Finding(
            BUDGET,
            Status.NOT_RUN,
            "what each wave spent by arm is not known",
            "export the delivery of each wave by arm, with its cost",
        )
        return
    away = {wave: off for wave, off in told.items() if abs(off) > TOLERANCE}
    most = max(told.values(), key=abs)
    listed = some([f"{wave} ({planned[wave].a + off:.0%} to A)" for wave, off in away.items()])
    assumed = " (assumed)" if any(planned[wave].assumed for wave in told) else ""
    yield Finding(
        BUDGET,
        Status.WARN if away else Status.PASS,
        f"{len(away)} of {len(told)} waves spent more than {TOLERANCE:.0%} of their money in"
        f" another arm than planned{assumed}: {listed}"
        if away
        else f"{len(told)} waves spent as planned{assumed} by arm, within {abs(most):.1%} of the"
        f" money ({TOLERANCE:.0%} are allowed)",
        "read a difference between the arms as one of dose too" if away else "",
        TOLERANCE - abs(most),
    )


def _shares_of_a(delivery: pd.DataFrame) -> Mapping[str, float]:
    """Wave → arm A's share of what it spent, where the table tells both."""
    import pandas as pd

    column = next((name for name in delivery.columns if str(name).split("_")[0] == "spend"), None)
    if column is None or not {"wave", "arm"} <= set(delivery.columns):
        return {}
    spent = pd.to_numeric(delivery[column], errors="coerce").groupby(
        [delivery["wave"], delivery["arm"]]
    )
    by_arm = spent.sum().unstack(fill_value=0)
    if not {"A", "B"} <= set(by_arm.columns):
        return {}
    both = by_arm["A"] + by_arm["B"]
    return {str(wave): float(by_arm["A"][wave] / both[wave]) for wave in both.index[both > 0]}


def incident(_: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """What went wrong with a course of the comparison."""
    for event in events_of(comparison, resolved, resolved.protocol.incidents):
        yield Finding(
            "incident",
            Status.WARN,
            f"“{event.name}”: {event.note or 'the campaign did not run as declared'}",
            "read the lift as that of the campaign as delivered",
        )


def dates_of_course(planned: Planned, _: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """Whether the dates of the course's waves are known, for a row within the campaign."""
    if planned.key.question != within.QUESTION:
        return
    assumed = [
        wave.id
        for wave in resolved.protocol.waves
        if wave.channel == planned.key.channel and planned.key.course in wave.courses
        if wave.assumed
    ]
    yield Finding(
        "dates of the wave",
        Status.WARN if assumed else Status.PASS,
        f"the dates of {', '.join(assumed)} are assumed, not published"
        if assumed
        else "published dates",
        "read the range over ±1 week" if assumed else "",
    )


def dates_of_channel(planned: Planned, _: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """Whether a channel's waves are spread, and their dates known."""
    if planned.key.question != channels.QUESTION:
        return
    if planned.key.course == ALL and in_one_week(resolved, planned.key.channel):
        yield Finding(
            "one common week",
            Status.WARN,
            "all its waves fall in one week: whatever else reached the promoted courses that week"
            " is counted as the channel's",
            "spread the waves over weeks next time",
        )
    named = {channel_of(name) for name in planned.key.channel.split(" & ")}
    waves = [
        wave
        for wave in resolved.protocol.waves
        if wave.channel in named
        and (planned.key.course == ALL or planned.key.course in wave.courses)
    ]
    assumed = [wave.id for wave in waves if wave.assumed]
    if assumed:
        yield Finding(
            "dates of the waves",
            Status.WARN,
            f"{len(assumed)} of {len(waves)} waves have assumed dates",
            "read the channel's rows with the waves a week earlier and later",
        )
