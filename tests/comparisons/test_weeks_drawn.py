"""A channel on and off: weeks that chance gave to courses, found again and refused by name."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from evaluator.comparisons import Comparison, Planned, planned_rows, weeks_drawn
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.evaluation import evaluate
from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import Channel, Course, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowStatus, Status, Verdict

Small = Callable[..., Resolved]
Counts = dict[str, np.ndarray]
CODES = tuple("PQRSTUVW")
COUPLES = ((0, 1), (2, 4))
EARLY = ("PQRS", "PTQU")
"""Courses with the first week of each couple."""
SPREAD = 0.01 * (-1.0) ** np.arange(8)
"""What courses respond unlike each other; 0 in the mean."""


def weeks_on(code: str, early: tuple[str, ...] = EARLY) -> list[int]:
    return [couple[code not in own] for couple, own in zip(COUPLES, early, strict=True)]


def switched(small: Small, early: tuple[str, ...] = EARLY, **more: object) -> Resolved:
    """×1.5 in the weeks with the wave; what the second couple's first week did to all, ×1.2."""
    start = small().protocol.window.start
    waves = []
    for code in CODES:
        for week in weeks_on(code, early):
            first = start + timedelta(7 * week)
            span = Span(first, first + timedelta(6))
            waves.append(Wave(f"ads-{code}-{week}", "ads", (code,), portfolio=False, span=span))

    def paint(counts: Counts, window: int) -> None:
        for code, own in zip(CODES, SPREAD, strict=True):
            counts[code][:, window + 14 : window + 21] *= 1.2
            for week in weeks_on(code, early):
                days = slice(window + 7 * week, window + 7 * week + 7)
                counts[code][:, days] *= 1.5 * np.exp(own)

    days = [[(start + timedelta(7 * week)).isoformat() for week in own] for own in COUPLES]
    drawn = Drawn(AssignmentRule.STRATIFIED, tuple(map(tuple, days)))
    fields: dict[str, object] = {
        "courses": tuple(Course(code, code) for code in CODES),
        "channels": (Channel("ads", "paid", "Facebook"),),
        "waves": tuple(waves),
        "questions": (Question.CHANNELS,),
        "assignment": Assignment(weeks=drawn),
        "paint": paint,
        "arms": None,
    }
    return small(**(fields | more))


def answer(resolved: Resolved) -> Planned:
    rows = planned_rows(resolved)
    return next(row for row in rows if row.key.method == weeks_drawn.METHOD)


def test_what_is_planted_is_found_beside_what_a_week_did_to_all(small: Small) -> None:
    row = answer(switched(small))
    assert isinstance(row.comparison, Comparison)
    assert (row.comparison.codes == WINDOW).sum(axis=1).tolist() == [14] * 8
    assert (row.comparison.codes == REFERENCE).sum(axis=1).tolist() == [14] * 8
    found = estimate(row.comparison, row.key, Setting())
    assert isinstance(found, Estimated)
    assert found.effect.lift == pytest.approx(1.5, rel=0.01)
    assert found.effect.distribution.dof == 7  # type: ignore[attr-defined]


REFUSED = {
    "all in the same weeks": ((CODES, CODES), {}, "aliased with the weeks themselves"),
    "two courses": (
        EARLY,
        {"courses": tuple(Course(c, c) for c in "PS"), "paint": lambda *_: None},
        "2 courses with weeks by chance: 3 are needed",
    ),
}


def test_two_channels_in_turn_are_not_one_on_and_off(small: Small) -> None:
    own = switched(small)
    start, taken = own.protocol.window.start, {(w.courses, w.span) for w in own.protocol.waves}
    weeks = [Span(start + timedelta(7 * w), start + timedelta(7 * w + 6)) for w in (0, 1, 2, 4)]
    rest = [((c,), week) for c in CODES for week in weeks if ((c,), week) not in taken]
    mails = tuple(
        Wave(f"mail-{n}", "mail", courses, portfolio=False, span=week)
        for n, (courses, week) in enumerate(rest)
    )
    channels = (*own.protocol.channels, Channel("mail", "email"))
    both = switched(small, channels=channels, waves=(*own.protocol.waves, *mails))
    rows = [row for row in planned_rows(both) if row.key.method == weeks_drawn.METHOD]
    assert [row.key.channel for row in rows] == ["ads", "mail"]
    for row in rows:
        assert isinstance(row.comparison, NotRun)
        assert "one channel against the other" in row.comparison.reason


@pytest.mark.parametrize(("early", "changes", "reason"), REFUSED.values(), ids=REFUSED)
def test_is_refused_by_name(
    small: Small, early: tuple[str, ...], changes: dict[str, object], reason: str
) -> None:
    built = answer(switched(small, early, **changes)).comparison
    assert isinstance(built, NotRun)
    assert reason in built.reason


def test_nothing_is_asked_where_somebody_chose(small: Small) -> None:
    chosen = switched(small, assignment=Assignment(weeks=Drawn(AssignmentRule.NONE)))
    assert not [row for row in planned_rows(chosen) if row.key.method == weeks_drawn.METHOD]


def test_is_concluded_and_redrawn(small: Small) -> None:
    """Of 70² assignments a sample; with the calendar's ×1.2 in all others none is as large."""
    (row,) = (own for own in evaluate(switched(small)).rows if own.key.method == weeks_drawn.METHOD)
    assert row.status is RowStatus.ESTIMATED
    assert row.verdict is Verdict.RAISED
    assert row.estimand.wording.by == "by ads, in the weeks that chance gave it"
    assert row.extra is not None
    (found,) = (own for own in row.findings if own.name == "assignment redrawn")
    assert found.status is Status.PASS
    assert "of 2,000 assignments that chance might have made, stratified" in found.sentence
