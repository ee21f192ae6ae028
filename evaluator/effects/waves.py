"""Per channel: the joint daily model of a course's waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from evaluator.comparisons.design import WINDOW, Comparison
from evaluator.comparisons.waves import alias_of
from evaluator.effects.law import Joint, Law, Setting, either
from evaluator.errors import NotIdentified
from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.poisson import PoissonFit, poisson_regression, variance_inflation
from evaluator.estimators.ratio import HALF
from evaluator.inference.arms import wider
from evaluator.inference.distributions import StudentT
from evaluator.inference.ratios import COURSE_DOF
from evaluator.inference.waves import (
    CHANNEL_DOF,
    MIN_COURSES,
    against_placebos,
    error_of_pool,
    mean_over_courses,
)
from evaluator.results import Part

LAUNCH_DECAYS = (7.0, 21.0)
"""Days over which a launch's interest is taken to fall by e: a nuisance, not an estimate."""

MANY_OTHERS = 19
"""From so many other courses on their sum errs little: measured .95–.97 without that, and .90–.92
with ten."""

Days = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True, eq=False)
class DailyModel:
    """One course's waves over its used days, fitted to it and to every other course."""

    days: Days
    X: Array
    """(D, k) constant, launch decay, then the waves"""
    names: tuple[str, ...]
    """Of the k columns; empty for nuisances."""
    counts: Array
    """(..., D) of the course"""
    course: PoissonFit
    placebos: PoissonFit
    weights: Array
    """(..., D) of the pooled other courses: what a day weighs"""


def joint_daily(comparison: Comparison, _: Setting) -> Law:
    """One course, one channel, in one model with the course's other waves."""
    law = _cell(comparison)
    return Law(law.location, law)


def channel_mean(comparison: Comparison, setting: Setting) -> Law:
    """Mean log lift of exactly these courses, from their cells' own laws.

    Where all waves fall in one week, what that week did to all of them is in no cell's law: then
    the wider of it and the spread between the courses.
    """
    log_lifts, covariance, shared = _cells(comparison)
    scale = np.sqrt(np.mean(covariance, axis=(-2, -1)))
    cells = StudentT(np.mean(log_lifts, axis=-1), scale, CHANNEL_DOF)
    # Few cells make most of a sum: the degrees of freedom of one cell.
    joint = Joint(log_lifts, covariance, COURSE_DOF)
    own = Law(cells.location, cells, joint, "the courses' own intervals")
    if not _in_one_week(comparison) or log_lifts.shape[-1] < MIN_COURSES:
        return own
    spread = mean_over_courses(log_lifts, shared)
    stretched = covariance * ((spread.scale / scale) ** 2)[..., None, None]
    joint = replace(joint, covariance=stretched)
    between = Law(spread.location, spread, joint, "spread between the courses")
    return either(own, between, wider(cells, spread, setting.level))


def channel_like_these(comparison: Comparison, _: Setting) -> Law:
    """Mean log lift of a population of courses like these: jackknife over courses, t(G1 − 1)."""
    log_lifts, _own, shared = _cells(comparison)
    law = mean_over_courses(log_lifts, shared)
    return Law(law.location, law)


def _cells(comparison: Comparison) -> tuple[Array, Array, Array | float]:
    """Log lifts of the courses, (..., courses), their covariance, and the mean shared part of it.

    Few other courses, pooled, err alike for all courses whose waves fall in one week.
    """
    cells = [_cell(companion) for companion in comparison.companions]
    log_lifts = np.stack([cell.location for cell in cells], axis=-1)
    variances = np.stack([cell.scale**2 for cell in cells], axis=-1)
    covariance = variances[..., None] * np.eye(len(cells))
    if comparison.other.shape[-3] >= MANY_OTHERS or not _in_one_week(comparison):
        return log_lifts, covariance, 0.0
    errors = np.stack([_of_pool(companion) for companion in comparison.companions], axis=-1)
    between = errors[..., :, None] * errors[..., None, :] * (1 - np.eye(len(cells)))
    return log_lifts, covariance + between, np.mean(errors, axis=-1) ** 2


def _in_one_week(comparison: Comparison) -> bool:
    """Whether the waves of all courses start within a week of each other."""
    starts = [int(np.argmax(codes == WINDOW)) for codes in comparison.codes]
    return max(starts) - min(starts) < 7


def overlap_joint(comparison: Comparison, _: Setting) -> Law:
    """Two channels of a course on the days when both were active."""
    model, chosen = _together(comparison)
    contrast = chosen.astype(float)
    law = against_placebos(model.course, model.placebos, contrast)
    return Law(law.location, law)


