"""What the terminal and the page show of a plan: sentences, drawings and tables of text."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.report.page.figures import Panel


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column is labels, the others are numbers unless they are words."""

    head: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    """Title of each part (empty: no title), and its rows."""
    words: frozenset[int] = frozenset()
    """Columns of words."""
    stacked: bool = False
    """Whether a phone shows a row as a block."""


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that is said of a plan."""

    anchor: str
    heading: str
    note: str = ""
    panels: tuple[Panel, ...] = ()
    caption: str = ""
    """What the drawings show."""
    wide: bool = False
    """Whether a drawing takes the whole width, and scrolls on a phone."""
    table: Table | None = None
    below: tuple[str, ...] = ()
    """Remarks after the table."""


@dataclass(frozen=True, slots=True)
class Document:
    """A plan in the order in which it is read."""

    banner: str
    title: str
    meta: str
    asked: str
    lead: str
    sentences: tuple[str, ...]
    sections: tuple[Section, ...]
    provenance: tuple[tuple[str, str], ...]
