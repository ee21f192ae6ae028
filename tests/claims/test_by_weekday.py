"""A mean of changes by weekday, worked out on two weeks before and two weeks after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.claims.by_weekday import weekdays_claim
from evaluator.claims.claim import Standing
from evaluator.experiment.protocol import Span
from evaluator.experiment.published import OfCounts, Published
from evaluator.resolve import Resolved

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
BEFORE = Span(date(2023, 7, 17), date(2023, 7, 30))
AFTER = Span(date(2023, 7, 31), date(2023, 8, 13))
CLAIM = Published("Change", "+30%", "%", AFTER, BEFORE, source="s")
OF = OfCounts(("P",), by_weekday=True)


@pytest.fixture
def changed(small: Small) -> Resolved:
    """100 a weekday, 10 on days of the weekend; then 120 and 20: +20% five times, +100% twice."""

    def paint(counts: Counts, first: int) -> None:
        days = np.arange(counts["P"].shape[1])
        weekend = days % 7 >= 5
        before, after = np.where(weekend, 10.0, 100.0), np.where(weekend, 20.0, 120.0)
        counts["P"][:] = 0
        counts["P"][0] = np.where(days >= first, after, before)

    return small(paint=paint, season=False)


# printed, unit → whether the mean of the seven holds: (5 × 20 + 2 × 100) / 7 = 42.9%
PRINTED = {
    ("+43%", "%"): Standing.HOLDS,
    ("+24%", "%"): Standing.FAILS,
    ("1.43", "×"): Standing.HOLDS,
}


@pytest.mark.parametrize(("value", "unit"), PRINTED)
def test_every_weekday_counts_alike(changed: Resolved, value: str, unit: str) -> None:
    claim = weekdays_claim(replace(CLAIM, value=value, unit=unit), OF, changed)
    assert claim.holds is PRINTED[value, unit]
    assert claim.recomputed is not None
    assert claim.recomputed.value == pytest.approx(300 / 7 if unit == "%" else 1 + 3 / 7)


def test_the_change_of_all_days_is_said_beside(changed: Resolved) -> None:
    """1,040 before, 1,280 after: +23%."""
    claim = weekdays_claim(CLAIM, OF, changed)
    assert "from 20.0% to 100%" in claim.why
    assert "all days together changed by 23.1%" in claim.why


def test_only_the_weekdays_asked_for(changed: Resolved) -> None:
    claim = weekdays_claim(CLAIM, replace(OF, weekdays=(0, 5)), changed)
    assert claim.recomputed is not None
    assert claim.recomputed.value == pytest.approx((20 + 100) / 2)


def test_windows_of_unlike_length_are_brought_to_a_day(changed: Resolved) -> None:
    """A week after, two before: by totals −40% and 0%, a day +20% and +100%."""
    short = replace(CLAIM, window=Span(AFTER.start, date(2023, 8, 6)))
    totals, daily = (
        weekdays_claim(short, replace(OF, per_day=per_day), changed).recomputed
        for per_day in (False, True)
    )
    assert totals is not None
    assert daily is not None
    assert totals.value == pytest.approx((5 * -40 + 2 * 0) / 7)
    assert daily.value == pytest.approx(300 / 7)


def test_days_that_the_data_lack_cannot_be_compared(changed: Resolved) -> None:
    late = replace(CLAIM, window=Span(date(2024, 1, 1), date(2024, 1, 7)))
    claim = weekdays_claim(late, OF, changed)
    assert claim.holds is Standing.INCOMPARABLE
    assert claim.differs == ("window",)


def test_a_weekday_without_anything_has_no_change(changed: Resolved) -> None:
    few_days = replace(CLAIM, before=Span(date(2023, 7, 24), date(2023, 7, 26)))
    claim = weekdays_claim(few_days, OF, changed)
    assert claim.holds is Standing.INCOMPARABLE
    assert "no mean of changes" in claim.why
