from datetime import date

import numpy as np
import pytest

from evaluator.resampling.shocks import (
    ar1,
    by_weekday,
    gamma,
    launched,
    over_dispersion,
    season,
    weeks,
)
from evaluator.resampling.worlds import Launch


@pytest.mark.parametrize(("sd", "rho"), [(0.1, 0.5), (0.2, 0.7), (0.4, 0.0)])
def test_ar1_has_the_declared_moments(sd: float, rho: float) -> None:
    """200,000 values: the sd of the estimated sd is under .5%, of the correlation under .004."""
    series = ar1(np.random.default_rng(1), np.full(4000, sd), 50, rho)
    assert series.std() == pytest.approx(sd, rel=0.02)
    assert np.corrcoef(series[:, 1:].ravel(), series[:, :-1].ravel())[0, 1] == pytest.approx(
        rho, abs=0.015
    )
    assert series[:, 0].std() == pytest.approx(sd, rel=0.05)  # stationary from the start
    assert np.exp(series).mean() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("dof", [3.0, 5.0])
def test_heavy_tails_leave_the_variance_and_the_correlation(dof: float) -> None:
    """One in 740 normal innovations is beyond 3.2 sd; of t(5) ones, one in 110."""
    series = ar1(np.random.default_rng(3), np.full(4000, 0.2), 50, 0.5, dof)
    assert series.std() == pytest.approx(0.2, rel=0.08)
    assert np.corrcoef(series[:, 1:].ravel(), series[:, :-1].ravel())[0, 1] == pytest.approx(
        0.5, abs=0.02
    )
    fresh = (series[:, 1:] - 0.5 * series[:, :-1]) / (0.2 * np.sqrt(0.75))
    assert np.mean(np.abs(fresh - fresh.mean()) > 3.2) > 0.006


def test_weeks_turn_on_mondays() -> None:
    """1 September 2021 is a Wednesday: five days are left of its week."""
    assert weeks(date(2021, 9, 1), 13).tolist() == [0] * 5 + [1] * 7 + [2]


def test_weekday_factors_follow_the_calendar() -> None:
    factors = np.arange(7.0)
    assert by_weekday(date(2021, 9, 1), 6, factors).tolist() == [2, 3, 4, 5, 6, 0]


def test_season_dips_over_the_holidays() -> None:
    log_factor = season(date(2022, 12, 1), 60)
    day = {when: log_factor[when] for when in (18, 21, 25, 31, 33, 40)}
    assert day[18] - day[21] == pytest.approx(0.4, abs=0.02)  # 19 and 22 December
    assert day[18] - day[25] == pytest.approx(0.8, abs=0.02)
    assert day[40] - day[31] == pytest.approx(0.8, abs=0.03)  # 10 and 1 January
    assert day[40] - day[33] == pytest.approx(0.4, abs=0.03)


def test_a_course_bursts_and_decays_to_its_floor() -> None:
    """Peak 3, half-life 2 days: 1 + 2, then 1 + 2/√2, 1 + 1, …; an old course is flat."""
    factor = launched(np.array([0, 3]), 30, Launch(peak=3, half_life=2))
    assert (factor[0] == 1).all()
    assert factor[1, :6] == pytest.approx([0, 0, 0, 3, 1 + 2**0.5, 2])
    assert factor[1, -1] == pytest.approx(1, abs=1e-3)


def test_over_dispersion_gives_both_alphas_back() -> None:
    weekdays = np.array([2.0, 1, 1, 1, 1, 0.5, 0.5])
    week, day = over_dispersion(0.015, 0.04, weekdays)
    kappa = (weekdays**2).sum() / weekdays.sum() ** 2
    assert (1 + week) * (1 + day) - 1 == pytest.approx(0.04)
    assert week + (1 + week) * day * kappa == pytest.approx(0.015)


@pytest.mark.parametrize(("weekly", "daily"), [(0.001, 0.04), (0.05, 0.04)])
def test_over_dispersion_that_no_factors_give_is_an_error(weekly: float, daily: float) -> None:
    with pytest.raises(ValueError, match="must lie between"):
        over_dispersion(weekly, daily, np.ones(7))


def test_gamma_factors_have_mean_one() -> None:
    rng = np.random.default_rng(2)
    assert (gamma(rng, (3, 2), 0.0) == 1).all()
    drawn = gamma(rng, (100_000,), 0.3)
    assert drawn.mean() == pytest.approx(1, abs=0.01)
    assert drawn.var() == pytest.approx(0.3, rel=0.05)
