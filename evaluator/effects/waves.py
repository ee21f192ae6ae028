"""Per channel: the joint daily model of a course's waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.comparisons.design import Codes, Comparison
from evaluator.effects.law import Joint, Law, Setting
from evaluator.errors import NotIdentified
from evaluator.estimators.arrays import Array
from evaluator.estimators.poisson import PoissonFit, poisson_regression, variance_inflation
from evaluator.estimators.ratio import HALF
from evaluator.inference.ratios import COURSE_DOF
from evaluator.inference.waves import against_placebos, mean_over_courses

LAUNCH_DECAYS = (7.0, 21.0)
"""Days over which a launch's interest is taken to fall by e: a nuisance, not an estimate."""


@dataclass(frozen=True, slots=True, eq=False)
class DailyModel:
    """The design of one course's waves over its used days, and which columns it is about."""

    days: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    X: Array
    labels: tuple[str, ...]
    """Of the wave columns, which are the last of X."""
    treated: Array
    """(k,) 1 for wave columns"""


def daily_model(comparison: Comparison) -> DailyModel:
    """Constant, launch decay, then the waves; a wave column that adds no rank is left out.

    Raises
    ------
    NotIdentified : the target itself adds none; the channels it cannot be told from are named
    """
    days = np.flatnonzero(comparison.codes[0] != 0)
    columns = [np.ones(len(days))]
    if comparison.opened is not None:
        columns += [np.exp(-(days - comparison.opened) / decay) for decay in LAUNCH_DECAYS]
    nuisances, labels = len(columns), []
    waves = sorted(comparison.waves, key=lambda wave: wave[0] in comparison.target)
    for label, mark in waves:
        column = mark[days].astype(float)
        if np.linalg.matrix_rank(np.column_stack([*columns, column])) > len(columns):
            columns.append(column)
            labels.append(label)
        elif label in comparison.target and column.any():
            raise NotIdentified(_aliases(label, mark, waves))
    treated = np.concatenate([np.zeros(nuisances), np.ones(len(labels))])
    return DailyModel(days, np.column_stack(columns), tuple(labels), treated)


def _aliases(label: str, mark: Codes, waves: Sequence[tuple[str, Codes]]) -> str:
    same = [other for other, own in waves if other != label and np.array_equal(own, mark)]
    if same:
        return f"{label} and {', '.join(same)} ran on the same days: only their joint effect exists"
    return f"{label} is a combination of the course's other waves on these days: aliased"


def inflation_of_target(comparison: Comparison) -> float:
    """Largest variance inflation among the columns that the effect is about."""
    model = daily_model(comparison)
    weights = comparison.other.sum(axis=(0, 1))[model.days] + HALF
    inflation = variance_inflation(model.X, weights)[-len(model.labels) :]
    own = [v for v, name in zip(inflation, model.labels, strict=True) if name in comparison.target]
    return float(max(own))


def joint_daily(comparison: Comparison, _: Setting) -> Law:
    """One course, one channel, in one model with the course's other waves."""
    law = _cell(comparison)
    return Law(float(law.location), law)


def channel_mean(comparison: Comparison, _: Setting) -> Law:
    """Mean over the courses that have a wave of their own; aliased courses are left out."""
    cells, reasons = [], []
    for companion in comparison.companions:
        try:
            cells.append(_cell(companion))
        except NotIdentified as aliased:
            reasons.append(aliased)
    if not cells:
        raise reasons[0]
    log_lifts = np.array([float(cell.location) for cell in cells])
    law = mean_over_courses(log_lifts)
    covariance = np.diag([float(cell.scale) ** 2 for cell in cells])
    joint = None if reasons else Joint(log_lifts, covariance, COURSE_DOF)
    chosen = f"{len(cells)} courses; {len(reasons)} aliased" if reasons else ""
    return Law(float(law.location), law, joint, chosen)


def _cell(comparison: Comparison) -> StudentT:
    model = daily_model(comparison)
    own = comparison.treated.sum(axis=(0, 1))[model.days]
    others = comparison.other.sum(axis=1)[:, model.days]
    total = others.sum(axis=0)
    course = poisson_regression(own, model.X, np.log(total + HALF), model.treated)
    rest = np.log(total - others + HALF)
    placebos = poisson_regression(others, model.X, rest, model.treated)
    contrast = _contrast(model, comparison.target, course, own)
    log_lift = _log_lift(model, comparison.target, course, own)
    return replace(against_placebos(course, placebos, contrast), location=np.asarray(log_lift))


def _log_lift(model: DailyModel, target: Sequence[str], fit: PoissonFit, own: Array) -> float:
    """log(observed / observed without the target's waves), over the target's days."""
    chosen = np.array([name in target for name in ("",) * _nuisances(model) + model.labels])
    active = model.X[:, chosen].any(axis=1)
    effect = model.X[:, chosen] @ fit.coefficients[chosen]
    observed = own[active] + HALF / max(int(active.sum()), 1)
    return float(np.log(observed.sum() / (observed * np.exp(-effect[active])).sum()))


def _contrast(model: DailyModel, target: Sequence[str], fit: PoissonFit, own: Array) -> Array:
    """Derivative of that log lift by the coefficients: shares of the counterfactual."""
    names = ("",) * _nuisances(model) + model.labels
    without = np.zeros(len(names))
    for position, name in enumerate(names):
        if name in target:
            active = model.X[:, position] > 0
            without[position] = (own[active] + HALF).sum() * np.exp(-fit.coefficients[position])
    contrast: Array = without / without.sum()
    return contrast


def _nuisances(model: DailyModel) -> int:
    return int(model.X.shape[1]) - len(model.labels)
