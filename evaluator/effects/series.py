"""Before against during: forecasts, level shifts, and contrasts within the campaign."""

from __future__ import annotations

import numpy as np

from evaluator.comparisons.design import REFERENCE, WINDOW, Comparison
from evaluator.comparisons.periods import Periods, periods_of
from evaluator.effects.law import Law, Setting
from evaluator.effects.ratios import totals_of
from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.arrays import Array
from evaluator.estimators.autoregression import (
    Candidates,
    Profile,
    ar1_profile,
    forecast_shift,
    mean_forecast_shift,
)
from evaluator.estimators.autoregression import level_shift as shift_of
from evaluator.estimators.least_squares import newey_west
from evaluator.estimators.ratio import HALF, MIN_PLACEBO_UNITS
from evaluator.inference.distributions import StudentT
from evaluator.inference.ratios import of_forecast
from evaluator.inference.series import at_shared_rho, mixed

SPIKE = 1.8
"""A window week of the other courses above this multiple of their mean reference week."""


def spike_of_others(comparison: Comparison) -> float:
    """Largest whole window week of the other courses over their mean reference week."""
    return float(_spikes(comparison))


def _spikes(comparison: Comparison) -> Array:
    """The same of every campaign, (...,)."""
    daily, codes = comparison.other.sum(axis=(-3, -2)), comparison.codes[0]
    window, week = np.flatnonzero(codes == WINDOW), 7 // comparison.grain
    weeks = len(window) // week
    if not weeks:
        return np.zeros(daily.shape[:-1])
    base = daily[..., codes == REFERENCE].mean(axis=-1) * week
    inside = daily[..., window[: weeks * week]].reshape(*daily.shape[:-1], weeks, week)
    largest = inside.sum(axis=-1).max(axis=-1)
    return np.asarray(np.where(base > 0, largest / np.where(base > 0, base, 1.0), 0.0))


def controlled_its(comparison: Comparison, _: Setting) -> Law:
    """The forecast from the other courses, on the scale of the same forecast of each of them."""
    if comparison.other.shape[-3] < MIN_PLACEBO_UNITS:
        return _on_its_own_scale(comparison)
    periods = periods_of(comparison)
    course, others = ratio_series(comparison, periods)
    each = periods.sums(comparison.other.sum(axis=-2))
    law = of_forecast(
        _mean_forecast(course, others, periods),
        _mean_forecast(each, others[..., None, :] - each, periods),
        totals_of(comparison),
        comparison.effective,
    )
    return Law(law.location, law)


def _on_its_own_scale(comparison: Comparison) -> Law:
    """Where the other courses are too few to give one."""
    if comparison.deadline or np.any(_spikes(comparison) > SPIKE):
        raise NotIdentified(
            f"{comparison.other.shape[-3]} other courses, which peak in the window: at least"
            f" {MIN_PLACEBO_UNITS} are needed to see how much a forecast errs there"
        )
    periods = periods_of(comparison)
    law = mixed(forecast(*ratio_series(comparison, periods), periods))
    return Law(law.location, law)


def single_its(comparison: Comparison, _: Setting) -> Law:
    periods = periods_of(comparison)
    law = mixed(_own_forecast(comparison, periods))
    return Law(law.location, law)


def weekday_its(comparison: Comparison, _: Setting) -> Law:
    """The forecast of a weekday from its own past, at the ρ of all weekdays together."""
    each = (comparison, *comparison.companions)
    periods = [periods_of(own) for own in each]
    forecasts = [_own_forecast(own, weeks) for own, weeks in zip(each, periods, strict=True)]
    noise = [_own_noise(own, weeks) for own, weeks in zip(each, periods, strict=True)]
    law = at_shared_rho(forecasts[0], forecasts[1:], noise)
    return Law(law.location, law)


def _own_forecast(comparison: Comparison, periods: Periods) -> Candidates:
    course, _others = ratio_series(comparison, periods)
    return forecast(course, _periods_worth(comparison, periods) - HALF, periods)


def _own_noise(comparison: Comparison, periods: Periods) -> Array:
    course, _others = ratio_series(comparison, periods)
    return np.asarray(1 / (course[..., ~periods.window].mean(axis=-1) + HALF))


