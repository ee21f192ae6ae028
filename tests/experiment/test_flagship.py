"""The declared facts of the ITCILO experiment add up, and keep to what was published."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from evaluator.experiment import load_protocol
from evaluator.experiment.budget import Budget
from evaluator.experiment.protocol import Protocol, Span, TopCountries

FLAGSHIP = Path(__file__).parents[2] / "experiments/itcilo-2022"


@pytest.fixture(scope="module")
def flagship() -> Protocol:
    return load_protocol(FLAGSHIP)


def test_totals_are_those_published(flagship: Protocol) -> None:
    totals = {course.code: course.published_total or 0 for course in flagship.courses}
    assert sum(totals.values()) == 6085
    assert round(sum(totals.values()) / len(totals)) == 869
    assert flagship.window.days == 84


def test_kpis_are_those_published(flagship: Protocol) -> None:
    reach, engagement = (dict(kpi.by_course) for kpi in flagship.kpis if kpi.by_course)
    assert sum(reach.values()) / len(reach) == pytest.approx(4027.1, abs=0.05)
    assert sum(engagement.values()) / len(engagement) == 130
    enrolments = flagship.kpis[0]
    assert (enrolments.baseline, enrolments.target, enrolments.result) == (114, 570, 869)


@pytest.mark.parametrize(
    ("channel", "bounds"),
    [
        ("facebook_ads", Span(date(2022, 10, 31), date(2022, 11, 29))),
        ("linkedin_ads", Span(date(2022, 12, 7), date(2023, 1, 30))),
    ],
)
def test_each_course_has_one_assumed_week_on_each_paid_network(
    flagship: Protocol, channel: str, bounds: Span
) -> None:
    waves = [wave for wave in flagship.waves if wave.channel == channel]
    assert sorted(code for wave in waves for code in wave.courses) == sorted(
        course.code for course in flagship.courses
    )
    for wave in waves:
        assert wave.assumed
        assert wave.bounds == bounds
        assert wave.budget == Budget(0.5, assumed=True)
        assert bounds.contains(wave.span)
        assert flagship.window.contains(wave.span)
        assert (wave.span.days, wave.span.start.weekday()) == (7, 0)


def test_the_networks_take_the_courses_in_different_orders(flagship: Protocol) -> None:
    """Courses in one order on both, or in reverse, would make networks and weeks one thing."""
    first, second = (
        {wave.courses[0]: wave.span.start for wave in flagship.waves if wave.channel == channel}
        for channel in ("facebook_ads", "linkedin_ads")
    )
    pairs = [(a, b) for a in first for b in first if first[a] < first[b]]
    kept = sum(second[a] < second[b] for a, b in pairs)
    assert 1 / 3 < kept / len(pairs) < 2 / 3


def test_one_organic_post_a_day(flagship: Protocol) -> None:
    posts = [wave for wave in flagship.waves if wave.channel == "organic"]
    days = Counter(wave.span.start for wave in posts)
    assert days == Counter(date(2022, 11, 30) + timedelta(day) for day in range(7))
    assert all(wave.span.days == 1 and wave.assumed for wave in posts)


def test_what_also_promoted_the_other_courses(flagship: Protocol) -> None:
    portfolio = {wave.id: wave for wave in flagship.waves if wave.portfolio}
    assert set(portfolio) == {"portfolio-post", "newsletter", "ecampus-links"}
    assert portfolio["portfolio-post"].span.start == date(2022, 11, 15)
    assert portfolio["newsletter"].span.start == date(2022, 12, 7)
    assert len(portfolio["newsletter"].courses) == 7


def test_both_arms_saw_the_campaign_and_have_the_persona(flagship: Protocol) -> None:
    assert flagship.arms
    assert flagship.arms.rule == TopCountries(10, "map_participants")
    assert flagship.arms.exposed == flagship.arms.persona == ("A", "B")
    assert "§5.4" in flagship.arms.reading
    assert "§5.5" in flagship.arms.reading


def test_history_of_a_course_is_assumed_from_its_status(flagship: Protocol) -> None:
    expected = {
        "existing": (None, False),
        "newly published": (date(2022, 10, 3), True),
        "new": (date(2022, 10, 31), True),
    }
    assert Counter(course.status for course in flagship.courses) == {
        "existing": 2,
        "newly published": 2,
        "new": 3,
    }
    for course in flagship.courses:
        assert (course.available_from, course.assumed) == expected[course.status]


def test_is_read_without_heavy_libraries() -> None:
    """What keeps `validate` quick: none of these is needed to read a valid file."""
    program = (
        "import sys; from evaluator.experiment import load_protocol; load_protocol(sys.argv[1])\n"
        "print({'numpy', 'pandas', 'scipy', 'ibis', 'tree_sitter'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program, str(FLAGSHIP)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
