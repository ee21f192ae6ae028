"""The drawing of a causal graph: small, sound, the same bytes, and told in words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evaluator.assumptions.graph.causal import Arrow, CausalGraph, Kind, Node, Standing
from evaluator.report.page.graph import WIDTH, described, graph_svg
from evaluator.results import Estimand

GRAPH = CausalGraph(
    question="promoted_vs_other",
    about="",
    unit="a course",
    estimand=Estimand("log lift", "", ""),
    nodes=(
        Node("topic", Kind.OBSERVED, 0, 0),
        Node("unobserved demand", Kind.UNOBSERVED, 0, 1),
        Node("growth & <more>", Kind.OBSERVED, 0, 2),
        Node("promoted individually", Kind.TREATMENT, 1, 0),
        Node("log of window / reference", Kind.OUTCOME, 1, 2),
    ),
    arrows=(
        Arrow("promoted individually", "log of window / reference"),
        Arrow("topic", "promoted individually"),
        Arrow(
            "unobserved demand", "log of window / reference", Standing.CANCELS, "in the difference"
        ),
        Arrow(
            "growth & <more>", "log of window / reference", Standing.ASSUMED_AWAY, "parallel trends"
        ),
    ),
)


@pytest.fixture
def drawn() -> ElementTree.Element:
    return ElementTree.fromstring(graph_svg(GRAPH))


def test_everything_lies_inside(drawn: ElementTree.Element) -> None:
    _, _, width, height = map(float, drawn.attrib["viewBox"].split())
    assert width == WIDTH <= 360
    for box in drawn.iter("rect"):
        x, y, w, h = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
    assert all(float(text.attrib["y"]) <= height for text in drawn.iter("text"))


def test_arrows_end_at_a_box(drawn: ElementTree.Element) -> None:
    boxes = [
        tuple(float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        for box in drawn.iter("rect")
    ]
    heads = [path.attrib["d"] for path in drawn.iter("path") if path.attrib["d"].endswith("Z")]
    assert len(heads) == len(GRAPH.arrows)
    for head in heads:
        x, y = map(float, head.removeprefix("M").split("L")[0].split())
        near = [
            (left, top, w, h)
            for left, top, w, h in boxes
            if left - 2 <= x <= left + w + 2 and top - 2 <= y <= top + h + 2
        ]
        assert len(near) == 1


def test_strokes_tell_what_becomes_of_an_arrow(drawn: ElementTree.Element) -> None:
    shafts = [path for path in drawn.iter("path") if not path.attrib["d"].endswith("Z")]
    dashes = [shaft.attrib.get("stroke-dasharray") for shaft in shafts]
    assert dashes == [None, None, "5 3", "1.5 3"]
    hidden = [box.attrib.get("stroke-dasharray") for box in drawn.iter("rect")]
    assert hidden == [None, "4 3", None, None, None]
    shown = " ".join(text.text or "" for text in drawn.iter("text"))
    assert "dashed arrow: cancels in the difference" in shown
    assert "dotted arrow: assumed to be none (parallel trends)" in shown


def test_a_legend_explains_only_what_is_there() -> None:
    plain = replace(
        GRAPH,
        nodes=tuple(node for node in GRAPH.nodes if node.kind is not Kind.UNOBSERVED),
        arrows=GRAPH.arrows[:2],
    )
    assert "dashed" not in graph_svg(plain)
    assert "dotted" not in graph_svg(plain)


def test_the_words_name_every_node_and_arrow(drawn: ElementTree.Element) -> None:
    assert drawn.attrib["role"] == "img"
    said = drawn.attrib["aria-label"]
    assert said == described(GRAPH)
    assert all(node.name in said for node in GRAPH.nodes)
    assert "cancel in the comparison: unobserved demand to log of window" in said


def test_no_colour_nor_identifier_of_its_own() -> None:
    svg = graph_svg(GRAPH)
    assert not re.search(r'\bid="|url\(|#[0-9a-f]{3}', svg)
    assert not re.search(r'(?:fill|stroke)="', svg)


def test_the_same_bytes_under_another_hash_seed(root: Path) -> None:
    source = (
        "import evaluator, hashlib;"
        "from evaluator.comparisons import planned_rows;"
        "from evaluator.assumptions.graph.questions import graphs;"
        "from evaluator.report.page.graph import graph_svg;"
        "own = evaluator.load_experiment('experiments/itcilo-2022').resolved();"
        "svgs = [graph_svg(graph) for graph in graphs(own, planned_rows(own))];"
        "print(len(svgs), hashlib.sha256(''.join(svgs).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", source],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Kiritimati"))
    }
    assert len(seen) == 1
    assert int(seen.pop().split()[0]) > 8
