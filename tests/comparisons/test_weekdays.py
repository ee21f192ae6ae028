"""One day of each week against the same day of the weeks before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.comparisons import Comparison, planned_rows, weekdays
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.experiment.protocol import Course, Event, Question, Span
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowKey

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
ASKED: dict[str, Any] = {"questions": (Question.WEEKDAYS,), "others": 0}


def compared(resolved: Resolved, course: str = "P") -> dict[str, Comparison]:
    """Weekday → comparison of one course."""
    rows = [row for row in planned_rows(resolved) if row.key.course == course]
    return {
        row.key.arm.removeprefix(weekdays.ARM): row.comparison
        for row in rows
        if isinstance(row.comparison, Comparison)
    }


def test_every_weekday_of_every_course_is_a_row_that_only_describes(small: Small) -> None:
    rows = planned_rows(small(**ASKED))
    assert [(row.key.course, row.key.arm) for row in rows] == [
        (course, f"weekday: {name}") for course in "PQ" for name in weekdays.NAMES
    ]
    assert all(row.descriptive for row in rows)
    assert {row.key.method for row in rows} == {"weekday_its"}


def test_a_weekday_is_its_own_days(small: Small) -> None:
    """Six Wednesdays in the window of six weeks, and those of the reference before."""
    resolved = small(**ASKED)
    wednesday = compared(resolved)["Wednesday"]
    assert wednesday.start.weekday() == 2
    daily = resolved.panel.array("day", course=["P"])
    first = (wednesday.start - resolved.panel.start).days
    np.testing.assert_array_equal(wednesday.treated[0, 0], daily[first::7])
    assert (wednesday.codes == WINDOW).sum() == wednesday.window_weeks == 6
    assert (wednesday.codes == REFERENCE).sum() == wednesday.reference_weeks == 26


def test_a_weekday_shares_its_autocorrelation_with_the_six_others(small: Small) -> None:
    by_day = compared(small(**ASKED))
    starts = {own.start for own in by_day.values()}
    for own in by_day.values():
        assert {companion.start for companion in own.companions} == starts - {own.start}


@pytest.mark.parametrize("raised", [0, 5], ids=["Monday", "Saturday"])
def test_a_lift_on_one_weekday_is_found_on_that_day_alone(small: Small, raised: int) -> None:
    """Without a season or trend the forecast is the mean: ×3 on one weekday, ×1 on the others."""

    def paint(counts: Counts, first: int) -> None:
        rng = np.random.default_rng(5)
        days = np.arange(counts["P"].shape[1])
        noise = np.exp(0.02 * rng.standard_normal(len(days)))
        inside = (days >= first) & (days % 7 == raised)  # the small experiment begins on a Monday
        counts["P"] *= np.where(inside, 3.0, 1.0) * noise

    found = {}
    for row in planned_rows(small(**ASKED, season=False, paint=paint)):
        if row.key.course == "P" and isinstance(row.comparison, Comparison):
            own = estimate(row.comparison, row.key, Setting())
            assert isinstance(own, Estimated)
            found[row.key.arm] = own.effect.lift
    expected = {
        f"weekday: {name}": 3.0 if position == raised else 1.0
        for position, name in enumerate(weekdays.NAMES)
    }
    assert found == pytest.approx(expected, rel=0.05)


def test_declared_days_are_left_out(small: Small) -> None:
    """The week before the window and the window's first: 25 and 5 of each weekday are left."""
    holidays = Event("Holidays", Span(date(2023, 7, 24), date(2023, 8, 6)), left_out=True)
    for own in compared(small(**ASKED, incidents=(holidays,))).values():
        assert (own.reference_weeks, own.window_weeks) == (25, 5)


def test_days_left_out_of_one_course_stay_in_another(small: Small) -> None:
    of_q = Event("Closed", Span(date(2023, 7, 24), date(2023, 7, 30)), ("Q",), left_out=True)
    resolved = small(**ASKED, incidents=(of_q,))
    assert compared(resolved, "P")["Monday"].reference_weeks == 26
    assert compared(resolved, "Q")["Monday"].reference_weeks == 25


def test_a_course_without_history_has_rows_that_say_so(small: Small) -> None:
    opened = Course("P", "New", available_from=date(2023, 7, 31))
    rows = planned_rows(small(**ASKED, courses=(opened,)))
    assert len(rows) == 7
    for row in rows:
        assert isinstance(row.comparison, NotRun)
        assert "no whole week of history" in row.comparison.reason


def test_a_weekday_that_is_mostly_empty_is_refused(small: Small) -> None:
    """A third of the Sundays without anything: their logarithm is none."""
    sunday = compared(small(**ASKED))["Sunday"]
    sparse = sunday.treated.copy()
    sparse[..., ::3] = 0
    own = estimate(
        replace(sunday, treated=sparse), RowKey("", "P", method="weekday_its"), Setting()
    )
    assert isinstance(own, NotRun)
    assert "of the weeks empty" in own.reason


def test_weeks_left_out_are_not_counted_as_empty(small: Small) -> None:
    """Nothing in eight of 32 weeks, which are no part of the comparison."""

    def paint(counts: Counts, first: int) -> None:
        days = np.arange(counts["P"].shape[1])
        counts["P"] *= np.exp(0.02 * np.random.default_rng(6).standard_normal(len(days)))
        counts["P"] *= (days < first - 56) | (days >= first)

    closed = Event("Closed", Span(date(2023, 6, 5), date(2023, 7, 30)), left_out=True)
    for declared, kind in (((closed,), Estimated), ((), NotRun)):
        row = next(iter(planned_rows(small(**ASKED, paint=paint, incidents=declared))))
        assert isinstance(row.comparison, Comparison)
        assert isinstance(estimate(row.comparison, row.key, Setting()), kind)
