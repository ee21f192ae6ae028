"""lock.json: the lock as text and back, a line a thing, each with a hash of itself."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from evaluator.errors import EvaluatorError, Problem
from evaluator.gate.lock import (
    FILE_NAME,
    PARTS,
    Acceptance,
    Bits,
    Found,
    Lock,
    LockedRow,
)
from evaluator.results import RowKey, RowRole, RowStatus, Status, Verdict

SCHEMA_VERSION = 1
"""Raised when an earlier version's reader would misread the file."""
SECTIONS = (*PARTS, "rows", "findings", "coverage", "accepted")
HASH = "hash"

Line = dict[str, Any]


class LockError(EvaluatorError):
    """There is a lock.json, and it cannot be read; what to do is in the problem."""


def lock_path(experiment: Path) -> Path:
    """Where the lock of an experiment file lies."""
    return experiment.parent / FILE_NAME


def read_lock(path: Path) -> Lock | None:
    """The lock in a file; None where there is no file.

    Raises
    ------
    LockError : it is of another schema, or is not a lock
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise LockError(Problem(str(path), f"cannot be read: {error}")) from None
    try:
        content = json.loads(text)
        version = content["schema_version"]
    except (ValueError, KeyError, TypeError):
        what = "is not a lock: it is cut short, or holds marks of a merge that was not finished"
        hint = "take one side of the merge, or git's last version, then accept what differs"
        raise LockError(Problem(str(path), what, hint=hint)) from None
    if version != SCHEMA_VERSION:
        raise LockError(_of_another_schema(path, version))
    try:
        return _from_dict(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"is not a lock that this version wrote: {error}"
        raise LockError(Problem(str(path), what, hint="restore git's last version")) from None


def to_text(lock: Lock) -> str:
    """The file: sections in order, their lines sorted by name."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "experiment": lock.experiment,
        "from": lock.start.isoformat(),
        "as_of": lock.as_of.isoformat(),
    }
    parts = [f"{_json(name)}: {_json(value)}" for name, value in head.items()]
    for section in SECTIONS:
        lines = [_sealed(section, line) for line in _lines(lock, section)]
        inside = ",\n".join(f"  {_json(line)}" for line in lines)
        parts.append(f"{_json(section)}: [\n{inside}\n ]" if lines else f"{_json(section)}: []")
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def write_lock(lock: Lock, path: Path) -> None:
    """Put the lock into its file: whole, or what was there before."""
    descriptor, name = tempfile.mkstemp(prefix=f".{FILE_NAME}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(to_text(lock))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _of_another_schema(path: Path, version: object) -> Problem:
    what = f"has schema {version}, and this version of evaluator reads schema {SCHEMA_VERSION}"
    newer = isinstance(version, int) and version > SCHEMA_VERSION
    hint = (
        "use the evaluator that wrote it, or a later one"
        if newer
        else "check with the evaluator that wrote it, then accept everything with this one"
    )
    return Problem(str(path), what, hint=hint)


def _lines(lock: Lock, section: str) -> Iterator[Line]:
    if section in PARTS:
        for name, value in sorted(lock.parts[section].items()):
            yield {"name": name, "is": value}
    elif section == "rows":
        for name, row in sorted(lock.rows.items()):
            yield {
                "row": name,
                "verdict": row.verdict.value,
                "status": row.status.value,
                "role": row.role.value,
                **{key: _number(value) for key, value in row.numbers.items()},
                "key": list(astuple(row.key)),
            }
    elif section == "findings":
        for name, found in sorted(lock.findings.items()):
            told = {n: [f.status.value, f.margin] for n, f in sorted(found.items())}
            yield {"row": name, "findings": told}
    elif section == "coverage":
        for name, bits in sorted(lock.coverage.items()):
            packed = base64.b64encode(np.packbits(bits.held).tobytes()).decode()
            held = {"campaigns": len(bits.held), "held": sum(bits.held), "bits": packed}
            yield {"row": name, **held, "drawn": bits.drawn}
    else:
        for log in sorted(lock.accepted, key=lambda log: (log.what, log.on)):
            yield {
                "what": log.what,
                "on": log.on.isoformat(),
                "by": log.author,
                "reason": log.reason,
            }


def _from_dict(content: Mapping[str, Any]) -> Lock:
    lines = {section: list(content[section]) for section in SECTIONS}
    edited = [
        f"{section}: {line.get('row') or line.get('name') or line.get('what')}"
        for section, own in lines.items()
        for line in own
        if line != _sealed(section, {k: v for k, v in line.items() if k != HASH})
    ]
    return Lock(
        experiment=content["experiment"],
        start=date.fromisoformat(content["from"]),
        as_of=date.fromisoformat(content["as_of"]),
        parts={part: {line["name"]: line["is"] for line in lines[part]} for part in PARTS},
        rows={line["row"]: _row(line) for line in lines["rows"]},
        findings={line["row"]: _found(line["findings"]) for line in lines["findings"]},
        coverage={line["row"]: _bits(line) for line in lines["coverage"]},
        accepted=tuple(map(_acceptance, lines["accepted"])),
        edited=tuple(edited),
    )


def _row(line: Line) -> LockedRow:
    told = ("row", "verdict", "status", "role", "key", HASH)
    return LockedRow(
        RowKey(*line["key"]),
        RowRole(line["role"]),
        RowStatus(line["status"]),
        Verdict(line["verdict"]),
        {name: float(value) for name, value in line.items() if name not in told},
    )


def _found(told: Mapping[str, Any]) -> dict[str, Found]:
    return {name: Found(Status(status), margin) for name, (status, margin) in told.items()}


def _bits(line: Line) -> Bits:
    packed = np.frombuffer(base64.b64decode(line["bits"]), dtype=np.uint8)
    held = np.unpackbits(packed, count=line["campaigns"]).astype(bool)
    return Bits(tuple(held.tolist()), line["drawn"])


def _acceptance(line: Line) -> Acceptance:
    return Acceptance(line["what"], date.fromisoformat(line["on"]), line["by"], line["reason"])


def _sealed(section: str, line: Line) -> Line:
    text = f"{section}\n{json.dumps(line, sort_keys=True)}"
    return {**line, HASH: hashlib.sha256(text.encode()).hexdigest()[:12]}


def _number(value: float) -> float | str:
    """JSON has no infinite number."""
    return value if np.isfinite(value) else str(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
