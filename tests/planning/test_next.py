"""The next protocol on the history that there is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from evaluator.comparisons import Comparison, planned_rows
from evaluator.errors import DataError
from evaluator.experiment.protocol import (
    Arms,
    Course,
    Listed,
    Others,
    Protocol,
    Question,
    Span,
    TopCountries,
)
from evaluator.planning.next import NO_HISTORY, arm_a_of, template
from evaluator.resolve import Resolved
from evaluator.results import RowRole

Small = Callable[..., Resolved]
WEEK = timedelta(7)


def following(past: Resolved, weeks: int, days: int = 42, **changes: Any) -> Protocol:
    """The same experiment so many weeks later."""
    start = past.protocol.window.start + weeks * WEEK
    window = Span(start, start + timedelta(days - 1))
    return replace(past.protocol, window=window, **changes)


def counts(resolved: Resolved, course: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return resolved.panel.array("country", "day", course=[course])


def test_the_history_ends_where_the_next_window_begins(small: Small) -> None:
    """30 weeks of it, whatever its window counted; then six of its weeks once more.

    Six weeks later than a window in August is September, which the history does not hold: its
    last six weeks stand in.
    """
    past = small(lifts={"P": (3.0, 3.0)})
    resolved = template(past, following(past, 6))
    assert resolved.panel.start == past.panel.start + 6 * WEEK
    assert resolved.panel.end == resolved.protocol.window.end
    for course in ("P", "O00"):
        before = counts(past, course)[:, :210]
        expected = np.concatenate([before, before[:, -42:]], axis=1)
        np.testing.assert_array_equal(counts(resolved, course), expected)


def test_the_same_weeks_of_a_year_before_stand_in_for_the_window(small: Small) -> None:
    """The history begins on 2 January 2023: 20 weeks after the old window is 18 December, of which
    the last four weeks are in it, from 1 January 2024 less 364 days; two are not."""
    past = small()
    resolved = template(past, following(past, 20))
    assert resolved.protocol.window.start == date(2023, 12, 18)
    window, before = counts(resolved, "P")[:, 210:], counts(past, "P")
    np.testing.assert_array_equal(window[:, 14:], before[:, :28])
    np.testing.assert_array_equal(window[:, :14], before[:, 168:182])


def test_weekdays_stay_what_they_are(small: Small) -> None:
    """A window from a Thursday: the history ends four days earlier, on a Wednesday."""
    past = small()
    start = past.protocol.window.start + 10 * WEEK + timedelta(3)
    next_ = replace(past.protocol, window=Span(start, start + timedelta(20)))
    resolved = template(past, next_)
    before = counts(past, "P")[:, : 210 - 4]
    np.testing.assert_array_equal(counts(resolved, "P")[:, : 210 - 4], before)
    assert (resolved.panel.start - past.panel.start).days % 7 == 0


def test_the_rows_are_those_that_will_be_analysed(small: Small) -> None:
    past = small()
    resolved = template(past, following(past, 6))
    theirs = {(row.key, row.role) for row in planned_rows(past)}
    assert {(row.key, row.role) for row in planned_rows(resolved)} == theirs
    default = next(row for row in planned_rows(resolved) if row.role is RowRole.HEADLINE)
    assert isinstance(default.comparison, Comparison)
    assert default.comparison.reference_weeks == past.protocol.reference.weeks


def test_a_course_without_history_is_one_of_median_size_with_a_launch(small: Small) -> None:
    """Of twelve others the seventh smallest; at its opening three times itself."""
    past = small()
    opened = past.protocol.window.start - WEEK
    courses = (*past.protocol.courses, Course("NEW", "New", available_from=opened))
    resolved = template(past, following(past, 0, courses=courses))
    (finding,) = resolved.findings
    assert finding.name == NO_HISTORY
    assert finding.sentence.startswith("NEW:")
    own, like = counts(resolved, "NEW"), counts(resolved, "O06")
    assert not own[:, :203].any()
    np.testing.assert_array_equal(own[:, 203], np.rint(3 * like[:, 203]))
    assert resolved.first_day["NEW"] == opened


def test_a_launch_long_over_leaves_no_burst_to_take_for_a_trend(small: Small) -> None:
    """Opened in the third of thirty weeks: from then on as the other course of median size."""
    past = small()
    opened = past.panel.start + 2 * WEEK
    courses = (*past.protocol.courses, Course("NEW", "New", available_from=opened))
    resolved = template(past, following(past, 0, courses=courses))
    new, like = counts(resolved, "NEW"), counts(resolved, "O06")
    assert not new[:, :14].any()
    np.testing.assert_array_equal(new[:, 14:], np.rint(like[:, 14:]))


def test_a_course_that_was_just_launched_has_no_history(small: Small) -> None:
    """Four weeks before the old window are its launch; the weeks since were promoted."""
    opened = date(2023, 7, 3)
    past = small(courses=(Course("P", "P"), Course("Q", "Q", available_from=opened)))
    resolved = template(past, following(past, 30))
    assert [finding.sentence.split(":")[0] for finding in resolved.findings] == ["Q"]
    assert counts(resolved, "Q")[:, 0].any()


def test_who_is_no_longer_promoted_is_an_other_course_of_a_catalogue(small: Small) -> None:
    past = small()
    catalogued = Others((), catalogue="catalogue")
    one = following(past, 6, courses=(Course("P", "P"),), others=catalogued)
    assert template(past, one).others == (*past.others, "Q")
    listed = replace(one, others=past.protocol.others)
    assert template(past, listed).others == past.others


def test_courses_left_out_of_every_promotion_stay_apart(small: Small) -> None:
    past = small()
    others = replace(past.protocol.others, left_out=("O03", "O05"))
    resolved = template(past, following(past, 6, others=others))
    assert resolved.left_out == ("O03", "O05")
    assert not set(resolved.left_out) & set(resolved.others)
    assert counts(resolved, "O03").any()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Listed(("C03", "C01")), ("C03", "C01")),
        (Listed(("C03",), (("P", ("C08", "C09")),)), ("C08", "C09")),
        # Of P's past list; beyond it by what was counted, then by name.
        (TopCountries(4, "participants"), ("C00", "C01", "C02", "C03")),
        (TopCountries(7, "participants"), ("C00", "C01", "C02", "C03", "C04", "C05", "C06")),
    ],
)
def test_arm_a(small: Small, rule: Listed | TopCountries, expected: tuple[str, ...]) -> None:
    past = small()
    resolved = template(past, following(past, 6, arms=Arms(rule)))
    assert resolved.arm_a["P"] == expected


def test_arm_a_of_so_many_countries(small: Small) -> None:
    past = small()
    found = arm_a_of(past, following(past, 6), 8)
    assert {course: len(own) for course, own in found.items()} == {"P": 8, "Q": 8}
    assert found["Q"][:6] == past.arm_a["Q"]


def test_all_that_is_wrong_is_told_at_once(small: Small) -> None:
    past = small()
    wrong = following(past, 6, others=Others(("O00", "O99")), arms=Arms(Listed(("C00", "C99"), ())))
    window = Span(past.panel.start + 5 * WEEK, past.panel.start + 11 * WEEK - timedelta(1))
    short = replace(past, protocol=replace(past.protocol, window=window))
    with pytest.raises(DataError) as told:
        template(short, wrong)
    assert {problem.where for problem in told.value.problems} == {
        "history",
        "arm A, country C99",
        "course O99",
    }


def test_what_became_of_learners_is_not_in_it(small: Small) -> None:
    past = small()
    asked = (*past.protocol.questions, Question.SECONDARY)
    resolved = template(past, following(past, 6, questions=asked))
    assert resolved.protocol.questions == past.protocol.questions
