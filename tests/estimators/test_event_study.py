"""How a weekly log ratio moves, and the trend in it."""

import numpy as np
import pytest

from evaluator.errors import TooFewPeriods
from evaluator.estimators.event_study import Movement, movement, relative_to, trend_weights
from evaluator.resampling.shocks import ar1


@pytest.mark.parametrize(
    ("sd", "rho", "passing"), [(0.2, 0.7, 0.0), (0.15, 0.5, 0.02), (0.0, 0.0, 0.03)]
)
def test_the_movement_of_many_paths_is_found(sd: float, rho: float, passing: float) -> None:
    rng = np.random.default_rng(1)
    series, weeks = 200, 60
    noise = np.full((series, weeks), 0.01)
    own = ar1(rng, np.full(series, sd), weeks, rho)
    path = rng.normal(size=(series, 1)) + own + rng.normal(size=(series, weeks)) * 0.1
    found = movement(path + rng.normal(size=(series, weeks)) * passing**0.5, noise)
    weeks_apart = rho ** np.arange(4)
    expected = sd**2 * weeks_apart + passing * (weeks_apart == 1) * (np.arange(4) == 0)
    covariance = found.covariance(np.zeros(4))[0]
    np.testing.assert_allclose(covariance, expected, atol=0.006)


def test_a_path_that_began_late_and_one_of_counts_alone() -> None:
    rng = np.random.default_rng(2)
    path = rng.normal(size=(50, 40)) * 0.1
    path[:, :20] = np.nan
    found = movement(path, np.full((50, 40), 0.01))
    assert found.persistent + found.passing < 0.001


def test_the_slope_is_that_of_a_line_whatever_the_covariance() -> None:
    time = np.arange(10.0)
    covariance = Movement(0.6, 0.04, 0.01).covariance(np.linspace(0.01, 0.1, 10))
    weights = trend_weights(covariance, time)
    assert weights @ (3 - 0.02 * time) == pytest.approx(-0.02)
    least_squares = (time - time.mean()) / np.sum((time - time.mean()) ** 2)
    assert weights @ covariance @ weights < least_squares @ covariance @ least_squares


def test_two_weeks_make_no_trend() -> None:
    with pytest.raises(TooFewPeriods, match="2 weeks"):
        trend_weights(np.eye(2), np.arange(2.0))


def test_relative_to_a_mean_of_weeks() -> None:
    """Of 1, 2, 6 the last two weigh 3 to 1, their mean is 3."""
    weights = np.array([0.0, 0.75, 0.25])
    np.testing.assert_allclose(relative_to(weights) @ [1.0, 2.0, 6.0], [-2.0, -1.0, 3.0])
