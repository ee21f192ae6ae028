"""From the shipped experiment to its successor, evaluated on what is simulated for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.api import evaluate, load_experiment
from evaluator.errors import DataError, NotIdentified
from evaluator.experiment.planned import PlannedMarkets, plan_of
from evaluator.experiment.protocol import Question
from evaluator.planning import prospect as module
from evaluator.planning.next_file import draft_of
from evaluator.planning.prospect import Prospect, concludes_of_nothing, prospect
from evaluator.planning.varied import Axis
from evaluator.planning.writing import write_experiment
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowStatus


def test_a_plan_that_does_not_fit_is_no_bug(
    experiment_2: Resolved, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise NotIdentified("the open weeks do not hold the waves")

    monkeypatch.setattr(module, "design", refused)
    with pytest.raises(DataError, match="plan: the open weeks do not hold the waves"):
        prospect(experiment_2)


@pytest.fixture(scope="module")
def quick(drawn: Resolved) -> Resolved:
    """A small experiment with a plan of one question, and a budget."""
    own = drawn.protocol
    plan = replace(
        plan_of(own),
        questions=(Question.PRE_VS_CAMPAIGN,),
        weeks=4,
        markets=PlannedMarkets((2,), (4,), (1.5, 3.0), include=("C00",), exclude=("C01",)),
    )
    return replace(drawn, protocol=replace(own, plan=plan))


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int, str]]:
    """What is told of the steps."""
    return []


@pytest.fixture(scope="module")
def found(quick: Resolved, told: list[tuple[int, int, str]]) -> Prospect:
    return prospect(quick, 60, lambda *step: told.append(step), [Axis.WEEKS, Axis.WAVES])


def test_steps_are_told(found: Prospect, told: list[tuple[int, int, str]]) -> None:
    assert {curve.axis for curve in found.curves} == {Axis.LIFT, Axis.WEEKS, Axis.WAVES}
    assert [number for number, _, _ in told] == [0, 1, 2, 3, 4]
    assert {total for _, total, _ in told} == {5}


def test_powers_and_lifts_are_read_off_the_curves(found: Prospect) -> None:
    over_lifts = [own for own in found.curves if own.axis is Axis.LIFT]
    assert [own.key for own in found.powers] == [own.key for own in over_lifts]
    for own, least, curve in zip(found.powers, found.detectable, over_lifts, strict=True):
        assert own.lift == found.plan.smallest_lift
        assert own.campaigns == 60
        assert own in [point.power for point in curve.points]
        assert least.low <= least.lift <= least.high


def test_a_further_axis_has_the_designs_own_value(found: Prospect) -> None:
    along = [own for own in found.curves if own.axis is Axis.WEEKS]
    assert {own.key for own in along} == {own.key for own in found.powers}
    for curve in along:
        assert found.plan.weeks in [point.value for point in curve.points]
        assert len({point.power.lift for point in curve.points}) == 1


def test_what_is_not_possible_is_remarked(found: Prospect) -> None:
    """Four weeks do not hold three waves of a course, a week after each."""
    (said,) = (own for own in found.remarks if own.startswith("not drawn"))
    assert said.startswith("not drawn: waves of a course 3")


def test_markets_hold_what_is_asked(found: Prospect) -> None:
    assert found.markets
    assert not isinstance(found.markets, NotRun)
    for own in found.markets:
        assert "C00" in own.names
        assert "C01" not in own.names
        assert own.duration == 4


def test_nothing_is_known_of_money_without_costs(found: Prospect) -> None:
    assert isinstance(found.bought, NotRun)


@pytest.mark.parametrize(
    ("share", "campaigns", "surely"),
    [(0.05, 200, False), (0.09, 200, False), (0.11, 200, True), (0.3, 0, False)],
)
def test_which_rows_conclude_of_nothing(
    found: Prospect, share: float, campaigns: int, *, surely: bool
) -> None:
    own = replace(found.powers[0], false_positive=share, campaigns=campaigns)
    assert concludes_of_nothing(own, 0.95) == surely


@pytest.mark.long
def test_what_is_planned_runs(experiment_2: Resolved, tmp_path: Path) -> None:
    """Order, the effect in A and that of the portfolio are rows with numbers, not refusals."""
    found = prospect(experiment_2, worlds=100)
    draft = draft_of(
        found.past, found.designed.protocol, found.plan, found.noticed, tmp_path / "experiment.toml"
    )
    path, *_ = write_experiment(draft, tmp_path / "experiment.toml")
    evaluation = evaluate(load_experiment(path)).evaluation
    rows = [row for row in evaluation.rows if row.status is RowStatus.ESTIMATED]
    methods = {(row.key.question, row.key.method) for row in rows}
    assert ("order", "order_of_waves") in methods
    assert ("a_vs_b", "triple_difference") in methods
    assert ("portfolio", "against_left_out") in methods
