"""How far trends may part in the window before a row's conclusion falls: honest bounds."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from evaluator.assumptions.departure import Departure, standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.trends.event_study import Study, study_of
from evaluator.assumptions.trends.pretrend import trend_carried_on
from evaluator.assumptions.trends.weekly import has_weeks, paths_seen, weekly_of
from evaluator.errors import Refusal, TooFewPeriods
from evaluator.inference.honest import (
    EventCoefficients,
    relative_magnitude_bounds,
    smoothness_bounds,
)
from evaluator.results import Beside, Bounds, Effect, Evidence, Finding, Interval, Status

NAME = "bounds if trends part"
RELATIVE = (0.0, 0.5, 1.0, 1.5, 2.0)
"""Moves in the window, as multiples of the largest one before it."""
AS_BEFORE = 1.0
"""Of these, the one that a conclusion should stand."""
BENDS = (0.0, 0.5, 1.0, 2.0)
"""Bends of the trend, by what they may add to the estimate: multiples of its standard error."""


def bounded(looked: Looked) -> Seen:
    """Intervals of a row under growing departures from parallel trends, and its breakdown.

    The history is cut into blocks as long as the reference, which is the period left out; the
    window is one period, as far from the reference as the row's own estimator feels a trend
    (its leverage). Its coefficient is the row's log lift with the row's own standard error, so
    that the bounds start from the interval that the row quotes. Where the weeks before the window
    were not parallel, one of them stands beside the row.
    """
    effect = looked.effect
    if effect is None or not has_weeks(looked):
        return Seen(())
    try:
        study = study_of(looked)
    except Refusal as refused:
        return Seen((_unknown(refused),))
    trend = trend_carried_on(looked, effect, study)
    failed = trend.status(standard_error(effect)) is Status.FAIL
    own = effect.interval(looked.setting.level)
    try:
        blocks = in_blocks(looked, effect, study)
    except Refusal as refused:
        return Seen((_unknown(refused),), beside=_without(own, trend) if failed else ())
    bounds = bounds_of(blocks, looked.setting.level)
    relative = bounds[0]
    as_before = relative.intervals[relative.at.index(AS_BEFORE)]
    return Seen(
        (_finding(own, relative, blocks.n_pre, trend),),
        Evidence(bounds=bounds),
        (Beside("trends part as far as before", interval=as_before),) if failed else (),
        relative.breakdown,
    )


def bounds_of(study: EventCoefficients, level: float) -> tuple[Bounds, Bounds]:
    """Relative magnitudes and smoothness, each at a few sizes and with its breakdown value."""
    bend = study.standard_error / study.bending
    return (
        relative_magnitude_bounds(study, RELATIVE, level),
        smoothness_bounds(study, [size * bend for size in BENDS], level),
    )


def in_blocks(looked: Looked, effect: Effect, study: Study) -> EventCoefficients:
    """A row's event study in periods as long as its reference.

    A window at τ periods from the reference instead of one has its coefficient divided by τ
    and its weight multiplied: a straight trend, a bend and a move then count τ times.

    Raises
    ------
    TooFewPeriods : no whole block of weeks before the reference, or no whole week in the window
    """
    weekly = weekly_of(looked.comparison)
    if study.leads == len(study.time):
        raise TooFewPeriods("the window holds no whole week")
    reference = weekly.time[weekly.reference]
    length = int(-reference.min())
    n_pre = study.leads // length - 1
    if n_pre < 1:
        raise TooFewPeriods(
            f"{study.leads} weeks before the window, of which the reference takes {length}"
        )
    counts = paths_seen(looked).weights[-len(study.time) :]
    block = np.floor(np.minimum(study.time, 0) / length).astype(int)
    member = [(block == -1 - back) & (study.time < 0) for back in range(n_pre, 0, -1)]
    total = np.where(np.array([*member, study.time >= 0]), counts, 0.0)
    mean = total / total.sum(axis=1, keepdims=True)
    coefficients = mean @ study.coefficients
    covariance = mean @ study.covariance @ mean.T
    periods = study.leverage / length
    scale = np.ones(n_pre + 1)
    scale[-1] = _error(effect, looked.setting.level) / np.sqrt(covariance[-1, -1]) / periods
    coefficients[-1] = effect.log_lift / periods
    return EventCoefficients(
        coefficients, covariance * np.outer(scale, scale), n_pre, np.array([periods])
    )


def _error(effect: Effect, level: float) -> float:
    """The standard error with which a normal law has an interval as long as the row's."""
    own = effect.interval(level)
    return (own.high - own.low) / (2 * float(ndtri((1 + level) / 2)))


def _finding(own: Interval, relative: Bounds, moves: int, trend: Departure) -> Finding:
    """A conclusion that falls is no contradiction: only with trends seen to part is it a warning.

    Parameters
    ----------
    moves : from one block before the window to the next
    """
    breakdown = relative.breakdown
    if 0.0 in own:
        sentence = "the interval holds no effect even if the trends stay parallel: nothing to bound"
        return Finding(NAME, Status.NOT_RUN, sentence)
    largest = (
        f"the largest of {moves} departures before"
        if moves > 1
        else "the departure before (the history shows only one)"
    )
    sentence = (
        f"no effect is excluded however far, in proportion to {largest}, the trends depart"
        if math.isinf(breakdown)
        else "no effect is excluded unless the trends depart in the window by more than"
        f" {breakdown:.1f} × {largest}"
    )
    margin = breakdown - AS_BEFORE
    if breakdown >= AS_BEFORE:
        return Finding(NAME, Status.PASS, sentence, "", margin)
    status = Status.WARN if trend.rejected else Status.NOT_RUN
    todo = "say why the trends should have moved less in the window than before it"
    return Finding(NAME, status, sentence, todo, margin)


def _without(own: Interval, trend: Departure) -> tuple[Beside, ...]:
    """The interval less the trend seen before the window, where no bound can be had."""
    interval = Interval(own.low - trend.high, own.high - trend.low, own.level)
    return (Beside("without the trend before", interval=interval),)


def _unknown(refused: Refusal) -> Finding:
    sentence = f"how far the trends may part is not known: {refused.reason}"
    return Finding(NAME, Status.NOT_RUN, sentence, "a longer history would tell")
