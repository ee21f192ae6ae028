"""Where every enrolment of the promoted courses went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.comparisons import ALL, promoted
from evaluator.resolve import Resolved
from evaluator.results import Amount, Row, RowRole, RowStatus


@dataclass(frozen=True, slots=True)
class Accounting:
    """Where every enrolment of the promoted courses went, in the window."""

    total: float
    identified: float
    identified_courses: tuple[str, ...]
    descriptive: float
    descriptive_courses: tuple[str, ...]
    """Courses with a number, but no effect that is identified."""
    not_identifiable: float
    not_identifiable_courses: tuple[str, ...]
    extra: Amount | None
    """Realised extra over the identified courses, summed jointly."""


def account(resolved: Resolved, rows: Sequence[Row]) -> Accounting:
    """Courses by whether the first question identifies them, and the pooled extra."""
    first = rows[0].key.question if rows else promoted.QUESTION
    headline = [r for r in rows if r.key.question == first and r.role is RowRole.HEADLINE]
    by_course = {r.key.course: r for r in headline if r.key.course != ALL}
    pooled = next((r for r in headline if r.key.course == ALL), None)
    refused, described, clean = (
        tuple(course for course, row in by_course.items() if row.status is status)
        for status in (RowStatus.REFUSED, RowStatus.DESCRIPTIVE, RowStatus.ESTIMATED)
    )
    lead = pooled if pooled is not None and pooled.extra is not None else None
    if lead is None and len(clean) == 1:
        lead = by_course[clean[0]]
    return Accounting(
        total=in_window(resolved, resolved.promoted),
        identified=in_window(resolved, clean),
        identified_courses=clean,
        descriptive=in_window(resolved, described),
        descriptive_courses=described,
        not_identifiable=in_window(resolved, refused),
        not_identifiable_courses=refused,
        extra=lead.extra.realised if lead is not None and lead.extra is not None else None,
    )


def in_window(resolved: Resolved, courses: Sequence[str]) -> float:
    panel, window = resolved.panel, resolved.protocol.window
    if not courses:
        return 0.0
    daily = panel.array("day", course=list(courses))
    return float(daily[panel.day(window.start) : panel.day(window.end) + 1].sum())
