"""What moved arm A in courses that nobody promoted."""

from collections.abc import Callable

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.interference.arms_elsewhere import NAME, arms_elsewhere
from evaluator.resolve import Resolved
from evaluator.results import Interval, Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, np.ndarray]


def shocked(counts: Counts, window: int) -> None:
    """In every course, the countries of P's arm A rise by half in the window."""
    for own in counts.values():
        own[:6, window:] *= 1.5


@pytest.mark.parametrize(
    ("paint", "status", "moved"),
    [(shocked, Status.FAIL, "×1.50"), (lambda *_: None, Status.PASS, "×1.00")],
)
def test_a_shock_to_arm_a_shows_in_the_other_courses(
    small: Small, looked_at: LookedAt, paint: Callable[..., None], status: Status, moved: str
) -> None:
    seen = arms_elsewhere(looked_at(small(paint=paint), "P", "arms_wider"))
    (finding,) = seen.findings
    assert (finding.name, finding.status) == (NAME, status)
    assert f"moved by {moved} against arm B" in finding.sentence
    assert (finding.todo == "") == (status is Status.PASS)


def test_a_failed_row_has_the_triple_difference_beside_it(
    small: Small, looked_at: LookedAt
) -> None:
    looked = looked_at(small(paint=shocked), "P", "arms_wider")
    (beside,) = arms_elsewhere(looked).beside
    assert isinstance(beside.interval, Interval)
    assert 0 in beside.interval
    assert looked.effect is not None
    assert 0 in beside.around(looked.effect.log_lift, looked.effect.interval())


@pytest.mark.parametrize(
    ("course", "method"), [("all", "triple_difference"), ("P", "size_adjusted_ratio")]
)
def test_only_rows_that_have_not_taken_it_off(
    small: Small, looked_at: LookedAt, course: str, method: str
) -> None:
    assert arms_elsewhere(looked_at(small(), course, method)).findings == ()


def test_without_other_courses_it_is_not_run(small: Small, looked_at: LookedAt) -> None:
    (finding,) = arms_elsewhere(looked_at(small(others=0), "P", "arms_wider")).findings
    assert finding.status is Status.NOT_RUN
