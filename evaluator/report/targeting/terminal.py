"""The document as people read it in a terminal: 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as Columns
from rich.text import Text

from evaluator.report.answer import banner
from evaluator.report.findings import STYLES
from evaluator.report.numbers import percent
from evaluator.report.targeting.answered import ASSOCIATIONAL
from evaluator.report.targeting.document import Document, Table
from evaluator.report.terminal import to_text
from evaluator.results import Status


def render(document: Document, *, written: Sequence[Path] = (), colour: bool = False) -> str:
    """Everything that `target` prints."""
    blocks = [*_heading(document), *(Text(sentence) for sentence in document.sentences)]
    for table in document.tables:
        blocks += _table(table)
    if document.steps:
        blocks += [Text(), Text("What to do instead", style="bold")]
        blocks += [_step(number, step) for number, step in enumerate(document.steps, 1)]
    blocks += _findings(document)
    if written:
        blocks += [Text(), Text(f"written: {', '.join(str(path) for path in written)}")]
    return to_text(Group(*blocks), colour=colour)


def _heading(document: Document) -> Iterator[RenderableType]:
    protocol = document.protocol
    if banner(protocol):
        warning = f"{banner(protocol)}: no conclusion about anything real can be drawn"
        yield Panel(Text(warning, style="bold", justify="center"), style="yellow")
    if document.associational:
        warning = f"{ASSOCIATIONAL}: nothing here is an effect of contacting"
        yield Panel(Text(warning, style="bold", justify="center"), style="yellow")
    yield Text(protocol.title, style="bold")
    level = percent(protocol.decision.level)
    yield Text(f"{document.asked} · {protocol.window} · {level} intervals", style="dim")
    yield Text()


def _table(table: Table) -> Iterator[RenderableType]:
    yield Text()
    yield Text(table.heading, style="bold")
    if table.note:
        yield Text(table.note, style="dim")
    columns = Columns(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for position, name in enumerate(table.head):
        columns.add_column(name, justify="right" if position else "left", overflow="fold")
    for row in table.rows:
        columns.add_row(*map(Text, row))
    yield columns


def _step(number: int, step: str) -> RenderableType:
    grid = Columns.grid(padding=(0, 1))
    grid.add_row(f"{number}.", Text(step))
    return grid


def _findings(document: Document) -> Iterator[RenderableType]:
    if not document.findings:
        return
    yield Text()
    yield Text("What was found about the list", style="bold")
    for finding in document.findings:
        style = "" if finding.status is Status.PASS else STYLES[finding.status]
        yield Text(f"{finding.name}: {finding.status}", style=style)
        yield Padding(Text(finding.sentence), (0, 0, 0, 2))
        if finding.todo and finding.status is not Status.PASS:
            yield Padding(Text(f"→ {finding.todo}"), (0, 0, 0, 2))
