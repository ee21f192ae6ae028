"""What a gate says: items, what moved, and whether that is enough to stop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evaluator.results import RowKey, Status

READABLE = "readable/"
"""Begins the names of the items that say why data cannot be read."""


class Gate(StrEnum):
    """The four gates, in the order in which they are looked at."""

    DATA = "data"
    ASSUMPTIONS = "assumptions"
    RESULTS = "results"
    CALIBRATION = "calibration"


class FailOn(StrEnum):
    """From which status on a check fails."""

    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was checked against the lock."""

    gate: Gate
    name: str
    """Unique within its gate; the id of the item in pytest and JUnit."""
    status: Status
    sentence: str
    old: str = ""
    """As approved, in the words of the report."""
    new: str = ""
    todo: str = ""
    """What to do: the command that accepts it, or what to mend."""
    where: str = ""
    """file:line of the declaration that the item is about."""
    row: RowKey | None = None

    def stops(self, fail_on: FailOn = FailOn.FAIL) -> bool:
        """Whether it is to stop what depends on the check; what was not run is never a pass."""
        if self.status is Status.WARN:
            return fail_on is FailOn.WARN
        return self.status is not Status.PASS


@dataclass(frozen=True, slots=True)
class Part:
    """One of the four things that a result rests on, and how it differs from the lock's."""

    name: str
    """`protocol`, `data`, `code` or `environment`."""
    moved: bool
    what: str = ""
    """What of it moved, shortly: `NumPy 2.4.5 → 2.4.6`, `ODPS in the week of 3 Oct 2022`."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An experiment against its lock."""

    experiment: str
    parts: tuple[Part, ...]
    items: tuple[Item, ...]
    not_run: int = 0
    """Findings that were not run: approved as such, or items that say so. Never a pass."""

    @property
    def unreadable(self) -> bool:
        """Whether the data were missing, unreadable or broke a rule: nothing was compared."""
        return any(item.gate is Gate.DATA and item.name.startswith(READABLE) for item in self.items)

    def at(self, *statuses: Status) -> tuple[Item, ...]:
        """Items with one of these statuses."""
        return tuple(item for item in self.items if item.status in statuses)

    def fails(self, fail_on: FailOn = FailOn.FAIL) -> bool:
        """Whether one of its items stops what depends on the check."""
        return any(item.stops(fail_on) for item in self.items)
