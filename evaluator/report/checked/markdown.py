"""Markdown for a pull request or a step summary: what failed first, small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.gate.items import Checked, FailOn, Item
from evaluator.report.checked.order import WORDS, to_be_read, what_moved
from evaluator.report.words import counted

SHOWN = 20
"""Lines of the table of an experiment; a reviewer reads no more."""


def to_markdown(checked: Sequence[Checked], fail_on: FailOn) -> str:
    """A heading an experiment; what stops, then what warns; what moved; how to accept."""
    failing_first = sorted(checked, key=lambda each: not each.fails(fail_on))
    return "\n".join(line for each in failing_first for line in _section(each, fail_on))


def _section(checked: Checked, fail_on: FailOn) -> Iterator[str]:
    noted = to_be_read(checked, fail_on)
    stopping = sum(item.stops(fail_on) for item in noted)
    yield from (f"### {_plain(checked.experiment)}: {_in_short(checked, stopping, len(noted))}", "")
    quiet = f"{counted(checked.not_run, 'finding')} not run, as approved" if checked.not_run else ""
    facts = "; ".join(fact for fact in (what_moved(checked), quiet) if fact)
    if facts:
        yield from (_plain(facts[0].upper() + facts[1:] + "."), "")
    if not noted:
        return
    yield "| | gate | checked | as approved | now | |"
    yield "|---|---|---|---|---|---|"
    yield from (_line(item) for item in noted[:SHOWN])
    yield ""
    if len(noted) > SHOWN:
        yield from (f"… and {len(noted) - SHOWN} more.", "")
    todo = list(dict.fromkeys(item.todo for item in noted[:SHOWN] if item.todo))
    if todo:
        yield from ("```text", *(part.replace("```", "'''") for part in todo), "```", "")


def _in_short(checked: Checked, stopping: int, noted: int) -> str:
    every = len(checked.items)
    if stopping:
        also = f", {noted - stopping} worth reading" if noted > stopping else ""
        return f"{stopping} of {counted(every, 'check')} failed or not run{also}"
    also = f"; {noted} worth reading" if noted else ""
    return f"no failure in {counted(every, 'check')}{also}"


def _line(item: Item) -> str:
    cells = (WORDS[item.status], item.gate, item.name, item.old, item.new, item.sentence)
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Text that Markdown and HTML leave as it is, on one line."""
    for sign in ("\\", "`", "*", "_", "[", "]", "|", "#", "~", "@"):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.replace("&", "&amp;").replace("<", "&lt;").split())
