import math

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from evaluator.inference.distributions import StudentT
from evaluator.inference.family import (
    adjusted_together,
    behind_a_gate,
    explored_together,
    holm,
)
from evaluator.results import Effect, Estimand

ESTIMAND = Estimand("log lift", "a", "b")


def test_holm_on_paper() -> None:
    """3 · .01, then 2 · .03, then max(.04, .06): in the order given."""
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.6, 0.5]) == [1, 1]
    assert holm([]) == []


def test_a_family_on_paper() -> None:
    """Two rows with p = .01 and .04 at α = .05; both pass Holm at .02 and .04.

    Bonferroni agrees on the first (2 · .01), whose interval is that at 97.5%; it would refuse
    the second (2 · .04), whose interval is therefore the plain one at 95%.
    """
    effects = [_with_p(0.01), _with_p(0.04)]
    first, second = adjusted_together(effects, None, 0.95)
    assert (first.p_adjusted, second.p_adjusted) == pytest.approx((0.02, 0.04))
    assert (first.divisor, second.divisor) == pytest.approx((2, 1))
    assert first.interval(0.95).high == pytest.approx(effects[0].interval(0.975).high)
    assert second.interval(0.95).low == pytest.approx(effects[1].interval(0.95).low)
    assert first.interval(0.95).level == 0.95


def test_a_closed_gate_stops_every_row() -> None:
    """The pooled p of .2 is the adjusted p of a row with .001, whose interval is widened to 0."""
    (row,) = adjusted_together([_with_p(0.001)], _with_p(0.2), 0.95)
    assert row.p_adjusted == pytest.approx(0.2)
    assert row.divisor == pytest.approx(200)
    assert 0 in row.interval(0.95)


@pytest.mark.parametrize("log_lift", [-1e4, 1e4])
def test_a_closed_gate_stops_a_p_of_zero(log_lift: float) -> None:
    sure = Effect(log_lift, StudentT(np.asarray(log_lift), np.asarray(1e-3), 10), ESTIMAND)
    (row,) = adjusted_together([sure], _with_p(0.2), 0.95)
    interval = row.interval(0.95)
    assert (interval.low, interval.high) == (-math.inf, math.inf)


def test_many_families_are_adjusted_as_each_is() -> None:
    """With rows that are not in their family, ties, and gates that stand open or shut."""
    rng = np.random.default_rng(4)
    p_values = rng.uniform(size=(300, 4)) ** 4
    p_values[::7, 1] = p_values[::7, 2]
    p_values[rng.uniform(size=p_values.shape) < 0.2] = np.nan
    gates = np.where(rng.uniform(size=300) < 0.3, 0.0, rng.uniform(size=300) ** 3)
    divisors, adjusted = behind_a_gate(p_values, gates, 0.95)
    for own, gate, divisor, p_adjusted in zip(p_values, gates, divisors, adjusted, strict=True):
        inside = ~np.isnan(own)
        effects = [_with_p(float(p)) for p in own[inside]]
        together = adjusted_together(effects, _with_p(float(gate)) if gate else None, 0.95)
        np.testing.assert_allclose(
            [(one.divisor, one.p_adjusted) for one in together],
            np.stack([divisor[inside], p_adjusted[inside]], axis=1).tolist(),
            rtol=1e-6,  # of a p-value put into a law and read again
        )
        assert np.isnan(p_adjusted[~inside]).all()


def _with_p(p: float) -> Effect:
    """An effect of size 1 with this two-sided p-value."""
    unit = StudentT(np.asarray(0.0), np.asarray(1.0), 10)
    scale = 1 / unit.quantile(1 - p / 2)
    return Effect(1, StudentT(np.asarray(1.0), scale, 10), ESTIMAND)


def test_false_discovery_control_agrees_with_statsmodels_and_its_intervals() -> None:
    """Benjamini–Hochberg, and at the declared level an interval that decides the same."""
    rng = np.random.default_rng(12)
    for _ in range(50):
        found = [_with_p(float(p)) for p in rng.uniform(size=9) ** 3]
        together = explored_together(found, 0.95)
        theirs = multipletests([e.p_value() for e in found], method="fdr_bh")[1]
        np.testing.assert_allclose([own.p_adjusted for own in together], theirs, rtol=1e-9)
        for own in together:
            assert (0.0 not in own.interval(0.95)) == (own.p_adjusted <= 0.05)
