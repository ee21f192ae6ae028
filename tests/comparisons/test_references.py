"""The references a row is estimated on, and the waves that assumed dates are moved by."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evaluator.comparisons import Comparison, planned_rows
from evaluator.experiment.protocol import (
    Course,
    Event,
    Reference,
    Span,
    Wave,
)
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole

Small = Callable[..., Resolved]
P, Q = Course("P", "Promoted"), Course("Q", "Also promoted")

LEFT_OUT = "without the largest other course"


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
        fewer = [own.pop(variant) for variant in list(own) if LEFT_OUT in variant]
        assert len(fewer) == (question == "promoted_vs_other")
        assert list(own) == list(expected)
        for variant, planned in own.items():
            assert (planned.role is RowRole.HEADLINE) == (variant == "default")
            told = expected[variant]
            if isinstance(planned.comparison, Comparison):
                assert planned.comparison.reference_weeks == told
            else:
                assert isinstance(told, str)
                assert isinstance(planned.comparison, NotRun)
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
        f"{LEFT_OUT} (O10)": 26,
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
            assert isinstance(planned.comparison, Comparison)
            first = int(planned.comparison.codes[0].argmax()) - resolved.panel.day(start)
            told.append(f"{planned.key.variant}: {first}")
    assert told == expected


def opened(small: Small, code: str, weeks: int) -> Course:
    """A course that opened so many weeks before the window."""
    return Course(code, "Opened", small().protocol.window.start - timedelta(7 * weeks))


def wave(small: Small, course: str, *, channel: str = "ads", **changes: Any) -> Wave:
    """The third week of the window."""
    start = small().protocol.window.start + timedelta(14)
    span = Span(start, start + timedelta(6))
    return Wave("own", channel, (course,), portfolio=False, span=span, **changes)


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
