"""Calendars and random variation on the log scale: the parts a rate is made of."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from evaluator.resampling.worlds import Array, Index, Launch


def ar1(
    rng: np.random.Generator, sd: Array, periods: int, rho: float, tail_dof: float | None = None
) -> Array:
    """Stationary AR(1) with mean −sd²/2: if Gaussian, its exponential has mean 1.

    Parameters
    ----------
    sd : (series,) standard deviation of each series
    tail_dof : above 2; innovations are t with so many degrees of freedom, scaled to the variance
        that normal ones would have. None: normal

    Returns
    -------
    (series, periods) natural-log units
    """
    if tail_dof is None:
        unit = rng.standard_normal((len(sd), periods))
    else:
        unit = rng.standard_t(tail_dof, (len(sd), periods)) * np.sqrt(1 - 2 / tail_dof)
    unit[:, 1:] *= np.sqrt(1 - rho**2)
    for t in range(1, periods):
        unit[:, t] += rho * unit[:, t - 1]
    return sd[:, None] * unit - sd[:, None] ** 2 / 2


def weeks(start: date, days: int) -> Index:
    """(days,) number of the Monday-to-Sunday week each day lies in, from 0."""
    return (np.arange(days) + start.weekday()) // 7


def by_weekday(start: date, days: int, factors: Array) -> Array:
    """(days,) factor of each day; `factors` run from Monday to Sunday."""
    return factors[(np.arange(days) + start.weekday()) % 7]


def season(start: date, days: int, amplitude: float = 0.12, dip: float = -0.8) -> Array:
    """(days,) log factor: a yearly wave with its top in mid-October, and the holiday dip.

    The dip is full from 24 December to 1 January and half from 20 to 23 December and from 2 to
    6 January: enrolments in online courses all but stop over the holidays.
    """
    dates = [start + timedelta(day) for day in range(days)]
    year = np.array([when.timetuple().tm_yday for when in dates])
    wave = amplitude * np.cos(2 * np.pi * (year - 288) / 365.25)
    month_day = np.array([when.month * 100 + when.day for when in dates])
    full = (month_day >= 1224) | (month_day == 101)
    half = ((month_day >= 1220) & (month_day < 1224)) | ((month_day >= 102) & (month_day <= 106))
    log_factor: Array = wave + dip * (full + 0.5 * half)
    return log_factor


def launched(opens: Index, days: int, launch: Launch) -> Array:
    """(courses, days) factor: 0 before the first day, then a burst that decays to 1."""
    age = np.arange(days) - opens[:, None]
    burst = (launch.peak - 1) * 2.0 ** (-np.maximum(age, 0) / launch.half_life)
    factor: Array = np.where(opens[:, None] > 0, 1 + burst, 1.0) * (age >= 0)
    return factor


def over_dispersion(weekly: float, daily: float, weekdays: Array) -> tuple[float, float]:
    """Variances of the week's and of the day's gamma factor that give two measured alphas.

    With mean-one factors of variance w (one a week) and d (one a day) a daily count has
    alpha = (1 + w)(1 + d) − 1, and the week's count w + (1 + w) d κ, with κ = Σf²/(Σf)² over the
    weekday factors f. Solved for w and d.

    Raises
    ------
    ValueError : no such factors exist (weekly below κ·daily, or above daily)
    """
    kappa = float((weekdays**2).sum() / weekdays.sum() ** 2)
    week = (weekly - kappa * daily) / (1 - kappa)
    if week < 0 or week > daily:
        raise ValueError(
            f"weekly alpha {weekly} must lie between {kappa * daily:.4f} and daily alpha {daily}"
        )
    return week, (1 + daily) / (1 + week) - 1


def gamma(rng: np.random.Generator, shape: tuple[int, ...], variance: float) -> Array:
    """Mean-one gamma factors; exactly 1 where the variance is 0."""
    if variance == 0:
        return np.ones(shape)
    return rng.gamma(1 / variance, variance, shape)
