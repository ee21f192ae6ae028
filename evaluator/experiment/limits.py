"""What is tolerated before a result counts as changed, and which counts may be shown to others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """How far a result may move from the approved one before a check fails."""

    max_shift: float = 0.5
    """In approved standard errors: what new data may move an estimate by."""
    max_width: float = 1.25
    """Factor by which an interval may grow."""
    false_alarms: float = 0.01
    """Chance of any alarm in one check where nothing changed, shared by all statistical items."""
    campaigns: int = 200
    """Of the small paired calibration, a row."""
    stale_after: int = 30
    """Days from the last one evaluated to today from which `--today` warns."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What is meant to be shown to others: the page, Markdown and the lock."""

    minimum_cell: int = 0
    """Smallest count that is shown; 0: all are. How small is too small, an institution decides."""
