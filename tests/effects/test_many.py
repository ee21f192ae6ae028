"""Many campaigns in one call are the same campaigns one by one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.comparisons.design import WINDOW
from evaluator.effects import METHODS, Estimated, Many, Setting, estimate, estimate_many
from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import Channel, Course, Question, Span, Wave
from evaluator.resolve import Resolved

Small = Callable[..., Resolved]
Array = NDArray[np.float64]
SETTING = Setting()
SHARE = 1e-4
"""Of the small experiment's million a day: enough counts to estimate, few enough to be noisy."""
CAMPAIGNS, LIFTS = 6, 2
ELSEWHERE = {"share_ratio", "arms_wider_summed", "within_campaign", "arms_within_campaign"} | {
    "order_of_waves",
    "group_lift",
    "group_against_rest",
}
"""Methods without a row in this experiment: none decides but the summed arms, which are the
method of one course, and the order of waves, whose law is tested by itself."""


@pytest.fixture
def rows(small: Small) -> list[Planned]:
    """Every method's row that a batch may be asked for, the quoted ones first."""
    resolved = small()
    start = resolved.protocol.window.start

    def wave(channel: str, course: str, first: int) -> Wave:
        span = Span(start + timedelta(first), start + timedelta(first + 6))
        return Wave(f"{channel}-{course}", channel, (course,), portfolio=False, span=span)

    firsts = {"ads": (0, 7, 14), "posts": (24, 24, 18)}
    couples = ((0, 7), (14, 21))
    waves = [
        wave(name, course, first)
        for name, own in firsts.items()
        for course, first in zip("PQR", own, strict=True)
    ]
    resolved = small(
        courses=tuple(Course(code, code) for code in "PQR"),
        channels=(Channel("ads", "paid"), Channel("posts", "organic")),
        waves=tuple(waves),
        left_out=10,
        assignment=Assignment(
            weeks=Drawn(
                AssignmentRule.STRATIFIED,
                tuple(tuple(str(start + timedelta(day)) for day in own) for own in couples),
            )
        ),
        questions=(*resolved.protocol.questions, Question.CHANNELS, Question.WEEKDAYS),
    )
    return [row for row in planned_rows(resolved) if isinstance(row.comparison, Comparison)]


def noisy(comparison: Comparison, rng: np.random.Generator) -> Comparison:
    """Lifts × campaigns of treated counts, campaigns of the others: the two broadcast."""

    def drawn(means: Array, *leading: int) -> Array:
        weeks = np.exp(0.3 * rng.standard_normal((*leading, means.shape[0], 1, 80))).repeat(7, -1)
        rates = SHARE * means * weeks[..., : means.shape[-1]]
        return rng.poisson(rates).astype(float)

    treated = drawn(comparison.treated, LIFTS, CAMPAIGNS)
    other = drawn(comparison.other, CAMPAIGNS)
    # A deadline in half of the campaigns: there a method may choose another law.
    other[::2, :, :, np.flatnonzero(comparison.codes[0] == WINDOW)[:7]] *= 3
    companions = tuple(noisy(companion, rng) for companion in comparison.companions)
    return replace(comparison, treated=treated, other=other, companions=companions)


def one(batch: Comparison, lift: int, campaign: int) -> Comparison:
    return replace(
        batch,
        treated=batch.treated[lift, campaign],
        other=batch.other[campaign],
        companions=tuple(one(companion, lift, campaign) for companion in batch.companions),
    )


def looped(batch: Comparison, row: Planned) -> Array:
    """log lift, low, high, p of each campaign by itself; not a number where refused."""
    table = []
    for lift in range(LIFTS):
        for campaign in range(CAMPAIGNS):
            own = estimate(one(batch, lift, campaign), row.key, SETTING)
            if isinstance(own, Estimated):
                ends = own.effect.interval()
                table.append([own.effect.log_lift, ends.low, ends.high, own.effect.p_value()])
            else:
                table.append([np.nan] * 4)
    return np.array(table).reshape(LIFTS, CAMPAIGNS, 4)


def columns(many: Many) -> Array:
    return np.stack([many.log_lift, many.low, many.high, many.p], axis=-1)


@pytest.mark.parametrize("method", sorted(set(METHODS) - ELSEWHERE))
def test_a_batch_is_its_campaigns_one_by_one(rows: list[Planned], method: str) -> None:
    named = [row for row in rows if row.key.method == method and row.key.variant == "default"]
    if not named:
        pytest.fail(f"no row of {method}")
    for row in named[:2]:
        assert isinstance(row.comparison, Comparison)
        batch = noisy(row.comparison, np.random.default_rng(len(method)))
        many = estimate_many(batch, row.key, SETTING)
        expected = looped(batch, row)
        np.testing.assert_allclose(columns(many), expected, rtol=1e-10, atol=1e-10)
        np.testing.assert_array_equal(many.refused, np.isnan(expected[..., 0]))


def test_companions_of_fewer_axes_serve_every_lift(
    rows: list[Planned], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where campaigns go one by one, as they do where a method refuses one of them."""
    row = next(r for r in rows if r.key.method == "arms_wider" and r.key.variant == "default")
    assert isinstance(row.comparison, Comparison)
    assert row.comparison.companions
    batch = noisy(row.comparison, np.random.default_rng(1))
    fewer = tuple(replace(own, treated=own.treated[0]) for own in batch.companions)
    batch = replace(batch, companions=fewer)
    together = estimate_many(batch, row.key, SETTING)
    monkeypatch.setattr("evaluator.effects.many.SINGLE", frozenset({row.key.method}))
    one_by_one = estimate_many(batch, row.key, SETTING)
    np.testing.assert_allclose(columns(one_by_one), columns(together), rtol=1e-10, atol=1e-10)
    np.testing.assert_array_equal(one_by_one.refused, together.refused)
