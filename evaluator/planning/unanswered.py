"""What the rows of a design will not answer: rank says what days tell apart, rows what is told."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.effects import conditions
from evaluator.inference.refusals import refusal
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowKey, RowRole


def unanswered(resolved: Resolved) -> Iterator[tuple[str, tuple[RowKey, ...]]]:
    """Reason → rows that would decide and that it refuses, whatever is counted in the window.

    Parameters
    ----------
    resolved : a design on its template
    """
    refused: dict[str, list[RowKey]] = {}
    for row in planned_rows(resolved):
        if row.role is RowRole.HEADLINE and not row.descriptive and (reason := _refusal(row)):
            refused.setdefault(reason, []).append(row.key)
    yield from ((reason, tuple(keys)) for reason, keys in refused.items())


def named(key: RowKey) -> str:
    """A row in few words: what is asked, of which course, channel and arm."""
    arm = f"arm {key.arm}" if len(key.arm) == 1 else key.arm
    told = [part for part in (key.course, key.channel, arm) if part not in ("all", "")]
    return " · ".join([key.question, *told])


def _refusal(row: Planned) -> str:
    if isinstance(row.comparison, NotRun):
        return row.comparison.reason
    if isinstance(row.comparison, Comparison):
        return refusal(row.key.method, conditions(row.comparison))
    return ""
