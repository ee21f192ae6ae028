"""Promoted against other courses: what being promoted individually was worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from evaluator.comparisons.design import (
    ALL,
    Comparison,
    Planned,
    beside_deadline,
    coded_days,
    course_days,
    period_days,
    without_largest_other,
)
from evaluator.comparisons.references import Base, against_others, bases, in_launch
from evaluator.comparisons.wording import only_described, raised_by
from evaluator.experiment.protocol import Question, Span
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.PROMOTED_VS_OTHER.value


def planned(resolved: Resolved) -> Iterator[Planned]:
    """The pooled rows, then each course with its robustness and sensitivity rows."""
    for base, spans in pooled_bases(resolved):
        for method in ("these_courses", "courses_like_these"):
            if method == "courses_like_these" and base.role is not RowRole.HEADLINE:
                continue
            role = base.role if method == "these_courses" else RowRole.ROBUSTNESS
            key = RowKey(QUESTION, ALL, method=method, variant=base.variant)
            yield _row(resolved, key, role, spans, base.span)
    for course in resolved.promoted:
        for base in against_others(resolved, course):
            spans = {course: base.span} if isinstance(base.span, Span) else {}
            key = RowKey(QUESTION, course, method="size_adjusted_ratio", variant=base.variant)
            yield _row(resolved, key, base.role, spans, base.span)
            if base.role is RowRole.HEADLINE and spans:
                key = RowKey(QUESTION, course, method="ranked_ratio", variant=base.variant)
                yield _row(resolved, key, RowRole.ROBUSTNESS, spans, base.span)
        yield from _fewer_others(resolved, course)


def _fewer_others(resolved: Resolved, course: str) -> Iterator[Planned]:
    """The same without the other course that weighs most in the comparison."""
    default = next(against_others(resolved, course))
    if len(resolved.others) < 2 or isinstance(default.span, NotRun):
        return
    largest, rest = without_largest_other(resolved)
    variant = f"without the largest other course ({largest})"
    key = RowKey(QUESTION, course, method="size_adjusted_ratio", variant=variant)
    yield _row(rest, key, RowRole.SENSITIVITY, {course: default.span}, default.span)


def pooled_bases(resolved: Resolved) -> Iterator[tuple[Base, dict[str, Span]]]:
    """References of the pooled rows: courses that have the whole default reference.

    A course opened during the reference enters one sensitivity row only, with the weeks it
    has: its first weeks are a launch, not a base.
    """
    weeks = resolved.protocol.reference.weeks
    whole = [
        course
        for course in resolved.promoted
        if has_whole_reference(resolved, course)
        and not resolved.protocol.course(course).own_deadlines
    ]
    for choices in zip_longest(*(bases(resolved, course) for course in whole)):
        first = choices[0]
        spans = {c: b.span for c, b in zip(whole, choices, strict=True) if isinstance(b.span, Span)}
        yield first, (spans if len(spans) == len(whole) else {})
    default = {c: s for c in whole if (s := resolved.reference(c, weeks)) is not None}
    for left_out in whole if len(whole) > 1 else ():
        rest = {course: span for course, span in default.items() if course != left_out}
        yield Base(f"without {left_out}", RowRole.SENSITIVITY, next(iter(rest.values()))), rest
    short = {
        course: span
        for course in resolved.promoted
        if course not in whole and (span := resolved.reference(course, weeks)) is not None
    }
    if short and whole:
        span = next(iter(default.values()))
        variant = "with courses opened in the reference"
        yield Base(variant, RowRole.SENSITIVITY, span), default | short


def has_whole_reference(resolved: Resolved, course: str) -> bool:
    """Whether a course was open during the whole of the declared reference."""
    weeks = resolved.protocol.reference.weeks
    span = resolved.reference(course, weeks)
    return span is not None and (weeks is None or span.days >= 7 * weeks)


def _row(
    resolved: Resolved,
    key: RowKey,
    role: RowRole,
    spans: dict[str, Span],
    span: Span | NotRun,
) -> Planned:
    if key.method == "courses_like_these":
        estimand = courses_like_these_estimand(resolved)
    else:
        estimand = promoted_estimand(resolved, tuple(spans) or (key.course,))
    if isinstance(span, NotRun) or not spans:
        reason = span if isinstance(span, NotRun) else NotRun("no promoted course has a reference")
        return Planned(key, role, estimand, reason)
    launched = any(in_launch(resolved, course) for course in spans)
    estimand = only_described(estimand) if launched else estimand
    built = comparison(resolved, spans, estimand)
    return Planned(key, role, estimand, built, descriptive=launched)


def comparison(
    resolved: Resolved, spans: dict[str, Span], estimand: Estimand, *, units: bool = False
) -> Comparison:
    """Daily totals of these courses and of every other course, each on its own reference.

    With `units`, by country rather than in all.
    """
    courses = tuple(spans)
    return Comparison(
        estimand,
        courses,
        course_days(resolved, courses, units=units),
        course_days(resolved, resolved.others, units=units),
        np.stack([coded_days(resolved, course, span) for course, span in spans.items()]),
        resolved.panel.start,
        period_days(resolved),
        deadline=beside_deadline(resolved, courses),
    )


def promoted_estimand(resolved: Resolved, courses: Sequence[str]) -> Estimand:
    """Log lift of the promoted course(s) over that of the other courses."""
    window = resolved.protocol.window
    waves = resolved.protocol.waves
    shared = [wave.id for wave in waves if wave.portfolio and wave.span.overlaps(window)]
    outcome = resolved.protocol.outcome
    over = f", over and above what the other courses also received ({', '.join(shared)})"
    who = courses[0] if len(courses) == 1 else "these courses, on average on the log scale"
    return Estimand(
        name="log lift of the promoted − log lift of the other courses",
        compares=f"{outcome} of {who} in the window against its reference, and the same of the"
        " pooled other courses",
        identifies=f"being promoted individually{over if shared else ''}",
        needs=(
            "promoted and other courses would have moved in parallel on the log scale",
            "no enrolment was taken from the other courses (cannibalisation)",
        ),
        not_identified="the total effect of all promotion (this one is biased toward no effect"
        f"{'; see the row against the courses left out' if resolved.left_out else ''})"
        if shared
        else "",
        wording=raised_by(f"individual promotion{over if shared else ''}"),
    )


def courses_like_these_estimand(resolved: Resolved) -> Estimand:
    own = promoted_estimand(resolved, resolved.promoted)
    return Estimand(
        name="mean of that over courses like these",
        compares=own.compares,
        identifies="what individual promotion would do, on average, for courses like these",
        needs=(*own.needs, "these courses are a sample of the courses asked about"),
        not_identified=own.not_identified,
        wording=replace(
            own.wording, verb="would be", by=f"{own.wording.by}, in courses like these"
        ),
    )
