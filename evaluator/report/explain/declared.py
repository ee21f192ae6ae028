"""The design in sentences: data, window and reference, courses, arms, waves, what else happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluator.experiment.assignment import Assignment, Drawn
from evaluator.experiment.protocol import Channel, Event, Protocol, Wave
from evaluator.report import numbers
from evaluator.report.words import counted, listed
from evaluator.resolve import Resolved

PARTS: Mapping[str, str] = {
    "courses": "Which courses are promoted, and which left out, was",
    "countries": "Which units are arm A was",
    "order": "The order of paid and organic promotion was",
    "weeks": "Which weeks are promoted was",
}
"""Part of an assignment → the beginning of a sentence about it."""


def design(resolved: Resolved) -> Iterator[str]:
    """A paragraph each."""
    protocol = resolved.protocol
    yield _data(resolved)
    yield _window(protocol)
    yield _courses(resolved)
    if protocol.arms is not None:
        yield from _arms(resolved)
    yield from _assigned(protocol.assignment)
    for channel in protocol.channels:
        waves = [wave for wave in protocol.waves if wave.channel == channel.name]
        if waves:
            yield _channel(channel, waves)
    yield from _events(protocol)


def _data(resolved: Resolved) -> str:
    protocol, panel = resolved.protocol, resolved.panel
    total = f"{numbers.count(float(panel.values.sum()))} " if protocol.alike else "daily "
    files = (
        f"{', '.join(path.name for path in source.paths)} ({source.kind})"
        for source in protocol.sources
    )
    return (
        f"The data are {total}{protocol.outcome} in {counted(len(panel.courses), 'course')} and"
        f" {counted(len(panel.countries), 'unit')} ({protocol.unit}), by day from"
        f" {panel.start:%-d %b %Y} to {panel.end:%-d %b %Y}, as of {protocol.as_of:%-d %b %Y};"
        f" {protocol.data_kind}. They come from {listed(files)}. The protocol is"
        f" {protocol.hash[:12]}; with what its rules found in the data, {resolved.hash[:12]}."
    )


def _window(protocol: Protocol) -> str:
    reference = protocol.reference
    others = [_weeks(weeks) for weeks in reference.sensitivity]
    again = f"; {listed(others)} are taken instead in sensitivity rows" if others else ""
    return (
        f"The window is {protocol.window} ({protocol.window.days} days). Its reference is"
        f" {_weeks(reference.weeks)} before it, or as many as a course has; for weekly series the"
        f" last {reference.its_weeks}{again}."
    )


def _weeks(weeks: int | None) -> str:
    return "all weeks" if weeks is None else f"the last {weeks} weeks"


def _courses(resolved: Resolved) -> str:
    told = "; ".join(_course(resolved, code) for code in resolved.promoted)
    if not resolved.others:
        return f"The courses are {told}."
    others = counted(len(resolved.others), "other course")
    left_out = ""
    if resolved.left_out:
        number = counted(len(resolved.left_out), "course")
        left_out = f" No promotion reached {number} more: {listed(resolved.left_out)}."
    return f"Promoted individually were {told}. They are compared with {others}.{left_out}"


def _assigned(assignment: Assignment | None) -> Iterator[str]:
    """Each part whose assignment is declared, with its rule and its groups."""
    for part, whose in PARTS.items():
        drawn: Drawn | None = getattr(assignment, part, None)
        if drawn is None:
            continue
        groups = "; ".join(", ".join(group) for group in drawn.groups)
        within = f", within {groups}" if groups else ""
        until = f", until {drawn.criterion}" if drawn.criterion else ""
        chance = (
            f"drawn by chance ({drawn.rule.value}{within}{until})" if drawn.random else "chosen"
        )
        yield f"{whose} {chance}."


def _course(resolved: Resolved, code: str) -> str:
    course = resolved.protocol.course(code)
    opened = course.available_from
    since = f"open since {opened:%-d %b %Y}" if opened else "open before the data begin"
    assumed = ", assumed" if course.assumed else ""
    return f"{code} ({course.title}: {course.status}, {since}{assumed})"


def _arms(resolved: Resolved) -> Iterator[str]:
    arms = resolved.protocol.arms
    if arms is None:
        return
    lists = "; ".join(f"of {code}, {', '.join(units)}" for code, units in resolved.arm_a.items())
    yield (
        f"Units are parted into arm A and arm B, which is every other unit. Exposed were"
        f" {listed(arms.exposed)}; persona targeting applied to {listed(arms.persona)}. Arm A is:"
        f" {lists}."
    )
    if arms.reading:
        yield " ".join(arms.reading.split())


def _channel(channel: Channel, waves: Sequence[Wave]) -> str:
    by_days: dict[str, list[str]] = {}
    for wave in waves:
        by_days.setdefault(_days(wave), []).extend(_whom(wave))
    told = "; ".join(f"{days}: {listed(whom)}" for days, whom in by_days.items())
    assumed = sum(wave.assumed for wave in waves)
    dates = f" The dates of {assumed} of them are assumed, not published." if assumed else ""
    network = f", {channel.network}" if channel.network else ""
    number = counted(len(waves), "wave")
    return f"{channel.name} ({channel.kind}{network}) had {number}: {told}.{dates}"


def _days(wave: Wave) -> str:
    return f"{wave.span.start:%-d %b %Y}" if wave.span.days == 1 else str(wave.span)


def _whom(wave: Wave) -> list[str]:
    everyone = ["the whole portfolio"] if wave.portfolio or not wave.courses else []
    return [*wave.courses, *everyone]


def _events(protocol: Protocol) -> Iterator[str]:
    kinds: tuple[tuple[str, Sequence[Event]], ...] = (
        ("previous campaign", protocol.previous_campaigns),
        ("incident", protocol.incidents),
        ("deadline", protocol.deadlines),
    )
    told = [
        f"{kind}: {event.name}, {event.span}{f' ({event.note})' if event.note else ''}"
        for kind, events in kinds
        for event in events
    ]
    if told:
        yield f"Declared beside it: {'; '.join(told)}."
