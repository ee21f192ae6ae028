"""Findings in the terminal: about the answer right below it, about the other rows at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evaluator.report.believed import Believed
from evaluator.report.notes import Note
from evaluator.results import Status

STYLES = {
    Status.FAIL: "bold red",
    Status.WARN: "yellow",
    Status.NOT_RUN: "dim",
    Status.PASS: "dim",
}


def belief_block(belief: Believed, *, whole: bool) -> Iterator[RenderableType]:
    """How well the rows that answer are known, and what did not pass about them.

    Parameters
    ----------
    whole : whether also each sentence of what was not run, not only its name
    """
    if belief.sentences or belief.notes or belief.tallies:
        yield Text()
        yield Text("How much to believe it", style="bold")
        yield from (Text(f"{sentence}.") for sentence in belief.sentences)
        yield from map(Text, belief.tallies)
        named = [note for note in belief.notes if note.status is Status.NOT_RUN and not whole]
        yield _listed([n for n in belief.notes if n not in named], compact=belief.alone)
        if named:
            yield Text(f"{belief.unseen} (--all, results.json)")


def other_findings(belief: Believed, *, whole: bool) -> Iterator[RenderableType]:
    """What was found about the data, and about rows beside those that answer.

    Parameters
    ----------
    whole : whether in full, and also what was not run; else what it is, of whom, what to do
    """
    if not belief.others:
        return
    yield Text()
    yield Text("What else was found", style="bold")
    named = [note for note in belief.others if _is_named(note) and not whole]
    told = [note for note in belief.others if note not in named]
    yield _listed(told, compact=False) if whole else _in_short(told)
    if named:
        names = "; ".join(note.name for note in named)
        yield Text(f"not run for other rows: {names} (--all, results.json)")


def _in_short(noted: Sequence[Note]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for note in noted:
        about = ", ".join(_courses(note))
        advice = (f" → {todo}" for _, todo, _ in note.sentences if todo)
        told = next(advice, f": {note.sentences[0][0]}")
        head = f"{note.name}: {note.status}{f' ({about})' if about else ''}"
        table.add_row(Text(note.mark or "·", style=STYLES[note.status]), Text(f"{head}{told}"))
    return table


def _is_named(note: Note) -> bool:
    """Whether its rows say enough where there is little room."""
    return note.status is Status.NOT_RUN and bool(_courses(note))


def _courses(note: Note) -> list[str]:
    return list(dict.fromkeys(course for _, _, courses in note.sentences for course in courses))


def _listed(noted: Sequence[Note], *, compact: bool) -> RenderableType:
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
