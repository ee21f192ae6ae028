import math

import numpy as np
import pytest
from scipy.stats import t

from evaluator.inference.distributions import StudentT
from evaluator.inference.extra import extra_of_one, extra_of_several, overdispersion
from evaluator.results import Effect, Estimand

ESTIMAND = Estimand("log lift", "a", "b")


def test_realised_on_paper() -> None:
    """120 counted and a lift of 3: 40 without, 80 extra.

    A lift between ×1.5 and ×6 leaves between 80 and 20 without: 40 to 100 extra.
    """
    scale = math.log(2) / t.ppf(0.975, 10)
    extra = extra_of_one(_effect(math.log(3), scale), 120, alpha=0, periods=1, level=0.95)
    assert extra.realised.value == pytest.approx(80)
    assert (extra.realised.interval.low, extra.realised.interval.high) == pytest.approx((40, 100))


def test_expected_on_paper() -> None:
    """The same with the noise of the treated count beyond that of its counterfactual.

    120 − 40 of Poisson noise and .1 · (120² − 40²)/4 of over-dispersion, 80 + 320 = 20²; to
    the distances of 40 and 20 from 80, 1.96 · 20 is added at right angles.
    """
    scale = math.log(2) / t.ppf(0.975, 10)
    extra = extra_of_one(_effect(math.log(3), scale), 120, alpha=0.1, periods=4, level=0.95)
    reach = 1.959963985 * 20
    low, high = 80 - math.hypot(40, reach), 80 + math.hypot(20, reach)
    interval = extra.expected.interval
    assert (interval.low, interval.high) == pytest.approx((low, high))
    assert extra.expected.value == extra.realised.value


def test_a_loss_adds_no_noise() -> None:
    """Fewer than without the campaign: the treated count is no noisier than its counterfactual."""
    extra = extra_of_one(_effect(-1, 0.3), 50, alpha=0.1, periods=4, level=0.9)
    expected, realised = extra.expected.interval, extra.realised.interval
    assert (expected.low, expected.high) == pytest.approx((realised.low, realised.high))
    assert extra.expected.p == pytest.approx(extra.realised.p)


def test_over_dispersion_on_paper() -> None:
    """Counts 0, 4 / 4, 0: every mean is 2, Σ(y − μ)² = 16 over 4 cells of which ¼ is free.

    64 − 8 of excess over Σμ² = 16 is 3.5. Counts that are their means have none.
    """
    assert overdispersion(np.array([[0.0, 4], [4, 0]])) == pytest.approx(3.5)
    assert overdispersion(np.full((3, 4), 5.0)) == 0
    assert overdispersion(np.zeros((3, 4))) == 0


def test_over_dispersion_is_recovered() -> None:
    """100 × 100 counts with α = .2: the standard error is about .005."""
    rng = np.random.default_rng(2)
    mean = rng.gamma(1 / 0.2, 0.2 * 30, size=(100, 100))
    assert overdispersion(rng.poisson(mean).astype(float)) == pytest.approx(0.2, abs=0.02)


def test_draws_agree_with_the_transform() -> None:
    """One series: 20,000 joint draws against the exact transform of the same t law."""
    exact = extra_of_one(_effect(0.8, 0.2), 500, alpha=0, periods=1, level=0.9)
    drawn = extra_of_several(
        np.array([0.8]), np.array([[0.04]]), 10, np.array([500.0]), (0, 1), 0.9, _rng()
    )
    for ours, other in ((drawn.realised, exact.realised), (drawn.expected, exact.expected)):
        assert ours.value == pytest.approx(other.value)
        assert ours.interval.low == pytest.approx(other.interval.low, abs=0.04 * 275)
        assert ours.interval.high == pytest.approx(other.interval.high, abs=0.04 * 275)


def test_what_is_common_does_not_average_out() -> None:
    """Three series that move together sum to a wider interval than three that do not."""
    lifts, counted = np.full(3, 0.5), np.full(3, 100.0)
    apart = 0.04 * np.eye(3)
    together = 0.04 * (0.1 * np.eye(3) + 0.9)
    widths = [
        extra.realised.interval.high - extra.realised.interval.low
        for extra in (
            extra_of_several(lifts, covariance, 20, counted, (0, 1), 0.95, _rng())
            for covariance in (apart, together)
        )
    ]
    # 1'Σ1 is 3 × .04 apart and (.3 + 8.1) × .04 together; exp bends the ratio a little
    assert widths[1] / widths[0] == pytest.approx(math.sqrt(8.4 / 3), rel=0.1)


def _effect(log_lift: float, scale: float) -> Effect:
    return Effect(log_lift, StudentT(np.asarray(log_lift), np.asarray(scale), 10), ESTIMAND)


def _rng() -> np.random.Generator:
    return np.random.default_rng(3)
