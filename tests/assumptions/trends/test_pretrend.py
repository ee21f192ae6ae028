"""Weeks before the window: trends of known size, in counts that are otherwise exact."""

from collections.abc import Callable

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.trends.pretrend import NAME, before_the_window
from evaluator.resolve import Resolved
from evaluator.results import EventStudy, Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, np.ndarray]
ARM_A = slice(0, 6)


def trending(slope: float, units: slice = slice(None), course: str = "P") -> Callable[..., None]:
    """A differential log trend a week, before the window and in it."""

    def paint(counts: Counts, window: int) -> None:
        own = counts[course]
        own[units] *= np.exp(slope * (np.arange(own.shape[1]) - window) / 7)

    return paint


def studied(looked: Looked) -> EventStudy:
    study = before_the_window(looked).evidence.event_study
    assert study is not None
    return study


ROWS = [
    ("P", "size_adjusted_ratio", slice(None), 1.0),
    ("all", "these_courses", slice(None), 0.5),
    ("P", "arms_wider", ARM_A, 1.0),
    ("all", "triple_difference", ARM_A, 0.5),
    ("P", "controlled_its", slice(None), 1.0),
]


@pytest.mark.parametrize(("course", "method", "units", "share"), ROWS)
def test_a_planted_trend_is_found_whole(
    small: Small, looked_at: LookedAt, course: str, method: str, units: slice, share: float
) -> None:
    study = studied(looked_at(small(paint=trending(0.02, units)), course, method))
    assert study.slope == pytest.approx(0.02 * share, rel=0.02)
    assert study.p < 0.01
    first, last = study.weeks[0], study.weeks[-1]
    moved = last.log_lift - first.log_lift
    assert moved == pytest.approx(0.02 * share * (last.week - first.week), rel=0.02)
    assert (first.week, last.week) == (-26, 5)


@pytest.mark.parametrize(("course", "method", "units", "share"), ROWS[:4])
def test_carried_on_it_is_what_it_adds_to_the_row(
    small: Small, looked_at: LookedAt, course: str, method: str, units: slice, share: float
) -> None:
    """The overturning slope of a row that a trend alone moved is near that trend."""
    looked = looked_at(small(paint=trending(0.02, units)), course, method)
    study = studied(looked)
    assert looked.effect is not None
    nearer = looked.effect.interval().low / looked.effect.log_lift
    assert study.overturning == pytest.approx(0.02 * share * nearer, rel=0.05)
    assert study.power > 0.99


@pytest.mark.parametrize(
    ("slope", "status"), [(0.0, Status.PASS), (0.0001, Status.WARN), (0.02, Status.FAIL)]
)
def test_a_trend_fails_a_row_only_by_what_it_adds(
    small: Small, looked_at: LookedAt, slope: float, status: Status
) -> None:
    looked = looked_at(small(paint=trending(slope)), "P", "size_adjusted_ratio")
    (finding,) = before_the_window(looked).findings
    assert (finding.name, finding.status) == (NAME, status)
    assert (finding.todo == "") == (status is Status.PASS)
    assert finding.margin is not None
    assert (finding.margin < 0) == (status is Status.FAIL)


def test_one_odd_week_is_noticed_without_a_trend(small: Small, looked_at: LookedAt) -> None:
    def paint(counts: Counts, window: int) -> None:
        counts["P"][:, window - 105 : window - 98] *= 1.05

    looked = looked_at(small(paint=paint), "P", "size_adjusted_ratio")
    study = studied(looked)
    odd = next(lead for lead in study.weeks if lead.week == -15)
    assert odd.log_lift == pytest.approx(np.log(1.05), abs=0.002)
    assert odd.simultaneous.low > 0
    assert all(0 in lead.simultaneous for lead in study.weeks if lead.week < -15)
    (finding,) = before_the_window(looked).findings
    assert finding.status is Status.WARN


def test_what_would_not_be_noticed_is_no_pass(flagship_row: Callable[..., Looked]) -> None:
    """Four weeks of history say next to nothing of a trend."""
    (finding,) = before_the_window(flagship_row("SEE", "arms_wider")).findings
    assert finding.status is Status.NOT_RUN
    assert finding.power is not None
    assert finding.power < 0.2
    assert f"noticed in {finding.power:.0%}" in finding.sentence
