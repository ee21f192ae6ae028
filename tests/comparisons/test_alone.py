"""A series with only its own past: on which days, in which words, and never a cause."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.comparisons import ALL, Comparison, Planned, planned_rows
from evaluator.comparisons.design import LEFT_OUT, REFERENCE, WINDOW
from evaluator.comparisons.wording import CAUSED
from evaluator.effects import Estimated, Setting, estimate
from evaluator.effects.series import single_its
from evaluator.experiment.protocol import Course, Event, Question, Span
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
ASKED: dict[str, Any] = {"questions": (Question.PRE_VS_CAMPAIGN,), "others": 0}
BEFORE, AFTER = date(2023, 7, 24), date(2023, 8, 6)
"""The week before the small window, and the end of its first."""


def rows_of(resolved: Resolved, course: str = "P") -> dict[tuple[str, str], Planned]:
    planned = [row for row in planned_rows(resolved) if row.key.course == course]
    return {(row.key.method, row.key.variant): row for row in planned}


def compared(row: Planned) -> Comparison:
    assert isinstance(row.comparison, Comparison)
    return row.comparison


def test_the_series_alone_is_the_headline(small: Small) -> None:
    rows = rows_of(small(**ASKED))
    roles = {key: row.role for key, row in rows.items()}
    assert roles["single_its", "default"] is RowRole.HEADLINE
    assert roles["segmented_newey_west", "default"] is RowRole.ROBUSTNESS
    assert all(row.descriptive for row in rows.values())


def test_no_row_names_a_cause_and_each_says_what_would_have_identified_one(small: Small) -> None:
    for row in planned_rows(small(**ASKED, unit="office")):
        assert row.estimand.wording.up != CAUSED
        assert "some offices drawn by chance to be left out" in row.estimand.not_identified


def test_courses_that_count_unlike_things_are_not_summed(small: Small) -> None:
    """With other courses beside, like ones have a row of their sum and unlike ones have none."""
    unlike = (Course("P", "P", outcome="clicks"), Course("Q", "Q", outcome="shares"))
    asked = {"questions": (Question.PRE_VS_CAMPAIGN,)}
    assert ALL in {row.key.course for row in planned_rows(small(**asked))}
    assert ALL not in {row.key.course for row in planned_rows(small(**asked, courses=unlike))}


def test_each_course_is_said_to_count_its_own(small: Small) -> None:
    unlike = (Course("P", "P", outcome="clicks"), Course("Q", "Q"))
    resolved = small(**ASKED, courses=unlike)
    said = {row.key.course: row.estimand.compares for row in planned_rows(resolved)}
    assert said["P"].startswith("clicks in the window")
    assert said["Q"].startswith("enrolments in the window")


def test_declared_days_are_no_part_of_base_or_window(small: Small) -> None:
    holidays = Event("Holidays", Span(BEFORE, AFTER), left_out=True)
    rows = rows_of(small(**ASKED, incidents=(holidays,)))
    own, whole = (compared(rows["single_its", name]) for name in ("default", "with Holidays"))
    assert (own.reference_weeks, own.window_weeks) == (25, 5)
    assert (whole.reference_weeks, whole.window_weeks) == (26, 6)
    first = (BEFORE - own.start).days
    assert (own.codes[0, first : first + 14] == LEFT_OUT).all()


def test_declared_days_stay_where_other_courses_are_compared(small: Small) -> None:
    holidays = Event("Holidays", Span(BEFORE, AFTER), left_out=True)
    asked = {"questions": (Question.PRE_VS_CAMPAIGN,), "incidents": (holidays,)}
    rows = rows_of(small(**asked))
    assert compared(rows["controlled_its", "default"]).window_weeks == 6
    assert compared(rows["single_its", "default"]).window_weeks == 5


def test_days_that_are_the_whole_window_leave_nothing_to_compare(small: Small) -> None:
    window = small(**ASKED).protocol.window
    closed = Event("Closed", window, left_out=True)
    row = rows_of(small(**ASKED, incidents=(closed,)))["single_its", "default"]
    assert isinstance(row.comparison, NotRun)
    assert row.comparison.reason == "no day of the window is left without “Closed”"


def test_days_inside_the_window_are_not_forecast_over(small: Small) -> None:
    inside = Event("Strike", Span(date(2023, 8, 14), date(2023, 8, 20)), left_out=True)
    row = rows_of(small(**ASKED, incidents=(inside,)))["single_its", "default"]
    refused = estimate(compared(row), row.key, Setting())
    assert isinstance(refused, NotRun)
    assert "left out inside the window" in refused.reason


@pytest.mark.parametrize("lift", [1.0, 2.0])
@pytest.mark.parametrize("cut", [1, 3])
def test_a_week_cut_short_counts_by_what_its_weekdays_bring(
    small: Small, lift: float, cut: int
) -> None:
    """Weekends are 6% of a week here: a last week without some is nearly a whole one."""

    def paint(counts: Counts, first: int) -> None:
        days = np.arange(counts["P"].shape[1])
        noise = np.exp(0.01 * np.random.default_rng(3).standard_normal(len(days)))
        counts["P"] *= np.where(days % 7 >= 5, 0.1, 1.0) * np.where(days >= first, lift, 1) * noise

    resolved = small(**ASKED, season=False, paint=paint)
    window = resolved.protocol.window
    shorter = Span(window.start, window.end - timedelta(cut))
    resolved = replace(resolved, protocol=replace(resolved.protocol, window=shorter))
    row = rows_of(resolved)["single_its", "default"]
    law = single_its(compared(row), Setting())
    assert np.exp(law.log_lift) == pytest.approx(lift, rel=0.01)


def test_a_series_by_day_is_refused(small: Small) -> None:
    row = rows_of(small(**ASKED))["single_its", "default"]
    refused = estimate(replace(compared(row), period_days=1), row.key, Setting())
    assert isinstance(refused, NotRun)
    assert refused.reason.startswith("one series by day")


def test_a_lift_is_found_beside_days_left_out(small: Small) -> None:
    """Half of everything is gone on the days left out: they move no estimate."""

    def paint(counts: Counts, first: int) -> None:
        days = np.arange(counts["P"].shape[1])
        noise = np.exp(0.01 * np.random.default_rng(4).standard_normal(len(days)))
        quiet = (days >= first - 7) & (days < first + 7)
        counts["P"] *= np.where(days >= first, 1.5, 1.0) * np.where(quiet, 0.5, 1.0) * noise

    holidays = Event("Holidays", Span(BEFORE, AFTER), left_out=True)
    rows = rows_of(small(**ASKED, season=False, paint=paint, incidents=(holidays,)))
    row = rows["single_its", "default"]
    own = estimate(compared(row), row.key, Setting())
    assert isinstance(own, Estimated)
    assert own.effect.lift == pytest.approx(1.5, rel=0.01)
    codes = compared(row).codes
    assert ((codes == WINDOW).sum(), (codes == REFERENCE).sum()) == (35, 175)
