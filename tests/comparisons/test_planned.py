"""Which rows a declaration asks for, on the small experiment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.experiment.protocol import (
    Course,
    Question,
    Span,
    Wave,
)
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole

Small = Callable[..., Resolved]
P, Q = Course("P", "Promoted"), Course("Q", "Also promoted")


def headline(planned: Planned) -> str:
    """One line: the row, and what it says at once where it is not simply estimated."""
    key = planned.key
    about = [key.question, key.course, *(x for x in (key.channel, key.arm) if x != "all")]
    if isinstance(planned.comparison, NotRun):
        said = f": {planned.comparison.reason.split(':')[0]}"
    else:
        said = ": descriptive" if planned.descriptive else ""
    return f"{' '.join(about)} · {key.method}{said}"


def opened(small: Small, code: str, weeks: int) -> Course:
    """A course that opened so many weeks before the window."""
    return Course(code, "Opened", small().protocol.window.start - timedelta(7 * weeks))


def test_existing_courses_get_every_question(small: Small) -> None:
    assert headlines(small()) == [
        "promoted_vs_other all · these_courses",
        "promoted_vs_other P · size_adjusted_ratio",
        "promoted_vs_other Q · size_adjusted_ratio",
        "a_vs_b all A · triple_difference",
        "a_vs_b P A · arms_wider",
        "a_vs_b Q A · arms_wider",
        "pre_vs_campaign all · controlled_its",
        "pre_vs_campaign P · controlled_its",
        "pre_vs_campaign Q · controlled_its",
    ]


def test_a_course_opened_during_the_reference_is_described(small: Small) -> None:
    """Its launch reaches both arms, so those are compared; it is in no pooled headline."""
    resolved = small(courses=(P, opened(small, "N", 4)))
    assert headlines(resolved) == [
        "promoted_vs_other all · these_courses",
        "promoted_vs_other P · size_adjusted_ratio",
        "promoted_vs_other N · size_adjusted_ratio: descriptive",
        "a_vs_b all A · triple_difference",
        "a_vs_b P A · arms_wider",
        "a_vs_b N A · arms_wider",
        "pre_vs_campaign P · controlled_its",
        "pre_vs_campaign N · controlled_its: descriptive",
    ]
    pooled = comparisons(resolved, course="all")
    for question in ("promoted_vs_other", "a_vs_b"):
        assert pooled[question, "default"].series == ("P",)
        assert pooled[question, "with courses opened in the reference"].series == ("P", "N")


def test_a_course_opened_long_before_the_window_is_estimated(small: Small) -> None:
    """Half a year after it opened, a launch has decayed."""
    for weeks, descriptive in ((25, True), (26, False)):
        rows = headlines(small(courses=(P, opened(small, "N", weeks))))
        own = "promoted_vs_other N · size_adjusted_ratio"
        assert (f"{own}: descriptive" in rows, own in rows) == (descriptive, not descriptive)


def test_sums_without_one_course_are_described_while_they_hold_a_launch(small: Small) -> None:
    """N opened within half a year, but before the reference: it is in the sum of all."""
    resolved = small(courses=(P, Q, opened(small, "N", 20)))
    described = {
        planned.key.variant: planned.descriptive
        for planned in planned_rows(resolved)
        if planned.key.method == "controlled_its" and planned.key.variant.startswith("without ")
    }
    assert [described[f"without {course}"] for course in "PQN"] == [True, True, False]


def test_a_course_without_history_is_compared_within_the_campaign(small: Small) -> None:
    resolved = small(courses=(P, opened(small, "W", 0)), waves=(wave(small, "W"),))
    assert [row for row in headlines(resolved) if " W" in row] == [
        "promoted_vs_other W · size_adjusted_ratio: no whole week of history",
        "a_vs_b W A · arms_wider: no whole week of history",
        "pre_vs_campaign W · controlled_its: no whole week of history",
        "within_campaign W ads · within_campaign: descriptive",
        "within_campaign W ads A · arms_within_campaign: descriptive",
    ]


@pytest.mark.parametrize("channel", ["posts", None], ids=["only an organic wave", "no wave"])
def test_a_course_without_history_and_paid_wave_says_so(small: Small, channel: str | None) -> None:
    waves = (wave(small, "W", channel=channel),) if channel else ()
    resolved = small(courses=(P, opened(small, "W", 0)), waves=waves)
    assert headlines(resolved)[-1] == (
        "within_campaign W · within_campaign: no history, and no paid wave of its own to compare"
        " with other weeks"
    )


def test_a_course_with_its_own_deadlines_is_not_compared_with_the_others(small: Small) -> None:
    resolved = small(courses=(P, Course("Q", "Own calendar", own_deadlines=True)))
    assert [row for row in headlines(resolved) if " Q" in row] == [
        "promoted_vs_other Q · size_adjusted_ratio: a deadline calendar of its own",
        "a_vs_b Q A · arms_wider",
        "pre_vs_campaign Q · controlled_its: a deadline calendar of its own",
    ]
    assert comparisons(resolved, course="all")["promoted_vs_other", "default"].series == ("P",)


def test_without_arms_nothing_is_said_of_arms(small: Small) -> None:
    questions = (Question.PROMOTED_VS_OTHER, Question.PRE_VS_CAMPAIGN)
    resolved = small(
        arms=None,
        questions=questions,
        courses=(P, opened(small, "W", 0)),
        waves=(wave(small, "W"),),
    )
    assert all(planned.key.arm == "all" for planned in planned_rows(resolved))
    assert headlines(resolved)[-1] == "within_campaign W ads · within_campaign: descriptive"


def test_without_other_courses_nothing_controls_for_the_calendar(small: Small) -> None:
    """Arms are summed instead of differenced, and the single series is all there is before."""
    rows = headlines(small(others=0))
    assert [row for row in rows if row.startswith(("a_vs_b all", "pre_vs"))] == [
        "a_vs_b all A · arms_wider_summed",
        "pre_vs_campaign P · single_its: descriptive",
        "pre_vs_campaign Q · single_its: descriptive",
    ]
    methods = {planned.key.method for planned in planned_rows(small(others=0))}
    assert not methods & {"triple_difference", "controlled_its", "level_shift"}


def test_one_promoted_course_is_its_own_pool(small: Small) -> None:
    assert headlines(small(courses=(P,))) == [
        "promoted_vs_other all · these_courses",
        "promoted_vs_other P · size_adjusted_ratio",
        "a_vs_b P A · arms_wider",
        "pre_vs_campaign P · controlled_its",
    ]


@pytest.mark.parametrize("question", list(Question)[:3])
def test_only_declared_questions_are_answered(small: Small, question: Question) -> None:
    rows = planned_rows(small(questions=(question,)))
    assert {planned.key.question for planned in rows} == {question.value}


def wave(small: Small, course: str, *, channel: str = "ads", **changes: Any) -> Wave:
    """The third week of the window."""
    start = small().protocol.window.start + timedelta(14)
    span = Span(start, start + timedelta(6))
    return Wave("own", channel, (course,), portfolio=False, span=span, **changes)


def headlines(resolved: Resolved) -> list[str]:
    return [headline(p) for p in planned_rows(resolved) if p.role is RowRole.HEADLINE]


def comparisons(
    resolved: Resolved, *, course: str, method: str = ""
) -> dict[tuple[str, str], Comparison]:
    """(question, variant) → comparison of the first method, or of the one named."""
    found: dict[tuple[str, str], Comparison] = {}
    for planned in planned_rows(resolved):
        key, built = planned.key, planned.comparison
        if key.course == course and isinstance(built, Comparison) and method in ("", key.method):
            found.setdefault((key.question, key.variant), built)
    return found
