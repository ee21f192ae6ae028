"""One distribution gives interval and p: they cannot contradict, whatever the law and level."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evaluator.inference.distributions import Drawn, Mixture, Ranked, StudentT
from evaluator.inference.extra import extra_of_one, extra_of_several
from evaluator.results import Amount, Distribution, Effect, Estimand, Interval

ESTIMAND = Estimand("log lift", "a", "b")
EDGE = 1e-9
"""Nearer to the boundary than this, rounding decides for a continuous law."""

laws = settings(max_examples=200, deadline=None, derandomize=True)
alphas = st.sampled_from([0.001, 0.01, 0.05, 0.1, 0.2, 0.5])
locations = st.floats(-3, 3)
scales = st.floats(0.05, 2)
degrees = st.sampled_from([1.0, 2.0, 3.0, 10.0, 20.0, 100.0])
# Halves are exact in floating point, so that a tie is a tie and not a rounding error.
halves = st.integers(-12, 12).map(lambda n: n / 2)


@st.composite
def student_ts(draw: st.DrawFn) -> StudentT:
    return StudentT(np.asarray(draw(locations)), np.asarray(draw(scales)), draw(degrees))


@st.composite
def mixtures(draw: st.DrawFn) -> Mixture:
    size = draw(st.integers(1, 5))
    several = st.lists(st.floats(0.1, 1), min_size=size, max_size=size)
    weights = np.array(draw(several))
    return Mixture(
        draw(locations) + np.array(draw(several)),
        draw(scales) * np.array(draw(several)),
        weights / weights.sum(),
        draw(degrees),
    )


@st.composite
def rankeds(draw: st.DrawFn, off: float = 0) -> Ranked:
    """With ties between the estimate and its placebos, unless its location is `off` their grid."""
    placebos = draw(st.lists(halves.map(abs), min_size=1, max_size=60))
    scale = draw(st.sampled_from([0.5, 1.0, 2.0]))
    return Ranked(draw(halves) + off, scale, tuple(sorted(placebos)))


@st.composite
def drawns(draw: st.DrawFn) -> Drawn:
    values = draw(st.lists(halves, min_size=1, max_size=80))
    shift = draw(halves)  # so that many a law lies wholly on one side
    return Drawn(np.sort(np.array(values) + 2 * shift))


continuous = st.one_of(student_ts(), mixtures())
discrete = st.one_of(rankeds(), drawns())


@laws
@given(law=continuous, alpha=alphas)
def test_interval_and_p_agree(law: Distribution, alpha: float) -> None:
    effect = Effect(0, law, ESTIMAND)
    p = effect.p_value()
    assume(abs(p - alpha) > EDGE)
    assert (0 not in effect.interval(1 - alpha)) == (p <= alpha)


@laws
@given(law=discrete, alpha=alphas)
def test_interval_and_p_agree_on_steps(law: Distribution, alpha: float) -> None:
    """A p of exactly α rejects, and the interval excludes: no edge is left out.

    1 − .95 is not .05 in floating point; a step of these laws is at least 1/81.
    """
    effect = Effect(0, law, ESTIMAND)
    assert (0 not in effect.interval(1 - alpha)) == (effect.p_value() <= alpha + EDGE)


@laws
@given(law=st.one_of(continuous, discrete), null=halves)
def test_p_is_a_probability(law: Distribution, null: float) -> None:
    assert 0 <= Effect(0, law, ESTIMAND).p_value(null) <= 1


@laws
@given(law=st.one_of(continuous, discrete), levels=st.tuples(alphas, alphas))
def test_intervals_nest(law: Distribution, levels: tuple[float, float]) -> None:
    effect = Effect(0, law, ESTIMAND)
    wide, narrow = (effect.interval(1 - alpha) for alpha in sorted(levels))
    assert _contains(wide, narrow)


@laws
@given(law=continuous, probability=st.floats(1e-6, 1 - 1e-6))
def test_cdf_of_quantile(law: Distribution, probability: float) -> None:
    there = law.cdf(float(law.quantile(probability)))
    assert float(there) == pytest.approx(probability, abs=1e-10)


@laws
@given(law=continuous, x=st.floats(-5, 5))
def test_quantile_of_cdf(law: Distribution, x: float) -> None:
    """Where there is probability to tell x from its neighbours."""
    probability = float(law.cdf(x))
    assume(probability == pytest.approx(0.5, abs=0.4999))
    assume(float(law.cdf(x + 1e-3)) - float(law.cdf(x - 1e-3)) > 1e-8)
    assert float(law.quantile(probability)) == pytest.approx(x, abs=1e-6)


@laws
@given(
    law=st.one_of(continuous, rankeds(off=0.125)),
    observed=st.integers(1, 5000),
    alpha=alphas,
    dispersion=st.sampled_from([0.0, 0.05, 0.5]),
)
def test_extra_agrees_with_the_lift_and_with_itself(
    law: StudentT | Mixture | Ranked, observed: int, alpha: float, dispersion: float
) -> None:
    """Realised: excludes 0 exactly when the lift's interval excludes 1, and has its p.

    Expected: never narrower, and its own p agrees with its own interval.
    """
    effect = Effect(float(law.location), law, ESTIMAND)
    extra = extra_of_one(effect, observed, dispersion, 12, 1 - alpha)
    lift = effect.interval(1 - alpha).exp()
    assume(abs(effect.p_value() - alpha) > EDGE and abs(extra.expected.p - alpha) > EDGE)
    assert (0 in extra.realised.interval) == (1 in lift)
    assert extra.realised.p == effect.p_value()
    assert _contains(extra.expected.interval, extra.realised.interval)
    assert _agree(extra.expected, alpha)
    assert extra.expected.p >= extra.realised.p - 1e-6


@pytest.mark.parametrize("alpha", [0.05, 0.2])
@pytest.mark.parametrize("log_lift", [-1.0, -0.2, -0.1, 0.0, 0.1, 0.15, 0.25, 1.0])
def test_summed_extra_agrees_with_itself(log_lift: float, alpha: float) -> None:
    extra = extra_of_several(
        np.array([log_lift, 0.1]),
        np.array([[0.02, 0.005], [0.005, 0.01]]),
        20,
        np.array([300.0, 100.0]),
        (0.05, 12),
        1 - alpha,
        np.random.default_rng(5),
    )
    assert _agree(extra.realised, alpha)
    assert _agree(extra.expected, alpha)


def _agree(amount: Amount, alpha: float) -> bool:
    return (0 not in amount.interval) == (amount.p <= alpha)


def _contains(wide: Interval, narrow: Interval) -> bool:
    slack = 1e-9 * (1 + sum(abs(end) for end in (narrow.low, narrow.high) if math.isfinite(end)))
    return wide.low <= narrow.low + slack and narrow.high - slack <= wide.high
