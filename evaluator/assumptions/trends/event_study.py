"""A row week by week, before its window and in it, relative to its reference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from evaluator.assumptions.looked import Looked
from evaluator.assumptions.trends.weekly import Paths, Weekly, paths_seen, weekly_of
from evaluator.comparisons.design import WINDOW
from evaluator.effects import METHODS, Estimated, Setting
from evaluator.estimators.arrays import Array
from evaluator.estimators.event_study import Movement, movement, relative_to, trend_weights
from evaluator.inference.simultaneous import Largest, largest_of
from evaluator.results import EventStudy, Interval, Lead

Index = NDArray[np.intp]

LEADS = 52
"""Weeks before the window that are tested, at most: a year, so that a season is no trend."""
SHOWN = 26
"""Weeks before the window that are handed on for the figure."""
DOF = 20.0
"""Of the variances, which come from many courses' weeks but hold for each only roughly."""
TILT = 0.005
"""Trend a week with which the row is estimated again, to see what a trend does to it."""
QUOTED = {
    ("arms_wider", "by unit"): "arms_by_unit",
    ("arms_wider", "two series"): "arms_two_series",
}
"""A method that chooses, and which of its laws was quoted → the method of that law."""


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Weekly coefficients of a row with their covariance. N weeks before, M in the window."""

    time: Array
    """(N + M,) weeks from the window's first"""
    coefficients: Array
    """(N + M,) log ratio less that of the reference"""
    covariance: Array
    """(N + M, N + M)"""
    movement: Movement
    leads: int
    """N"""
    slope: float
    """Differential log trend a week before the window."""
    slope_se: float
    leverage: float
    """What a trend of 1 a week adds to the row's log lift."""
    relative: Array
    """(N + M, N + M) takes a path to its distance from the reference."""
    of_leads: Largest
    """Law of the N leads."""
    slope_draws: Array
    """(draws,) the slope's t statistic, drawn together with the leads"""

    def p_leads(self) -> float:
        """Of no departure in any week before the window."""
        return self.of_leads.p_value(self.coefficients[: self.leads])

    def p_slope(self) -> float:
        return float(2 * stdtr(DOF, -abs(self.slope) / self.slope_se))

    def p_value(self) -> float:
        """Of neither: Bonferroni's of the two."""
        return min(1.0, 2 * min(self.p_leads(), self.p_slope()))

    def power(self, slope: float, alpha: float) -> float:
        """Chance that `p_value` is at most `alpha` where there is a trend of `slope` a week."""
        shift = slope * (self.relative @ self.time)[: self.leads]
        weeks = self.of_leads.noticed(shift, self.of_leads.critical(1 - alpha / 2))
        beyond = float(stdtrit(DOF, 1 - alpha / 4))
        trend = np.abs(self.slope_draws + slope / self.slope_se) > beyond
        return float(np.mean(weeks | trend))


def event_study(looked: Looked, study: Study) -> EventStudy:
    """What of a study is handed on, at the row's level."""
    level = looked.setting.level
    alone = float(stdtrit(DOF, (1 + level) / 2))
    together = study.of_leads.critical(level)
    first = max(study.leads - SHOWN, 0)
    weeks = tuple(
        Lead(
            round(float(study.time[week])),
            float(study.coefficients[week]),
            _around(study, week, alone, level),
            _around(study, week, together, level),
        )
        for week in range(first, len(study.time))
    )
    reach = alone * study.slope_se
    overturning = overturning_slope(looked, study)
    return EventStudy(
        weeks=weeks,
        p=study.p_leads(),
        slope=study.slope,
        slope_interval=Interval(study.slope - reach, study.slope + reach, level),
        overturning=overturning,
        power=study.power(overturning, 1 - level),
    )


def overturning_slope(looked: Looked, study: Study) -> float:
    """Trend a week that, carried on, makes up the nearer end of the interval; 0 where the
    interval holds no effect already."""
    if looked.effect is None:
        return 0.0
    own = looked.effect.interval(looked.setting.level)
    nearer = max(own.low, 0.0) + min(own.high, 0.0)
    return nearer / study.leverage


@lru_cache(maxsize=4)
def study_of(looked: Looked) -> Study:
    """Weekly coefficients of a row, relative to its reference.

    Raises
    ------
    TooFewPeriods : fewer than three weeks before the window
    """
    weekly, paths = weekly_of(looked.comparison), paths_seen(looked)
    there = np.isfinite(paths.own[: weekly.anchor])
    run = len(there) if there.all() else int(np.argmin(there[::-1]))
    leads = min(run, max(LEADS, int(weekly.reference.sum())))
    used = np.arange(weekly.anchor - leads, len(weekly.usable))
    moved = movement(paths.alike[:, : weekly.anchor], paths.alike_noise[:, : weekly.anchor])
    return _studied(looked, weekly, paths, used, moved)


def _studied(looked: Looked, weekly: Weekly, paths: Paths, used: Index, moved: Movement) -> Study:
    leads = int(weekly.anchor - used[0])
    of_path = moved.covariance(paths.noise[used], paths.share)
    base = np.where(weekly.reference, paths.weights, 0.0)[used]
    matrix = relative_to(base / base.sum())
    covariance = matrix @ of_path @ matrix.T
    coefficients = paths.own[used] - paths.level
    time = weekly.time[used]
    weights = trend_weights(of_path[:leads, :leads], time[:leads])
    root = matrix @ np.linalg.cholesky(of_path)
    tested = largest_of(np.vstack([root[:leads], weights @ root[:leads]]), DOF, looked.setting.seed)
    of_leads = tested.draws[:, :-1]
    return Study(
        time=time,
        coefficients=coefficients,
        covariance=covariance,
        movement=moved,
        leads=leads,
        slope=float(weights @ coefficients[:leads]),
        slope_se=float(tested.scale[-1]),
        leverage=leverage(looked),
        relative=matrix,
        of_leads=Largest(of_leads, tested.scale[:-1], np.abs(of_leads).max(axis=1)),
        slope_draws=tested.draws[:, -1],
    )


def leverage(looked: Looked) -> float:
    """What a differential trend of 1 a week adds to the row's log lift: by its own method."""
    comparison = looked.comparison
    first = int(np.flatnonzero(comparison.codes[0] == WINDOW)[0])
    weeks = (np.arange(comparison.treated.shape[-1]) - first) / 7
    there = np.ones(comparison.treated.shape[:2], bool)
    there = there if comparison.in_a is None else comparison.in_a
    tilt = np.where(there[:, :, None], np.exp(TILT * weeks), 1.0)
    method = quoted_method(looked)
    lifts = [
        METHODS[method](
            replace(comparison, treated=treated), Setting(looked.setting.level)
        ).log_lift
        for treated in (comparison.treated / tilt, comparison.treated * tilt)
    ]
    return float(lifts[1] - lifts[0]) / (2 * TILT)


def quoted_method(looked: Looked) -> str:
    """The method of the law that the row quotes."""
    chosen = looked.outcome.chosen if isinstance(looked.outcome, Estimated) else ""
    method = looked.planned.key.method
    return QUOTED.get((method, chosen), method)


def _around(study: Study, week: int, factor: float, level: float) -> Interval:
    middle = float(study.coefficients[week])
    reach = factor * float(np.sqrt(max(study.covariance[week, week], 0.0)))
    return Interval(middle - reach, middle + reach, level)
