"""Published sample sizes, and formulas beside the simulation."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from evaluator.comparisons import Comparison, planned_rows
from evaluator.effects import Setting
from evaluator.experiment.protocol import Question
from evaluator.planning.formulas import (
    holdout_power,
    people_an_arm,
    people_held_out,
    ratio_power,
    ratio_scale,
)
from evaluator.planning.next import template
from evaluator.planning.power import powers
from evaluator.resolve import Resolved
from evaluator.results import RowRole

Small = Callable[..., Resolved]


@pytest.mark.parametrize(
    ("rate", "difference", "people"),
    [(0.20625, 0.01, 25_835), (0.53, 0.01, 39_115), (0.1093125, 0.0075, 27_413)],
)
def test_the_udacity_screener(rate: float, difference: float, people: int) -> None:
    """Gross conversion, retention and net conversion, as published: α .05, power .8."""
    assert round(people_an_arm(rate, difference)) == people


def test_people_an_arm_looks_both_ways() -> None:
    """Above a half the smaller share varies more; near the end one way only is left."""
    assert people_an_arm(0.7, 0.05) == pytest.approx(people_an_arm(0.3, 0.05))
    assert people_an_arm(0.98, 0.05) == pytest.approx(people_an_arm(0.02, 0.05))


def test_people_an_arm_agrees_with_statsmodels() -> None:
    """Whose effect size is the arcsine's: alike for a small difference."""
    effect = proportion_effectsize(0.105, 0.1)
    theirs = NormalIndPower().solve_power(effect, alpha=0.05, power=0.8)
    assert people_an_arm(0.1, 0.005) == pytest.approx(theirs, rel=0.03)


def test_a_holdout_on_paper() -> None:
    """10,000 people, a fifth held out, 4% against 5%: the variance is
    .04·.96/2000 + .05·.95/8000, the standard error .005014, the difference 1.995 of them."""
    se = math.sqrt(0.04 * 0.96 / 2000 + 0.05 * 0.95 / 8000)
    z = 0.01 / se
    expected = stats.norm.sf(1.959964 - z) + stats.norm.sf(1.959964 + z)
    assert holdout_power(10_000, 0.2, (0.04, 0.05)) == pytest.approx(expected, abs=1e-6)
    assert holdout_power(10_000, 0.2, (0.04, 0.04)) == pytest.approx(0.05)


def test_people_on_a_list_are_those_with_this_power() -> None:
    for held_out in (0.1, 0.5):
        people = people_held_out(held_out, (0.04, 0.05))
        assert holdout_power(people, held_out, (0.04, 0.05)) == pytest.approx(0.8, abs=1e-4)
    even, few = (people_held_out(share, (0.04, 0.05)) for share in (0.5, 0.1))
    assert few > even


def test_ratio_power_is_a_noncentral_t() -> None:
    """No effect: half of α. A very sure one: always. Large dof: the normal's."""
    assert ratio_power(0.0, 0.2) == pytest.approx(0.025)
    assert ratio_power(5.0, 0.2) == pytest.approx(1)
    expected = stats.norm.sf(1.959964 - 0.5 / 0.2)
    assert ratio_power(0.5, 0.2, 1e6) == pytest.approx(expected, abs=1e-4)


def test_the_formula_stands_near_the_simulation(drawn: Resolved) -> None:
    """Of all courses together, which no gate and no family stands before: within .1."""
    following = replace(
        drawn.protocol,
        window=drawn.protocol.window.shifted(364),
        waves=(),
        questions=(Question.PROMOTED_VS_OTHER,),
    )
    row = next(
        row for row in planned_rows(template(drawn, following)) if row.role is RowRole.HEADLINE
    )
    assert isinstance(row.comparison, Comparison)
    scale = ratio_scale(row.comparison)
    assert scale is not None
    lift = math.exp(2.9 * scale)
    simulated = powers(drawn, following, [lift], 400, Setting())[0]
    assert simulated.key == row.key
    assert simulated.power == pytest.approx(ratio_power(np.log(lift), scale), abs=0.1)


def test_no_scale_without_windows_in_the_history(drawn: Resolved) -> None:
    """A window of forty weeks is longer than the history of 39."""
    start = drawn.protocol.window.start
    window = replace(drawn.protocol.window, end=start + timedelta(7 * 40 - 1))
    row = planned_rows(template(drawn, replace(drawn.protocol, window=window)))[0]
    assert isinstance(row.comparison, Comparison)
    assert ratio_scale(row.comparison) is None
