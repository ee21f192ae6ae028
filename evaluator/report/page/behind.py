"""What stands behind the rows that decide: grids of cells, overlaps, costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluator.comparisons import ALL
from evaluator.comparisons.channels import AFTER
from evaluator.report.page.questions import SIDE, Line
from evaluator.report.tables import Record
from evaluator.report.words import METHODS, row_label, wave_label
from evaluator.results import Row, RowRole

OVERLAP = " & "
"""Between the channels of an overlap."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by what they are about (a course, a group of countries) and channel."""

    question: str
    method: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Line | None, ...]], ...]
    """(heading, a cell for each column); None: the channel had no wave there."""
    refused: tuple[tuple[str, str], ...]
    """(channel, reason) of channels refused as a whole: they have no cells."""


def grids(rows: Sequence[Row], records: Sequence[Record]) -> Iterator[Grid]:
    """A grid for each question and method that has cells of several channels."""
    cells = [
        p
        for p, row in enumerate(rows)
        if row.role is RowRole.EXPLORATORY and OVERLAP not in row.key.channel
    ]
    for question, method in dict.fromkeys(
        (rows[p].key.question, rows[p].key.method) for p in cells
    ):
        own = [p for p in cells if (rows[p].key.question, rows[p].key.method) == (question, method)]
        columns = tuple(dict.fromkeys(rows[p].key.channel for p in own))
        if len(columns) < 2:
            continue
        placed = {(_heading(rows[p]), rows[p].key.channel): _cell(p, rows, records) for p in own}
        headings = dict.fromkeys(heading for heading, _ in placed)
        body = tuple((h, tuple(placed.get((h, c)) for c in columns)) for h in headings)
        refused = tuple(_refused(rows, question, columns)) if _by_course(own, rows) else ()
        yield Grid(question, method, METHODS.get(method, ""), columns, body, refused)


def lists(rows: Sequence[Row], records: Sequence[Record]) -> Mapping[str, tuple[Line, ...]]:
    """Question → exploratory rows that are in no grid."""
    gridded = {
        line.position
        for grid in grids(rows, records)
        for _, cells in grid.rows
        for line in cells
        if line is not None
    }
    listed: dict[str, list[Line]] = {}
    for p, row in enumerate(rows):
        if row.role is RowRole.EXPLORATORY and p not in gridded:
            listed.setdefault(row.key.question, []).append(_cell(p, rows, records))
    return {question: tuple(lines) for question, lines in listed.items()}


def costs(rows: Sequence[Row], records: Sequence[Record]) -> Mapping[str, tuple[Line, ...]]:
    """Question → the rows whose extra is priced: waves with the weeks after, which were bought."""
    found: dict[str, list[Line]] = {}
    for p, row in enumerate(rows):
        priced = row.attributed is not None or row.spend is not None
        if priced and row.key.variant == AFTER:
            found.setdefault(row.key.question, []).append(_cell(p, rows, records))
    return {question: tuple(lines) for question, lines in found.items()}


def _cell(position: int, rows: Sequence[Row], records: Sequence[Record]) -> Line:
    row = rows[position]
    label = wave_label(row.key) if row.key.course == ALL else row_label(row.key)
    return Line(position, label, records[position], SIDE.get(row.verdict, ""), "", ())


def _heading(row: Row) -> str:
    """The part of the key that differs down a grid: the course, or what stands for an arm."""
    return row.key.course if row.key.course != ALL else row.key.arm.removeprefix("group: ")


def _by_course(positions: Sequence[int], rows: Sequence[Row]) -> bool:
    return all(rows[p].key.course != ALL and rows[p].key.arm == ALL for p in positions)


def _refused(
    rows: Sequence[Row], question: str, columns: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for row in rows:
        if row.role is RowRole.HEADLINE and row.key.question == question and row.effect is None:
            if row.key.channel not in columns:
                yield row.key.channel, row.reason