def split(comparison: Comparison) -> tuple[Part, ...]:
    """Shapley split of an overlap's joint extra, with the readings it lies between.

    Empty where the two channels ran on the same days throughout: nothing but a convention on a
    convention would tell them apart.
    """
    model, chosen = _together(comparison)
    if int(chosen.sum()) < len(comparison.target):
        return ()
    effects = dict(zip(model.names, model.course.coefficients, strict=True))
    joint = sum(effects[name] for name in comparison.target)
    observed = comparison.observed
    parts = []
    for name in comparison.target:
        alone = observed * np.exp(-joint) * np.expm1(effects[name])
        last = -observed * np.expm1(-effects[name])
        parts.append(Part(name, float(alone), float(last), float((alone + last) / 2)))
    return tuple(parts)


def inflation_of_target(comparison: Comparison) -> float:
    """Largest variance inflation among the columns that the effect is about."""
    base = comparison.companions[0]
    chosen = _chosen(daily_model(base), comparison.target)
    return float(max(_inflation(base)[chosen], default=np.inf))


@lru_cache(maxsize=64)
def _inflation(base: Comparison) -> Array:
    """(k,) variance inflation of each column of the daily model by the others."""
    model = daily_model(base)
    return variance_inflation(model.X, model.weights)


@lru_cache(maxsize=64)
def daily_model(base: Comparison) -> DailyModel:
    """Fit all waves of a course at once: every channel's row reads the same fit.

    A wave column that adds no rank is left out; its channel is refused by name where asked for.
    """
    days, X, names = daily_columns(base)
    treated = np.array([float(bool(name)) for name in names])
    own = base.treated.sum(axis=(-3, -2))[..., days]
    others = base.other.sum(axis=-2)[..., days]
    total = others.sum(axis=-2)
    return DailyModel(
        days,
        X,
        names,
        own,
        poisson_regression(own, X, np.log(total + HALF), treated),
        poisson_regression(others, X, np.log(total[..., None, :] - others + HALF), treated),
        total + HALF,
    )


def daily_columns(base: Comparison) -> tuple[Days, Array, tuple[str, ...]]:
    """The used days of a course, the columns of its daily model (D, k), and their names.

    They need no counts: a schedule has them before anybody has enrolled.
    """
    days = np.flatnonzero(base.codes[0] != 0)
    columns, names = [np.ones(len(days))], [""]
    if base.opened is not None:
        # From the first used day: a launch long ago would be columns of next to nothing, whose
        # coefficients run away. The span, and so the estimate, is the same.
        columns += [np.exp(-(days - days[0]) / decay) for decay in LAUNCH_DECAYS]
        names += [""] * len(LAUNCH_DECAYS)
    for name, mark in base.waves:
        column = mark[days].astype(float)
        if np.linalg.matrix_rank(np.column_stack([*columns, column])) > len(columns):
            columns.append(column)
            names.append(name)
    return days, np.column_stack(columns), tuple(names)


def _cell(comparison: Comparison) -> StudentT:
    base = comparison.companions[0]
    reasons = [reason for name in comparison.target if (reason := alias_of(base, name))]
    if reasons:
        raise NotIdentified(reasons[0])
    model = daily_model(base)
    chosen = _chosen(model, comparison.target)
    law = against_placebos(model.course, model.placebos, _contrast(model, chosen))
    return replace(law, location=_log_lift(model, chosen))


def _of_pool(comparison: Comparison) -> Array:
    model = daily_model(comparison.companions[0])
    contrast = _contrast(model, _chosen(model, comparison.target))
    return error_of_pool(model.placebos, contrast)


def _together(comparison: Comparison) -> tuple[DailyModel, Flags]:
    """The model and the columns of the target; two aliases of each other are one column."""
    base = comparison.companions[0]
    model, marks = daily_model(base), dict(base.waves)
    chosen = _chosen(model, comparison.target)
    kept = [name for name in comparison.target if name in model.names]
    for name in comparison.target:
        if name not in kept and not any(np.array_equal(marks[name], marks[k]) for k in kept):
            raise NotIdentified(alias_of(base, name))
    return model, chosen


def _chosen(model: DailyModel, target: Sequence[str]) -> Flags:
    return np.array([name in target for name in model.names])


def _log_lift(model: DailyModel, chosen: Flags) -> Array:
    """log(observed / observed without the target's waves), over the target's days: (...,)."""
    columns = model.X[:, chosen]
    active = columns.any(axis=1)
    effect = model.course.coefficients[..., chosen] @ columns[active].T
    observed = model.counts[..., active] + HALF / int(active.sum())
    without = (observed * np.exp(-effect)).sum(axis=-1)
    return np.asarray(np.log(observed.sum(axis=-1) / without))


def _contrast(model: DailyModel, chosen: Flags) -> Array:
    """Derivative of that log lift by the coefficients, (..., k): shares without the waves."""
    observed = (model.counts + HALF / len(model.days)) @ model.X
    without = np.where(chosen, observed * np.exp(-model.course.coefficients), 0.0)
    contrast: Array = without / without.sum(axis=-1, keepdims=True)
    return contrast
