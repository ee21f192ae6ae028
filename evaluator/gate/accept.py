"""Approve what an experiment says now: a new lock, with who approved it, when and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from evaluator.errors import Problem, UsageError
from evaluator.evaluation import Progress
from evaluator.experiment.author import author
from evaluator.experiment.protocol import Protocol
from evaluator.gate.lock import Acceptance, Lock
from evaluator.gate.present import Read, present
from evaluator.gate.stored import LockError, lock_path, read_lock, write_lock

EVERYTHING = "everything"


def accept(
    protocol: Protocol,
    read: Read,
    reason: str,
    *,
    only: str = "",
    progress: Progress | None = None,
) -> Path:
    """Write lock.json beside the experiment file; returns its path.

    With `only`, the rest stays as it was approved, and so do the fingerprints of protocol, data,
    code and environment: they are those of the last time that everything was accepted.

    Parameters
    ----------
    read : reads the data of the experiment
    reason : why this is right; it stands in the lock
    only : name of a row, or the end of it

    Raises
    ------
    DataError : data are missing, unreadable, or break a rule; all problems are listed
    UsageError : no reason, no such row, no lock of which only one row is to be replaced
    LockError : the lock cannot be read, and only one row of it is to be replaced
    """
    path = lock_path(protocol.path)
    if not reason.strip():
        raise UsageError(
            Problem("--reason", "says nothing", "whoever reviews it wants to know why")
        )
    approved = _approved(path, needed=bool(only))
    now = present(read, approved if only else None, only, progress)
    what = now.only or EVERYTHING
    log = Acceptance(what, datetime.now(UTC).date(), author(), " ".join(reason.split()))
    lock = now.lock
    if now.only and approved is not None:
        _check_untouched(approved, now.only, path)
        lock = approved.with_row(now.only, now.lock)
    earlier = approved.accepted if approved is not None else ()
    write_lock(replace(lock, accepted=(*earlier, log)), path)
    return path


def _check_untouched(approved: Lock, only: str, path: Path) -> None:
    """What else was edited by hand is not approved along the way."""
    others = [line for line in approved.edited if not line.endswith(f": {only}")]
    if others:
        what = f"was edited by hand in other lines: {', '.join(others[:5])}"
        hint = "restore git's last version first, or accept everything: leave out --only"
        raise UsageError(Problem(str(path), what, hint=hint))


def _approved(path: Path, *, needed: bool) -> Lock | None:
    """The lock that is there; one that cannot be read is replaced as a whole or not at all."""
    try:
        approved = read_lock(path)
    except LockError:
        if needed:
            raise
        return None
    if approved is None and needed:
        what = "there is no lock.json of which one row could be replaced"
        raise UsageError(Problem(str(path), what, hint="accept everything first: leave out --only"))
    return approved
