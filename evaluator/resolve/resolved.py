"""A protocol that has met its data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evaluator.experiment.protocol import Protocol, Span
from evaluator.panel import Panel
from evaluator.results import Finding
from evaluator.sources import Outcome

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """A protocol with the countries, courses and days that the data gave its rules."""

    protocol: Protocol
    panel: Panel
    promoted: tuple[str, ...]
    """In declared order."""
    others: tuple[str, ...]
    """Other courses that the data hold, by code."""
    arm_a: Mapping[str, tuple[str, ...]]
    """Promoted course → its countries of arm A, most participants first; empty without arms."""
    first_day: Mapping[str, date]
    """Promoted course → first day on which it could be counted."""
    findings: tuple[Finding, ...]
    """What was noticed about the data, then about how they meet the protocol."""
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Side tables by kind of source: delivery, posts, e-mail."""
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    """Declared secondary outcomes, by name."""
    negative: Mapping[str, Panel] = field(default_factory=dict)
    """Negative-control outcomes, by name, on the courses and days of the panel."""
    left_out: tuple[str, ...] = ()
    """Other courses left out of every promotion, by code; they are not among `others`."""
    fingerprint: str = ""
    """SHA-256 of all that was read: panel, side tables, secondary and negative-control
    outcomes."""

    @property
    def hash(self) -> str:
        """SHA-256 of the protocol's hash and of everything its rules became."""
        parts = {
            "protocol": self.protocol.hash,
            "promoted": self.promoted,
            "others": self.others,
            "left_out": self.left_out,
            "arm_a": dict(self.arm_a),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def reference(self, course: str, weeks: int | None) -> Span | None:
        """The last whole weeks before the window in which a course could be counted.

        Parameters
        ----------
        weeks : at most so many; None: all of history

        Returns
        -------
        None where there is no whole week
        """
        start = self.protocol.window.start
        whole = (start - self.first_day[course]).days // 7
        used = whole if weeks is None else min(weeks, whole)
        return Span(start - timedelta(7 * used), start - timedelta(1)) if used > 0 else None
