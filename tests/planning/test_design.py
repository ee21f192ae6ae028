"""The planned successor of experiment no. 2, and what a plan may ask too much of."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import evaluator
from evaluator.comparisons import ALL, Comparison, planned_rows
from evaluator.comparisons.left_out import OTHERS
from evaluator.comparisons.weeks_drawn import METHOD
from evaluator.errors import DataError
from evaluator.experiment.assignment import AssignmentRule
from evaluator.experiment.planned import Plan, PlannedChannel
from evaluator.experiment.protocol import Course, Listed, Protocol, Question
from evaluator.planning.columns import Contrast
from evaluator.planning.design import Designed, design
from evaluator.planning.groups import country_arms
from evaluator.planning.next import template
from evaluator.planning.next_file import draft_of
from evaluator.planning.priced import prices_of
from evaluator.planning.search import Score
from evaluator.planning.separability import ARM_A, ORDER, separability
from evaluator.planning.writing import Draft, check_loads, experiment_text, write_experiment
from evaluator.resolve import Resolved
from evaluator.results import RowRole, RowStatus, Verdict


def alike(protocol: Protocol, seed: int) -> Score:
    """Judges every design the same: what is tested here is not power."""
    return Score(0.5 + 0 * seed, float(len(protocol.waves)), (), 1)


@pytest.fixture(scope="module")
def plan(experiment_2: Resolved) -> Plan:
    declared = experiment_2.protocol.plan
    assert declared is not None
    return declared


@pytest.fixture(scope="module")
def successor(experiment_2: Resolved, plan: Plan) -> Designed:
    return design(experiment_2, plan, alike)


def contrasts(designed: Designed) -> dict[str, Contrast]:
    return {own.name: own for own in designed.separability.contrasts}


def test_it_identifies_what_experiment_2_did_not(
    experiment_2: Resolved, successor: Designed
) -> None:
    """By rank: order, organic from newsletter, the effect in arm A, the portfolio's effect."""
    before, after = separability(experiment_2), successor.separability
    asked = (ORDER, "organic", "newsletter", ARM_A, "portfolio_post")
    lost = [name for name in asked if not before.identifies(name)]
    assert lost == [ORDER, "newsletter", ARM_A, "portfolio_post"]
    assert after.identifies(*asked)
    assert before.rank < before.columns
    assert after.rank == after.columns


def test_within_each_course_the_estimator_tells_its_waves_apart(successor: Designed) -> None:
    found = contrasts(successor)
    for name in ("facebook_ads", "linkedin_ads", "organic", "newsletter", "portfolio_post"):
        assert 1 <= found[name].inflation < 1.2
        assert found[name].in_daily_model < 2
    assert successor.separability.efficiency > 0.95
    assert successor.separability.washout == 1


def test_every_row_that_was_designed_is_answered(
    experiment_2: Resolved, successor: Designed
) -> None:
    """Rank is not enough: each contrast has a row that would decide, and the rest are named."""
    rows = planned_rows(template(experiment_2, successor.protocol))
    answered = {
        (row.key.question, row.key.channel)
        for row in rows
        if row.role is RowRole.HEADLINE
        and not row.descriptive
        and row.key.course in (ALL, OTHERS)
        and isinstance(row.comparison, Comparison)
    }
    channels = ("facebook_ads", "linkedin_ads", "organic", "newsletter", "portfolio_post")
    assert answered >= {
        *(("channels", channel) for channel in channels),
        ("order", "facebook_ads"),
        ("a_vs_b", ALL),
        ("portfolio", ALL),
        ("portfolio", "portfolio_post"),
    }
    refused = [said for said in successor.remarks if said.startswith("not answered")]
    assert refused == [
        "not answered: order · linkedin_ads: chance gave the order on Facebook, not on this network"
    ]


def test_too_few_courses_left_out_are_told_before_anything_is_run(
    experiment_2: Resolved, plan: Plan
) -> None:
    remarks = design(experiment_2, replace(plan, left_out=5), alike).remarks
    refused = [said for said in remarks if "few other courses: 5" in said]
    named = ("portfolio · other courses", "promoted_vs_other", "channels · portfolio_post")
    assert all(any(name in said for said in refused) for name in named)


