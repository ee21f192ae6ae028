"""Rows against approved ones, in numbers small enough to be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from evaluator.experiment.limits import Gate as Limits
from evaluator.gate.items import Item
from evaluator.gate.lock import PARTS, Lock, LockedRow
from evaluator.gate.results import Rules, rows_kept, standard_error
from evaluator.results import RowKey, RowRole, RowStatus, Status, Verdict

REACH = 1.959963984540054
NEW_DATA = Rules(
    Limits(), 0.95, data_moved=True, environment_moved=False, seed_moved=False, alarm=0.05
)
SAME_DATA = replace(NEW_DATA, data_moved=False)
ELSEWHERE = replace(SAME_DATA, environment_moved=True)


def row(middle: float = 1.0, error: float = 0.1, **others: float) -> LockedRow:
    ends = {"low": middle - REACH * error, "high": middle + REACH * error}
    numbers = {"observed": 50.0, "log_lift": middle, **ends, **others}
    key = RowKey("q", "P", method="m")
    return LockedRow(key, RowRole.HEADLINE, RowStatus.ESTIMATED, Verdict.RAISED, numbers)


def lock(rows: Mapping[str, LockedRow]) -> Lock:
    day = date(2024, 1, 1)
    return Lock("x", day, day, {part: {} for part in PARTS}, rows, {}, {})


def judged(old: LockedRow, new: LockedRow, rules: Rules) -> Item:
    (item,) = rows_kept(lock({"q/P": old}), lock({"q/P": new}), rules)
    return item


def test_the_standard_error_is_that_of_a_normal_law() -> None:
    assert standard_error(row(error=0.1), 0.95) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("new", "rules", "told"),
    [
        (row(), SAME_DATA, ""),
        (row(1 + 1e-10), SAME_DATA, ""),
        (row(1 + 1e-7), SAME_DATA, "with the data as approved"),
        (row(1 + 1e-7), ELSEWHERE, ""),
        (row(1 + 1e-5), ELSEWHERE, "rounding: 1e-06"),
        (row(observed=51), SAME_DATA, "observed changed by 0.02 of itself"),
        (row(observed=51), NEW_DATA, ""),
        # V_new = .8² V_old: the added data explain ±1.96 × .06 = .1176, and .05 is max_shift.
        (row(1.11, 0.08), NEW_DATA, ""),
        (row(1.125, 0.08), NEW_DATA, "moved the estimate by +1.2 approved s.e. (0.5 allowed)"),
        # Nothing was added, so that max_shift alone decides.
        (row(1.049), NEW_DATA, ""),
        (row(0.949), NEW_DATA, "by -0.51 approved s.e."),
        (row(error=0.124), NEW_DATA, ""),
        (row(error=0.126), NEW_DATA, "the interval is 1.26 × as wide as approved (1.25 × allowed)"),
        (row(error=float("inf")), NEW_DATA, "× as wide"),
        (replace(row(), verdict=Verdict.NOT_PRECISE), NEW_DATA, "verdict flipped: raised → not"),
        (replace(row(), status=RowStatus.DESCRIPTIVE), NEW_DATA, "is descriptive, and was est"),
        (row(extra=3.0), NEW_DATA, "other numbers than approved: extra"),
    ],
)
def test_what_fails_a_row(new: LockedRow, rules: Rules, told: str) -> None:
    item = judged(row(), new, rules)
    assert item.status is (Status.FAIL if told else Status.PASS)
    assert told in item.sentence
    if told:
        assert item.old != item.new


@pytest.mark.parametrize(
    ("high", "rules", "fails"),
    [
        (20.4, replace(SAME_DATA, seed_moved=True), False),
        (20.6, replace(SAME_DATA, seed_moved=True), True),
        (20.4, SAME_DATA, True),
    ],
)
def test_what_another_seed_may_change(high: float, rules: Rules, fails: bool) -> None:
    """An interval of extra enrolments 10 wide: its ends are drawn, by .05 of that."""
    old, new = (row(extra=15.0, extra_low=10.0, extra_high=end) for end in (20.0, high))
    assert (judged(old, new, rules).status is Status.FAIL) == fails


def test_rows_that_are_missing_or_new() -> None:
    items = list(rows_kept(lock({"q/P": row()}), lock({"q/Q": row()}), SAME_DATA))
    assert [(item.name, item.status) for item in items] == [
        ("q/P", Status.FAIL),
        ("q/Q", Status.NOT_RUN),
    ]
    assert "missing" in items[0].sentence
    assert "nobody has approved" in items[1].sentence
