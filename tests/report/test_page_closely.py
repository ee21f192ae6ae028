"""Figures of rows that were looked at closely: what is drawn where, and what they say."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evaluator.evaluation import Evaluation
from evaluator.report.page import to_html
from evaluator.report.page.among import among
from evaluator.report.page.closely import bounded, closely, event_study
from evaluator.report.page.svg import Axis, text, ticks
from evaluator.report.to_json import to_dict
from evaluator.results import Evidence, Row, RowRole

TONES = {"fi", "si", "sm", "sl", "fw", "sa", "b", "e"}


@pytest.fixture
def looked_at(evaluation: Evaluation, believed: Row) -> Evaluation:
    return replace(evaluation, rows=(believed,))


@pytest.fixture
def evidence(looked_at: Evaluation) -> dict[str, Any]:
    own: dict[str, Any] = to_dict(looked_at)["rows"][0]["evidence"]
    return own


def paths(svg: str, colour: str) -> list[str]:
    return re.findall(rf'<path d="([^"]+)" class="s{colour[0]}"', svg)


def said(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_an_axis_ends_where_it_ends() -> None:
    """×2 is half way from ×1 to ×4; what lies beyond is drawn at the end."""
    axis = Axis(1.0, 4.0, 0.0, 100.0, log=True)
    assert [axis.at(lift) for lift in (1.0, 2.0, 4.0, 0.0, math.inf)] == [0, 50, 100, 0, 100]
    assert Axis(-2, 2, 100, 0).at(1) == 25


@pytest.mark.parametrize(
    ("ends", "shown"),
    [
        ((0.5, 4), [0.5, 1, 2, 4]),
        ((1 / 8, 16), [0.25, 1, 4, 16]),
        ((0.8, 1.25), [0.8, 1, 1.25]),
    ],
)
def test_ticks_are_few_and_round(ends: tuple[float, float], shown: list[float]) -> None:
    assert list(ticks(Axis(*ends, 0, 1, log=True))) == shown


def test_text_is_escaped() -> None:
    assert "&lt;b&gt;" in text((0, 0), "<b>")


def test_every_week_is_drawn_once_in_its_colour(evidence: dict[str, Any]) -> None:
    """Eight weeks before the window, four in it: each two intervals and a point."""
    svg = event_study(evidence["event_study"])
    assert [len(re.findall("M", d)) for d in paths(svg, "accent")] == [4, 4]
    assert [len(re.findall("M", d)) for d in paths(svg, "muted")][1:] == [8, 8]
    assert [len(re.findall("h0", d)) for d in paths(svg, "ink")] == [8, 4]
    assert [label for label in said(svg) if not label.startswith("×")] == [
        "−8",
        "−4",
        "0",
        "weeks from the first of the window",
    ]


def test_a_row_stands_among_its_placebos(evidence: dict[str, Any]) -> None:
    """20 placebos over two strips; the lift ×2 lies right of all of them."""
    svg = among("OLD", {**evidence, "without": []}, 2.0).drawing
    (own,) = paths(svg, "accent")
    at = float(re.findall(r"M([\d.]+)", own)[0])
    bars = [float(x) for d in paths(svg, "muted")[:4:2] for x in re.findall(r"M([\d.]+)", d)]
    assert max(bars) < at
    assert "this row ×2.00" in said(svg)
    assert "in space, p .048" in said(svg)
    assert "in time, p .040" in said(svg)


def test_what_the_estimate_hangs_on_is_named(evidence: dict[str, Any]) -> None:
    """×2 here; without one of the other courses ×1.65, without one week ×2.23."""
    panel = among("OLD", {**evidence, "placebos": []}, 2.0)
    assert panel.title == "OLD: one left out"
    assert panel.finding == "without one course ×1.65 (OTHER); without one week ×2.23 (3 Jan 2022)"
    (own,) = paths(panel.drawing, "accent")
    here = float(re.findall(r"M([\d.]+)", own)[0])
    course, week = (float(d.split()[0][1:]) for d in paths(panel.drawing, "ink"))
    assert course < here < week


def test_a_breakdown_is_marked_where_it_lies_on_the_axis(evidence: dict[str, Any]) -> None:
    relative, smooth = evidence["bounds"]
    assert bounded([relative]).count("stroke-dasharray") == 1
    assert bounded([smooth]).count("stroke-dasharray") == 0
    assert bounded([relative, smooth]).count("<path") == bounded([smooth]).count("<path") + 2


def test_only_the_page_has_colours(evidence: dict[str, Any]) -> None:
    drawn = (
        event_study(evidence["event_study"]),
        among("OLD", evidence, 2.0).drawing,
        bounded(evidence["bounds"]),
    )
    for svg in drawn:
        assert set(" ".join(re.findall(r'class="([^"]+)"', svg)).split()) <= TONES
        assert not re.search(r'(?:fill|stroke)="', svg)
        assert len(svg) < 4000


def test_what_is_found_is_said_to_those_who_do_not_see_it(looked_at: Evaluation) -> None:
    records = to_dict(looked_at)["rows"]
    ((one,),) = closely(looked_at.rows, records).values()
    assert [panel.finding for panel in one.panels] == [
        "before the window no week off ×1 by the simultaneous bands (p .900); its trend 0.1% a"
        " week [−1.0%; 1.2%]; one of 5.0% a week would overturn the result, noticed with"
        " probability .83",
        "in space, from ×0.83 to ×1.21, where nothing was promoted; here ×2.01: p .048; in time,"
        " from ×0.83 to ×1.21, where nothing was promoted; here ×2.01: p .040; without one course"
        " ×1.65 (OTHER); without one week ×2.23 (3 Jan 2022)",
        "relative magnitudes, by size 0: [1.65; 2.46] to 2: [0.74; 5.47]; no effect inside: from"
        " 1.40 on; smoothness, by size 0: [1.65; 2.46] to 2: [1.35; 3.00]; no effect inside: never",
    ]


def test_a_week_that_departs_is_named(looked_at: Evaluation, evidence: dict[str, Any]) -> None:
    week = evidence["event_study"]["weeks"][2]
    week.update(lift_low_sim=1.1, lift_high_sim=1.4)
    record = {**to_dict(looked_at)["rows"][0], "evidence": evidence}
    ((one,),) = closely(looked_at.rows, [record]).values()
    assert one.panels[0].finding.startswith("before the window week −6 off ×1 by")


def test_rows_without_evidence_or_about_other_outcomes_have_no_figures(
    looked_at: Evaluation, believed: Row, make_row: Callable[..., Row]
) -> None:
    other = replace(believed, key=replace(believed.key, question="secondary: new learners"))
    varied = replace(believed, role=RowRole.SENSITIVITY)
    rows = (make_row(), other, varied)
    assert closely(rows, to_dict(replace(looked_at, rows=rows))["rows"]) == {}


def test_the_page_says_how_much_to_believe(looked_at: Evaluation, believed: Row) -> None:
    """Coverage and what is wider beside the interval, and the figures; else none of it."""
    page = " ".join(to_html(looked_at).split())
    plain = replace(believed, coverage=None, coverage_se=None, evidence=Evidence(), beside=())
    without = to_html(replace(looked_at, rows=(replace(plain, breakdown=None),)))
    for shown in (
        'data-label="coverage">.95 ± .01<',
        "wider beside (a verdict holds in these too): OLD [1.44; 2.81]",
        "OLD: should trends differ",
        "the interval covers 94.6% ± 1.2 of 1,000 placebo campaigns",
    ):
        assert shown in page
        assert shown not in without
