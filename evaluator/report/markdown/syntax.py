"""GitHub-flavoured Markdown: what a text needs to stay as it is, headings, lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evaluator.report.layout import Laid, Line

SPECIAL = re.compile(r"[\\`*\[\]|~<>]|(?<![^\W_])_|_(?![^\W_])")
"""What would be read as markup anywhere in a line; an underscore inside a word is none."""
STARTS = re.compile(r"^(\s*)(?=[#+-](?:\s|$)|={3,}|-{3,})|^(\s*\d+)(?=[.)](?:\s|$))")
"""What would make a line a heading, a list or a rule."""


def escaped(text: str) -> str:
    """A text that reads as it is.

    >>> escaped("×2.43 [2.09; 2.83] | facebook_ads, _new_")
    '×2.43 \\\\[2.09; 2.83\\\\] \\\\| facebook_ads, \\\\_new\\\\_'
    """
    one_line = " ".join(text.split())
    safe = SPECIAL.sub(r"\\\g<0>", one_line)
    return STARTS.sub(lambda found: f"{found[0]}\\", safe)


def heading(text: str, depth: int = 2) -> str:
    """A title of its own line."""
    return f"{'#' * depth} {escaped(text)}"


def bullets(lines: Iterable[str]) -> str:
    """A list of texts, which are escaped here."""
    return "\n".join(f"- {escaped(line)}" for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table with bars.

    Parameters
    ----------
    head, rows : cells, which are escaped here
    numbers : positions of the columns that are set flush right
    """
    cells = [[escaped(cell) for cell in row] for row in (head, *rows)]
    widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
    rules = [
        f"{'-' * (width - 1)}:" if position in numbers else "-" * width
        for position, width in enumerate(widths)
    ]
    lines = (cells[0], rules, *cells[1:])
    return "\n".join(_barred(line, widths, numbers) for line in lines)


def laid_table(laid: Laid) -> str:
    """A table of the terminal: a heading inside it takes a line with empty cells."""
    head = laid.head
    verdicts = any(line.verdict for line in laid.lines)
    marks = any(line.marks for line in laid.lines)
    numbers = range(1, len(head.numbers) + 1)

    def cells(line: Line, values: Sequence[str], verdict: str, marked: str) -> list[str]:
        label = line.label.replace("  ", "· ") if line.label.startswith(" ") else line.label
        return [label, *values, *([verdict] if verdicts else []), *([marked] if marks else [])]

    empty = [""] * len(head.numbers)
    rows = (cells(line, line.numbers or empty, line.verdict, line.marks) for line in laid.lines)
    names = [name.replace("\n", " ") for name in head.numbers]
    return table(cells(head, names, head.verdict, "notes"), rows, numbers)


def _barred(cells: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    padded = (
        cell.rjust(width) if position in numbers else cell.ljust(width)
        for position, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join(padded)} |"
