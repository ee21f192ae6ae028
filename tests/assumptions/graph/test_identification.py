"""What DoWhy's answer says about a comparison: a finding of every status."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluator.assumptions.graph.causal import Arrow, CausalGraph, Identified, Kind, Node, Standing
from evaluator.assumptions.graph.identification import finding, identified, requests
from evaluator.results import Estimand, NotRun, Status

ESTIMAND = Estimand("log lift of P", "P with others", "being promoted", ("parallel trends",))
GRAPH = CausalGraph(
    question="promoted_vs_other",
    about="",
    unit="a course",
    estimand=ESTIMAND,
    nodes=(
        Node("demand", Kind.UNOBSERVED, 0, 1),
        Node("growth", Kind.OBSERVED, 0, 2),
        Node("launch", Kind.OBSERVED, 2, 0),
        Node("promoted", Kind.TREATMENT, 1, 0),
        Node("change", Kind.OUTCOME, 1, 2),
    ),
    arrows=(
        Arrow("promoted", "change"),
        Arrow("demand", "promoted"),
        Arrow("demand", "change", Standing.CANCELS, "in the difference"),
        Arrow("growth", "promoted"),
        Arrow("growth", "change", Standing.ASSUMED_AWAY, "parallel trends"),
        Arrow("launch", "promoted"),
        Arrow("launch", "change"),
    ),
    held=("launch",),
    decides=True,
)
FREE = replace(GRAPH, decides=False)
FOUND = Identified(("launch",), None, ("growth", "launch"))
NONE = Identified(None, None, None)

CASES: dict[str, tuple[CausalGraph, Identified | NotRun, Status, str]] = {
    "held fixed": (GRAPH, FOUND, Status.PASS, "with “launch” held fixed, as the comparison does"),
    "not held": (replace(GRAPH, held=()), FOUND, Status.FAIL, "does not do so"),
    "levels": (GRAPH, FOUND, Status.PASS, "the difference removes “demand”"),
    "doubted": (GRAPH, FOUND, Status.PASS, "if “growth” moved the outcome, it would have to be"),
    "hopeless": (GRAPH, Identified((), None, None), Status.PASS, "nothing would identify it"),
    "none, and described": (FREE, NONE, Status.WARN, "finds no estimand for “promoted”"),
    "none, yet concluded": (GRAPH, NONE, Status.FAIL, "yet a row draws a conclusion"),
    "cancels": (FREE, replace(NONE, reaches=False), Status.WARN, "cancels in the difference"),
    "not run": (GRAPH, NotRun("switched off"), Status.NOT_RUN, "switched off"),
}


@pytest.mark.parametrize(("graph", "found", "status", "said"), CASES.values(), ids=CASES.keys())
def test_finding(graph: CausalGraph, found: Identified | NotRun, status: Status, said: str) -> None:
    own = finding(graph, found)
    assert (own.name, own.status) == ("identification: promoted_vs_other", status)
    assert said in own.sentence


def test_the_words_are_those_of_the_comparison() -> None:
    said = finding(GRAPH, FOUND).sentence
    assert ESTIMAND.name in said
    assert all(need in said for need in ESTIMAND.needs)


def test_three_readings_of_one_graph() -> None:
    compared, levels, doubted = (
        {tuple(arrow) for arrow in asked["arrows"]} for asked in requests(GRAPH)
    )
    assert levels - compared == {("demand", "change")}
    assert doubted - compared == {("growth", "change")}
    assert identified(
        [{"set": ["launch"], "reaches": True}, *[{"set": None, "reaches": True}] * 2]
    ) == Identified(("launch",), None, None)
