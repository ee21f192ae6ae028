"""Rows of small declarations: judged together, accounted for, found again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.evaluation import evaluate
from evaluator.experiment.protocol import Course, Decision, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import (
    Amount,
    Interval,
    Row,
    RowRole,
    Verdict,
)

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
BY_COURSE = ("promoted_vs_other", "a_vs_b", "pre_vs_campaign")
"""Questions that every promoted course is asked."""


def test_courses_are_judged_together_where_there_are_several(small: Small) -> None:
    one = evaluate(small(courses=(Course("P", "P"),), lifts={"P": (2.0, 2.0)}))
    two = evaluate(small(lifts={"P": (2.0, 2.0), "Q": (2.0, 2.0)}))
    for question in BY_COURSE:
        assert one.row(question, "P").simultaneous is None
        for course in ("P", "Q"):
            together = two.row(question, course).simultaneous
            assert together is not None
            assert together.divisor == 2
        assert two.row(question, "all").simultaneous is None


def test_a_described_course_is_in_no_family(small: Small) -> None:
    opened = small().protocol.window.start - timedelta(28)
    found = evaluate(small(courses=(Course("P", "P"), Course("N", "N", opened))))
    assert found.row("promoted_vs_other", "P").simultaneous is None
    assert found.row("promoted_vs_other", "N").simultaneous is None
    assert found.row("promoted_vs_other", "N").verdict is Verdict.DESCRIPTIVE
    assert found.row("a_vs_b", "N").simultaneous is not None


def test_no_course_passes_a_gate_that_is_shut(small: Small) -> None:
    """P is raised and Q lowered by as much: together nothing, so neither is concluded."""
    found = evaluate(small(lifts={"P": (1.5, 1.5), "Q": (1 / 1.5, 1 / 1.5)}))
    gate = found.row("promoted_vs_other", "all").effect
    assert gate is not None
    assert gate.p_value() > 0.9
    for course in ("P", "Q"):
        row = found.row("promoted_vs_other", course)
        assert row.effect is not None
        assert row.simultaneous is not None
        assert row.effect.p_value() < 1e-6
        assert row.simultaneous.p_adjusted == gate.p_value()
        assert row.verdict is Verdict.NOT_PRECISE


def noisy(counts: Counts, window: int) -> None:
    """The other courses move by ± 30% in the window, in pairs that cancel."""
    for position in range(12):
        counts[f"O{position:02d}"][:, window:] *= (1 + 0.3 * (-1) ** position) / (
            1 + 0.01 * (-1) ** position
        )


VERDICTS: dict[str, tuple[float, bool, Decision, Verdict]] = {
    "doubled": (2.0, False, Decision(), Verdict.RAISED),
    "halved": (0.5, False, Decision(), Verdict.LOWERED),
    "nothing": (1.0, False, Decision(), Verdict.NO_EFFECT),
    "doubled, unclear by how much": (3.0, True, Decision(), Verdict.RAISED_UNCERTAIN),
    "cut, unclear by how much": (1 / 3, True, Decision(), Verdict.LOWERED_UNCERTAIN),
    "nothing, not sure": (1.0, True, Decision(), Verdict.NOT_PRECISE),
    "less precision is asked for": (3.0, True, Decision(precision=4), Verdict.RAISED),
    "a small lift is worth having": (1.0, False, Decision(smallest_lift=1.01), Verdict.NOT_PRECISE),
}


@pytest.mark.parametrize(("lift", "noise", "decision", "verdict"), VERDICTS.values(), ids=VERDICTS)
def test_verdicts(
    small: Small, lift: float, noise: bool, decision: Decision, verdict: Verdict
) -> None:
    changes: dict[str, Any] = {"paint": noisy} if noise else {}
    courses = (Course("P", "P"),)
    resolved = small(courses=courses, lifts={"P": (lift, lift)}, decision=decision, **changes)
    assert evaluate(resolved).row("promoted_vs_other", "P").verdict is verdict


def test_every_enrolment_is_accounted_for(small: Small) -> None:
    """P is identified, N described, W not identifiable; each has 42 days of what it has a day."""
    start = small().protocol.window.start
    courses = (
        Course("P", "P"),
        Course("N", "N", start - timedelta(28)),
        Course("W", "W", start),
    )
    resolved = small(courses=courses, lifts={"P": (2.0, 2.0)})
    own = evaluate(resolved).accounting
    assert (own.identified_courses, own.descriptive_courses) == (("P",), ("N",))
    assert own.not_identifiable_courses == ("W",)
    assert own.identified == pytest.approx(2 * own.descriptive)
    assert own.descriptive == pytest.approx(own.not_identifiable)
    assert own.total == pytest.approx(own.identified + own.descriptive + own.not_identifiable)
    assert own.extra is not None
    assert own.extra.value == pytest.approx(own.identified / 2, rel=1e-5)


def test_without_a_pooled_row_the_one_identified_course_leads(small: Small) -> None:
    resolved = small(
        courses=(Course("P", "P"),), questions=(Question.A_VS_B,), lifts={"P": (2.0, 1.0)}
    )
    found = evaluate(resolved)
    row = found.row("a_vs_b", "P")
    assert row.extra is not None
    assert found.accounting.extra == row.extra.realised


def test_progress_is_told_of_each_row_once(small: Small) -> None:
    told: list[tuple[int, int, str]] = []
    found = evaluate(small(), lambda *what: told.append(what))
    assert [position for position, _, _ in told] == list(range(len(found.rows)))
    assert {rows for _, rows, _ in told} == {len(found.rows)}
    assert told[0][2] == "promoted_vs_other · all"


def test_a_row_is_found_by_its_key(small: Small) -> None:
    found = evaluate(small())
    assert found.row("a_vs_b", "P").key.method == "arms_wider"
    assert found.row("a_vs_b", "P", method="arms_by_unit").role is RowRole.ROBUSTNESS
    sensitivity = found.row("a_vs_b", "P", variant="reference: last 4 weeks")
    assert sensitivity.role is RowRole.SENSITIVITY
    with pytest.raises(KeyError, match="no row"):
        found.row("a_vs_b", "R")


def test_assumed_waves_change_no_row_but_their_own(small: Small) -> None:
    """A row's numbers do not depend on what rows stand beside it."""
    start = small().protocol.window.start
    span = Span(start + timedelta(14), start + timedelta(20))
    courses = (Course("P", "P"), Course("W", "W", start))
    waves = (Wave("own", "ads", ("W",), portfolio=False, span=span, assumed=True),)
    without, with_ = (
        {row.key: row for row in evaluate(small(courses=courses, waves=own)).rows}
        for own in ((), waves)
    )
    shared = [key for key in without if key.question != "within_campaign"]
    for key in shared:
        assert ends(without[key]) == ends(with_[key])
    assert len(with_) == len(without) + 5


def ends(row: Row) -> list[Interval]:
    own = [row.effect.interval()] if row.effect is not None else []
    return [*own, *(amount.interval for amount in amounts(row))]


def amounts(row: Row) -> Iterator[Amount]:
    if row.extra is not None:
        yield row.extra.realised
        yield row.extra.expected
