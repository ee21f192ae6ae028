"""Whether waves ran as declared: incidents, assumed dates, and waves of one common week."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.assumptions.declared.concerned import events_of, uses_a_day
from evaluator.comparisons import ALL, Comparison, Planned, channels, within
from evaluator.comparisons.waves import channel_of, in_one_week
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status


def incident(_: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """What went wrong with a course of the comparison."""
    for event in events_of(comparison, resolved, resolved.protocol.incidents):
        if event.left_out and not uses_a_day(comparison, event.span):
            yield Finding(
                "days left out",
                Status.PASS,
                f"“{event.name}” ({event.span}) is no part of the base, nor of the window",
            )
            continue
        yield Finding(
            "incident",
            Status.WARN,
            f"“{event.name}”: {event.note or 'the campaign did not run as declared'}",
            "read the row without these days"
            if event.left_out
            else "read the lift as that of the campaign as delivered",
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
