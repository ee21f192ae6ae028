"""The causal graph of each question: drawn, read by DoWhy, and set against the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from evaluator.assumptions.graph.beside import Asked, asked_beside
from evaluator.assumptions.graph.causal import CausalGraph, Identified
from evaluator.assumptions.graph.identification import finding, identified, requests
from evaluator.assumptions.graph.linear import linear_finding, linear_request
from evaluator.assumptions.graph.questions import graphs
from evaluator.comparisons import Planned
from evaluator.resolve import Resolved
from evaluator.results import Finding, NotRun, Row

__all__ = ["CausalGraph", "Drawn", "Identified", "Reading", "reading"]

SWITCHED_OFF = NotRun("switched off in the declaration ([assumptions] causal_graph = false)")


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
    asked: Asked
    linear: NotRun | None
    """Why no linear estimate was asked for."""

    def drawn(self, rows: Sequence[Row]) -> tuple[tuple[Drawn, ...], Finding]:
        """The graphs with what was found in them; the cross-check of the estimate in `rows`."""
        answer = self.asked.answer()
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
        return tuple(
            Drawn(graph, own, finding(graph, own))
            for graph, own in zip(self.graphs, found, strict=True)
        )


@contextmanager
def reading(resolved: Resolved, planned: Sequence[Planned]) -> Iterator[Reading]:
    """Start DoWhy on the graphs of the planned rows, unless the declaration switches it off."""
    drawn = graphs(resolved, planned)
    if not resolved.protocol.assumptions.causal_graph:
        yield Reading(drawn, Asked(SWITCHED_OFF), SWITCHED_OFF)
        return
    linear = linear_request(planned, resolved.protocol.decision.level)
    refused = linear if isinstance(linear, NotRun) else None
    request = {
        "identify": [asked for graph in drawn for asked in requests(graph)],
        "linear": None if refused else linear,
    }
    with asked_beside(request) as asked:
        yield Reading(drawn, asked, refused)
