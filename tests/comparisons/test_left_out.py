"""Against courses left out of every promotion: the total effect, and that of the portfolio."""

from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from math import log

import numpy as np
import pytest

from evaluator.comparisons import ALL, Comparison, Planned, left_out, planned_rows
from evaluator.comparisons.design import LEFT_OUT, REFERENCE, WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.evaluation import evaluate
from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import Channel, Course, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole, Status, Verdict

Small = Callable[..., Resolved]
Counts = dict[str, np.ndarray]
LETTERS = {WINDOW: "W", REFERENCE: "R", LEFT_OUT: "-"}
CHANNELS = (Channel("post", "organic"), Channel("mail", "email"))
QUESTIONS = (Question.PROMOTED_VS_OTHER, Question.PORTFOLIO)


def promoted_to_all(small: Small, **more: object) -> Resolved:
    """A post to the portfolio on the tenth day of the window; ten courses left out of it.

    Other courses ×1.5 in its seven days, P ×3 and Q ×2 throughout the window.
    """
    start = small().protocol.window.start + timedelta(9)
    wave = Wave("post", "post", (), portfolio=True, span=Span(start, start))

    def paint(counts: Counts, window: int) -> None:
        for number in range(12):
            counts[f"O{number:02d}"][:, window + 9 : window + 16] *= 1.5
        counts["P"][:, window:] *= 3
        counts["Q"][:, window:] *= 2

    fields: dict[str, object] = {
        "waves": (wave,),
        "channels": CHANNELS,
        "questions": QUESTIONS,
        "left_out": 10,
        "paint": paint,
        "season": False,
    }
    return small(**(fields | more))


def headline(resolved: Resolved) -> dict[tuple[str, str], Planned]:
    """(question, channel) → row against courses left out."""
    return {
        (row.key.question, row.key.channel): row
        for row in planned_rows(resolved)
        if row.key.method == left_out.METHOD and row.role is RowRole.HEADLINE
    }


def lift_of(row: Planned) -> float:
    assert isinstance(row.comparison, Comparison)
    answer = estimate(row.comparison, row.key, Setting())
    assert isinstance(answer, Estimated)
    return answer.effect.log_lift


def test_what_is_planted_is_found(small: Small) -> None:
    """Promoted courses: √(3·2). The portfolio: 1.5 in its week, of six in the window."""
    rows = headline(promoted_to_all(small))
    days = 42 * np.ones(1)
    weights = 1 + 0.5 * 7 / days  # the season is off, weekdays are alike in every week
    assert lift_of(rows["promoted_vs_other", "all"]) == pytest.approx(log(6) / 2, abs=1e-3)
    assert lift_of(rows["portfolio", "post"]) == pytest.approx(log(1.5), abs=1e-3)
    assert lift_of(rows["portfolio", "all"]) == pytest.approx(log(weights[0]), abs=1e-3)


def test_days_begin_on_the_weekday_of_the_wave(small: Small) -> None:
    """The wave begins on a Wednesday: so do its eight weeks, before the campaign began."""
    row = headline(promoted_to_all(small))["portfolio", "post"]
    assert isinstance(row.comparison, Comparison)
    runs = [
        f"{LETTERS[int(code)]}{len(list(days))}" for code, days in groupby(row.comparison.codes[0])
    ]
    assert runs == ["-149", "R56", "-14", "W7", "-26"]
    assert row.comparison.series == promoted_to_all(small).others


def test_nothing_is_added_without_courses_left_out(small: Small) -> None:
    assert headline(promoted_to_all(small, left_out=0, paint=lambda *_: None)) == {}


@pytest.mark.parametrize(("left", "refused"), [(9, True), (10, False)])
def test_fewer_than_ten_are_refused(small: Small, left: int, refused: bool) -> None:
    rows = headline(promoted_to_all(small, left_out=left))
    for row in rows.values():
        assert isinstance(row.comparison, Comparison)
        answer = estimate(row.comparison, row.key, Setting())
        assert isinstance(answer, NotRun) is refused
        if isinstance(answer, NotRun):
            assert (
                answer.reason
                == f"few other courses: {left} courses left out: their placebos need 10"
            )


def test_an_assumed_day_leaves_the_window_alone(small: Small) -> None:
    (wave,) = promoted_to_all(small).protocol.waves
    assumed = Wave("post", "post", (), portfolio=True, span=wave.span, assumed=True)
    rows = headline(promoted_to_all(small, waves=(assumed,)))
    reason = rows["portfolio", "post"].comparison
    assert isinstance(reason, NotRun)
    assert "the days of post are assumed" in reason.reason
    assert isinstance(rows["portfolio", "all"].comparison, Comparison)


def test_chance_is_named_where_it_decided(small: Small) -> None:
    drawn = Assignment(courses=Drawn(AssignmentRule.SIMPLE))
    needs = {
        random: headline(promoted_to_all(small, assignment=assignment))["portfolio", "all"]
        for random, assignment in ((True, drawn), (False, None))
    }
    assert "as chance decided which" in needs[True].estimand.needs[0]
    assert "as chance decided which" not in needs[False].estimand.needs[0]


def test_chance_among_other_courses_says_nothing_of_promoted_ones(small: Small) -> None:
    """Drawn among the other courses alone, or among all."""
    resolved = promoted_to_all(small)
    others = (*resolved.others, *resolved.left_out)
    for groups, told in (((others,), [False, True]), (((*others, "P", "Q"),), [True, True])):
        drawn = Assignment(courses=Drawn(AssignmentRule.STRATIFIED, groups))
        rows = headline(promoted_to_all(small, assignment=drawn))
        needs = [rows[question, "all"].estimand.needs[0] for question in QUESTIONS]
        assert ["as chance decided" in said for said in needs] == told


def test_a_launch_describes_against_courses_left_out_too(small: Small) -> None:
    """As against the other courses: the first weeks of a course are no base."""
    window = small().protocol.window.start
    new = Course("P", "New", available_from=window - timedelta(7 * 20))
    courses = (new, Course("Q", "Old"))
    rows = planned_rows(promoted_to_all(small, courses=courses, paint=lambda *_: None))
    pooled = [row for row in rows if row.key.question == "promoted_vs_other"]
    descriptive = {
        row.key.method: row.descriptive
        for row in pooled
        if row.role is RowRole.HEADLINE and row.key.course == ALL
    }
    assert descriptive == {"these_courses": True, left_out.METHOD: True}


def test_rows_are_concluded_and_name_portfolio_promotion(small: Small) -> None:
    evaluation = evaluate(promoted_to_all(small))
    rows = [row for row in evaluation.rows if row.key.method == left_out.METHOD]
    decided = [row for row in rows if row.role is RowRole.HEADLINE]
    assert len(decided) == 3
    for row in decided:
        assert row.verdict is Verdict.RAISED
        assert "all promotion" in row.estimand.wording.by or row.estimand.wording.by.startswith(
            "by portfolio promotion (post"
        )
        untouched = next(f for f in row.findings if f.name == "other courses untouched")
        assert untouched.status is Status.PASS
    described = [row for row in evaluation.rows if row.key.method == "single_its"]
    assert described
    assert all("against the courses left out" in row.estimand.not_identified for row in described)
