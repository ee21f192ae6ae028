"""The causal graph of each question: drawn, read by DoWhy, and set against the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from evaluator.assumptions.graph.beside import Asked, asked_beside
from evaluator.assumptions.graph.causal import CausalGraph, Identified
from evaluator.assumptions.graph.identification import finding, identified, is_evident, requests
from evaluator.assumptions.graph.linear import linear_finding, linear_request
from evaluator.assumptions.graph.questions import graphs
from evaluator.comparisons import Planned
from evaluator.resolve import Resolved
from evaluator.results import Finding, NotRun, Row

__all__ = ["CausalGraph", "Drawn", "Identified", "Reading", "reading"]

SWITCHED_OFF = NotRun("switched off in the declaration ([assumptions] causal_graph = false)")
NOTHING: Mapping[str, Any] = {"reaches": True, "set": None}
"""DoWhy's answer where it is evident that nothing identifies the effect."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A causal graph to draw, with what DoWhy finds in it and the finding that says so."""

    graph: CausalGraph
    identified: Identified | NotRun
    finding: Finding


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """DoWhy reading the graphs, in a process beside this one."""

    graphs: tuple[CausalGraph, ...]
    asked: Asked | Mapping[str, Any]
    """Or the answer, where that is evident of every graph."""
    linear: NotRun | None
    """Why no linear estimate was asked for."""

    def drawn(self, rows: Sequence[Row]) -> tuple[tuple[Drawn, ...], Finding]:
        """The graphs with what was found in them; the cross-check of the estimate in `rows`."""
        answer = self.asked.answer() if isinstance(self.asked, Asked) else self.asked
        if isinstance(answer, NotRun):
            found: list[Identified | NotRun] = [answer] * len(self.graphs)
            return self._drawn(found), linear_finding(self.linear or answer, rows)
        each = len(answer["identify"]) // max(len(self.graphs), 1)
        found = [
            identified(answer["identify"][each * n : each * (n + 1)])
            for n in range(len(self.graphs))
        ]
        return self._drawn(found), linear_finding(self.linear or answer["linear"], rows)

    def _drawn(self, found: Sequence[Identified | NotRun]) -> tuple[Drawn, ...]:
        reader = "DoWhy" if isinstance(self.asked, Asked) else ""
        return tuple(
            Drawn(graph, own, finding(graph, own, reader))
            for graph, own in zip(self.graphs, found, strict=True)
        )


@contextmanager
def reading(resolved: Resolved, planned: Sequence[Planned]) -> Iterator[Reading]:
    """Start DoWhy on the graphs of the planned rows.

    Not where the declaration switches it off, nor for what is evident: its import takes longer
    than an evaluation of rows that only describe.
    """
    drawn = graphs(resolved, planned)
    if not resolved.protocol.assumptions.causal_graph:
        yield Reading(drawn, Asked(SWITCHED_OFF), SWITCHED_OFF)
        return
    linear = linear_request(planned, resolved.protocol.decision.level)
    refused = linear if isinstance(linear, NotRun) else None
    asking = [one for graph in drawn for one in requests(graph)]
    if refused and all(map(is_evident, drawn)):
        yield Reading(drawn, {"identify": [NOTHING] * len(asking)}, refused)
        return
    request = {"identify": asking, "linear": None if refused else linear}
    with asked_beside(request) as asked:
        yield Reading(drawn, asked, refused)
