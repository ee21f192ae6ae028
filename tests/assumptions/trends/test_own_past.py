"""What a series with only its own past cannot tell: the season, and a low before the campaign."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions.trends.own_past import LATE, low_base, season
from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.experiment.protocol import Event, Question, Span
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
ASKED = {"questions": (Question.PRE_VS_CAMPAIGN,), "season": False}


def noisy(last: float = 1.0, sd: float = 0.05) -> Callable[[Counts, int], None]:
    """Weekly noise, and the last four weeks of history at a multiple of the others."""

    def paint(counts: Counts, first: int) -> None:
        weeks = counts["P"].shape[1] // 7
        noise = np.exp(sd * np.random.default_rng(8).standard_normal(weeks)).repeat(7)
        days = np.arange(counts["P"].shape[1])
        low = (days >= first - 7 * LATE) & (days < first)
        counts["P"] *= noise * np.where(low, last, 1.0)

    return paint


def row_of(resolved: Resolved, method: str = "single_its") -> tuple[Planned, Comparison]:
    for row in planned_rows(resolved):
        if (row.key.course, row.key.method) == ("P", method) and row.key.variant == "default":
            assert isinstance(row.comparison, Comparison)
            return row, row.comparison
    raise LookupError(method)


def low(resolved: Resolved) -> Finding:
    row, comparison = row_of(resolved)
    (finding,) = low_base(row, comparison, resolved)
    return finding


@pytest.mark.parametrize(
    ("last", "status"), [(1.0, Status.PASS), (0.8, Status.WARN), (1.3, Status.PASS)]
)
def test_a_base_that_ends_low_is_told(small: Small, last: float, status: Status) -> None:
    finding = low(small(**ASKED, others=0, paint=noisy(last)))
    assert finding.status is status
    assert finding.margin is not None
    assert (finding.margin < 0) == (status is Status.WARN)


def test_noise_alone_is_seldom_called_low(small: Small) -> None:
    """A tenth below is within weekly noise of a fifth."""
    assert low(small(**ASKED, others=0, paint=noisy(0.9, sd=0.2))).status is Status.PASS


def test_weeks_left_out_are_neither_early_nor_late(small: Small) -> None:
    """The four low weeks are declared as left out: what is before them is level."""
    start = date(2023, 7, 31)
    closed = Event("Closed", Span(start - timedelta(28), start - timedelta(1)), left_out=True)
    finding = low(small(**ASKED, others=0, paint=noisy(0.5), incidents=(closed,)))
    assert finding.status is Status.PASS


def test_a_short_base_is_not_looked_at(small: Small) -> None:
    since = date(2023, 7, 31) - timedelta(7 * (LATE + 3))
    closed = Event("Closed", Span(date(2023, 1, 1), since - timedelta(1)), left_out=True)
    finding = low(small(**ASKED, others=0, paint=noisy(), incidents=(closed,)))
    assert finding.status is Status.NOT_RUN


def test_a_history_without_the_year_before_is_told(small: Small) -> None:
    row, comparison = row_of(resolved := small(**ASKED, others=0))
    (finding,) = season(row, comparison, resolved)
    assert finding.status is Status.WARN
    assert finding.sentence.startswith("30 weeks of history")
    assert finding.margin == 30 - 52


@pytest.mark.parametrize("method", ["single_its", "controlled_its"])
def test_nothing_is_said_where_other_courses_are_there(small: Small, method: str) -> None:
    row, comparison = row_of(resolved := small(**ASKED), method)
    assert not [*season(row, comparison, resolved), *low_base(row, comparison, resolved)]


def test_weekdays_hear_of_the_season_alone(small: Small) -> None:
    asked = {"questions": (Question.WEEKDAYS,), "season": False}
    row, comparison = row_of(resolved := small(**asked, others=0), "weekday_its")
    assert [finding.name for finding in season(row, comparison, resolved)] == ["season"]
    assert not list(low_base(row, comparison, resolved))
