"""Negative-control outcomes: counts that promotion cannot have moved."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NegativeControl:
    """An outcome of the same courses and days that the campaign cannot have reached.

    Where a row's own method finds a lift in it, something else moved the courses.

    References
    ----------
    Lipsitch, Tchetgen Tchetgen & Cohen (2010).
    """

    name: str
    source: str
    """Name of the source (kind `negative_control`)."""
