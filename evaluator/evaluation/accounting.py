"""Where every enrolment of the promoted courses went."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.comparisons import ALL, arms, promoted
from evaluator.resolve import Resolved
from evaluator.results import Amount, Row, RowRole, RowStatus


@dataclass(frozen=True, slots=True)
class Accounting:
    """Where every enrolment of the promoted courses went, in the window."""

    arm: str
    """Arm whose outcome is accounted for: "A" where the first question compares arms, or "all"."""
    total: float
    """Not a number, like all of them, where courses count unlike things."""
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
    arm = "A" if first == arms.QUESTION else ALL
    lead = pooled if pooled is not None and pooled.extra is not None else None
    if lead is None and len(clean) == 1:
        lead = by_course[clean[0]]
    return Accounting(
        arm=arm,
        total=in_window(resolved, resolved.promoted, arm),
        identified=in_window(resolved, clean, arm),
        identified_courses=clean,
        descriptive=in_window(resolved, described, arm),
        descriptive_courses=described,
        not_identifiable=in_window(resolved, refused, arm),
        not_identifiable_courses=refused,
        extra=lead.extra.realised if lead is not None and lead.extra is not None else None,
    )


def in_window(resolved: Resolved, courses: Sequence[str], arm: str = ALL) -> float:
    """Outcome counted in the window, in arm A only where asked: by each course's own list."""
    if len(courses) != 1 and not resolved.protocol.alike:
        return math.nan
    panel, window = resolved.panel, resolved.protocol.window
    days = slice(panel.day(window.start), panel.day(window.end) + 1)
    return sum(
        float(panel.array("day", course=[course], **_units(resolved, course, arm))[days].sum())
        for course in courses
    )


def _units(resolved: Resolved, course: str, arm: str) -> dict[str, list[str]]:
    known = set(resolved.panel.countries)
    listed = [unit for unit in resolved.arm_a.get(course, ()) if unit in known]
    return {"country": listed} if arm != ALL else {}
