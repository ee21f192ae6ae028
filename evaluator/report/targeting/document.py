"""The document that the terminal and the page show: sentences, then tables of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.experiment.protocol import Protocol
from evaluator.report.page.figures import Panel
from evaluator.results import Finding


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column is labels, the others are numbers."""

    heading: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    panels: tuple[Panel, ...] = ()
    """The same drawn, where there is a page."""
    caption: str = ""
    """What the drawings show."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is said, in the order in which it is said."""

    protocol: Protocol
    associational: bool
    asked: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()
    steps: tuple[str, ...] = ()
    """What to do instead, where nothing could be learned."""
    provenance: Sequence[tuple[str, str]] = ()
