"""How far trends may part in the window before a row's conclusion falls: honest bounds."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from evaluator.assumptions.event_study import Study, study_of
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.weekly import has_weeks, paths_seen, weekly_of
from evaluator.errors import Refusal, TooFewPeriods
from evaluator.inference.honest import (
    EventCoefficients,
    relative_magnitude_bounds,
    smoothness_bounds,
)
from evaluator.results import Bounds, Effect, Evidence, Finding, Status

NAME = "bounds if trends part"
RELATIVE = (0.0, 0.5, 1.0, 1.5, 2.0)
"""Moves in the window, as multiples of the largest one before it."""
BENDS = (0.0, 0.5, 1.0, 2.0)
"""Bends of the trend, by what they may add to the estimate: multiples of its standard error."""


def honest_bounds(looked: Looked) -> Seen:
    """Intervals of a row under growing departures from parallel trends, and its breakdown.

    The history is cut into blocks as long as the reference, which is the period left out; the
    window is one period, as far from the reference as the row's own estimator feels a trend
    (its leverage). Its coefficient is the row's log lift with the row's own standard error, so
    that the bounds start from the interval that the row quotes.
    """
    effect = looked.effect
    if effect is None or not has_weeks(looked):
        return Seen(())
    try:
        study = in_blocks(looked, effect, study_of(looked))
    except Refusal as refused:
        sentence = f"how far the trends may part is not known: {refused.reason}"
        return Seen((Finding(NAME, Status.NOT_RUN, sentence, "a longer history would tell"),))
    bounds = bounds_of(study, looked.setting.level)
    return Seen((), Evidence(bounds=bounds), breakdown=bounds[0].breakdown)


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
    TooFewPeriods : no whole block of weeks before the reference
    """
    weekly = weekly_of(looked.comparison)
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