def _periods_worth(comparison: Comparison, periods: Periods) -> Array:
    """How much of a period each bin is, (..., N): a weekday counts as it does in the reference.

    Only a week that is cut short is less than one, by what its missing weekdays usually bring.
    """
    whole = np.asarray(periods.lengths * comparison.grain / comparison.period_days)
    if comparison.period_days != 7 or comparison.grain != 1 or np.all(periods.lengths == 7):
        return whole
    daily, used = comparison.treated.sum(axis=(-3, -2)), comparison.codes[0] == REFERENCE
    weekday = (np.arange(daily.shape[-1]) + comparison.start.weekday()) % 7
    marks = (used & (weekday == np.arange(7)[:, None])).astype(float)
    means = daily @ marks.T / np.maximum(marks.sum(axis=1), 1)
    total = means.sum(axis=-1, keepdims=True)
    shares = np.divide(means, total, out=np.full_like(means, 1 / 7), where=total > 0)
    return periods.sums(shares[..., weekday])


def level_shift(comparison: Comparison, _: Setting) -> Law:
    periods = periods_of(comparison)
    X = np.column_stack([periods.columns, periods.window.astype(float)])
    law = mixed(shift_of(ar1_profile(_log_ratio(*ratio_series(comparison, periods)), X)))
    return Law(law.location, law)


def segmented_newey_west(comparison: Comparison, _: Setting) -> Law:
    """Level and slope before, level and slope after: the mean departure over the window."""
    periods = periods_of(comparison)
    course, _others = ratio_series(comparison, periods)
    time = np.arange(len(course)) - float(np.flatnonzero(periods.window)[0])
    after = periods.window.astype(float)
    X = np.column_stack([np.ones(len(time)), time, after, after * time, periods.columns[:, 1:]])
    y = np.log(course + HALF) - np.log(_periods_worth(comparison, periods))
    fit = newey_west(y, X, lags=int(4 * (len(y) / 100) ** (2 / 9)))
    contrast = np.zeros(X.shape[1])
    contrast[2:4] = 1.0, time[periods.window].mean()
    location = np.asarray(contrast @ fit.coefficients)
    scale = np.asarray(np.sqrt(contrast @ fit.covariance @ contrast))
    return Law(location, StudentT(location, scale, float(fit.dof)))


def within_campaign(comparison: Comparison, _: Setting) -> Law:
    """A wave's weeks against the course's other campaign weeks, net of a launch decay."""
    length, codes = comparison.period_days // comparison.grain, comparison.codes[0]
    campaign = np.flatnonzero(codes != 0) if not comparison.waves else _campaign_days(comparison)
    first, stop = int(campaign[0]), int(campaign[-1]) + 1
    edges = np.arange(first, stop, length, dtype=np.intp)
    periods = Periods(edges, stop, np.zeros(len(edges), dtype=bool), np.ones((len(edges), 1)))
    shares = [periods.sums(mark.astype(float)) / periods.lengths for _, mark in comparison.waves]
    X = np.column_stack([periods.columns, np.arange(len(edges), dtype=float), *shares])
    if len(edges) - X.shape[1] < 2:
        raise TooFewPeriods(f"{len(edges)} campaign weeks for {X.shape[1]} coefficients")
    y = _log_ratio(*ratio_series(comparison, periods))
    law = mixed(shift_of(ar1_profile(y, X)))
    return Law(law.location, law)


def _campaign_days(comparison: Comparison) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    used = comparison.codes[0] != 0
    for _, mark in comparison.waves:
        used = used | (mark == 1)
    return np.flatnonzero(used)


def ratio_series(comparison: Comparison, periods: Periods) -> tuple[Array, Array]:
    """The course's series and that of the pooled other courses, (..., N) each."""
    course = periods.sums(comparison.treated.sum(axis=(-3, -2)))
    return course, periods.sums(comparison.other.sum(axis=(-3, -2)))


def _log_ratio(treated: Array, comparison: Array) -> Array:
    ratio: Array = np.log(treated + HALF) - np.log(comparison + HALF)
    return ratio


def forecast(treated: Array, comparison: Array, periods: Periods) -> Candidates:
    during, X = periods.window, periods.columns
    profile = _fitted_before(treated, comparison, periods)
    window = treated[..., during], comparison[..., during]
    return forecast_shift(profile, X[~during][-1], X[during], *window)


def _mean_forecast(treated: Array, comparison: Array, periods: Periods) -> Array:
    during, profile = periods.window, _fitted_before(treated, comparison, periods)
    window = treated[..., during], comparison[..., during]
    return mean_forecast_shift(profile, periods.columns[during], *window)


def _fitted_before(treated: Array, comparison: Array, periods: Periods) -> Profile:
    before = ~periods.window
    if np.any(np.diff(np.flatnonzero(periods.window)) > 1):
        raise NotIdentified("days are left out inside the window: a forecast cannot pass over them")
    return ar1_profile(_log_ratio(treated, comparison)[..., before], periods.columns[before])