def test_on_simulated_data_each_is_a_row_with_a_verdict(
    experiment_2: Resolved, plan: Plan, successor: Designed, tmp_path: Path
) -> None:
    """Order, organic and newsletter apart, advertising in A, the portfolio: as its file says."""
    file = tmp_path / "experiment.toml"
    asked = (Question.A_VS_B, Question.CHANNELS, Question.PORTFOLIO, Question.ORDER)
    protocol = replace(successor.protocol, questions=asked)
    write_experiment(draft_of(experiment_2, protocol, plan, (), file), file)
    rows = {
        (row.key.question, row.key.course, row.key.channel, row.key.method): row
        for row in evaluator.evaluate(evaluator.load_experiment(file)).evaluation.rows
        if row.role is RowRole.HEADLINE
    }
    for key in (
        ("order", ALL, "facebook_ads", "order_of_waves"),
        ("channels", ALL, "organic", "channel_mean"),
        ("channels", ALL, "newsletter", "channel_mean"),
        ("channels", ALL, "portfolio_post", "channel_mean"),
        ("a_vs_b", ALL, ALL, "triple_difference"),
        ("portfolio", OTHERS, "portfolio_post", "against_left_out"),
    ):
        assert rows[key].status is RowStatus.ESTIMATED, key
        assert rows[key].verdict not in (Verdict.REFUSED, Verdict.DESCRIPTIVE), key


def test_organic_and_newsletter_are_apart(successor: Designed) -> None:
    for course in successor.protocol.courses:
        own = {
            w.channel: w.span.start for w in successor.protocol.waves if course.code in w.courses
        }
        assert abs((own["organic"] - own["newsletter"]).days) >= 21


def test_no_wave_runs_on_a_holiday(successor: Designed, plan: Plan) -> None:
    waves = successor.protocol.waves
    assert not [w.id for w in waves for day in plan.holidays if w.span.overlaps(day.span)]
    assert {week.closed for week in successor.weeks} == {"", *(day.name for day in plan.holidays)}
    assert all(not week.waves for week in successor.weeks if week.closed)


def test_the_protocol_says_who_has_what_by_chance(successor: Designed, plan: Plan) -> None:
    protocol = successor.protocol
    assert protocol.arms is not None
    assert isinstance(protocol.arms.rule, Listed)
    assert protocol.arms.exposed == ("A",)
    countries = successor.assigned["countries"]
    assert len(countries.members("B")) == round(plan.no_ads * len(countries.labels))
    assert protocol.arms.rule.countries == tuple(sorted(countries.members("A")))
    assert len(protocol.others.left_out) == plan.left_out
    assert not {c.code for c in protocol.courses} & set(protocol.others.left_out)
    assert protocol.assignment is not None
    assert protocol.assignment.seed == plan.seed
    assert protocol.assignment.order is not None
    assert protocol.assignment.order.random
    assert protocol.assignment.countries is not None
    assert protocol.assignment.countries.rule is AssignmentRule.RE_RANDOMISED
    assert "newsletter hold-out" in dict(protocol.facts)


def test_cost_is_within_the_budget(successor: Designed, plan: Plan) -> None:
    assert successor.cost == 7 * 100 + 7 * 200
    assert plan.budget is not None
    assert successor.cost <= plan.budget


def test_a_week_of_the_schedule_says_what_it_identifies(successor: Designed) -> None:
    """Every contrast is identified somewhere, and a portfolio wave by the week it runs in."""
    told = {name for week in successor.weeks for name in week.identifies}
    assert told == set(contrasts(successor))
    (week,) = [w for w in successor.weeks if any("portfolio" in wave for wave in w.waves)]
    assert "portfolio_post" in week.identifies


def loads(designed: Designed) -> None:
    """The protocol can be written as an experiment file that means it."""
    check_loads(experiment_text(Draft(designed.protocol)), designed.protocol)


def test_it_is_a_file_that_loads(experiment_2: Resolved, plan: Plan, successor: Designed) -> None:
    loads(successor)
    some = replace(plan, courses=4, candidates=(*plan.candidates, "OC05", "OC30"))
    found = design(experiment_2, some, alike)
    loads(found)
    assert set(found.assigned) == {"countries", "courses", "left out", "order"}
    assert not {"OC05", "OC30"} & set(found.assigned["left out"].units.names)


def test_same_seed_same_design(experiment_2: Resolved, plan: Plan, successor: Designed) -> None:
    again = design(experiment_2, plan, alike)
    assert again.protocol == successor.protocol
    assert again.protocol.hash == successor.protocol.hash
    other = country_arms(experiment_2, replace(plan, seed=plan.seed + 1))
    assert other is not None
    assert other.labels != successor.assigned["countries"].labels


def test_money_for_fewer_courses_promotes_fewer(experiment_2: Resolved, plan: Plan) -> None:
    found = design(experiment_2, replace(plan, budget=1300.0, left_out=0, no_ads=0.0), alike)
    assert len(found.protocol.courses) == 4
    assert found.remarks[0] == "1,300 EUR pay for 4 of 7 courses, 300 each"
    assert found.assigned["courses"].allocations == 35
    assert found.protocol.arms == experiment_2.protocol.arms


