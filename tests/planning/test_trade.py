"""The trade-off table of the successor of experiment no. 2."""

from dataclasses import replace

import numpy as np
import pytest

from evaluator.experiment.planned import Plan
from evaluator.experiment.protocol import Protocol
from evaluator.planning.bought import past_rows
from evaluator.planning.budget import cells_of, yields
from evaluator.planning.design import design
from evaluator.planning.search import Score
from evaluator.planning.separability import ARM_A
from evaluator.planning.trade import LEFT_OUT, LIST, NO_ADS, WEEK, Trade, trades
from evaluator.resolve import Resolved
from evaluator.results import NotRun, Row, RowKey


def by_weeks(protocol: Protocol, seed: int) -> Score:
    """A hundredth of power a week."""
    power = 0.01 * protocol.window.days / 7 + 0 * seed
    return Score(power, 1.0, ((RowKey("promoted_vs_other", "all"), power),), 1, 0.03)


@pytest.fixture(scope="module")
def plan(experiment_2: Resolved) -> Plan:
    assert experiment_2.protocol.plan is not None
    return experiment_2.protocol.plan


@pytest.fixture(scope="module")
def rows(experiment_2: Resolved) -> tuple[Row, ...]:
    return past_rows(experiment_2)


@pytest.fixture(scope="module")
def found(experiment_2: Resolved, plan: Plan, rows: tuple[Row, ...]) -> dict[str, Trade]:
    known = yields(cells_of(rows), 1)
    own = design(experiment_2, plan, by_weeks)
    made = trades(experiment_2, plan, own, (known, rows), by_weeks)
    return {trade.what: trade for trade in made}


def test_a_week_buys_power(found: dict[str, Trade]) -> None:
    assert found[WEEK].power == pytest.approx(0.01)
    assert found[WEEK].error == pytest.approx(0.03 * np.sqrt(2))
    assert found[WEEK].identifies == ()
    assert found[WEEK].money == 0


def test_countries_without_ads_buy_their_effect_for_enrolments(found: dict[str, Trade]) -> None:
    """About a quarter of what the same advertisements bought before, 3,034 over both channels."""
    trade = found[NO_ADS]
    assert trade.identifies == (ARM_A,)
    assert not isinstance(trade.forgone, NotRun)
    assert 0.1 * 3034 < trade.forgone.value < 0.4 * 3034
    assert trade.forgone.value in trade.forgone.interval


def test_courses_left_out_buy_the_effect_of_the_portfolio(found: dict[str, Trade]) -> None:
    trade = found[LEFT_OUT]
    assert trade.identifies == ("portfolio_post",)
    assert isinstance(trade.forgone, NotRun)
    assert np.isnan(trade.power)


def test_a_list_held_out_costs_its_share(
    found: dict[str, Trade], plan: Plan, rows: tuple[Row, ...]
) -> None:
    (row,) = (
        row
        for row in rows
        if (row.key.course, row.key.channel) == ("all", "newsletter")
        and (row.key.method, row.key.variant) == ("channel_mean", "with the two weeks after")
    )
    assert plan.mailing is not None
    assert row.extra is not None
    forgone = found[LIST].forgone
    assert not isinstance(forgone, NotRun)
    assert forgone.value == pytest.approx(plan.mailing.holdout * row.extra.expected.value)


def test_only_choices_of_the_plan_are_in_the_table(experiment_2: Resolved, plan: Plan) -> None:
    bare = replace(plan, no_ads=0.0, left_out=0, mailing=None)
    own = design(experiment_2, bare, by_weeks)
    made = trades(experiment_2, bare, own, ((), ()), by_weeks)
    assert [trade.what for trade in made] == [WEEK]
