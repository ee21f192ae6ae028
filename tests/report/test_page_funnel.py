"""Funnels, decay and specification curves: what is drawn, and what is said of it."""

import re
from dataclasses import replace
from typing import Any

import pytest

from evaluator import Result
from evaluator.evaluation import Evaluation
from evaluator.report.page import to_html
from evaluator.report.page.choices import choices
from evaluator.report.page.curve import curves
from evaluator.report.page.funnel import decays, funnels
from evaluator.report.to_json import to_dict


def stage(name: str, count: float | None, **other: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("of", "share", "low", "high"))
    return {"stage": name, "unit": "people", "count": count, "of_stage": "", **empty, **other}


FUNNEL = {
    "channel": "ads",
    "stages": [
        stage("awareness", 10_000.0),
        stage("engagement", None),
        stage("acquisition", 100.0, share=0.01, of_stage="awareness"),
        stage("enrolment", 10.0, share=0.1, low=0.055, high=0.174, of_stage="acquisition"),
    ],
}
SILENT = {"channel": "page", "stages": [stage("awareness", None)]}


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_channel_of_which_nothing_is_counted_has_no_panel() -> None:
    assert [panel.title for panel in funnels([FUNNEL, SILENT])] == ["ads"]


def test_bars_are_as_long_as_the_logarithm_of_their_counts() -> None:
    """10,000 fills the axis; 100 half of it, 10 a quarter; what is not counted has no bar."""
    (panel,) = funnels([FUNNEL])
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', panel.drawing)]
    assert [width / widths[0] for width in widths] == pytest.approx([1, 1 / 2, 1 / 4], abs=0.002)


def test_a_share_has_its_interval_where_there_is_one() -> None:
    (panel,) = funnels([FUNNEL])
    shown = texts(panel.drawing)
    assert {"10,000", "1.0%", "10.0% [5.5; 17.4]", "not counted"} <= set(shown)
    assert panel.finding == (
        "awareness 10,000 people; engagement not counted; acquisition 100 people, 1.0% of"
        " awareness; enrolment 10 people, 10.0% [5.5; 17.4] of acquisition"
    )


def test_decay_is_said_week_by_week() -> None:
    week = {"week": 0, "lift": 3.0, "lift_low": 2.0, "lift_high": 4.5, "reason": ""}
    refused = {**dict.fromkeys(week), "week": 1, "reason": "no such week"}
    (panel,) = decays([{"channel": "ads", "weeks": [week, refused]}])
    assert panel.finding == "in the wave ×3.00 [2.00; 4.50]; week after refused: no such week"


def test_a_curve_goes_from_least_to_most_and_says_what_it_hangs_on(flagship: Result) -> None:
    evaluation = flagship.evaluation
    results = to_dict(evaluation)
    tables = choices(evaluation.rows, results["rows"])
    drawn = curves(tables, results["specifications"])
    first = drawn[0]
    assert first.title == "Promoted courses against other courses: all"
    lifts = [float(lift) for lift in re.findall(r"×([\d.]+) ", first.finding)]
    decides, least, most = lifts[0], lifts[1], lifts[2]
    assert least < decides < most
    own = tables["promoted_vs_other"]
    specified = 1 + next(n for n, choice in enumerate(own[1:]) if choice.headline)
    records = [choice.record for choice in own[:specified]]
    clear = sum(not record["lift_low"] <= 1 <= record["lift_high"] for record in records)
    assert 0 < clear < specified
    assert first.finding.endswith(f"excludes ×1 in {clear} of {specified}")
    dots = re.findall(r'<path d="([^"]+)"[^>]*linecap', first.drawing)
    heights = [
        (float(x), float(y)) for d in dots for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", d)
    ]
    assert len(heights) == specified
    assert [y for _, y in sorted(heights)] == sorted((y for _, y in heights), reverse=True)


def test_few_choices_make_no_curve(evaluation: Evaluation) -> None:
    results = to_dict(evaluation)
    assert curves(choices(evaluation.rows, results["rows"]), results["specifications"]) == ()


def test_a_page_without_channels_has_no_funnel(flagship: Result) -> None:
    with_it = to_html(flagship.evaluation)
    without = to_html(replace(flagship.evaluation, funnel=(), decay=()))
    for part in ('id="funnel"', "data-funnel", "Decay: in the wave"):
        assert part in with_it
        assert part not in without
