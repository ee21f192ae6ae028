"""Findings that a row carries: the refusal table's flags, then the calendar's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import numpy as np

from evaluator.assumptions.geography import of_groups
from evaluator.assumptions.settled import settled
from evaluator.comparisons import ALL, Comparison, Planned, arms, channels, geography, within
from evaluator.comparisons.design import REFERENCE
from evaluator.comparisons.references import LAUNCH_WEEKS, in_launch
from evaluator.comparisons.waves import channel_of, in_one_week
from evaluator.effects import conditions
from evaluator.effects.series import SPIKE, spike_of_others
from evaluator.effects.waves import inflation_of_target
from evaluator.experiment.protocol import Course, Event, Span
from evaluator.inference.refusals import flags
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

MUCH_INFLATED = 5.0
"""A variance inflation above which an overlap is worth a warning."""


def row_findings(planned: Planned, resolved: Resolved) -> tuple[Finding, ...]:
    """Everything looked at for one row; a refused row needs no findings but its reason."""
    if not isinstance(planned.comparison, Comparison):
        return ()
    found = list(flags(planned.key.method, conditions(planned.comparison)))
    for look in LOOKS if planned.comparison.trials is None else OF_SHARES:
        found.extend(look(planned, planned.comparison, resolved))
    found.append(
        Finding(
            "coverage",
            Status.NOT_RUN,
            "the coverage of this interval on this panel has not been measured yet",
            "read in the methods guide how often it covers on simulated worlds",
        )
    )
    return tuple(found)


def _previous_campaign(
    planned: Planned, comparison: Comparison, resolved: Resolved
) -> Iterator[Finding]:
    if planned.key.question == within.QUESTION:
        return
    for event in resolved.protocol.previous_campaigns:
        shared = sum(event.span.overlaps(span) for span in _reference_weeks(comparison))
        yield Finding(
            "previous campaign",
            Status.WARN if shared else Status.PASS,
            f"{shared} reference weeks lie in “{event.name}” ({event.span}): the base may be raised"
            if shared
            else f"no reference week lies in “{event.name}”",
            "compare the row without the previous campaign" if shared else "",
            -float(shared),
        )


def _launch(planned: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    if planned.key.question in (within.QUESTION, channels.QUESTION, geography.QUESTION):
        return
    for course in _courses(comparison, resolved):
        if course.available_from is None or not in_launch(resolved, course.code):
            continue
        age = (resolved.protocol.window.start - course.available_from).days / 7
        against_arm_b = planned.key.question == arms.QUESTION
        yield Finding(
            "launch in the reference",
            Status.WARN,
            f"{course.code} opened {age:.0f} weeks before the window: its reference is a launch"
            + (
                ", which reaches both arms alike"
                if against_arm_b
                else "; after a burst that decays the lift is biased down (descriptive: measured"
                " coverage .02 to .06 with a burst of ×3, .97 without)"
            ),
            "" if against_arm_b else "compare arm A with arm B",
            age - LAUNCH_WEEKS,
        )


def _portfolio(planned: Planned, _: Comparison, resolved: Resolved) -> Iterator[Finding]:
    if planned.key.question in (arms.QUESTION, within.QUESTION):
        return
    if planned.key.method in ("single_its", "segmented_newey_west"):
        return
    window = resolved.protocol.window
    touched = [w for w in resolved.protocol.waves if w.portfolio and w.span.overlaps(window)]
    names = ", ".join(f"{wave.id} ({wave.span.start:%-d %b})" for wave in touched)
    yield Finding(
        "other courses untouched",
        Status.WARN if touched else Status.PASS,
        f"the other courses were promoted too: {names}; the lift is over and above that, biased"
        " toward no effect as a total effect"
        if touched
        else "no declared promotion reached the other courses",
        "hold some courses out of every promotion next time" if touched else "",
    )


def _spike(planned: Planned, comparison: Comparison, _: Resolved) -> Iterator[Finding]:
    if planned.key.question in (arms.QUESTION, within.QUESTION) or not len(comparison.other):
        return
    ratio = spike_of_others(comparison)
    two_laws = planned.key.method == "controlled_its"
    yield Finding(
        "calendar of the other courses",
        Status.WARN if ratio > SPIKE else Status.PASS,
        f"the other courses have a window week at {ratio:.2f} × their mean reference week"
        f" (flagged above {SPIKE})"
        + ("; the wider of two intervals is quoted" if ratio > SPIKE and two_laws else ""),
        "declare the deadline, if it was one" if ratio > SPIKE else "",
        SPIKE - ratio,
    )


def _deadline(_: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    for event in _concerning(comparison, resolved, resolved.protocol.deadlines):
        if not event.span.overlaps(resolved.protocol.window):
            continue
        yield Finding(
            "deadline in the window",
            Status.WARN,
            f"“{event.name}” ({event.span}) lies in the window: enrolments peak without promotion",
            "prefer the row against other courses with the same deadline",
        )


def _incident(_: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    for event in _concerning(comparison, resolved, resolved.protocol.incidents):
        yield Finding(
            "incident",
            Status.WARN,
            f"“{event.name}”: {event.note or 'the campaign did not run as declared'}",
            "read the lift as that of the campaign as delivered",
        )


def _assumed_dates(planned: Planned, _: Comparison, resolved: Resolved) -> Iterator[Finding]:
    if planned.key.question != within.QUESTION:
        return
    waves = [
        wave
        for wave in resolved.protocol.waves
        if wave.channel == planned.key.channel and planned.key.course in wave.courses
    ]
    assumed = [wave for wave in waves if wave.assumed]
    yield Finding(
        "dates of the wave",
        Status.WARN if assumed else Status.PASS,
        f"the dates of {', '.join(wave.id for wave in assumed)} are assumed, not published"
        if assumed
        else "published dates",
        "read the range over ±1 week" if assumed else "",
    )
    gaps = [gap for wave in waves for gap in _gaps(wave.span, resolved, planned.key.course)]
    if gaps:
        yield Finding(
            "washout between waves",
            Status.WARN if min(gaps) < 7 else Status.PASS,
            f"{min(gaps)} days to the course's next wave; carry-over into the weeks between"
            " biases the contrast toward no effect",
            "leave weeks without promotion between waves next time" if min(gaps) < 7 else "",
            min(gaps) - 7,
        )


def _channel(planned: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
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
    if planned.key.method == "joint_daily" and comparison.opened is not None:
        yield Finding(
            "launch beside the waves",
            Status.WARN,
            "the course opened shortly before its waves: its launch decay is a nuisance of the"
            " model, and its base are other days of the campaign",
            "read the channel's row over all courses",
        )
    named = set(planned.key.channel.split(" & "))
    waves = [
        wave
        for wave in resolved.protocol.waves
        if wave.channel in {channel_of(name) for name in named}
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


def _separable(planned: Planned, comparison: Comparison, _: Resolved) -> Iterator[Finding]:
    if planned.key.method != "joint_daily":
        return
    inflation = inflation_of_target(comparison)
    if np.isfinite(inflation):
        yield Finding(
            "overlap with other channels",
            Status.WARN if inflation > MUCH_INFLATED else Status.PASS,
            f"variance inflation {inflation:.1f}: "
            + (
                "the course's other waves leave little of this one's days to itself"
                if inflation > MUCH_INFLATED
                else "its days are mostly its own"
            ),
            "read the joint effect of the overlap" if inflation > MUCH_INFLATED else "",
            MUCH_INFLATED - inflation,
        )


LOOKS: tuple[Callable[[Planned, Comparison, Resolved], Iterator[Finding]], ...] = (
    _previous_campaign,
    _launch,
    _portfolio,
    _spike,
    _deadline,
    _incident,
    _assumed_dates,
    _channel,
    _separable,
    of_groups,
    settled,
)
OF_SHARES = (settled,)


def _gaps(span: Span, resolved: Resolved, course: str) -> list[int]:
    """Days from a wave to each other wave of the same course; 0 where they overlap."""
    others = [
        wave.span
        for wave in resolved.protocol.waves
        if course in wave.courses and wave.span != span
    ]
    apart = [max((o.start - span.end).days, (span.start - o.end).days) - 1 for o in others]
    return [max(days, 0) for days in apart]


def _concerning(
    comparison: Comparison, resolved: Resolved, events: Sequence[Event]
) -> Iterator[Event]:
    """Events that touch a course of the comparison, or possibly all."""
    codes = {course.code for course in _courses(comparison, resolved)}
    return (event for event in events if not event.courses or codes & set(event.courses))


def _reference_weeks(comparison: Comparison) -> list[Span]:
    days = np.flatnonzero(np.any(comparison.codes == REFERENCE, axis=0))
    dates = [comparison.start + timedelta(int(day)) for day in days]
    return [Span(day, day + timedelta(6)) for day in dates[::7]]


def _courses(comparison: Comparison, resolved: Resolved) -> list[Course]:
    codes = {code for name in comparison.series for code in name.split("+")}
    return [course for course in resolved.protocol.courses if course.code in codes]
