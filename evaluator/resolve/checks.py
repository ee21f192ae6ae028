"""What has to be there of what the rules became: counts in every reference and in both arms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from evaluator.errors import Problem
from evaluator.experiment.protocol import Course, Span
from evaluator.panel import Array
from evaluator.resolve.noticed import Noticed
from evaluator.resolve.resolved import Resolved

LATE_DAYS = 14
"""A course first counted later than this after it opened is worth a look."""


def check_references(resolved: Resolved, noticed: Noticed) -> None:
    """Courses with history have some in the reference, and opened about when they were to."""
    daily = resolved.panel.array("course", "day", course=resolved.promoted)
    for course, counts in zip(resolved.protocol.courses, daily, strict=True):
        span = resolved.reference(course.code, resolved.protocol.reference.weeks)
        if course.available_from is None:
            noticed.problems.extend(_empty_reference(resolved, course, span, counts))
        elif span is not None and _total(resolved, counts, span) == 0:
            sentence = f"nothing was counted for {course.code} in its reference, {span}"
            noticed.warn(f"empty reference: {course.code}", sentence, "check available_from")
        first = resolved.panel.start + timedelta(int(np.flatnonzero(counts)[0]))
        opened = resolved.first_day[course.code]
        if (first - opened).days > LATE_DAYS:
            noticed.warn(
                f"late first day: {course.code}",
                f"{course.code} could be counted from {opened:%-d %b %Y}, and was first counted "
                f"on {first:%-d %b %Y}, {(first - opened).days} days later",
                "check available_from",
            )


def _empty_reference(
    resolved: Resolved, course: Course, span: Span | None, counts: Array
) -> Iterator[Problem]:
    if span is not None and _total(resolved, counts, span) > 0:
        return
    panel, window = resolved.panel, resolved.protocol.window
    what = (
        f"empty reference: nothing was counted on {span}"
        if span is not None
        else f"empty reference: the data begin on {panel.start}, the window on {window.start}"
    )
    yield Problem(
        f"course {course.code}",
        what,
        "a course without available_from has history before the window",
        "declare available_from if the course is new, or export its history",
    )


def check_arms(resolved: Resolved, noticed: Noticed) -> None:
    """Something was counted in both arms, before the window and in it."""
    if not resolved.arm_a:
        return
    counted: dict[tuple[str, str], list[float]] = {}
    for course, when, span in _bases(resolved):
        counts = resolved.panel.array("country", "day", course=[course])
        in_a = np.isin(resolved.panel.countries, resolved.arm_a[course])
        for arm, units in (("A", in_a), ("B", ~in_a)):
            counted.setdefault((arm, when), []).append(_total(resolved, counts[units], span))
            if counted[arm, when][-1] == 0:
                sentence = f"nothing was counted for {course} in arm {arm} in the {when}, {span}"
                noticed.warn(f"empty arm: {course}, {arm}, {when}", sentence)
    for (arm, when), totals in counted.items():
        if sum(totals) == 0:
            what = f"nothing was counted for any promoted course in the {when}"
            rule = "both arms have counts before the window and in it"
            hint = f"check how each {resolved.protocol.unit} is written"
            noticed.problems.append(Problem(f"arm {arm}", what, rule, hint))


def _bases(resolved: Resolved) -> Iterator[tuple[str, str, Span]]:
    """Promoted course, "reference" or "window", and its days."""
    for course in resolved.promoted:
        reference = resolved.reference(course, resolved.protocol.reference.weeks)
        if reference is not None:
            yield course, "reference", reference
        yield course, "window", resolved.protocol.window


def _total(resolved: Resolved, daily: Array, span: Span) -> float:
    first, last = resolved.panel.day(span.start), resolved.panel.day(span.end)
    return float(daily[..., max(first, 0) : max(last + 1, 0)].sum())
