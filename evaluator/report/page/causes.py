"""Causal graphs of the page: one of each shape, with what was found in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evaluator.assumptions.graph import CausalGraph, Drawn
from evaluator.report.page.graph import graph_svg
from evaluator.report.words import listed, question_title


@dataclass(frozen=True, slots=True)
class Causes:
    """A graph, and what was found in it."""

    title: str
    drawing: Markup
    finding: str


def causes(drawn: Iterable[Drawn]) -> tuple[Causes, ...]:
    """Graphs that differ in the names of channels alone are drawn once."""
    alike: dict[tuple[object, ...], list[Drawn]] = {}
    for one in drawn:
        alike.setdefault(_shape(one.graph), []).append(one)
    return tuple(
        Causes(
            _title([one.graph for one in own]),
            graph_svg(own[0].graph),
            own[0].finding.sentence,
        )
        for own in alike.values()
    )


def _shape(graph: CausalGraph) -> tuple[object, ...]:
    nodes = sorted(node.kind for node in graph.nodes)
    arrows = sorted(arrow.standing for arrow in graph.arrows)
    return graph.question, graph.decides, tuple(nodes), tuple(arrows)


def _title(graphs: Sequence[CausalGraph]) -> str:
    first, *alike = (graph.about for graph in graphs)
    about = f": {first}" if first else ""
    like = f"; alike {listed(alike)}" if alike else ""
    return f"{question_title(graphs[0].question)}{about}{like}"
