"""What a comparison is about in terms of the declaration: its courses, weeks and events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np

from evaluator.comparisons import Comparison
from evaluator.comparisons.design import LEFT_OUT, REFERENCE
from evaluator.experiment.protocol import Course, Event, Span
from evaluator.resolve import Resolved


def courses_of(comparison: Comparison, resolved: Resolved) -> list[Course]:
    """Promoted courses behind its series; a series may be a sum."""
    codes = {code for name in comparison.series for code in name.split("+")}
    return [course for course in resolved.protocol.courses if course.code in codes]


def events_of(
    comparison: Comparison, resolved: Resolved, events: Sequence[Event]
) -> Iterator[Event]:
    """Events that touch a course of the comparison, or possibly all."""
    codes = {course.code for course in courses_of(comparison, resolved)}
    return (event for event in events if not event.courses or codes & set(event.courses))


def uses_a_day(comparison: Comparison, span: Span) -> bool:
    """Whether a day of the span is in the base or the window of a comparison."""
    used = np.flatnonzero(np.any(comparison.codes != LEFT_OUT, axis=0)) * comparison.grain
    first, last = ((day - comparison.start).days for day in (span.start, span.end))
    return bool(np.any((used >= first) & (used <= last)))


def reference_weeks(comparison: Comparison) -> list[Span]:
    days = np.flatnonzero(np.any(comparison.codes == REFERENCE, axis=0))
    dates = [comparison.start + timedelta(int(day)) for day in days]
    return [Span(day, day + timedelta(6)) for day in dates[::7]]
