from pathlib import Path

import pytest

import evaluator
from evaluator.comparisons import Planned, planned_rows
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
