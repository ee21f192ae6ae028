"""The references a comparison is estimated on: the declared one, and those that test it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.comparisons.design import after_previous, previous_campaigns
from evaluator.experiment.protocol import Span
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole

MIN_REFERENCE_WEEKS = 3


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
    seen: dict[Span, str] = {}
    for position, weeks in enumerate((declared.weeks, *declared.sensitivity)):
        role = RowRole.SENSITIVITY if position else RowRole.HEADLINE
        name = "default" if not position else f"reference: {label(weeks)}"
        yield Base(name, role, _fresh(resolved.reference(course, weeks), seen, name))
    if previous_campaigns(resolved):
        default = resolved.reference(course, declared.weeks)
        span = after_previous(resolved, course, default) if default else None
        name = "reference: without the previous campaign"
        yield Base(name, RowRole.SENSITIVITY, _fresh(span, seen, name))


def label(weeks: int | None) -> str:
    return "all history" if weeks is None else f"last {weeks} weeks"


def _fresh(span: Span | None, seen: dict[Span, str], name: str) -> Span | NotRun:
    if span is None:
        return NotRun("no whole week of history: nothing before the campaign to compare with")
    if span in seen:
        return NotRun(f"the same weeks as “{seen[span]}” for this course ({span})")
    seen[span] = name
    return span
