"""Findings in the terminal: about the answer right below it, about the other rows at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evaluator.evaluation import Evaluation
from evaluator.report.answer import leading
from evaluator.report.belief import about_interval, tallied
from evaluator.report.notes import Note, lettered, notes, unsaid
from evaluator.results import Row, RowRole, Status

STYLES = {
    Status.FAIL: "bold red",
    Status.WARN: "yellow",
    Status.NOT_RUN: "dim",
    Status.PASS: "dim",
}


def belief_block(
    evaluation: Evaluation, noted: Sequence[Note], *, passed: bool
) -> Iterator[RenderableType]:
    """How well the rows that answer are known, and what did not pass about them.

    Parameters
    ----------
    noted : notes of all rows that are shown, whose letters these keep
    passed : whether also what passed
    """
    leads = leading(evaluation)
    if not leads:
        return
    yield Text()
    yield Text("How much to believe it", style="bold")
    for row in leads:
        who = f"{row.key.course}: " if len(leads) > 1 else ""
        yield from (Text(f"{who}{sentence}.") for sentence in about_interval(row))
    headline = [row for row in evaluation.rows if row.role is RowRole.HEADLINE and row.findings]
    for rows, what in ((leads, "this answer"), (headline, f"all {len(headline)} headline rows")):
        if line := tallied(rows, what):
            yield Text(line)
    yield _listed(_about(leads, noted, passed=passed), compact=len(leads) == 1)


def other_findings(
    evaluation: Evaluation, shown: Sequence[Row], noted: Sequence[Note], *, passed: bool
) -> Iterator[RenderableType]:
    """What was found about the data, and about rows beside those that answer."""
    leads = leading(evaluation)
    about = _about(leads, noted, passed=passed)
    answering = {row.key for row in leads}
    others = [row for row in shown if row.key not in answering]
    own = unsaid(lettered(notes(others, evaluation.findings, passed=passed), noted), about)
    if own:
        yield Text()
        yield Text("What else was found", style="bold")
        yield _listed(own)


def _about(leads: Sequence[Row], noted: Sequence[Note], *, passed: bool) -> tuple[Note, ...]:
    return lettered(notes(leads, passed=passed), noted)


def _listed(noted: Sequence[Note], *, compact: bool = False) -> RenderableType:
    """A paragraph for each note; where all are about one row, without its name."""
    table = Table.grid(padding=(0, 1))
    for note in noted:
        mark = Text(note.mark or "·", style=STYLES[note.status])
        head = f"{note.name}: {note.status}"
        if compact:
            own = replace(note, mark="").in_ranges().lines()
            table.add_row(mark, Text(f"{head}: {' '.join(own)}"))
            continue
        table.add_row(mark, Text(head))
        for line in note.in_ranges().lines():
            table.add_row("", Padding(Text(line), (0, 0, 0, 2)))
    return table
