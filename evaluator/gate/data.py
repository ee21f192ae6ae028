"""The data against the approved ones: readable, up to date, and the past as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np

from evaluator.errors import Problem
from evaluator.experiment.protocol import Protocol
from evaluator.gate.assumptions import compared
from evaluator.gate.items import READABLE, Gate, Item
from evaluator.gate.lock import Lock
from evaluator.gate.names import DATA
from evaluator.gate.parts import counted_again, rewritten
from evaluator.panel import Panel
from evaluator.results import Status

HISTORY, UP_TO_DATE, TODAY = "history", "up to date", "today"
SILENT_DAYS = 7
"""Days without any count up to as_of from which data are stale: a whole week is missing."""


def unreadable(problems: Iterable[Problem]) -> Iterator[Item]:
    """Data that break a rule: nothing can be compared."""
    for number, problem in enumerate(problems, start=1):
        sentence = f"{problem.where}: {problem.what}" if problem.where else problem.what
        mend = "; ".join(part for part in (problem.rule, problem.hint) if part)
        yield Item(Gate.DATA, f"{READABLE}{number}", Status.FAIL, sentence, todo=mend)


def history_kept(approved: Lock, now: Lock) -> Item:
    """Whether what was counted then is still what was counted."""
    courses, weeks = rewritten(approved, now)
    if not courses and not weeks:
        sentence = f"all that was counted up to {approved.as_of:%-d %b %Y} is as approved"
        return Item(Gate.DATA, HISTORY, Status.PASS, sentence)
    return Item(
        Gate.DATA,
        HISTORY,
        Status.FAIL,
        f"history was rewritten: {counted_again(courses, weeks)}",
        todo="find out who changed the past, and restore it; or accept everything anew",
    )


def up_to_date(panel: Panel, as_of: date) -> Item:
    """Whether anything was counted in the last week before as_of."""
    counted = panel.cells[-1][panel.values > 0]
    silent = panel.days - 1 - int(np.max(counted, initial=-1))
    if silent < SILENT_DAYS:
        sentence = f"counted up to {silent} days before as_of, {as_of:%-d %b %Y}"
        return Item(Gate.DATA, UP_TO_DATE, Status.PASS, sentence)
    sentence = (
        f"stale: nothing was counted in the last {silent} days up to as_of, {as_of:%-d %b %Y}"
    )
    todo = "export the last weeks, or declare an earlier as_of"
    return Item(Gate.DATA, UP_TO_DATE, Status.FAIL, sentence, todo=todo)


def as_of_today(protocol: Protocol, today: date) -> Item:
    """How old the evaluation is: it warns at most, since the answer to the past stands."""
    age, limit = (today - protocol.as_of).days, protocol.gate.stale_after
    sentence = f"as_of is {age} days before {today:%-d %b %Y} ({limit} are allowed)"
    status = Status.WARN if age > limit else Status.PASS
    todo = "export newer data and move as_of" if age > limit else ""
    return Item(Gate.DATA, TODAY, status, sentence, todo=todo)


def data_findings_kept(approved: Lock, now: Lock) -> Iterator[Item]:
    """What was noticed about the data: duplicates, empty cells, delivery …, one item a finding."""
    old, new = approved.findings.get(DATA, {}), now.findings.get(DATA, {})
    for name in dict.fromkeys((*old, *new)):
        before = {name: old[name]} if name in old else {}
        after = {name: new[name]} if name in new else {}
        yield Item(Gate.DATA, name, *compared(before, after))
