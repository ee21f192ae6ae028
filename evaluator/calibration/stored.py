"""calibration.json: what was measured, of which protocol and data, and a hash of itself."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluator.errors import Problem, UsageError
from evaluator.resolve import Resolved
from evaluator.results import Measured, NotRun, RowKey

FILE_NAME = "calibration.json"
NOT_CALIBRATED = NotRun("the coverage of this interval on this panel has not been measured yet")
DIGITS = 6
"""Of the numbers: the last ones of a float differ between machines."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured for one row, and why some of it was not."""

    key: RowKey
    measured: tuple[Measured, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coverage of the rows that decide, measured on one panel under one protocol."""

    protocol: str
    """Hashes, as the experiment had them when it was calibrated."""
    resolved: str
    data: str
    seed: int
    worlds: int
    versions: tuple[tuple[str, str], ...]
    rows: tuple[Found, ...]

    @property
    def hash(self) -> str:
        """The one that stands in its file."""
        return _hash(_to_dict(self))

    def of(self, key: RowKey) -> Found | None:
        return next((row for row in self.rows if row.key == key), None)

    def unless_changed(self, resolved: Resolved) -> Calibration | NotRun:
        """Itself, if protocol, rules and data are still those that were calibrated."""
        now = {
            "the declaration": (self.protocol, resolved.protocol.hash),
            "what its rules became": (self.resolved, resolved.hash),
            "the data": (self.data, fingerprint(resolved)),
        }
        changed = next((what for what, (then, own) in now.items() if then != own), None)
        return NotRun(f"{changed} changed since {FILE_NAME} was written") if changed else self


def fingerprint(resolved: Resolved) -> str:
    return resolved.fingerprint or resolved.panel.fingerprint()


def beside(experiment: Path, resolved: Resolved) -> Calibration | NotRun:
    """The calibration in the folder of an experiment file, or why it cannot be used."""
    try:
        text = (experiment.parent / FILE_NAME).read_text("utf-8")
    except FileNotFoundError:
        return NOT_CALIBRATED
    except (OSError, UnicodeDecodeError) as error:
        return NotRun(f"{FILE_NAME} cannot be read: {error}")
    try:
        content = json.loads(text)
        found = _from_dict(content)
        whole = content.pop("hash") == _hash(content)
    except (ValueError, KeyError, TypeError, AttributeError):
        return NotRun(f"{FILE_NAME} is not a calibration that this version wrote")
    if not whole:
        return NotRun(f"{FILE_NAME} was changed after it was written: its hash does not match")
    return found.unless_changed(resolved)


def to_text(calibration: Calibration) -> str:
    """JSON, a line a measurement, so that a difference between two files can be read."""
    content = _to_dict(calibration)
    head = {"hash": _hash(content), **{k: v for k, v in content.items() if k != "rows"}}
    lines = [f" {_json(key)}: {_json(value)}," for key, value in head.items()]
    rows = ",\n".join(map(_row_text, content["rows"]))
    return "\n".join(["{", *lines, ' "rows": [', rows, " ]", "}", ""])


def write(calibration: Calibration, folder: Path) -> Path:
    """Put calibration.json into a folder: whole, or what was there before.

    Raises
    ------
    UsageError : the folder cannot be written
    """
    try:
        return _replaced(to_text(calibration), folder)
    except OSError as error:
        what = f"{FILE_NAME} cannot be written: {error.strerror or error}"
        raise UsageError(Problem(str(folder), what, hint="name another folder by --out")) from None


def _replaced(text: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{FILE_NAME}-", dir=folder)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        return Path(name).replace(folder / FILE_NAME)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def found_to_dict(found: Found) -> dict[str, Any]:
    return {
        "key": asdict(found.key),
        "reasons": list(found.reasons),
        "measured": [_rounded(asdict(one)) for one in found.measured],
    }


def found_from_dict(content: Mapping[str, Any]) -> Found:
    return Found(
        RowKey(**content["key"]),
        tuple(Measured(**one) for one in content["measured"]),
        tuple(content["reasons"]),
    )


def _to_dict(calibration: Calibration) -> dict[str, Any]:
    return {
        "protocol": calibration.protocol,
        "resolved": calibration.resolved,
        "data": calibration.data,
        "seed": calibration.seed,
        "worlds": calibration.worlds,
        "versions": dict(calibration.versions),
        "rows": [found_to_dict(row) for row in calibration.rows],
    }


def _from_dict(content: Mapping[str, Any]) -> Calibration:
    return Calibration(
        protocol=content["protocol"],
        resolved=content["resolved"],
        data=content["data"],
        seed=content["seed"],
        worlds=content["worlds"],
        versions=tuple(content["versions"].items()),
        rows=tuple(found_from_dict(row) for row in content["rows"]),
    )


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _row_text(row: Mapping[str, Any]) -> str:
    head = f'  {{"key": {_json(row["key"])},\n   "reasons": {_json(row["reasons"])},\n'
    return f'{head}   "measured": [{_lines(row["measured"])}]}}'


def _lines(measured: Sequence[Mapping[str, Any]]) -> str:
    return ",".join(f"\n    {_json(one)}" for one in measured)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: round(v, DIGITS) if isinstance(v, float) else v for k, v in values.items()}
