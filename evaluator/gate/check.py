"""An experiment against its lock: what was approved, compared with what is."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from evaluator.errors import DataError
from evaluator.evaluation import Progress
from evaluator.experiment.deviations import About, registered
from evaluator.experiment.load import shown_path
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.seal import SealError
from evaluator.gate.assumptions import findings_kept, not_run
from evaluator.gate.calibration import coverage_kept, number_of_tests
from evaluator.gate.data import (
    as_of_today,
    data_findings_kept,
    history_kept,
    unreadable,
    up_to_date,
)
from evaluator.gate.fingerprints import code_part, environment_part, protocol_part
from evaluator.gate.items import READABLE, Checked, Gate, Item, Part
from evaluator.gate.lock import Lock
from evaluator.gate.parts import is_moved, parts_moved
from evaluator.gate.places import Places
from evaluator.gate.present import Present, Read, present
from evaluator.gate.results import Rules, rows_kept
from evaluator.gate.stored import LockError, lock_path, read_lock
from evaluator.results import Status

LOCK, DECLARATION, SEAL = "lock", "declaration", "seal"
SAY_WHY = "say why where the results are told: every report lists it as a deviation"


def check(
    protocol: Protocol,
    read: Read,
    *,
    only: str = "",
    today: date | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Every item of the four gates.

    Parameters
    ----------
    read : reads the data of the experiment
    only : name of a row, or the end of it: nothing else is estimated or compared
    today : by which to say how old the data are; it warns at most
    progress : told of each row before it is estimated

    Raises
    ------
    UsageError : there is no such row
    """
    try:
        approved = read_lock(lock_path(protocol.path))
    except LockError as error:
        return _finished(protocol, (), [_no_lock(Status.FAIL, str(error))])
    if approved is None:
        sentence = "there is no lock.json: nothing has been approved yet"
        return _finished(protocol, (), [_no_lock(Status.NOT_RUN, sentence)])
    try:
        found = present(read, approved, only, progress)
    except DataError as error:
        items = [*unreadable(error.problems), *_not_reached()]
        return _finished(protocol, _parts_unread(approved, protocol), items)
    parts = parts_moved(approved, found.lock)
    items = list(_items(approved, found, parts))
    if today is not None:
        items.append(as_of_today(protocol, today))
    return replace(_finished(protocol, parts, items), not_run=not_run(found.lock))


def _items(approved: Lock, found: Present, parts: Sequence[Part]) -> Iterator[Item]:
    if found.only:
        approved = approved.only(found.only)
    protocol, now = found.resolved.protocol, found.lock
    yield history_kept(approved, now)
    yield up_to_date(found.resolved.panel, protocol.as_of)
    if not found.only:
        yield from data_findings_kept(approved, now)
    yield from findings_kept(approved, now)
    yield from _edited(approved)
    yield from _declared(parts)
    data_moved = is_moved(parts, "data")
    shifts = len(approved.rows) if data_moved else 0
    tests = shifts + number_of_tests(approved, now)
    alarm = protocol.gate.false_alarms / max(tests, 1)
    rules = Rules(
        protocol.gate,
        protocol.decision.level,
        data_moved,
        is_moved(parts, "environment"),
        approved.parts["protocol"].get("seed") != now.parts["protocol"].get("seed"),
        alarm,
    )
    yield from rows_kept(approved, now, rules)
    yield from coverage_kept(approved, now, alarm)


def _finished(protocol: Protocol, parts: Sequence[Part], items: Sequence[Item]) -> Checked:
    """The items, each with its place and with what accepts it."""
    places = Places.of(protocol)
    placed = [
        replace(
            item,
            where=item.where or places.of_item(item),
            todo=item.todo if item.status is Status.PASS else _todo(item, protocol),
        )
        for item in (*items, *_sealed(protocol))
    ]
    return Checked(protocol.name, tuple(parts), tuple(placed))


def _todo(item: Item, protocol: Protocol) -> str:
    """What to mend, or the command that accepts what is."""
    if item.name.startswith(READABLE) or item.name == SEAL or item.status is Status.WARN:
        return item.todo
    path = shlex.quote(shown_path(protocol.path.parent))
    only = f" --only {shlex.quote(item.name)}" if item.row is not None else ""
    command = f'evaluator accept {path}{only} --reason "…"'
    return f"{item.todo}: {command}" if item.todo else command


def _no_lock(status: Status, sentence: str) -> Item:
    return Item(Gate.RESULTS, LOCK, status, sentence)


def _edited(approved: Lock) -> Iterator[Item]:
    for line in approved.edited:
        yield Item(
            Gate.RESULTS,
            f"{LOCK}: {line}",
            Status.FAIL,
            f"lock.json was edited by hand: the line “{line}” does not match its hash",
            todo="restore git's last version, or accept what is",
        )


def _declared(parts: Sequence[Part]) -> Iterator[Item]:
    """Whether the declaration is the approved one: by itself that warns, its effects fail."""
    for part in parts:
        if part.name == "protocol":
            status = Status.WARN if part.moved else Status.PASS
            sentence = "the declaration is as approved"
            if part.moved:
                sentence = f"the declaration is not the approved one: {part.what}"
            yield Item(Gate.RESULTS, DECLARATION, status, sentence)


def _sealed(protocol: Protocol) -> Iterator[Item]:
    """Whether seal.json fits together, and what of the design was changed since: to be read."""
    try:
        found = registered(protocol)
        if found is None:
            return
        broken = "; ".join(found.seals.broken)
        sentence = broken or f"the seal of {found.seal.on} is whole"
    except SealError as error:
        found, broken = None, str(error)
        sentence = broken
    status = Status.FAIL if broken else Status.PASS
    yield Item(Gate.RESULTS, SEAL, status, sentence, todo="restore git's last version")
    for own in found.about(About.DESIGN) if found else ():
        name = f"{SEAL}: {own.what}"
        yield Item(Gate.RESULTS, name, Status.WARN, own.sentence, todo=SAY_WHY, where=own.where)


def _not_reached() -> Iterator[Item]:
    for gate in (Gate.ASSUMPTIONS, Gate.RESULTS, Gate.CALIBRATION):
        yield Item(gate, "all", Status.NOT_RUN, "the data could not be read")


def _parts_unread(approved: Lock, protocol: Protocol) -> tuple[Part, ...]:
    """What moved, as far as it is known without data."""
    parts = {
        "protocol": protocol_part(protocol),
        "data": approved.parts["data"],
        "code": code_part(),
        "environment": environment_part(),
    }
    known = parts_moved(approved, replace(approved, parts=parts))
    unread = Part("data", moved=True, what="they cannot be read")
    return tuple(unread if part.name == "data" else part for part in known)
