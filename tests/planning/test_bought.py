"""What the money of a design buys, from the rows of the past experiment."""

from dataclasses import replace

import pytest

import evaluator
from evaluator.experiment.planned import Plan, plan_of
from evaluator.experiment.protocol import Protocol, Question
from evaluator.planning.bought import Bought, bought, past_rows
from evaluator.planning.budget import cells_of
from evaluator.planning.design import Designed, design
from evaluator.planning.search import Score
from evaluator.resolve import Resolved
from evaluator.results import NotRun, Row


def alike(protocol: Protocol, seed: int) -> Score:
    return Score(0.5 + 0 * seed, float(len(protocol.waves)), (), 1)


@pytest.fixture(scope="module")
def plan(experiment_2: Resolved) -> Plan:
    return plan_of(experiment_2.protocol)


@pytest.fixture(scope="module")
def designed(experiment_2: Resolved, plan: Plan) -> Designed:
    return design(experiment_2, plan, alike)


@pytest.fixture(scope="module")
def rows(experiment_2: Resolved) -> tuple[Row, ...]:
    return past_rows(experiment_2)


def test_rows_are_those_of_the_evaluation(
    rows: tuple[Row, ...], flagship: evaluator.Result
) -> None:
    """Asked by itself, a channel has the cells that it has among all questions."""
    assert cells_of(rows) == cells_of(flagship.evaluation.rows)


def test_money_is_that_of_the_waves(
    experiment_2: Resolved, plan: Plan, designed: Designed, rows: tuple[Row, ...]
) -> None:
    found = bought(experiment_2, plan, designed, rows)
    assert isinstance(found, Bought)
    assert sum(found.spend.values()) == pytest.approx(designed.cost)
    assert found.extra.value in found.extra.interval
    assert found.split is not None
    assert sum(own.spend for own in found.split.shares) == pytest.approx(plan.budget)


def test_a_dose_beyond_the_past_is_named(
    experiment_2: Resolved, plan: Plan, designed: Designed, rows: tuple[Row, ...]
) -> None:
    dear = tuple(
        replace(own, per_wave=10_000.0) if own.name == "facebook_ads" else own
        for own in plan.channels
    )
    found = bought(experiment_2, replace(plan, channels=dear), designed, rows)
    assert isinstance(found, Bought)
    assert {channel for channel, _ in found.beyond} == {"facebook_ads"}


def test_a_past_that_did_not_ask_knows_nothing(
    experiment_2: Resolved, plan: Plan, designed: Designed
) -> None:
    own = experiment_2.protocol
    past = replace(experiment_2, protocol=replace(own, questions=(Question.A_VS_B,)))
    assert past_rows(past) == ()
    assert isinstance(bought(past, plan, designed, ()), NotRun)
