"""Power is what the rows and the rule would say of campaigns, one by one."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest

from evaluator.calibration.rows import Kind
from evaluator.comparisons import Comparison, Planned, planned_rows, seen_by
from evaluator.effects import Estimated, Setting, estimate
from evaluator.estimators.arrays import Array
from evaluator.evaluation.families import read_together
from evaluator.experiment.protocol import Arms, Listed, Protocol, Question
from evaluator.planning.asked import Asked, drawn_together
from evaluator.planning.campaigns import campaigns_of
from evaluator.planning.concluded import concluded
from evaluator.planning.next import template
from evaluator.planning.power import Power, powers
from evaluator.resolve import Resolved
from evaluator.results import Row, RowRole, RowStatus, Verdict
from evaluator.testing.exact import Band
from evaluator.verdict import CONCLUDED, conclude

Small = Callable[..., Resolved]
SETTING = Setting(seed=3)
QUESTIONS = (
    Question.PROMOTED_VS_OTHER,
    Question.A_VS_B,
    Question.PRE_VS_CAMPAIGN,
    Question.CHANNELS,
)


def asking(past: Resolved, *questions: Question) -> Protocol:
    """The same experiment a year later."""
    return replace(
        past.protocol,
        window=past.protocol.window.shifted(364),
        questions=questions,
        waves=tuple(replace(w, span=w.span.shifted(364)) for w in past.protocol.waves),
    )


def asked_of(past: Resolved, following: Protocol, kind: Kind, worlds: int) -> list[Asked]:
    """What is asked of each group of the rows that decide."""
    resolved = template(past, following)
    rows = [row for row in planned_rows(resolved) if row.role is RowRole.HEADLINE]
    return [
        Asked(seen_by(own[0], resolved), own, (1.0, 3.0), worlds, SETTING, kind, group)
        for group, own in enumerate(drawn_together(rows))
    ]


def left_out_of(following: Protocol) -> Protocol:
    """The same with ten courses left out of every promotion."""
    left_out = following.others.codes[:10]
    return replace(following, others=replace(following.others, left_out=left_out))


def one(batch: Comparison, lift: int, campaign: tuple[int, ...]) -> Comparison:
    """One campaign of a batch, with its own counts everywhere."""

    def own(values: Array, axes: int) -> Array:
        leading = values.shape[: values.ndim - axes]
        index = (lift, *campaign)[len((lift, *campaign)) - len(leading) :]
        return np.asarray(values[tuple(min(i, n - 1) for i, n in zip(index, leading, strict=True))])

    return replace(
        batch,
        treated=own(batch.treated, 3),
        other=own(batch.other, 3),
        companions=tuple(one(companion, lift, campaign) for companion in batch.companions),
        effective=own(np.asarray(batch.effective), 0),
    )


def by_itself(rows: tuple[Planned, ...], campaign: list[Comparison], asked: Asked) -> list[Row]:
    """The rows of one campaign as an evaluation makes them."""
    decision = asked.resolved.protocol.decision
    found = []
    for planned, comparison in zip(rows, campaign, strict=True):
        row = Row(
            planned.key, planned.role, RowStatus.REFUSED, planned.estimand, Verdict.REFUSED, 0.95
        )
        outcome = estimate(comparison, planned.key, asked.setting)
        if isinstance(outcome, Estimated):
            row = replace(row, status=RowStatus.ESTIMATED, effect=outcome.effect)
        found.append(replace(row, verdict=conclude(row, decision)))
    return read_together(found, decision)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("question", QUESTIONS)
def test_campaigns_are_concluded_as_each_is(
    drawn: Resolved, question: Question, kind: Kind
) -> None:
    (asked,) = asked_of(drawn, asking(drawn, question), kind, 14)
    _agree(asked)


@pytest.mark.parametrize("kind", list(Kind))
def test_rows_against_courses_left_out_see_these_alone(drawn: Resolved, kind: Kind) -> None:
    groups = asked_of(drawn, left_out_of(asking(drawn, QUESTIONS[0])), kind, 14)
    others, left_out = groups
    assert [row.key.method for row in left_out.rows] == ["against_left_out"]
    assert [len(own.resolved.others) for own in groups] == [14, 10]
    for asked, compared in ((others, 14), (left_out, 10)):
        campaigns = campaigns_of(asked)
        assert not isinstance(campaigns, str)
        stand_ins = 3 if kind is Kind.PLACEBO else 0
        batch = next(iter(campaigns.batches))
        assert {own.other.shape[-3] for own in batch} == {compared - stand_ins}
        _agree(asked)


def _agree(asked: Asked) -> None:
    """Many campaigns at once say what each says by itself."""
    campaigns = campaigns_of(asked)
    assert not isinstance(campaigns, str)
    batch = next(iter(campaigns.batches))
    decision = asked.resolved.protocol.decision
    together = concluded(asked.rows, batch, asked.setting, decision)
    shape = together[0].verdict.shape
    for lift in range(2):
        for campaign in list(np.ndindex(shape[1:]))[:6]:
            alone = by_itself(asked.rows, [one(c, lift, campaign) for c in batch], asked)
            for row, many in zip(alone, together, strict=True):
                place = (lift, *campaign)
                assert CONCLUDED[many.verdict[place]] is row.verdict
                if row.effect is not None:
                    interval = (row.simultaneous or row.effect).interval(0.95)
                    ends = many.low[place], many.high[place]
                    np.testing.assert_allclose(ends, (interval.low, interval.high), atol=1e-8)


@pytest.mark.parametrize("question", QUESTIONS[:3])
def test_a_lift_has_the_same_power_whatever_lifts_stand_beside_it(
    drawn: Resolved, question: Question
) -> None:
    following = asking(drawn, question)
    three = powers(drawn, following, [1.5, 3.0, 6.0], 60, SETTING)
    backwards = powers(drawn, following, [6.0, 3.0, 1.5], 60, SETTING)
    alone = powers(drawn, following, [3.0], 60, SETTING)
    assert set(three) == set(backwards)
    assert [power for power in three if power.lift == 3.0] == list(alone)


def test_a_question_has_the_same_power_whatever_is_asked_beside_it(drawn: Resolved) -> None:
    alone = powers(drawn, asking(drawn, QUESTIONS[0]), [3.0], 40, SETTING)
    both = powers(drawn, asking(drawn, QUESTIONS[2], QUESTIONS[0]), [3.0], 40, SETTING)
    assert [power for power in both if power.question == QUESTIONS[0].value] == list(alone)


@pytest.mark.parametrize("kind", list(Kind))
def test_power_rises_and_alarms_are_rare(drawn: Resolved, kind: Kind) -> None:
    """Of all courses together; the alarms of 600 campaigns lie in an exact band."""
    lifts, worlds = [1.0, 1.3, 1.8, 3.0], 600
    found = powers(drawn, asking(drawn, QUESTIONS[0]), lifts, worlds, SETTING, kind)
    by_lift = [power for power in found if power.key.course == "all"]
    assert [power.lift for power in by_lift] == lifts
    shares = [power.power for power in by_lift]
    assert shares == sorted(shares)
    assert shares[-1] > 0.9
    band = Band(0.95, worlds, 0.001, True)
    assert round((1 - by_lift[0].false_positive) * worlds) in band
    nothing = by_lift[0]
    assert nothing.sign_error is None
    assert nothing.exaggeration is None
    assert 0 < nothing.power < nothing.false_positive
    weak = by_lift[1]
    assert weak.exaggeration is not None
    assert weak.exaggeration > 1.2  # the significance filter: only large estimates speak


def test_what_stands_beside_power(drawn: Resolved) -> None:
    for power in powers(drawn, asking(drawn, QUESTIONS[0]), [1.0, 2.0], 200, SETTING):
        shares = dict(power.verdicts)
        assert set(shares) == set(CONCLUDED)
        assert sum(shares.values()) == pytest.approx(1)
        up = shares[Verdict.RAISED] + shares[Verdict.RAISED_UNCERTAIN]
        assert power.power == pytest.approx(up)
        assert power.not_precise == shares[Verdict.NOT_PRECISE]
        assert power.power_low <= power.power <= power.power_high
        assert power.low < power.truth < power.high
        assert np.log(power.high / power.low) / 2 == pytest.approx(power.half_width, rel=0.1)


def test_rows_that_cannot_be_drawn_or_answered_say_why(small: Small) -> None:
    """Three others cannot stand in for two courses, nor judge one; A of two countries is judged
    by two series."""
    past = small(others=3)
    following = replace(asking(past, QUESTIONS[0]), window=past.protocol.window)
    (stand_in,) = {p.reason for p in powers(past, following, [2.0], 10, SETTING, Kind.PLACEBO)}
    assert "3 other courses cannot stand in for 2" in stand_in
    refused = powers(past, following, [2.0], 10, SETTING)
    assert {(p.campaigns, p.refused, p.power) for p in refused} == {(10, 1.0, 0.0)}
    channels = powers(past, replace(following, questions=(Question.CHANNELS,)), [2.0], 10, SETTING)
    assert all(p.refused == 1 and p.reason and p.power_high == 0 for p in channels)


def test_stand_ins_are_no_larger_than_their_course(drawn: Resolved) -> None:
    """P0 at a quarter of its counts: its stand-ins have as much, and P1's as much as P1."""
    panel = drawn.panel
    first = panel.cells[0] == panel.courses.index("P0")
    values = np.where(first, np.random.default_rng(1).binomial(panel.values.astype(int), 0.25), 0)
    past = replace(
        drawn, panel=replace(panel, values=np.where(first, values, panel.values).astype(float))
    )
    (asked,) = asked_of(past, asking(past, QUESTIONS[0]), Kind.PLACEBO, 200)
    campaigns = campaigns_of(asked)
    assert not isinstance(campaigns, str)
    (batch,) = campaigns.batches
    pooled = batch[0].treated[0].sum(axis=(-2, -1)).mean(axis=0)
    weeks = batch[0].treated.shape[-1]
    levels = past.panel.array("course", course=["P0", "P1"]) / (past.panel.days / 7)
    assert pooled[0] / weeks == pytest.approx(levels[0], rel=0.1)
    assert pooled[1] / weeks == pytest.approx(levels[1], rel=0.1)


