"""Tables of fixed width: numbers are never cut, and no word is broken while there is room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import TextWrapper
from typing import Literal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evaluator.results import Verdict

WIDTH = 80
NOTHING = "–"
NARROWEST = 3
"""Letters of notes on one line, where a table leaves no more room."""
BREAKS = re.compile(r"(\s+|(?<=[-_]))")
"""Where a label may go on on the next line: between words, and inside a name after - or _."""
LEFT = ("lift", "ratio")
"""Columns of numbers that stand beneath each other by their ×."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table; without cells it is a heading, which takes the whole width."""

    label: str
    numbers: tuple[str, ...] = ()
    verdict: str = ""
    marks: str = ""
    style: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        return self.label, *self.numbers, self.verdict, self.marks


@dataclass(frozen=True, slots=True)
class Laid:
    """A table before it is drawn: the terminal gives it widths, Markdown gives it bars."""

    head: Line
    lines: tuple[Line, ...]

    def __rich__(self) -> RenderableType:
        widths = _widths(self.head, self.lines)
        parts: list[RenderableType] = [table := _columns(self.head, widths, header=True)]
        for line in self.lines:
            if line.numbers or line.verdict:
                table.add_row(*_cells(line, widths))
            else:
                parts += [Text(line.label), table := _columns(self.head, widths, header=False)]
        return Group(*parts)


def laid_out(head: Line, lines: Sequence[Line]) -> Laid:
    """The table, without its empty columns of numbers.

    Parameters
    ----------
    head : names of the columns; a name may stand on two lines
    lines : headings, and lines with as many numbers as the head
    """
    head, kept = _without_empty(head, lines)
    return Laid(head, tuple(kept))


def _without_empty(head: Line, lines: Sequence[Line]) -> tuple[Line, list[Line]]:
    rows = [line for line in lines if line.numbers]
    kept = [
        position
        for position in range(len(head.numbers))
        if any(line.numbers[position] not in ("", NOTHING) for line in rows)
    ]

    def only_kept(line: Line) -> Line:
        numbers = tuple(line.numbers[p] for p in kept) if line.numbers else ()
        return Line(line.label, numbers, line.verdict, line.marks, line.style)

    return only_kept(head), [only_kept(line) for line in lines]


def _widths(head: Line, lines: Sequence[Line]) -> list[int]:
    """Natural widths; what is too much is taken from verdict, label, marks, and label again."""
    rows = [line for line in lines if line.numbers or line.verdict]
    columns = list(zip(*(line.cells for line in rows), strict=True))
    names = [max(map(len, name.split("\n"))) for name in head.cells]
    widths = [max(name, *map(len, own)) for name, own in zip(names, columns, strict=True)]
    verdict, marks = len(widths) - 2, len(widths) - 1
    floors = (
        (verdict, min(widths[verdict], len(Verdict.DESCRIPTIVE))),
        (0, max(map(_longest, columns[0]))),
        (marks, min(widths[marks], NARROWEST)),
        (0, 1),
    )
    gaps = sum(width > 0 for width in widths[1:])
    for position, least in floors:
        over = sum(widths) + gaps - WIDTH
        widths[position] -= max(0, min(over, widths[position] - least))
    return widths


def _longest(text: str) -> int:
    """Of its words, with the indent that each line of it has."""
    words = BREAKS.split(text.strip())
    return _indent(text) + max(map(len, words))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _hanging(label: str, width: int) -> str:
    indent = " " * _indent(label)
    return "\n".join(_Label(max(width, len(indent) + 1), indent, indent).wrap(label.strip()))


class _Label(TextWrapper):
    wordsep_re = BREAKS

    def __init__(self, width: int, first: str, after: str) -> None:
        super().__init__(width, first, after, break_long_words=False)


def _cells(line: Line, widths: Sequence[int]) -> list[Text]:
    cells = (
        Text(_hanging(line.label, widths[0])),
        *map(Text, line.numbers),
        Text(line.verdict, style=line.style),
        Text(line.marks, style="yellow"),
    )
    return [cell for cell, width in zip(cells, widths, strict=True) if width]


def _columns(head: Line, widths: Sequence[int], *, header: bool) -> Table:
    table = Table(
        box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim", show_header=header
    )
    numbers = range(1, len(widths) - 2)
    for position, (name, width) in enumerate(zip(head.cells, widths, strict=True)):
        right = position in numbers and name not in LEFT
        justify: Literal["left", "right"] = "right" if right else "left"
        if width:
            table.add_column(name, width=width, justify=justify, overflow="fold")
    return table
