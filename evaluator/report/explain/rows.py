"""Every row that will appear: its method, on which weeks, or why it will be refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.comparisons import Described, Planned
from evaluator.effects import conditions
from evaluator.inference.refusals import refusal
from evaluator.report.assumed import looked_at
from evaluator.report.conclusion import verdicts_say
from evaluator.report.words import (
    METHODS,
    REASONS,
    ROLES,
    counted,
    of_any_channel,
    question_title,
    row_label,
)
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowRole


def row_by_row(
    resolved: Resolved, planned: Sequence[Planned]
) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Title of each question with lines about its rows, each with the depth at which it stands."""
    for question in dict.fromkeys(row.key.question for row in planned):
        rows = [row for row in planned if row.key.question == question]
        lines = [*_question(rows), *looked_at(rows, resolved)]
        yield f"Question: {question_title(question)}", lines


def _question(rows: Sequence[Planned]) -> Iterator[tuple[int, str]]:
    said: set[tuple[str, tuple[str, ...]]] = set()
    for role, method in dict.fromkeys((row.role, row.key.method) for row in rows):
        group = [row for row in rows if (row.role, row.key.method) == (role, method)]
        key, estimand = group[0].key, group[0].estimand
        name = of_any_channel(estimand.name, key)
        if role is not RowRole.SENSITIVITY and (name, estimand.needs) not in said:
            said.add((name, estimand.needs))
            yield from ((d, of_any_channel(line, key)) for d, line in _estimand(estimand))
        estimated = role is not RowRole.SENSITIVITY and method in METHODS
        about = f": {METHODS[method]}" if estimated else ""
        yield 1, f"{method} ({ROLES[role]}){about}"
        if role is RowRole.HEADLINE and method in REASONS:
            yield 2, f"why: {REASONS[method]} (measured coverage: the methods guide)"
        rows_of: dict[str, list[str]] = {}
        for row in group:
            rows_of.setdefault(_basis(row), []).append(row_label(row.key))
        for basis, labels in rows_of.items():
            yield 2, f"{'; '.join(dict.fromkeys(labels))}: {basis}"


def _estimand(estimand: Estimand) -> Iterator[tuple[int, str]]:
    yield 1, f"estimand: {estimand.name}"
    yield 2, f"compares {estimand.compares}"
    yield 2, f"identifies {estimand.identifies}"
    if estimand.needs:
        yield 2, f"needs: {'; '.join(estimand.needs)}"
    if estimand.not_identified:
        yield 2, f"does not identify {estimand.not_identified}"
    yield 2, f"a verdict says that they {verdicts_say(estimand.wording)}"


def _basis(row: Planned) -> str:
    reason = refused_for(row)
    return f"{row.key.variant}: {f'will be refused: {reason}' if reason else weeks_of(row)}"


def refused_for(row: Planned) -> str:
    """Why a row will be refused, as far as its design tells; empty where that allows it."""
    built = row.comparison
    if isinstance(built, NotRun):
        return built.reason
    return "" if isinstance(built, Described) else refusal(row.key.method, conditions(built))


def weeks_of(row: Planned) -> str:
    """On which weeks a row that is not refused is estimated, or what is counted in its place."""
    built = row.comparison
    if isinstance(built, NotRun):
        return ""
    if isinstance(built, Described):
        return built.sentence
    kind = ", descriptive" if row.descriptive else ""
    if not built.reference_weeks:
        return f"{built.window_weeks:.3g} weeks of the window{kind}"
    weeks = counted(built.reference_weeks, "reference week")
    return f"{weeks}, {built.window_weeks:.3g} in the window{kind}"
