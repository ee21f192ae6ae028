"""The whole reading: DoWhy in its process, findings beside the rows, the same bytes again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import evaluator
from evaluator.assumptions.graph import NOTHING, reading
from evaluator.assumptions.graph.identification import identified, is_evident, requests
from evaluator.assumptions.graph.linear import NAME, linear_finding, linear_request
from evaluator.assumptions.graph.questions import graphs
from evaluator.assumptions.graph.worker import adjustment
from evaluator.comparisons import planned_rows
from evaluator.experiment.protocol import Assumptions, Question
from evaluator.resolve import Resolved
from evaluator.results import NotRun, Status

Built = Callable[..., Resolved]
ANSWER = {"low": 0.5, "high": 0.9, "robustness": 0.5, "history": 0.6}


@pytest.fixture(scope="module")
def findings(flagship: evaluator.Result) -> dict[str, str]:
    return {f.name: f.status.value for f in flagship.evaluation.findings}


def test_the_flagship_is_read(findings: dict[str, str], flagship: evaluator.Result) -> None:
    own = {name.partition(": ")[2]: status for name, status in findings.items()}
    assert own["promoted_vs_other"] == own["pre_vs_campaign"] == "pass"
    assert own["order"] == own["portfolio"] == own["channels · portfolio_post"] == "warn"
    assert findings[NAME] == "pass"
    first = flagship.evaluation.graph[0]
    assert not isinstance(first.identified, NotRun)
    assert first.identified.compared == ("opened lately",)
    assert first.identified.levels is None
    assert "fail" not in {drawn.finding.status.value for drawn in flagship.evaluation.graph}


def test_no_a_vs_b_without_its_assumption(flagship: evaluator.Result) -> None:
    """Against other courses a shock of arm A cancels; one course alone has to assume it away."""
    pooled, alone = (d for d in flagship.evaluation.graph if d.graph.question == "a_vs_b")
    for drawn, doubted in ((pooled, ()), (alone, None)):
        assert not isinstance(drawn.identified, NotRun)
        assert (drawn.identified.compared, drawn.identified.doubted) == ((), doubted)


def test_switched_off_nothing_runs_and_the_graphs_are_drawn(small: Built) -> None:
    resolved = small()
    with reading(resolved, planned_rows(resolved)) as beside:
        drawn, check = beside.drawn([])
    assert drawn
    for finding in (*(own.finding for own in drawn), check):
        assert finding.status is Status.NOT_RUN
        assert "switched off in the declaration" in finding.sentence


ALONE = {"others": 0, "questions": (Question.PRE_VS_CAMPAIGN, Question.WEEKDAYS)}


def switched_on(resolved: Resolved) -> Resolved:
    on = replace(resolved.protocol, assumptions=Assumptions(causal_graph=True))
    return replace(resolved, protocol=on)


def test_dowhy_is_not_started_for_what_is_evident(
    small: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(evaluator.assumptions.graph.beside, "_started", started)
    resolved = switched_on(small(**ALONE))
    with reading(resolved, planned_rows(resolved)) as beside:
        (drawn,), check = beside.drawn([])
    assert drawn.finding.status is Status.WARN
    assert drawn.finding.sentence.startswith("there is no estimand for “campaign weeks”: nothing")
    assert check.status is Status.NOT_RUN


def test_what_is_evident_is_what_dowhy_answers(small: Built) -> None:
    """Of a series with only its own past, and of the flagship's portfolio and order."""
    resolved = switched_on(small(**ALONE))
    asked = [one for graph in graphs(resolved, planned_rows(resolved)) for one in requests(graph)]
    assert [adjustment(**one) for one in asked] == [NOTHING] * 3


@pytest.mark.parametrize("question", ["portfolio", "order"])
def test_dowhy_agrees_with_what_is_evident(flagship: evaluator.Result, question: str) -> None:
    evident = [own for own in flagship.evaluation.graph if is_evident(own.graph)]
    assert question in {own.graph.question for own in evident}
    assert {own.identified for own in evident} == {identified([NOTHING] * 3)}


@pytest.mark.long
def test_the_same_answer_twice(small: Built) -> None:
    resolved = switched_on(small(lifts={"P": (2.0, 2.0), "Q": (2.0, 2.0)}))
    planned = planned_rows(resolved)
    with reading(resolved, planned) as first, reading(resolved, planned) as second:
        assert first.drawn([]) == second.drawn([])


def test_the_request_is_the_differenced_log_outcome(small: Built) -> None:
    resolved = small(lifts={"P": (2.0, 2.0), "Q": (2.0, 2.0)}, season=False)
    asked = linear_request(planned_rows(resolved), 0.95)
    assert not isinstance(asked, NotRun)
    outcome = asked["outcome"]
    assert asked["treated"] == [1.0, 1.0] + [0.0] * 12
    # Six weeks against eight, doubled for the promoted; the others differ by a percent.
    assert outcome[0] - sum(outcome[2:]) / 12 == pytest.approx(0.6931, abs=1e-3)


REFUSED = {"no other courses": {"others": 0}, "few": {"others": 7}}


@pytest.mark.parametrize("changes", REFUSED.values(), ids=REFUSED.keys())
def test_no_regression_over_few_courses(small: Built, changes: dict[str, int]) -> None:
    assert isinstance(linear_request(planned_rows(small(**changes)), 0.95), NotRun)


@pytest.mark.parametrize(
    ("estimate", "status", "inside"), [(0.89, Status.PASS, True), (0.2, Status.WARN, False)]
)
def test_the_cross_check_is_inside_our_interval_or_not(
    flagship: evaluator.Result, estimate: float, status: Status, inside: bool
) -> None:
    found = linear_finding({**ANSWER, "estimate": estimate}, flagship.evaluation.rows)
    assert found.status is status
    assert found.margin is not None
    assert (found.margin > 0) is inside
    assert f"{'inside' if inside else 'outside'} our interval" in found.sentence
