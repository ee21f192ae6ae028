"""The seal: a protocol as it stood on a day, so that what was changed later can be named.

seal.json lies beside the experiment file. Every seal in it carries a hash of itself and of the
one before: a file in which one was edited or taken out no longer fits together. The hash is a
checksum, no signature, and the date is whoever sealed it's word: commit the file, and push it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from evaluator.errors import EvaluatorError, Problem, UsageError
from evaluator.experiment.protocol import Protocol
from evaluator.whole import write_whole

FILE_NAME = "seal.json"
SCHEMA_VERSION = 1
"""Raised when an earlier version's reader would misread the file."""


class SealError(EvaluatorError):
    """There is a seal.json, and it cannot be read; what to do is in the problem."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A protocol as it stood on a day."""

    on: date
    author: str
    reason: str
    """Why it was sealed again; of the first seal empty, or as given."""
    protocol: Mapping[str, Any]
    """As `Protocol.to_dict` says it."""
    after: str = ""
    """Hash of the seal before; of the first empty."""
    written: str = ""
    """Its own hash as the file has it."""

    @property
    def hash(self) -> str:
        """SHA-256 of all that it says, with the seal before it."""
        return hashlib.sha256(json.dumps(self.content(), sort_keys=True).encode()).hexdigest()

    @property
    def protocol_hash(self) -> str:
        """As `Protocol.hash` says it."""
        return hashlib.sha256(json.dumps(self.protocol, sort_keys=True).encode()).hexdigest()

    @property
    def starts(self) -> date:
        """First day of the sealed window."""
        return date.fromisoformat(self.protocol["window"]["start"])

    def content(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "by": self.author,
            "reason": self.reason,
            "protocol_hash": self.protocol_hash,
            "after": self.after,
            "protocol": dict(self.protocol),
        }


@dataclass(frozen=True, slots=True)
class Seals:
    """Every seal of an experiment, in order, and where they do not fit together."""

    seals: tuple[Seal, ...]
    broken: tuple[str, ...] = ()
    """In words; empty: the chain is whole."""

    @property
    def registered(self) -> Seal:
        """What later protocols are held against.

        The last that was sealed before any window sealed up to then had begun; where there is
        none, the first: one may change one's mind until it begins, and not after.
        """
        numbered = enumerate(self.seals)
        early = [seal for number, seal in numbered if self._in_time(number)]
        return early[-1] if early else self.seals[0]

    @property
    def is_before(self) -> bool:
        """Whether it was sealed before its window began: a pre-registration."""
        return any(self._in_time(number) for number in range(len(self.seals)))

    def _in_time(self, number: int) -> bool:
        sealed = self.seals[: number + 1]
        return sealed[-1].on < min(seal.starts for seal in sealed)


def seal_path(experiment: Path) -> Path:
    """Where the seal of an experiment file lies."""
    return experiment.parent / FILE_NAME


def read_seals(path: Path) -> Seals | None:
    """The seals in a file; None where there is no file.

    Raises
    ------
    SealError : it cannot be read, or is no seal
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["schema_version"] != SCHEMA_VERSION:
            raise SealError(_of_another_schema(path, content["schema_version"]))
        seals = tuple(map(_seal, content["seals"]))
        if not seals:
            raise ValueError("it holds no seal")
        found = Seals(seals, tuple(_breaks(seals, content["seals"])))
        _ = found.registered  # asks every protocol when its window begins: none may be without
        return found
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else error
        what = f"is not a seal that this version wrote: {why}"
        hint = "restore git's last version: a seal is not made again"
        raise SealError(Problem(str(path), what, hint=hint)) from None


def seal(
    protocol: Protocol, on: date, author: str, reason: str = "", *, again: bool = False
) -> Seals:
    """Seal a protocol as it stands: write seal.json beside its file.

    Parameters
    ----------
    on : the day that is written on it
    reason : why; needed to seal again
    again : whether there is a seal already, which stays in the file

    Raises
    ------
    UsageError : it is sealed already, or was not; sealed again without a reason, unchanged, or
        earlier than before; the file cannot be written
    SealError : the seal that is there cannot be read, or was tampered with
    """
    path = seal_path(protocol.path)
    earlier = read_seals(path)
    _check_wanted(earlier, protocol, path, again=again)
    reason = " ".join(reason.split())
    if again and not reason:
        raise UsageError(
            Problem("--reason", "says nothing", "a protocol is sealed again for a reason")
        )
    before = earlier.seals if earlier else ()
    if before and on < before[-1].on:
        rule = f"the last seal is of {before[-1].on}"
        raise UsageError(Problem("--date", f"{on} is before the last seal", rule))
    made = Seal(on, author, reason, protocol.to_dict(), before[-1].hash if before else "")
    seals = (*before, replace(made, written=made.hash))
    try:
        write_whole({FILE_NAME: to_text(protocol.name, seals)}, path.parent)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise UsageError(Problem(str(path), what)) from None
    return Seals(seals)


def to_text(experiment: str, seals: Sequence[Seal]) -> str:
    """The file; what a seal says stands before the protocol that it seals."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "experiment": experiment,
        "seals": [{"hash": seal.written, **seal.content()} for seal in seals],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _check_wanted(earlier: Seals | None, protocol: Protocol, path: Path, *, again: bool) -> None:
    if earlier is None:
        if again:
            raise UsageError(Problem(str(path), "there is no seal yet", hint="leave out --again"))
        return
    if earlier.broken:
        hint = "restore git's last version first"
        raise SealError(Problem(str(path), "; ".join(earlier.broken), hint=hint))
    last = earlier.seals[-1]
    if not again:
        what = f"is sealed since {last.on}"
        hint = 'to seal it as it is now: --again --reason "…"; what was sealed stays in the file'
        raise UsageError(Problem(str(path), what, hint=hint))
    if last.protocol == protocol.to_dict():
        raise UsageError(Problem(str(path), f"nothing was changed since the seal of {last.on}"))


def _seal(told: Mapping[str, Any]) -> Seal:
    on = date.fromisoformat(told["on"])
    said = (told["by"], told["reason"], told["protocol"], told["after"], told["hash"])
    return Seal(on, *said)


def _breaks(seals: Sequence[Seal], told: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where the chain does not fit together, in words."""
    found, before, last = list[str](), "", date.min
    for number, (seal, line) in enumerate(zip(seals, told, strict=True), start=1):
        name = f"seal {number}, of {seal.on}"
        if seal.written != seal.hash or line["protocol_hash"] != seal.protocol_hash:
            found.append(f"{name}, was edited: it does not match its hash")
        if seal.after != before:
            found.append(f"{name}, does not follow the one before: a seal was changed or taken out")
        if seal.on < last:
            found.append(f"{name}, is dated before the one that it follows")
        before, last = seal.written, seal.on
    return found


def _of_another_schema(path: Path, version: object) -> Problem:
    what = f"has schema {version}, and this version of evaluator reads schema {SCHEMA_VERSION}"
    return Problem(str(path), what, hint="use the evaluator that wrote it, or a later one")
