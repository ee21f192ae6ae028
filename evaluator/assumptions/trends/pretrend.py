"""Parallel before the window: what the weeks before it show, and what they could have shown."""

from __future__ import annotations

import math

from scipy.special import stdtrit

from evaluator.assumptions.departure import Departure, standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.trends.event_study import (
    DOF,
    Study,
    event_study,
    overturning_slope,
    study_of,
)
from evaluator.assumptions.trends.weekly import has_weeks
from evaluator.errors import Refusal
from evaluator.results import Effect, Evidence, Finding, Status

NAME = "parallel before the window"


def before_the_window(looked: Looked) -> Seen:
    """Event study of a row, and the finding on what came before its window.

    The look rejects where a week or the trend departs, each at half the level, so that it is
    wrong in one row of twenty where nothing departs. It fails a row only if the trend, carried
    on, may add a standard error to the estimate; it passes one only if it would have noticed.
    """
    effect = looked.effect
    if effect is None or not has_weeks(looked):
        return Seen(())
    try:
        study = study_of(looked)
    except Refusal as refused:
        return Seen((_unseen(refused.reason),))
    return Seen(
        (_finding(looked, effect, study),), Evidence(event_study=event_study(looked, study))
    )


def trend_carried_on(looked: Looked, effect: Effect, study: Study) -> Departure:
    """What the trend before the window, carried on, adds to the row's log lift."""
    alpha = 1 - looked.setting.level
    reach = float(stdtrit(DOF, 1 - alpha / 2)) * study.slope_se
    ends = [study.leverage * (study.slope + sign * reach) for sign in (-1, 1)]
    one = standard_error(effect) / abs(study.leverage)
    return Departure(
        study.leverage * study.slope,
        min(ends),
        max(ends),
        study.p_value() <= alpha,
        study.power(one, alpha),
    )


def _finding(looked: Looked, effect: Effect, study: Study) -> Finding:
    departure, error = trend_carried_on(looked, effect, study), standard_error(effect)
    status = departure.status(error)
    p = study.p_value()
    if departure.rejected:
        sentence = (
            f"the {study.leads} weeks before the window were not parallel (p = {p:.2g}): their"
            f" trend of {_percent(study.slope)} a week, carried on, adds"
            f" {departure.bias / error:+.1f} standard errors to the log lift"
        )
    else:
        sentence = (
            f"no trend and no odd week in the {study.leads} weeks before the window (p = {p:.2g});"
            " a trend that adds one standard error to the log lift would be noticed in"
            f" {departure.power:.0%}"
        )
    overturning = overturning_slope(looked, study)
    if overturning and status is not Status.PASS:
        sentence += f"; the conclusion is overturned by a trend of {_percent(overturning)} a week"
    todo = {
        Status.FAIL: "read the bounds beside the row, or compare with courses that moved alike",
        Status.WARN: "look at the weeks before the window for what set them apart",
        Status.NOT_RUN: "a longer history would tell",
    }
    return Finding(
        NAME, status, sentence, todo.get(status, ""), departure.margin(error), departure.power
    )


def _unseen(reason: str) -> Finding:
    sentence = f"whether trends were parallel before the window cannot be seen: {reason}"
    return Finding(NAME, Status.NOT_RUN, sentence, "a longer history would tell")


def _percent(log_slope: float) -> str:
    return f"{math.expm1(log_slope):+.1%}"
