"""Laws that hold over all rows of the shipped experiment, and its planted truth."""

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import evaluator
from evaluator.evaluation import Evaluation
from evaluator.resolve import Resolved
from evaluator.results import (
    Amount,
    Row,
    RowRole,
    RowStatus,
    Status,
    Verdict,
)

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
BY_COURSE = ("promoted_vs_other", "a_vs_b", "pre_vs_campaign")
"""Questions that every promoted course is asked."""


@pytest.fixture
def shipped(flagship: evaluator.Result) -> Evaluation:
    return flagship.evaluation


def test_a_row_is_about_one_thing(shipped: Evaluation) -> None:
    keys = [row.key for row in shipped.rows]
    assert len(set(keys)) == len(keys)


def test_every_declared_question_and_course_has_a_row(shipped: Evaluation) -> None:
    asked = {row.key.question for row in shipped.rows}
    for declared in shipped.protocol.questions:  # a secondary one is named behind its kind
        assert any(name.startswith(declared.value) for name in asked), declared
    for question in BY_COURSE:
        for course in shipped.protocol.courses:
            assert shipped.row(question, course.code).role is RowRole.HEADLINE


def test_an_interval_excludes_no_effect_exactly_when_p_is_small(shipped: Evaluation) -> None:
    for row in with_effect(shipped):
        assert row.effect is not None
        for level in (0.5, 0.8, 0.9, 0.95, 0.99):
            excluded = 0.0 not in row.effect.interval(level)
            assert excluded == (row.effect.p_value() <= 1 - level), (row.key, level)


def test_so_does_the_interval_of_extra_enrolments(shipped: Evaluation) -> None:
    for row in with_effect(shipped):
        for amount in amounts(row):
            excluded = 0.0 not in amount.interval
            assert excluded == (amount.p <= 1 - row.level), row.key


def test_lift_and_realised_extra_of_one_course_agree(shipped: Evaluation) -> None:
    """The realised extra is the lift's own law, transformed."""
    single = [row for row in with_effect(shipped) if row.key.course != "all"]
    assert single
    for row in single:
        if row.extra is None or row.effect is None or row.observed is None:
            continue
        realised, interval = row.extra.realised, row.effect.interval(row.level)
        assert realised.p == row.effect.p_value(), row.key
        for own, log_lift in (
            (realised.value, row.effect.log_lift),
            (realised.interval.low, interval.low),
            (realised.interval.high, interval.high),
        ):
            assert own == pytest.approx(-row.observed * math.expm1(-log_lift)), row.key


def test_lift_and_extra_of_a_headline_row_decide_alike(shipped: Evaluation) -> None:
    """Over several courses the lift is a mean and the extra a sum, each with its own p."""
    pooled = [row for row in with_effect(shipped) if row.key.course == "all"]
    headline = [row for row in pooled if row.role is RowRole.HEADLINE and row.extra is not None]
    assert len(headline) > 6
    for row in headline:
        assert row.extra is not None
        assert row.effect is not None
        by_lift = 0.0 not in row.effect.interval(row.level)
        assert by_lift == (0.0 not in row.extra.realised.interval), row.key


def test_so_do_the_simultaneous_interval_and_the_adjusted_p(shipped: Evaluation) -> None:
    together = [row for row in shipped.rows if row.simultaneous is not None]
    assert {row.key.question for row in together} >= set(BY_COURSE)
    for row in together:
        assert row.simultaneous is not None
        assert row.effect is not None
        excluded = 0.0 not in row.simultaneous.interval(row.level)
        assert excluded == (row.simultaneous.p_adjusted <= 1 - row.level), row.key
        assert row.simultaneous.p_adjusted >= row.effect.p_value(), row.key


def test_a_verdict_says_what_the_deciding_interval_says(shipped: Evaluation) -> None:
    above = {Verdict.RAISED, Verdict.RAISED_UNCERTAIN}
    below = {Verdict.LOWERED, Verdict.LOWERED_UNCERTAIN}
    for row in shipped.rows:
        if row.status is RowStatus.ESTIMATED:
            decides: Any = row.simultaneous or row.effect
            interval = decides.interval(row.level)
            assert (row.verdict in above) == (interval.low > 0), row.key
            assert (row.verdict in below) == (interval.high < 0), row.key
        else:
            assert row.verdict.value == row.status.value, row.key


