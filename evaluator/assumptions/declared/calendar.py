"""Findings about the calendar of a row: launches, deadlines, peaks and holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from evaluator.assumptions.declared.concerned import courses_of, events_of
from evaluator.comparisons import Comparison, Planned, arms, channels, geography, within
from evaluator.comparisons.design import REFERENCE, WINDOW, course_days
from evaluator.comparisons.references import LAUNCH_WEEKS
from evaluator.effects.series import SPIKE, spike_of_others
from evaluator.experiment.protocol import Course
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

UNDECLARED_DAYS = 28
"""A course first counted later than this after the data begin has opened meanwhile."""


def launch(planned: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """Whether the base of a course is its launch, declared or seen in the counts."""
    if planned.key.question in (within.QUESTION, geography.QUESTION):
        return
    if planned.key.question == channels.QUESTION:
        if planned.key.method == "joint_daily" and comparison.opened is not None:
            yield Finding(
                "launch beside the waves",
                Status.WARN,
                "the course opened shortly before its waves: its launch decay is a nuisance of the"
                " model, and its base are other days of the campaign",
                "read the channel's row over all courses",
            )
        return
    for course in courses_of(comparison, resolved):
        opened = course.available_from or _first_counted(course, resolved)
        age = (resolved.protocol.window.start - opened).days / 7 if opened else LAUNCH_WEEKS
        if opened is None or age >= LAUNCH_WEEKS:
            continue
        against_arm_b = planned.key.question == arms.QUESTION
        how = "opened" if course.available_from else "was first counted"
        yield Finding(
            "launch in the reference",
            Status.WARN,
            f"{course.code} {how} {age:.0f} weeks before the window: its reference is a launch"
            + (
                ", which reaches both arms alike"
                if against_arm_b
                else "; after a burst that decays the lift is biased down (descriptive: measured"
                " coverage .02 to .22 with a burst of ×3, .97 without)"
            ),
            _advice(course, against_arm_b),
            age - LAUNCH_WEEKS,
        )


def _first_counted(course: Course, resolved: Resolved) -> date | None:
    """First day with a count, where it comes well after the data begin."""
    daily = course_days(resolved, (course.code,), units=False)
    first = int(np.argmax(daily[0, 0] > 0))
    return resolved.panel.start + timedelta(first) if first > UNDECLARED_DAYS else None


def _advice(course: Course, against_arm_b: bool) -> str:
    if course.available_from is None:
        return "declare available_from, or export the course's history"
    return "" if against_arm_b else "compare arm A with arm B"


def deadline(_: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """Declared deadlines in the window."""
    for event in events_of(comparison, resolved, resolved.protocol.deadlines):
        if not event.span.overlaps(resolved.protocol.window):
            continue
        yield Finding(
            "deadline in the window",
            Status.WARN,
            f"“{event.name}” ({event.span}) lies in the window: enrolments peak without promotion",
            "prefer the row against other courses with the same deadline",
        )


def peaks_and_holidays(planned: Planned, comparison: Comparison, _: Resolved) -> Iterator[Finding]:
    """Weeks of the window in which the other courses peak or stop."""
    if planned.key.question in (arms.QUESTION, within.QUESTION) or not len(comparison.other):
        return
    ratio = spike_of_others(comparison)
    yield Finding(
        "calendar of the other courses",
        Status.WARN if ratio > SPIKE else Status.PASS,
        f"the other courses have a window week at {ratio:.2f} × their mean reference week"
        f" (flagged above {SPIKE})",
        "declare the deadline, if it was one" if ratio > SPIKE else "",
        SPIKE - ratio,
    )
    lowest = _lowest_week(comparison)
    if lowest is not None and planned.key.question not in (channels.QUESTION, geography.QUESTION):
        yield Finding(
            "holiday in the window",
            Status.WARN if lowest < 1 / SPIKE else Status.PASS,
            f"the other courses have a window week at {lowest:.2f} × their mean reference week"
            f" (flagged below {1 / SPIKE:.2f})"
            + (": waves in it reached fewer people" if lowest < 1 / SPIKE else ""),
            "plan no wave there next time" if lowest < 1 / SPIKE else "",
            lowest - 1 / SPIKE,
        )


def _lowest_week(comparison: Comparison) -> float | None:
    """Smallest whole window week of the other courses over their mean reference week."""
    daily, codes = comparison.other.sum(axis=(0, 1)), comparison.codes[0]
    window = np.flatnonzero(codes == WINDOW)
    weeks, base = len(window) // 7, daily[codes == REFERENCE].sum()
    if not weeks or not base:
        return None
    mean = float(base) * 7 / int(np.sum(codes == REFERENCE))
    return float(daily[window[: weeks * 7]].reshape(weeks, 7).sum(axis=1).min()) / mean
