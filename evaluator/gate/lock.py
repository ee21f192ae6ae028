"""The lock: an approved state of an experiment, as a file that people review.

Every line of lock.json is one row, one row's findings, one part of what a result rests on, or one
acceptance, and carries a hash of itself: two branches that accept different rows merge without a
conflict, and a line that was edited by hand is known by name. The hash is a checksum, no signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from evaluator.results import RowKey, RowRole, RowStatus, Status, Verdict

FILE_NAME = "lock.json"
PARTS = ("protocol", "data", "code", "environment")
"""What a result rests on."""


@dataclass(frozen=True, slots=True)
class LockedRow:
    """What a row said."""

    key: RowKey
    role: RowRole
    status: RowStatus
    verdict: Verdict
    numbers: Mapping[str, float]
    """`log_lift`, `low`, `high`, simultaneous ends, extra enrolments, p …: those it has."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: what it said, and how far from its rule's boundary."""

    status: Status
    margin: float | None = None
    sentence: str = ""
    """Not in the file, which holds results and no prose."""


@dataclass(frozen=True, slots=True)
class Bits:
    """Which of a row's drawn campaigns its interval held."""

    held: tuple[bool, ...]
    drawn: str
    """Checksum of the campaigns: two runs with the same are compared campaign by campaign."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who approved what, when and why."""

    what: str
    """Name of a row, or `everything`."""
    on: date
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lock:
    """A state of an experiment: approved and read from the file, or as it is now."""

    experiment: str
    start: date
    """First day of the data."""
    as_of: date
    parts: Mapping[str, Mapping[str, Any]]
    """Of each of `PARTS`, name → value or fingerprint."""
    rows: Mapping[str, LockedRow]
    """By name, see `names.py`."""
    findings: Mapping[str, Mapping[str, Found]]
    """Name of a row, `data` or `graph` → name of the finding → what it said."""
    coverage: Mapping[str, Bits]
    """By name of the row."""
    accepted: tuple[Acceptance, ...] = ()
    edited: tuple[str, ...] = field(default=())
    """Lines whose hash does not match them."""

    def only(self, name: str) -> Lock:
        """What it says of one row, and of what all rows rest on."""

        def kept(own: Mapping[str, Any]) -> Mapping[str, Any]:
            return {key: value for key, value in own.items() if key == name}

        edited = tuple(line for line in self.edited if line.endswith(f": {name}"))
        rows, findings, coverage = kept(self.rows), kept(self.findings), kept(self.coverage)
        return replace(self, rows=rows, findings=findings, coverage=coverage, edited=edited)

    def with_row(self, name: str, other: Lock) -> Lock:
        """Itself with what another state says of one row."""

        def taken(own: Mapping[str, Any], others: Mapping[str, Any]) -> Mapping[str, Any]:
            rest = {key: value for key, value in own.items() if key != name}
            return rest | {key: value for key, value in others.items() if key == name}

        return replace(
            self,
            rows=taken(self.rows, other.rows),
            findings=taken(self.findings, other.findings),
            coverage=taken(self.coverage, other.coverage),
        )
