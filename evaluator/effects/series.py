"""Before against during: forecasts, level shifts, and contrasts within the campaign."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluator.comparisons.design import REFERENCE, WINDOW, Comparison
from evaluator.comparisons.periods import Periods, periods_of
from evaluator.effects.law import Law, Setting
from evaluator.effects.ratios import size_adjusted
from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.arrays import Array
from evaluator.estimators.autoregression import Candidates, ar1_profile, forecast_shift
from evaluator.estimators.autoregression import level_shift as shift_of
from evaluator.estimators.least_squares import newey_west
from evaluator.estimators.ratio import HALF
from evaluator.inference.arms import wider
from evaluator.inference.distributions import StudentT
from evaluator.inference.series import mixed

SPIKE = 1.8
"""A window week of the other courses above this multiple of their mean reference week."""


def spike_of_others(comparison: Comparison) -> float:
    """Largest whole window week of the other courses over their mean reference week."""
    daily, codes = comparison.other.sum(axis=(0, 1)), comparison.codes[0]
    window = np.flatnonzero(codes == WINDOW)
    weeks = len(window) // 7
    base = daily[codes == REFERENCE].mean() * 7
    if not weeks or base == 0:
        return 0.0
    return float(daily[window[: weeks * 7]].reshape(weeks, 7).sum(axis=1).max() / base)


def controlled_its(comparison: Comparison, setting: Setting) -> Law:
    """The forecast from the other courses; beside a deadline, the wider of it and the ratio."""
    periods = periods_of(comparison)
    law = mixed(forecast(*ratio_series(comparison, periods), periods))
    own = Law(float(law.location), law, chosen="forecast")
    if spike_of_others(comparison) <= SPIKE and not comparison.deadline:
        return own
    if comparison.window_weeks < 2:
        raise NotIdentified(
            "a window of one week in which the other courses peak: the forecast covers .70–.78"
            " where .95 is claimed"
        )
    ratio = replace(size_adjusted(comparison, setting), chosen="ratio of totals")
    wide = wider(own.distribution, ratio.distribution, setting.level)
    return ratio if wide else own


def single_its(comparison: Comparison, _: Setting) -> Law:
    periods = periods_of(comparison)
    course, _others = ratio_series(comparison, periods)
    constant = periods.lengths / comparison.period_days - HALF
    law = mixed(forecast(course, constant, periods))
    return Law(float(law.location), law)


def level_shift(comparison: Comparison, _: Setting) -> Law:
    periods = periods_of(comparison)
    X = np.column_stack([periods.columns, periods.window.astype(float)])
    law = mixed(shift_of(ar1_profile(_log_ratio(*ratio_series(comparison, periods)), X)))
    return Law(float(law.location), law)


def segmented_newey_west(comparison: Comparison, _: Setting) -> Law:
    """Level and slope before, level and slope after: the mean departure over the window."""
    periods = periods_of(comparison)
    course, _others = ratio_series(comparison, periods)
    time = np.arange(len(course)) - float(np.flatnonzero(periods.window)[0])
    after = periods.window.astype(float)
    X = np.column_stack([np.ones(len(time)), time, after, after * time])
    y = np.log(course + HALF) - np.log(periods.lengths / comparison.period_days)
    fit = newey_west(y, X, lags=int(4 * (len(y) / 100) ** (2 / 9)))
    contrast = np.array([0.0, 0.0, 1.0, time[periods.window].mean()])
    location = float(contrast @ fit.coefficients)
    scale = float(np.sqrt(contrast @ fit.covariance @ contrast))
    return Law(location, StudentT(np.asarray(location), np.asarray(scale), float(fit.dof)))


def within_campaign(comparison: Comparison, _: Setting) -> Law:
    """A wave's weeks against the course's other campaign weeks, net of a launch decay."""
    length, codes = comparison.period_days, comparison.codes[0]
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
    return Law(float(law.location), law)


def _campaign_days(comparison: Comparison) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    used = comparison.codes[0] != 0
    for _, mark in comparison.waves:
        used = used | (mark == 1)
    return np.flatnonzero(used)


def ratio_series(comparison: Comparison, periods: Periods) -> tuple[Array, Array]:
    """The course's series and that of the pooled other courses, (N,) each."""
    course = periods.sums(comparison.treated.sum(axis=(0, 1)))
    return course, periods.sums(comparison.other.sum(axis=(0, 1)))


def _log_ratio(treated: Array, comparison: Array) -> Array:
    ratio: Array = np.log(treated + HALF) - np.log(comparison + HALF)
    return ratio


def forecast(treated: Array, comparison: Array, periods: Periods) -> Candidates:
    before, during = ~periods.window, periods.window
    X = periods.columns
    profile = ar1_profile(_log_ratio(treated, comparison)[before], X[before])
    return forecast_shift(profile, X[before][-1], X[during], treated[during], comparison[during])
