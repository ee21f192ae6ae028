"""Which rows a declaration asks for, on the small experiment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.experiment.protocol import (
    Course,
    Event,
    Question,
    Reference,
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


# course, declared reference, weeks a previous campaign ended before the window
# → variant: weeks of the reference, or what is said instead
SENSITIVITIES: dict[str, tuple[int | None, Reference, int | None, dict[str, int | str]]] = {
    "as declared": (
        None,
        Reference(8, (4, None)),
        None,
        {"default": 8, "reference: last 4 weeks": 4, "reference: all history": 30},
    ),
    "weeks that a course does not have": (
        10,
        Reference(8, (12, None)),
        None,
        {
            "default": 8,
            "reference: last 12 weeks": 10,
            "reference: all history": "the same weeks as “reference: last 12 weeks”",
        },
    ),
    "a previous campaign in the reference": (
        None,
        Reference(8, ()),
        3,
        {"default": 8, "reference: without the previous campaign": 3},
    ),
    "what is left is another sensitivity": (
        None,
        Reference(8, (4,)),
        4,
        {
            "default": 8,
            "reference: last 4 weeks": 4,
            "reference: without the previous campaign": "the same weeks as “reference: last 4",
        },
    ),
    "a previous campaign before the reference": (
        None,
        Reference(8, ()),
        9,
        {
            "default": 8,
            "reference: without the previous campaign": "the same weeks as “default”",
        },
    ),
}


@pytest.mark.parametrize(
    ("weeks", "reference", "ended", "expected"), SENSITIVITIES.values(), ids=SENSITIVITIES
)
def test_references(
    small: Small,
    weeks: int | None,
    reference: Reference,
    ended: int | None,
    expected: dict[str, int | str],
) -> None:
    """Every declared reference is a row; one that coincides with another says with which."""
    course = P if weeks is None else opened(small, "P", weeks)
    events: tuple[Event, ...] = ()
    if ended is not None:
        last = small().protocol.window.start - timedelta(7 * ended + 1)
        events = (Event("Before", Span(last - timedelta(60), last)),)
    resolved = small(courses=(course,), reference=reference, previous_campaigns=events)
    for question, method in (
        ("promoted_vs_other", "size_adjusted_ratio"),
        ("a_vs_b", "arms_wider"),
    ):
        rows = [p for p in planned_rows(resolved) if p.key.question == question]
        own = {p.key.variant: p for p in rows if p.key.course == "P" and p.key.method == method}
        assert list(own) == list(expected)
        for variant, planned in own.items():
            assert (planned.role is RowRole.HEADLINE) == (variant == "default")
            told = expected[variant]
            if isinstance(planned.comparison, Comparison):
                assert planned.comparison.reference_weeks == told
            else:
                assert isinstance(told, str)
                assert planned.comparison.reason.startswith(told)


def test_the_series_loses_weeks_of_a_previous_campaign_wherever_they_lie(small: Small) -> None:
    """Weeks 10 to 13 before the window are cut out of the 26; ten of history's 30 lie further."""
    start = small().protocol.window.start
    event = Event("Before", Span(start - timedelta(91), start - timedelta(64)))
    resolved = small(courses=(P,), previous_campaigns=(event,))
    own = comparisons(resolved, course="P", method="controlled_its")
    weeks = {variant: built.reference_weeks for (_, variant), built in own.items()}
    assert weeks == {
        "default": 26,
        "with a trend": 26,
        "reference: last 8 weeks": 8,
        "reference: all history": 30,
        "reference: without the previous campaign": 22,
    }


def test_a_previous_campaign_as_long_as_the_reference_leaves_nothing(small: Small) -> None:
    start = small().protocol.window.start
    event = Event("Before", Span(start - timedelta(300), start - timedelta(1)))
    rows = planned_rows(small(courses=(P,), previous_campaigns=(event,)))
    reasons = {
        planned.key.question: planned.comparison.reason
        for planned in rows
        if planned.key.variant == "reference: without the previous campaign"
        and isinstance(planned.comparison, NotRun)
        and planned.key.course == "P"
    }
    assert "no reference week lies outside the previous campaign" in reasons["pre_vs_campaign"]
    assert set(reasons) == {"promoted_vs_other", "a_vs_b", "pre_vs_campaign"}


# published bounds of the wave (days after the window's first) → rows: default, −1 week, +1 week
BOUNDS: dict[str, tuple[bool, tuple[int, int] | None, list[str]]] = {
    "a published date is not moved": (False, None, ["default: 14"]),
    "an assumed one is, inside the window": (
        True,
        None,
        ["default: 14", "waves -1 week: 7", "waves +1 week: 21"],
    ),
    "and inside what is published": (
        True,
        (14, 27),
        ["default: 14", "waves -1 week: refused", "waves +1 week: 21"],
    ),
    "which may leave no room": (
        True,
        (14, 20),
        ["default: 14", "waves -1 week: refused", "waves +1 week: refused"],
    ),
}


@pytest.mark.parametrize(("assumed", "bounds", "expected"), BOUNDS.values(), ids=BOUNDS)
def test_assumed_waves_are_moved(
    small: Small, assumed: bool, bounds: tuple[int, int] | None, expected: list[str]
) -> None:
    start = small().protocol.window.start
    span = Span(*(start + timedelta(day) for day in bounds)) if bounds else None
    own = wave(small, "W", assumed=assumed, bounds=span)
    resolved = small(courses=(opened(small, "W", 0),), waves=(own,))
    rows = [p for p in planned_rows(resolved) if p.key.method == "within_campaign"]
    told = []
    for planned in rows:
        if isinstance(planned.comparison, NotRun):
            assert "lies outside what is published" in planned.comparison.reason
            told.append(f"{planned.key.variant}: refused")
        else:
            first = int(planned.comparison.codes[0].argmax()) - resolved.panel.day(start)
            told.append(f"{planned.key.variant}: {first}")
    assert told == expected


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