def test_a_course_without_history_is_promoted_and_its_own_stratum(
    experiment_2: Resolved, plan: Plan
) -> None:
    new = Course("NEW", "A course nobody has seen", available_from=plan.start)
    asked = replace(plan, new_courses=(new,), courses=8, budget=None)
    found = design(experiment_2, asked, alike)
    assert "NEW" in {course.code for course in found.protocol.courses}
    order = found.assigned["order"].units
    alone = order.blocks[order.names.index("NEW")]
    assert order.blocks.count(alone) == 1


def test_one_channel_can_be_switched_on_and_off(experiment_2: Resolved, plan: Plan) -> None:
    ads = PlannedChannel("google_ads", "paid", "Google")
    alone = replace(plan, channels=(ads,), questions=(Question.CHANNELS,), left_out=0, budget=None)
    found = design(experiment_2, alone, lambda p, _: Score(len(p.waves) / 100, 1.0, (), 1))
    names = [found.winner.candidate.name, *(own.candidate.name for own in found.alternatives)]
    assert "switchback" in names
    assert found.winner.candidate.name == "switchback", (
        "it has most waves, which is what was judged"
    )
    assert found.protocol.assignment is not None
    assert found.protocol.assignment.weeks is not None
    assert found.protocol.assignment.weeks.groups[0] == ("2023-09-04", "2023-09-18")
    rows = planned_rows(template(experiment_2, found.protocol))
    (row,) = (own for own in rows if own.key.method == METHOD)
    assert isinstance(row.comparison, Comparison)
    loads(found)
    assert found.remarks == ("google_ads: what a wave costs is not declared; it is taken as free",)


@pytest.mark.parametrize(("changes", "said"), [
    ({"minimum_cell": 200}, r"7 courses are wanted, [0-6] candidates can be used"),
    ({"budget": 200.0}, r"one course costs 300\.00 EUR, the budget is 200\.00"),
    ({"left_out": 60}, r"60 of \d+ other courses are to be left out"),
])  # fmt: skip
def test_too_much_is_refused_by_name(
    experiment_2: Resolved, plan: Plan, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        design(experiment_2, replace(plan, **changes), alike)  # type: ignore[arg-type]


def test_the_window_is_that_of_the_plan(successor: Designed, plan: Plan) -> None:
    window = successor.protocol.window
    assert (window.start, window.end) == (plan.start, plan.end)
    assert window.start == date(2023, 9, 4)
    assert all(window.contains(wave.span) for wave in successor.protocol.waves)


def paid_by_enrolment(plan: Plan, price: float) -> Plan:
    channels = tuple(
        replace(own, per_wave=None, per_enrolment=price) if own.name == "facebook_ads" else own
        for own in plan.channels
    )
    return replace(plan, channels=channels)


def test_what_is_paid_by_enrolment_is_expected_as_it_was_credited(
    experiment_2: Resolved, plan: Plan
) -> None:
    """A wave costs its tagged enrolments of the past window, over the waves that it had."""
    channel = paid_by_enrolment(plan, 2.0).channels[0]
    found = prices_of(experiment_2, replace(plan, channels=(channel,)))
    panel, window = experiment_2.panel, experiment_2.protocol.window
    daily = panel.array("day", course=list(experiment_2.promoted), tag=[channel.tag or ""])
    credited = daily[panel.day(window.start) : panel.day(window.end) + 1].sum()
    waves = [w for w in experiment_2.protocol.waves if w.channel == channel.name]
    assert found.course == pytest.approx(2 * credited / sum(len(w.courses) for w in waves))
    assert "paid by enrolment" in found.remarks[0]


def test_a_dear_enrolment_promotes_fewer_courses(experiment_2: Resolved, plan: Plan) -> None:
    with pytest.raises(DataError, match="one course costs"):
        design(experiment_2, paid_by_enrolment(plan, 1000.0), alike)


def test_a_channel_that_nobody_was_credited_to_has_no_price(
    experiment_2: Resolved, plan: Plan
) -> None:
    new = PlannedChannel("search_ads", "paid", tag="search", per_enrolment=2.0)
    found = prices_of(experiment_2, replace(plan, channels=(new,)))
    assert found.course == 0
    assert "not in the budget" in found.remarks[0]


def test_how_far_waves_stand_apart_is_remarked(
    experiment_2: Resolved, plan: Plan, successor: Designed
) -> None:
    short = replace(plan, weeks=9, holidays=())
    assert any("no more than the declared" in s for s in design(experiment_2, short, alike).remarks)
    assert any("more than the 1 of plan.washout_weeks" in said for said in successor.remarks)
