"""The references a comparison is estimated on: the declared one, and those that test it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.comparisons.design import after_previous, previous_campaigns
from evaluator.experiment.protocol import Span
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole

LAUNCH_WEEKS = 26
"""A course younger than this at the window still carries launch interest in its reference."""

NO_HISTORY = NotRun(
    "no whole week of history: nothing before the campaign to compare with; see the rows within"
    " the campaign"
)
ALL_PREVIOUS = NotRun("no reference week lies outside the previous campaign")
OWN_DEADLINES = NotRun(
    "a deadline calendar of its own: the other courses' placebos say nothing about it (measured"
    " .47–.56 where .95 is claimed)"
)


@dataclass(frozen=True, slots=True)
class Base:
    """One choice of reference weeks for one course."""

    variant: str
    role: RowRole
    span: Span | NotRun


def bases(resolved: Resolved, course: str) -> Iterator[Base]:
    """The default reference, then the declared sensitivities.

    A choice that coincides with one already made is not estimated twice: its row says so.
    """
    declared = resolved.protocol.reference
    if resolved.reference(course, 1) is None:
        yield Base("default", RowRole.HEADLINE, NO_HISTORY)
        return
    seen: dict[Span, str] = {}
    for position, weeks in enumerate((declared.weeks, *declared.sensitivity)):
        role = RowRole.SENSITIVITY if position else RowRole.HEADLINE
        name = "default" if not position else f"reference: {label(weeks)}"
        yield Base(name, role, _fresh(resolved.reference(course, weeks), seen, name))
    if previous_campaigns(resolved):
        default = resolved.reference(course, declared.weeks)
        span = after_previous(resolved, course, default) if default else None
        name = "reference: without the previous campaign"
        free = _fresh(span, seen, name) if span is not None else ALL_PREVIOUS
        yield Base(name, RowRole.SENSITIVITY, free)


def against_others(resolved: Resolved, course: str) -> Iterator[Base]:
    """The same, refused for a course whose calendar the other courses do not share."""
    if resolved.protocol.course(course).own_deadlines:
        yield Base("default", RowRole.HEADLINE, OWN_DEADLINES)
        return
    yield from bases(resolved, course)


def in_launch(resolved: Resolved, course: str) -> bool:
    """Whether the course opened so shortly before the window that its reference is a launch.

    Its first weeks are then no base: with a launch burst that decays, the lift against other
    courses is biased down by more than its interval is wide. Arms are compared all the same,
    because a launch reaches both.
    """
    opened = resolved.protocol.course(course).available_from
    if opened is None:
        return False
    return (resolved.protocol.window.start - opened).days < 7 * LAUNCH_WEEKS


def label(weeks: int | None) -> str:
    return "all history" if weeks is None else f"last {weeks} weeks"


def _fresh(span: Span | None, seen: dict[Span, str], name: str) -> Span | NotRun:
    if span is None:
        return NO_HISTORY
    if span in seen:
        return NotRun(f"the same weeks as “{seen[span]}” for this course ({span})")
    seen[span] = name
    return span
