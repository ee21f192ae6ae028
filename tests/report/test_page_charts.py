"""Drawings: what is drawn where, in the page's own colours, and nothing that could collide."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from evaluator.evaluation import Evaluation
from evaluator.experiment.protocol import Channel, Protocol, Span, Wave
from evaluator.report.page.forest import Mark, forests
from evaluator.report.page.rendering import TEMPLATES
from evaluator.report.page.weekly import shown_days, weekly

MARKS = (
    Mark("all", 2.0, "×2.00", (1.6, 2.5)),
    Mark("NEW", None, "refused"),
    Mark("OLD", 1.5, "×1.50", (0.9, 2.5), (0.01, 40.0), beside=1.2),
    Mark("LATE", 0.8, "×0.80", (0.4, 1.6), hollow=True),
)
ARROWS = "◂▸"
NAMES = ("course", "arm")
"""Of a series, whose other columns have a value a period."""


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_forest_keeps_its_order_and_says_every_number() -> None:
    (svg,) = forests([MARKS])
    shown = [text for text in texts(svg) if text in {mark.label for mark in MARKS}]
    assert shown == ["all", "NEW", "OLD", "LATE"]
    assert [t for t in texts(svg) if t in {m.shown for m in MARKS}] == [m.shown for m in MARKS]


def test_an_interval_that_goes_on_ends_in_an_arrow() -> None:
    """At 1/8 and at 16; the others, and the panel beside, end where they end."""
    with_arrows, without = forests([MARKS, MARKS[:2]])
    assert [text for text in texts(with_arrows) if text in ARROWS] == list(ARROWS)
    assert not any(text in ARROWS for text in texts(without))


def test_panels_share_their_axis() -> None:
    """Ticks have no decimals that say nothing; numbers beside the points have two."""
    for svg in forests([MARKS, MARKS[:2]]):
        ticks = [text for text in texts(svg) if re.fullmatch(r"×(0\.25|\d+)", text)]
        assert ticks == ["×0.25", "×1", "×4", "×16"]


def test_coverage_stands_beside_where_it_was_measured() -> None:
    covered, plain = forests([[replace(MARKS[0], coverage=".95"), MARKS[1]], MARKS[:2]])
    assert [t for t in texts(covered) if t in ("coverage", ".95")] == ["coverage", ".95"]
    assert "coverage" not in texts(plain)


def test_ticks_are_as_many_as_there_is_room_for() -> None:
    labels = "a", "a very long label of a line"
    wide, narrow = (
        [t for t in texts(forests([[Mark(label, 1.0, "", (0.2, 15.0))]])[0]) if "×" in t]
        for label in labels
    )
    assert len(narrow) < len(wide)


def test_no_panel_needs_no_renderer() -> None:
    assert forests([]) == []


@pytest.fixture
def protocol(evaluation: Evaluation) -> Protocol:
    """A dated wave of OLD, an assumed one, one of another course, one of the whole portfolio."""
    week = Span(date(2022, 1, 10), date(2022, 1, 16))
    waves = (
        Wave("a", "ads", ("OLD",), False, week),
        Wave("b", "posts", ("OLD",), False, week.shifted(14), assumed=True),
        Wave("c", "ads", ("NEW",), False, week.shifted(28)),
        Wave("d", "mail", (), True, week.shifted(35)),
    )
    kinds = {"ads": "paid", "posts": "organic", "mail": "email"}
    channels = tuple(Channel(name, kind) for name, kind in kinds.items())
    return replace(evaluation.protocol, channels=channels, waves=waves)


@pytest.fixture
def series() -> dict[str, Any]:
    """Twelve weeks, of which six in the window."""
    starts = [date.fromordinal(date(2021, 11, 22).toordinal() + 7 * week) for week in range(12)]
    rising = [float(week) for week in range(12)]
    return {
        "course": "OLD",
        "arm": "all",
        "start": [start.isoformat() for start in starts],
        "days": [7] * 12,
        "after": [False] * 12,
        "window": [week >= 6 for week in range(12)],
        **dict.fromkeys(("observed", "beside", "counterfactual", "low", "high"), rising),
    }


def test_waves_stand_under_the_axis_and_assumed_dates_are_hatched(
    series: dict[str, Any], protocol: Protocol
) -> None:
    (svg,) = weekly([series], protocol)
    assert [text for text in texts(svg) if text in ("ads", "posts", "mail")] == [
        "ads",
        "posts",
        "mail",
    ]
    bars = re.findall(r'<rect[^>]*class="(\w+ \w+)"', svg)
    assert bars == ["fa sa", "fk sm", "fm sm"]


@pytest.mark.parametrize(
    ("first", "shown"),
    [("2001-01-01", date(2021, 7, 5)), ("2021-11-01", date(2021, 11, 1))],
    ids=["the 26 weeks of the reference", "what there is"],
)
def test_no_more_weeks_are_shown_than_say_something(
    series: dict[str, Any], protocol: Protocol, first: str, shown: date
) -> None:
    longer = {**series, "start": [first, *series["start"][1:]]}
    assert shown_days([series, longer], protocol) == Span(shown, protocol.window.end)


def test_weeks_before_those_shown_are_left_out(series: dict[str, Any], protocol: Protocol) -> None:
    longer = {name: [value[0], *value] for name, value in series.items() if name not in NAMES}
    early = {**series, **longer, "start": ["2001-01-01", *series["start"]]}
    for svg in weekly([series, early], protocol):
        (observed,) = re.findall(r'<path d="([^"]+)" class="si"', svg)
        assert len(re.findall("[ML]", observed)) == 12


def test_the_weeks_after_the_window_are_drawn_and_not_shaded(
    series: dict[str, Any], protocol: Protocol
) -> None:
    """A week of five days behind a window of twelve weeks; what was expected there is not known."""
    longer = {name: [*value, value[-1]] for name, value in series.items() if name not in NAMES}
    start = protocol.window.end.toordinal() + 1
    followed = {
        **series,
        **longer,
        "start": [*series["start"], date.fromordinal(start).isoformat()],
        "days": [*series["days"], 5],
        "window": [*series["window"], False],
        "after": [*series["after"], True],
        "counterfactual": [*series["counterfactual"], None],
        "high": [*series["high"], None],
    }
    assert shown_days([followed], protocol).end == date.fromordinal(start + 4)
    (before,), (svg,) = weekly([series], protocol), weekly([followed], protocol)
    assert ends(svg) < ends(before)
    observed, expected = (
        re.findall(rf'<path d="([^"]+)" class="{tone}"', svg)[0] for tone in ("si", "sa")
    )
    assert len(re.findall("[ML]", observed)) == len(re.findall("[ML]", expected)) + 1


def ends(svg: str) -> float:
    """Where the shading of the window does."""
    shaded = re.search(r'<rect x="([\d.]+)"[^>]* width="([\d.]+)"[^>]*class="fw"', svg)
    assert shaded
    return sum(map(float, shaded.groups()))


def test_arm_b_stands_beside_arm_a_alone(series: dict[str, Any], protocol: Protocol) -> None:
    """What the other courses had is on another scale."""
    alone, beside = weekly([series, {**series, "arm": "A"}], protocol)
    assert beside.count('class="sm"') == alone.count('class="sm"') + 1


def test_the_window_is_shaded_from_its_first_day_to_its_last(
    series: dict[str, Any], protocol: Protocol
) -> None:
    """84 days after the 42 that the series has, all 286 pixels wide, after an axis of 38."""
    (svg,) = weekly([series], protocol)
    shaded = re.search(r'<rect x="([\d.]+)"[^>]* width="([\d.]+)"[^>]*class="fw"', svg)
    assert shaded
    assert [float(number) for number in shaded.groups()] == pytest.approx(
        [38 + 286 / 3, 286 * 2 / 3], abs=0.05
    )


def test_months_are_named_and_january_has_its_year(
    series: dict[str, Any], protocol: Protocol
) -> None:
    """Six weeks from 22 Nov 2021, then twelve."""
    (svg,) = weekly([series], protocol)
    months = [label for label in texts(svg) if re.fullmatch(r"[A-Z][a-z]{2}|\d{4}", label)]
    assert months == ["Dec", "Jan", "2022", "Feb", "Mar"]


def test_drawings_can_stand_on_one_page(series: dict[str, Any], protocol: Protocol) -> None:
    """No identifiers, and no colours but the page's tones, each of which it defines."""
    style = (TEMPLATES / "page.css").read_text("utf-8")
    for svg in (*forests([MARKS]), *weekly([series], protocol)):
        assert not re.search(r'\b(id|clip-path|href|style|fill|stroke)="', svg)
        for tone in " ".join(re.findall(r'class="([^"]+)"', svg)).split():
            assert f".{tone} {{" in style
