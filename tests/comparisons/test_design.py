"""What every day of a comparison is, and the bins a series is cut into."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import numpy as np
import pytest

from evaluator.comparisons import Comparison, arms, promoted
from evaluator.comparisons.arms import membership
from evaluator.comparisons.design import EARLIER, LEFT_OUT, REFERENCE, WINDOW, coded_days
from evaluator.comparisons.periods import periods_of
from evaluator.comparisons.within import campaign_codes
from evaluator.experiment.protocol import Course, Span
from evaluator.panel import Array
from evaluator.resolve import Resolved
from evaluator.results import Estimand

Small = Callable[..., Resolved]
LETTERS = {WINDOW: "W", REFERENCE: "R", EARLIER: "E", LEFT_OUT: "-"}
NOTHING = Estimand("", "", "")


def runs(codes: np.ndarray) -> str:
    """Codes as days of each kind in turn: `E154 R56 W42`."""
    return " ".join(f"{LETTERS[int(code)]}{len(list(days))}" for code, days in groupby(codes))


# weeks before the window the course opened, weeks of the reference, days left out before the window
CODES: dict[str, tuple[int | None, int | None, tuple[int, int] | None, str]] = {
    "eight weeks": (None, 8, None, "E154 R56 W42"),
    "all of history": (None, None, None, "R210 W42"),
    "opened in the reference": (4, 8, None, "-182 R28 W42"),
    "opened before the reference": (12, 8, None, "-126 E28 R56 W42"),
    "opened with the window": (0, 8, None, "-210 W42"),
    "days left out of the reference": (None, 8, (28, 22), "E154 R28 -7 R21 W42"),
    "days left out of history": (None, 8, (70, 64), "E140 -7 E7 R56 W42"),
}


@pytest.mark.parametrize(("opened", "weeks", "left_out", "expected"), CODES.values(), ids=CODES)
def test_codes(
    small: Small,
    opened: int | None,
    weeks: int | None,
    left_out: tuple[int, int] | None,
    expected: str,
) -> None:
    start = small().protocol.window.start
    day = None if opened is None else start - timedelta(7 * opened)
    resolved = small(courses=(Course("P", "Promoted", day),))
    spans = [Span(*(start - timedelta(days) for days in left_out))] if left_out else []
    assert runs(coded_days(resolved, "P", resolved.reference("P", weeks), spans)) == expected


def test_days_after_the_window_are_not_used(small: Small) -> None:
    whole = small()
    window = Span(whole.protocol.window.start, whole.protocol.window.end - timedelta(7))
    earlier = replace(whole, protocol=replace(whole.protocol, window=window))
    assert runs(coded_days(earlier, "P", earlier.reference("P", 8))) == "E154 R56 W35 -7"


def test_codes_within_the_campaign(small: Small) -> None:
    """Waves in weeks 2 (ads) and 4 (other): for ads, week 2 against 1, 3, 5 and 6."""
    resolved = small()
    marks = {}
    for name, week in (("ads", 1), ("other", 3)):
        marks[name] = np.zeros(resolved.panel.days, dtype=np.int8)
        marks[name][210 + 7 * week : 217 + 7 * week] = 1
    assert runs(campaign_codes(resolved, "P", marks, "ads")) == "-210 R7 W7 R7 -7 R14"


def test_each_course_has_its_own_list_of_arm_a(small: Small) -> None:
    resolved = small(arm_a={"P": ("C00", "C01"), "Q": ("C01", "C13")})
    member = membership(resolved, ("Q", "P"))
    assert [list(np.flatnonzero(row)) for row in member] == [[1, 13], [0, 1]]


def test_counts_of_a_comparison(small: Small) -> None:
    """Two countries of 14 are A: two fourteenths of the window's outcome, pairs cancelling."""
    resolved = small(arm_a={"P": ("C00", "C01"), "Q": ("C04", "C05")})
    spans = {course: resolved.reference(course, 8) for course in ("P", "Q")}
    known = {course: span for course, span in spans.items() if span is not None}
    by_arm = arms.comparison(resolved, known, NOTHING)
    plain = promoted.comparison(resolved, known, NOTHING)
    assert by_arm.treated.shape == (2, 14, 252)
    assert plain.treated.shape == (2, 1, 252)
    assert plain.other.shape == (12, 1, 252)
    assert (plain.reference_weeks, plain.window_weeks) == (8, 6)
    assert plain.observed == pytest.approx(plain.treated[..., 210:].sum())
    assert by_arm.observed == pytest.approx(plain.observed / 7)
    assert by_arm.only(1).series == ("Q",)
    assert by_arm.only(1).observed == pytest.approx(by_arm.observed / 2)


def coded(text: str, *, period: int = 7, trend: bool = False) -> Comparison:
    """One series of ones on a Monday, from runs of days."""
    kinds = {letter: code for code, letter in LETTERS.items()}
    parts = [(kinds[run[0]], int(run[1:])) for run in text.split()]
    codes = np.concatenate([np.full(days, code, dtype=np.int8) for code, days in parts])
    ones = np.ones((1, 1, len(codes)))
    start = date(2023, 1, 2)
    return Comparison(NOTHING, ("P",), ones, ones, codes[None], start, period, trend=trend)


# runs → days in each bin, which bins are the window, columns beside the constant
BINS: dict[str, tuple[str, bool, list[int], str, list[list[float]]]] = {
    "whole weeks": ("R14 W7", False, [7, 7, 7], "001", []),
    "anchored at the window, days before a whole week dropped": (
        "R10 W14",
        False,
        [7, 7, 7],
        "011",
        [],
    ),
    "a window of part of a week": ("R7 W9", False, [7, 7, 2], "011", []),
    "days before the course opened": ("-3 R14 W7", False, [7, 7, 7], "001", []),
    "earlier history, left aside": ("E14 R7 W7", False, [7, 7], "01", []),
    "earlier history, with a level of its own": (
        "E14 R7 W7",
        True,
        [7, 7, 7, 7],
        "0001",
        [[1, 1, 0, 0]],
    ),
    "a bin with a day left out has a level of its own": (
        "R12 -2 R7 W7",
        False,
        [7, 7, 7, 7],
        "0001",
        [[0, 1, 0, 0]],
    ),
}


@pytest.mark.parametrize(
    ("text", "earlier", "lengths", "window", "columns"), BINS.values(), ids=BINS
)
def test_bins(
    text: str, earlier: bool, lengths: list[int], window: str, columns: list[list[float]]
) -> None:
    periods = periods_of(coded(text), earlier=earlier)
    assert list(periods.lengths) == lengths
    assert list(periods.sums(np.ones(periods.stop + 3))) == lengths
    assert [str(int(inside)) for inside in periods.window] == list(window)
    constant, *rest = periods.columns.T
    assert list(constant) == [1] * len(lengths)
    assert [list(column) for column in rest] == columns


def test_a_trend_is_in_weeks_from_the_window() -> None:
    columns = periods_of(coded("R14 W7", trend=True)).columns
    assert list(columns[:, 1]) == [-2, -1, 0]


def test_daily_bins_know_their_weekday() -> None:
    """Two leading days from a Monday, a reference of eight, a window of six: one bin a day."""
    periods = periods_of(coded("-2 R8 W6", period=1))
    assert list(periods.edges) == list(range(2, 16))
    weekdays: Array = periods.columns[:, 1:]
    assert weekdays.shape == (14, 6)
    assert [int(np.flatnonzero(row)[0]) + 1 if row.any() else 0 for row in weekdays] == [
        day % 7 for day in range(2, 16)
    ]