def test_a_refused_row_has_a_reason_and_no_number(shipped: Evaluation) -> None:
    refused = [row for row in shipped.rows if row.status is RowStatus.REFUSED]
    assert refused
    for row in refused:
        assert row.reason, row.key
        assert (row.effect, row.extra, row.simultaneous) == (None, None, None), row.key


def test_every_row_carries_its_estimand(shipped: Evaluation) -> None:
    for row in shipped.rows:
        assert row.estimand.name, row.key
        assert row.estimand.compares, row.key
        assert row.estimand.identifies, row.key


def test_coverage_is_measured_where_a_conclusion_is_drawn(shipped: Evaluation) -> None:
    """The shipped calibration.json is of the shipped declaration and data; nothing falls short."""
    for row in with_effect(shipped):
        decides = row.role is RowRole.HEADLINE and row.status is RowStatus.ESTIMATED
        looked = [finding for finding in row.findings if finding.name == "coverage"]
        assert [finding.status for finding in looked] == [
            Status.PASS if decides else Status.NOT_RUN
        ], (row.key, looked)
        assert (row.coverage is not None) == decides


def test_the_accounting_adds_up_to_the_published_total(shipped: Evaluation) -> None:
    own = shipped.accounting
    assert own.total == 6085 == own.identified + own.descriptive + own.not_identifiable
    assert own.identified_courses == ("ODPS", "ILSGEN")
    assert own.descriptive_courses == ("SEE", "SPGT")
    assert own.not_identifiable_courses == ("LIP", "ACTRAV", "EPAP")
    pooled = shipped.row("promoted_vs_other", "all")
    assert pooled.extra is not None
    assert own.extra == pooled.extra.realised


def test_a_row_counts_what_was_published_of_its_course(shipped: Evaluation) -> None:
    for course in shipped.protocol.courses:
        for question in ("promoted_vs_other", "pre_vs_campaign"):
            assert shipped.row(question, course.code).observed == course.published_total


def test_a_figure_shows_the_effect_of_its_row(shipped: Evaluation) -> None:
    """In the window: counted, less the counterfactual, is the realised extra."""
    drawn = {series.key for series in shipped.series}
    assert {("promoted_vs_other", "ODPS"), ("a_vs_b", "ODPS"), ("pre_vs_campaign", "ODPS")} <= {
        (key.question, key.course) for key in drawn
    }
    rows = {row.key: row for row in shipped.rows}
    for series in shipped.series:
        row = rows[series.key]
        assert row.observed is not None
        assert row.extra is not None
        inside = np.array(series.window)
        observed, expected = np.array(series.observed), np.array(series.counterfactual)
        assert observed[inside].sum() == pytest.approx(row.observed)
        extra = observed[inside].sum() - expected[inside].sum()
        assert extra == pytest.approx(row.extra.realised.value, rel=0.01, abs=1)
        assert np.all(np.array(series.low) <= expected)
        assert np.all(expected <= np.array(series.high))


@pytest.mark.parametrize("course", ["all", "ODPS", "ILSGEN"])
@pytest.mark.parametrize("question", BY_COURSE)
def test_planted_lifts_lie_in_their_intervals(
    shipped: Evaluation, root: Path, question: str, course: str
) -> None:
    """Nine 95% intervals, all of which hold the truth of this reconstruction."""
    truth = json.loads((root / "fixtures" / "itcilo-2022" / "truth.json").read_text())
    row = shipped.row(question, course)
    assert row.status is RowStatus.ESTIMATED
    assert row.effect is not None
    codes = ["ODPS", "ILSGEN"] if course == "all" else [course]
    assert planted(truth, question, codes) in row.effect.interval()


def planted(truth: dict[str, Any], question: str, codes: list[str]) -> float:
    """Planted log lift, net of what the portfolio's promotion did for the other courses."""
    courses = [truth["courses"][code] for code in codes]
    others = float(truth["others"]["log_lift"])
    if question == "a_vs_b":
        arms = [course["arms"] for course in courses]
        return float(np.mean([arm["A"]["log_lift"] - arm["B"]["log_lift"] for arm in arms]))
    if question == "promoted_vs_other":
        return float(np.mean([course["log_lift"] for course in courses])) - others
    with_, without = (
        sum(course[name] for course in courses) for name in ("expected", "without_promotion")
    )
    return math.log(with_ / without) - others


def amounts(row: Row) -> Iterator[Amount]:
    if row.extra is not None:
        yield row.extra.realised
        yield row.extra.expected


def with_effect(evaluation: Evaluation) -> list[Row]:
    rows = [row for row in evaluation.rows if row.effect is not None]
    assert rows
    return rows