def test_waves_that_cut_the_weeks_of_a_world_are_told(drawn: Resolved) -> None:
    """A row on the days of waves that begin on two weekdays: no week of a world is one of them."""
    following = asking(drawn, Question.CHANNELS)
    channels = tuple(
        replace(channel, kind="paid", name=channel.name) for channel in following.channels
    )
    waves = tuple(
        replace(wave, arms=("A",), span=wave.span.shifted(3 if wave.courses == ("P1",) else 0))
        for wave in following.waves
    )
    found = powers(drawn, replace(following, channels=channels, waves=waves), [2.0], 20, SETTING)
    reasons = {power.reason for power in found if power.key.arm == "A"}
    assert len(reasons) == 1
    assert "whole weeks" in reasons.pop()
    assert all(power.campaigns for power in found if power.key.arm != "A")


def test_notes_of_the_template_stand_on_every_row(drawn: Resolved) -> None:
    following = asking(drawn, QUESTIONS[0])
    opened = following.window.start - timedelta(7 * 30)
    first, *rest = following.courses
    following = replace(
        following,
        courses=(replace(first, code="NEW", available_from=opened), *rest),
        waves=(),
        arms=Arms(Listed(drawn.panel.countries[:8])),
    )
    found = powers(drawn, following, [2.0], 20, SETTING)
    assert all("NEW" in note for power in found for note in power.notes)
    assert {power.key.course for power in found} == {"all", "NEW", "P1", "P2"}


def test_every_field_of_a_power_is_plain(drawn: Resolved) -> None:
    (power, *_) = powers(drawn, asking(drawn, QUESTIONS[0]), [2.0], 20, SETTING)
    assert isinstance(power, Power)
    for field in fields(power):
        assert type(getattr(power, field.name)).__module__ != "numpy", field.name
