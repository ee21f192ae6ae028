"""Weeks given to the courses again: the row's own estimate, and its mirror image."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from evaluator.assumptions import row_findings
from evaluator.assumptions.placebos.weeks import Weeks
from evaluator.comparisons import Comparison, Planned, weeks_drawn
from evaluator.effects.ratios import totals_of
from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import Channel, Course, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]
CHANNEL = Channel("ads", "paid", "Facebook")
EARLY = ("PQ", "QR")
"""Courses with the first week of each couple."""


def planned(
    small: Small, couples: tuple[tuple[int, int], ...]
) -> tuple[Planned, Comparison, Drawn, Resolved]:
    start = small().protocol.window.start
    days = [[start + timedelta(7 * week) for week in own] for own in couples]
    waves = tuple(
        Wave(f"{code}-{n}", "ads", (code,), False, Span(day, day + timedelta(6)))
        for code in "PQRS"
        for n, (own, early) in enumerate(zip(days, EARLY, strict=False))
        for day in [own[code not in early]]
    )
    drawn = Drawn(
        AssignmentRule.STRATIFIED, tuple(tuple(day.isoformat() for day in own) for own in days)
    )
    rng = np.random.default_rng(3)

    def paint(counts: dict[str, np.ndarray], window: int) -> None:
        for code in "PQRS":
            counts[code][:, window:] *= np.exp(0.2 * rng.normal(size=42))

    resolved = small(
        courses=tuple(Course(code, code) for code in "PQRS"),
        channels=(CHANNEL,),
        waves=waves,
        questions=(Question.CHANNELS,),
        assignment=Assignment(weeks=drawn),
        paint=paint,
        arms=None,
    )
    (row,) = weeks_drawn.planned(resolved, CHANNEL)
    assert isinstance(row.comparison, Comparison)
    return row, row.comparison, drawn, resolved


def test_the_true_assignment_is_the_row_and_its_mirror_the_opposite(small: Small) -> None:
    _, comparison, drawn, _ = planned(small, ((0, 1), (2, 4)))
    weeks = Weeks.of(comparison, drawn)
    assert weeks.course.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert weeks.early.tolist() == [True, False, True, True, False, True, False, False]
    own = totals_of(comparison).ratios().log_lift
    found = weeks.statistics(np.stack([weeks.early, ~weeks.early]))
    assert found == pytest.approx([own.mean() / own.std(ddof=1), -own.mean() / own.std(ddof=1)])


@pytest.mark.parametrize(("couples", "status", "share"), [
    (((0, 1), (2, 3)), Status.WARN, "62% of the weeks"),
    (((0, 2), (4, 5)), Status.WARN, "25% of the weeks"),
    (((0, 2),), Status.PASS, "no week"),
])  # fmt: skip
def test_weeks_that_follow_a_wave_are_told(
    small: Small, couples: tuple[tuple[int, int], ...], status: Status, share: str
) -> None:
    row, _, _, resolved = planned(small, couples)
    (finding,) = (own for own in row_findings(row, resolved) if own.name == "weeks after a wave")
    assert (finding.status, share in finding.sentence) == (status, True)
