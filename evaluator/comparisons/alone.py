"""A series with nothing but its own past: what changed at the start of the window, never why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evaluator.comparisons.design import (
    LEFT_OUT,
    REFERENCE,
    WINDOW,
    Comparison,
    Planned,
    span_days,
)
from evaluator.comparisons.wording import moved_with
from evaluator.experiment.nouns import plural
from evaluator.experiment.protocol import Event
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

METHODS = ("single_its", "segmented_newey_west")


def planned_alone(
    resolved: Resolved, key: RowKey, built: Comparison, role: RowRole
) -> Iterator[Planned]:
    """The series against its own past by each method; the first has the role.

    Parameters
    ----------
    built : the comparison on every day of its reference and its window
    """
    estimand = single_estimand(resolved, key.course, without(resolved, key.course))
    own = on_used_days(resolved, built, key.course)
    for method in METHODS:
        yield Planned(replace(key, method=method), role, estimand, own, descriptive=True)
        role = RowRole.ROBUSTNESS


def on_used_days(resolved: Resolved, built: Comparison, course: str) -> Comparison | NotRun:
    """The comparison without the days that are declared as left out."""
    events = left_out(resolved, course)
    if not events:
        return built
    codes = built.codes.copy()
    codes[:, span_days(resolved, [event.span for event in events]) == 1] = LEFT_OUT
    for code, where in ((REFERENCE, "reference"), (WINDOW, "window")):
        if not (codes == code).any():
            names = ", ".join(f"“{event.name}”" for event in events)
            return NotRun(f"no day of the {where} is left without {names}")
    return replace(built, codes=codes)


def left_out(resolved: Resolved, course: str) -> list[Event]:
    """Declared events whose days are no days of a series with only its own past."""
    protocol = resolved.protocol
    declared = (*protocol.previous_campaigns, *protocol.incidents, *protocol.deadlines)
    return [
        event
        for event in declared
        if event.left_out and (not event.courses or course in event.courses)
    ]


def single_estimand(resolved: Resolved, course: str, skipped: str = "") -> Estimand:
    """A change against the course's own past, whatever caused it.

    Parameters
    ----------
    skipped : what `without` says, where days are left out
    """
    protocol = resolved.protocol
    return Estimand(
        name="log(observed / forecast from its own past)",
        compares=f"{protocol.outcome_of(course)} in the window with the course's own past{skipped}",
        identifies=f"a change at the start of the window, season and launch news included{skipped}",
        needs=("nothing else changed in these weeks",),
        not_identified="an effect of promotion: nothing that nobody promoted is compared"
        f"{would_identify(resolved)}",
        wording=moved_with("the campaign", "their forecast from their own past"),
    )


def without(resolved: Resolved, course: str) -> str:
    """Which days are no part of base or window: totals of all days change otherwise."""
    events = left_out(resolved, course)
    named = " and ".join(f"“{event.name}”" for event in events)
    return f", base and window without {named}" if events else ""


def would_identify(resolved: Resolved) -> str:
    """What design would have had something to compare with, where this one has nothing."""
    if resolved.others:
        return ""
    units = plural(resolved.protocol.unit)
    return (
        f". What would have identified it: some {units} drawn by chance to be left out of the"
        f" campaign, or to join it later, counted apart from the other {units}"
    )
