import re
from pathlib import Path

import pytest

import evaluator
from evaluator.assumptions.closely import LONG_LOOKS
from evaluator.comparisons import Planned, planned_rows
from evaluator.report.assumed import looked_at
from evaluator.report.explain import explain
from evaluator.report.words import of_any_channel
from evaluator.resolve import Resolved
from evaluator.results import NotRun


@pytest.fixture(scope="module")
def resolved(root: Path) -> Resolved:
    return evaluator.load_experiment(root / "experiments" / "itcilo-2022").resolved()


@pytest.fixture(scope="module")
def planned(resolved: Resolved) -> list[Planned]:
    return planned_rows(resolved)


@pytest.fixture(scope="module")
def text(resolved: Resolved, planned: list[Planned]) -> str:
    return " ".join(explain(resolved, planned).split())


def test_every_row_is_announced_with_what_it_is(text: str, planned: list[Planned]) -> None:
    for row in planned:
        assert f"{row.key.method} (" in text
        assert f"{row.key.variant}: " in text
        assert of_any_channel(row.estimand.name, row.key) in text
        assert of_any_channel(row.estimand.identifies, row.key) in text


def test_what_is_looked_at_is_told_with_what_a_fail_does(text: str) -> None:
    """Before estimating: as it stands already. Closely: which rows, and every look by name."""
    assert "looked at before anything is estimated: not run: coverage" in text
    assert re.search("warn: previous campaign, other courses untouched, .*?pass: ", text)
    assert "looked at closely: all, ODPS, ILSGEN Question: Arm A" in text
    assert "looked at closely: nothing, no row decides" in text
    assert "fail: the data contradict an assumption" in text
    for what in LONG_LOOKS.values():
        assert what in text


def test_rows_said_to_decide_are_those_looked_at_closely(
    resolved: Resolved, planned: list[Planned], flagship: evaluator.Result
) -> None:
    first = planned[0].key.question
    own = [row for row in planned if row.key.question == first]
    said = list(looked_at(own, resolved))[-1][1].removeprefix("looked at closely: ").split(", ")
    closely = [
        row.key.course
        for row in flagship.evaluation.rows
        if row.key.question == first and row.evidence.event_study
    ]
    assert said == closely


def test_what_a_verdict_will_say_is_told(text: str) -> None:
    assert "a verdict says that they were raised or lowered by individual promotion" in text
    assert "a verdict says that they rose or fell together with the campaign" in text


def test_a_row_that_will_be_refused_says_why(text: str, planned: list[Planned]) -> None:
    for row in planned:
        if isinstance(row.comparison, NotRun):
            assert f"will be refused: {row.comparison.reason}" in text
    assert "will be refused: slope on a short history" in text


def test_a_row_announced_as_refused_is_refused(
    resolved: Resolved, planned: list[Planned], flagship: evaluator.Result
) -> None:
    refused = {row.key for row in flagship.evaluation.rows if row.effect is None}
    announced = {row.key for row in planned if "will be refused" in explain(resolved, [row])}
    assert announced
    assert announced <= refused


@pytest.mark.parametrize(
    "fact",
    [
        "SYNTHETIC RECONSTRUCTION",
        "ODPS: Introduction to Project Cycle Management",
        "facebook-odps*: 31 Oct 2022 – 6 Nov 2022",
        "newsletter: 7 Dec 2022, newsletter: ",
        "exposed: A, B",
        "reference: the last 8 weeks before the window",
        "a lift is worth having from ×1.10",
        "previous campaign: Previous experiment, 1 Jun 2022 – 30 Sep 2022",
        "order under test: Facebook: paid first",
    ],
)
def test_the_declaration_is_told(text: str, fact: str) -> None:
    assert fact in text
