"""Leaving out: what one course, country or week is worth, worked out in exact counts."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.placebos.influence import influence
from evaluator.experiment.protocol import Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status, Without

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, np.ndarray]


def of_kind(looked: Looked, kind: str) -> tuple[Without, ...]:
    return tuple(each for each in influence(looked).evidence.without if each.kind == kind)


def finding_of(looked: Looked) -> Finding:
    (finding,) = influence(looked).findings
    return finding


def one_week(counts: Counts, window: int) -> None:
    """All of P's lift is in the second week of the window, where it is ×7: ×2 over the six."""
    counts["P"][:, window + 7 : window + 14] *= 7


@pytest.mark.parametrize("method", ["size_adjusted_ratio", "controlled_its"])
def test_a_lift_of_one_week_is_gone_without_it(
    small: Small, looked_at: LookedAt, method: str
) -> None:
    looked = looked_at(small(paint=one_week, season=False), "P", method)
    most = of_kind(looked, "week")[0]
    assert most.left_out == "of 7 Aug 2023"
    assert most.log_lift == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("when", [None, date(2023, 8, 7), date(2023, 8, 28)])
def test_a_conclusion_that_hangs_on_one_week(
    small: Small, looked_at: LookedAt, when: date | None
) -> None:
    """In the week of a wave the effect is where it should be; in another it is odd."""
    waves = (Wave("w", "ads", ("P",), False, Span(when, when)),) if when else ()
    finding = finding_of(looked_at(small(paint=one_week, waves=waves), "P", "size_adjusted_ratio"))
    assert finding.margin is not None
    if when == date(2023, 8, 7):
        assert finding.status is Status.PASS
        assert "mostly that of the week of 7 Aug 2023 (×1.00 without it)" in finding.sentence
        assert finding.margin > 0
    else:
        assert finding.status is Status.WARN
        assert "hangs on the week of 7 Aug 2023" in finding.sentence
        assert finding.margin < 0


def test_a_mean_of_which_one_course_is_most_is_no_warning(
    small: Small, looked_at: LookedAt, rough: Callable[[Counts, int], None]
) -> None:
    looked = looked_at(small(lifts={"P": (1.5, 1.5)}, paint=rough), "all", "these_courses")
    finding = finding_of(looked)
    assert finding.status is Status.PASS
    assert "the effect is mostly that of the promoted course P" in finding.sentence


def test_a_country_that_holds_the_lift_of_its_arm(small: Small, looked_at: LookedAt) -> None:
    """One of the six countries of arm A is ×7, the arm ×2; without it, no lift."""

    def paint(counts: Counts, window: int) -> None:
        counts["P"][2, window:] *= 7

    looked = looked_at(small(paint=paint), "P", "arms_by_unit")
    most = of_kind(looked, "country")[0]
    assert most.left_out == "C02"
    assert most.log_lift == pytest.approx(0.0, abs=0.01)


def test_another_course_that_carries_the_comparison(small: Small, looked_at: LookedAt) -> None:
    def paint(counts: Counts, window: int) -> None:
        counts["O11"][:, window:] *= 0.2

    looked = looked_at(small(paint=paint), "P", "size_adjusted_ratio")
    most = of_kind(looked, "other course")[0]
    assert most.left_out == "O11"
    assert most.log_lift == pytest.approx(0.0, abs=0.01)


def test_each_promoted_course_of_a_mean(small: Small, looked_at: LookedAt) -> None:
    looked = looked_at(small(lifts={"P": (2, 2), "Q": (4, 4)}), "all", "these_courses")
    left = {each.left_out: each.log_lift for each in of_kind(looked, "promoted course")}
    assert left == pytest.approx({"P": np.log(4), "Q": np.log(2)}, abs=0.01)


def test_an_even_lift_hangs_on_nothing(small: Small, looked_at: LookedAt) -> None:
    looked = looked_at(small(lifts={"P": (2, 2)}), "P", "size_adjusted_ratio")
    finding = finding_of(looked)
    assert (finding.status, finding.todo) == (Status.PASS, "")
    assert all(
        each.log_lift == pytest.approx(np.log(2), abs=0.02)
        for each in influence(looked).evidence.without
    )
