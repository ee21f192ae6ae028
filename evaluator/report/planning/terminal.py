"""The plan as people read it in a terminal: the answer, then tables, in 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table as Columns
from rich.text import Text

from evaluator.experiment.load import shown_path
from evaluator.report.planning.document import Document, Section
from evaluator.report.terminal import to_text

SHOWN = ("power", "schedule", "identified", "trades", "budget", "markets")
"""Sections of which a terminal shows the table; the page has all."""
NARROW: Mapping[str, Sequence[int]] = {
    "power": (0, 1, 2, 3, 7),
    "identified": (0, 1, 2, 3, 4),
    "budget": (0, 1, 2, 3, 4, 6),
}
"""Section → columns that 80 letters hold."""


def render(document: Document, *, written: Sequence[Path] = (), colour: bool = False) -> str:
    """Everything that `plan` prints."""
    blocks = [*_heading(document)]
    blocks += [Text(document.lead, style="bold"), *map(Text, document.sentences)]
    for section in document.sections:
        if section.anchor in SHOWN:
            blocks += _section(section)
    remarks = [
        own for section in document.sections if section.anchor == "remarks" for own in section.below
    ]
    blocks += [Text(), *(Text(f"· {remark}", style="dim") for remark in remarks)]
    if written:
        blocks += [
            Text(),
            Text(f"written: {', '.join(shown_path(path.absolute()) for path in written)}"),
        ]
    return to_text(Group(*blocks), colour=colour)


def _heading(document: Document) -> Iterator[RenderableType]:
    if document.banner:
        warning = f"{document.banner}: no conclusion about anything real can be drawn"
        yield Panel(Text(warning, style="bold", justify="center"), style="yellow")
    yield Text(document.title, style="bold")
    yield Text(document.meta, style="dim")
    yield Text()


def _section(section: Section) -> Iterator[RenderableType]:
    yield Text()
    yield Text(section.heading, style="bold")
    if section.table is None:
        yield Text(section.note, style="dim")
        return
    table = section.table
    shown = NARROW.get(section.anchor, range(len(table.head)))
    for title, rows in table.groups:
        columns = Columns(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
        for position in shown:
            words = not position or position in table.words
            columns.add_column(
                table.head[position],
                justify="left" if words else "right",
                overflow="fold",
                no_wrap=not words and section.anchor == "power",
            )
        for row in rows:
            columns.add_row(*(Text(row[position]) for position in shown))
        if title:
            yield Text(title, style="italic")
        yield columns
    yield from (Text(f"· {remark}", style="dim") for remark in section.below)
