import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.calibration.noise import (
    GRID,
    fitted_noise,
    grid_of_sum,
    mixed_counts,
    population,
    weekly_shocks,
)

WEEKS = 52
Array = NDArray[np.float64]


def counts(
    seed: int, sd: float, rho: float, alpha: float, slope: float = 0.0, series: int = 40
) -> tuple[Array, Array]:
    """Series of 60 a week beside a pooled one of 3,000."""
    rng = np.random.default_rng(seed)
    shocks = weekly_shocks(rng, np.full(series, sd), np.full(series, rho), WEEKS)
    trend = np.exp(slope * (np.arange(WEEKS) - WEEKS / 2))
    mixing = mixed_counts(rng, shocks.shape, np.asarray(alpha))
    return rng.poisson(60 * shocks * trend * mixing).astype(float), np.full((series, WEEKS), 3000.0)


@pytest.mark.parametrize(("sd", "rho", "alpha"), [(0.1, 0.6, 0.015), (0.3, 0.6, 0.0), (0, 0, 0.05)])
def test_what_a_population_is_like_is_found(sd: float, rho: float, alpha: float) -> None:
    noise = fitted_noise(*counts(1, sd, rho, alpha))
    mean_sd, _, mean_alpha = noise.weights.mean(axis=0) @ GRID
    assert mean_sd**2 + mean_alpha == pytest.approx(sd**2 + alpha, abs=0.012)
    assert mean_sd == pytest.approx(sd, abs=0.06)
    assert np.mean(noise.slope != 0) <= 0.15


def test_a_trend_is_carried_on_only_where_it_is_clear() -> None:
    assert fitted_noise(*counts(2, 0.1, 0.5, 0.0, slope=0.02)).slope == pytest.approx(
        np.full(40, 0.02), abs=0.01
    )


def test_a_course_unlike_the_population_is_seen_to_be() -> None:
    usual = population(fitted_noise(*counts(3, 0.1, 0.6, 0.015)))
    strange = fitted_noise(*counts(4, 0.45, 0.6, 0.0), usual)
    assert np.all((strange.weights @ GRID)[:, 0] > 0.15)
    assert (strange.weights @ GRID)[:, 0].mean() > 0.3


def test_a_sum_of_courses_is_expected_to_move_less() -> None:
    """Four of one size: a quarter of the variance, which one course's population would not give."""
    alone, beside = counts(7, 0.3, 0.6, 0.05, series=80)
    usual = fitted_noise(alone, beside)
    summed, prior = alone.reshape(20, 4, WEEKS).sum(axis=1), population(usual)
    as_sum = fitted_noise(summed, beside[:20], prior, grid_of_sum(4))
    as_one = fitted_noise(summed, beside[:20], prior)
    assert as_sum.variance() == pytest.approx(usual.variance() / 4, rel=0.15)
    assert as_one.variance() > 1.3 * as_sum.variance()
    sd, _, alpha = as_sum.drawn(np.random.default_rng(8), 2000)
    assert np.mean(sd**2 + alpha) == pytest.approx(as_sum.variance(), rel=0.02)


def test_without_weeks_a_course_is_as_the_population() -> None:
    usual = population(fitted_noise(*counts(3, 0.1, 0.6, 0.015)))
    short = fitted_noise(np.ones((1, 4)), np.ones((1, 4)), usual)
    np.testing.assert_array_equal(short.weights[0], usual)


def test_shocks_have_mean_one_and_the_size_asked_for() -> None:
    sd, rho = np.full(20_000, 0.3), np.full(20_000, 0.6)
    factor = np.log(weekly_shocks(np.random.default_rng(5), sd, rho, 6))
    assert np.exp(factor).mean() == pytest.approx(1, abs=0.01)
    np.testing.assert_allclose(factor.std(axis=0), 0.3, rtol=0.03)
    assert np.corrcoef(factor[:, 4], factor[:, 5])[0, 1] == pytest.approx(0.6, abs=0.02)


def test_gamma_factors_have_the_variance_asked_for() -> None:
    alpha = np.repeat([0.0, 0.2], 50_000)
    factor = mixed_counts(np.random.default_rng(6), (100_000,), alpha)
    assert np.all(factor[:50_000] == 1)
    assert factor[50_000:].var() == pytest.approx(0.2, rel=0.03)
    assert factor[50_000:].mean() == pytest.approx(1, abs=0.01)
