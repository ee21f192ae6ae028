"""Formulas beside the simulation, row by row, where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.comparisons import Comparison, planned_rows
from evaluator.effects.ratios import totals_of
from evaluator.experiment.planned import Mailing as DeclaredMailing
from evaluator.experiment.protocol import Protocol
from evaluator.inference.ratios import COURSE_DOF, these_courses
from evaluator.planning.curves import Curve, Point, Trial
from evaluator.planning.detectable import CLOSE
from evaluator.planning.formulas import (
    holdout_power,
    people_held_out,
    ratio_power,
    ratio_scale,
)
from evaluator.planning.mailing import KEY, Mailing, mailing_powers
from evaluator.planning.next import template
from evaluator.planning.varied import Axis
from evaluator.resolve import Resolved
from evaluator.results import RowKey, RowRole

RATIO = "log ratio: non-central t"
PROPORTIONS = "difference of two proportions: normal"
RATIOS = ("size_adjusted_ratio", "these_courses")
"""Methods whose law the formula is."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Power by formula, at the lifts of the simulated curve."""

    key: RowKey
    name: str
    points: tuple[tuple[float, float], ...]
    """(planted lift, power)"""
    people: float | None = None
    """Of a list, how many show the smallest lift worth finding."""


def formulas(past: Resolved, following: Protocol, curves: Sequence[Curve]) -> tuple[Formula, ...]:
    """Of every curve over lifts that is one log ratio of ratios."""
    resolved, level = template(past, following), following.decision.level
    by_key = {curve.key: curve for curve in curves if curve.axis is Axis.LIFT}
    drawn = (
        Formula(row.key, RATIO, tuple(_ratio_points(row.comparison, by_key[row.key], level)))
        for row in planned_rows(resolved)
        if row.key in by_key
        and row.key.method in RATIOS
        and row.role is RowRole.HEADLINE
        and isinstance(row.comparison, Comparison)
    )
    return tuple(own for own in drawn if own.points)


def mailing(
    declared: DeclaredMailing, following: Protocol, trial: Trial
) -> tuple[Curve, Formula] | None:
    """The hold-out of a mailing list: simulated, and by formula; None without a known response.

    Parameters
    ----------
    trial : its lift is the smallest worth finding, of the share that enrols
    """
    if declared.response is None:
        return None
    rate, people, held_out = declared.response, declared.recipients, declared.holdout
    lifts = sorted({one for one in (*CLOSE, trial.lift) if one * rate < 1})
    listed, setting = Mailing(people, held_out, rate), trial.setting
    drawn = mailing_powers(listed, lifts, trial.worlds, setting, following.decision)
    curve = Curve(KEY, Axis.LIFT, tuple(Point(own.lift, own) for own in drawn))
    points = tuple(
        (one, holdout_power(people, held_out, (rate, rate * one), setting.level)) for one in lifts
    )
    wanted = people_held_out(held_out, (rate, rate * trial.lift), level=setting.level)
    return curve, Formula(KEY, PROPORTIONS, points, wanted)


def _ratio_points(
    comparison: Comparison, curve: Curve, level: float
) -> Iterator[tuple[float, float]]:
    scale, dof = ratio_scale(comparison), COURSE_DOF
    if scale is None:  # the history holds no window like it
        return
    if len(comparison.series) > 1:
        dof = these_courses(totals_of(comparison)).dof or COURSE_DOF
    for point in curve.points:
        if point.power.campaigns:
            yield point.value, ratio_power(float(np.log(point.power.truth)), scale, dof, level)
