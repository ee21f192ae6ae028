"""What `evaluator check` and `accept` show in a terminal: what stops first, then what warns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from evaluator.gate.items import Checked, FailOn, Item
from evaluator.report.checked.order import WORDS, place, to_be_read, what_moved
from evaluator.report.terminal import to_text
from evaluator.report.words import counted
from evaluator.results import Status

STYLES = {Status.FAIL: "bold red", Status.NOT_RUN: "bold red", Status.WARN: "yellow"}


def render_checked(checked: Sequence[Checked], fail_on: FailOn, *, colour: bool) -> str:
    """Every experiment that was checked."""
    return to_text(Group(*(_section(each, fail_on) for each in checked)), colour=colour)


def render_accepted(path: Path, reason: str) -> str:
    """What was written, to be committed with the reason."""
    return f"written: {path}\n  {reason}\n  commit it with what it approves\n"


def _section(checked: Checked, fail_on: FailOn) -> RenderableType:
    lines: list[RenderableType] = [Text(f"{checked.experiment}: {_in_short(checked, fail_on)}")]
    moved = what_moved(checked)
    if moved:
        lines.append(Padding(Text(moved, style="dim"), (0, 0, 0, 2)))
    for item in to_be_read(checked, fail_on):
        lines.extend(_item(item))
    return Group(*lines)


def _in_short(checked: Checked, fail_on: FailOn) -> str:
    """`1,224 checks: 1,222 as approved, 2 fail` and what was not run then and now."""
    told = Counter(item.status for item in checked.items)
    said = {
        "as approved": told[Status.PASS],
        "to read": told[Status.WARN],
        "not run": told[Status.NOT_RUN],
        "failed": told[Status.FAIL],
    }
    counts = ", ".join(f"{number:,} {word}" for word, number in said.items() if number)
    verdict = "FAILS" if checked.fails(fail_on) else "passes"
    quiet = counted(checked.not_run, "finding")
    also = f"; {quiet} not run, as approved" if checked.not_run else ""
    return f"{verdict} ({counted(len(checked.items), 'check')}: {counts}{also})"


def _item(item: Item) -> Iterator[RenderableType]:
    yield Text()
    head = Text(f"{WORDS[item.status]} ", style=STYLES[item.status])
    yield head.append(f"{item.gate}[{item.name}]", style="default")
    told = [item.sentence]
    if item.old or item.new:
        told += [f"approved  {item.old or '–'}", f"now       {item.new or '–'}"]
    file, line = place(item)
    told += [f"declared at {file}:{line}"] if file else []
    told += [item.todo] if item.todo else []
    for part in told:
        yield Padding(Text(part), (0, 0, 0, 2))
