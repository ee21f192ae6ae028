"""Causal graphs of the page: one of each shape, with what was found in all that have it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from evaluator.assumptions.graph import CausalGraph, Drawn
from evaluator.report.page.graph import graph_svg
from evaluator.report.words import question_title


@dataclass(frozen=True, slots=True)
class Causes:
    """A graph, and the findings of the comparisons that it stands for."""

    title: str
    drawing: Markup
    findings: tuple[str, ...]


def causes(drawn: Iterable[Drawn]) -> tuple[Causes, ...]:
    """Graphs that differ in the names of channels alone are drawn once."""
    alike: dict[tuple[object, ...], list[Drawn]] = {}
    for one in drawn:
        alike.setdefault(_shape(one.graph), []).append(one)
    return tuple(
        Causes(
            _title(own[0].graph, len(own)),
            graph_svg(own[0].graph),
            tuple(dict.fromkeys(one.finding.sentence for one in own)),
        )
        for own in alike.values()
    )


def _shape(graph: CausalGraph) -> tuple[object, ...]:
    nodes = sorted(node.kind for node in graph.nodes)
    arrows = sorted(arrow.standing for arrow in graph.arrows)
    return graph.question, graph.decides, tuple(nodes), tuple(arrows)


def _title(graph: CausalGraph, number: int) -> str:
    like = f" (and {number - 1} like it)" if number > 1 else ""
    about = f": {graph.about}{like}" if graph.about else ""
    return f"{question_title(graph.question)}{about}"
