"""Predictions for people that no model behind them has seen, and the learner that makes them.

Every third of the list is predicted from the other two; within these two a learner is chosen by
cross-validated R-loss. So a value measured on a third is one of a procedure that never saw it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluator.estimators.arrays import Array
from evaluator.targeting.contacts import Codes
from evaluator.targeting.learners import CONSTANT, Learner, Model, ridge

FOLDS = 3
Regressions = Sequence[Callable[[int], Any]]
"""Seed → a regression, not fitted."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What learners read."""

    X: Array
    """(people, columns)"""
    arm: Codes
    """0: held out. (people,)"""
    outcome: Array
    """(people,)"""
    propensity: Array
    """Probability of each arm. (people, arms)"""

    @property
    def arms(self) -> int:
        """Without the hold-out."""
        return int(self.propensity.shape[1]) - 1

    def taken(self, which: Codes) -> Sample:
        return Sample(self.X[which], self.arm[which], self.outcome[which], self.propensity[which])

    def among_two(self, k: int) -> Array:
        """Probability of arm k among arm k and the hold-out. (people,)"""
        both = self.propensity[:, k] + self.propensity[:, 0]
        shares: Array = self.propensity[:, k] / both
        return shares


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """Cross-validated R-loss of one learner, against that of one effect for all."""

    learner: Learner
    loss: float
    """Mean over people."""
    gain: float
    """Loss of one effect for all, less this loss."""
    gain_se: float


@dataclass(frozen=True, slots=True, eq=False)
class Crossfitted:
    """Predictions for each third from the other two."""

    uplift: Array
    """(people, arms)"""
    fold: Codes
    """(people,)"""
    chosen: tuple[Learner, ...]
    """By fold."""
    models: tuple[tuple[Model, ...], ...]
    """By fold and arm."""


def folds_of(sample: Sample, seed: int, folds: int = FOLDS) -> Codes:
    """Fold of each person; arms are spread evenly over folds. (people,)

    Outcomes are not: a third with the same outcomes as the others would agree with whatever
    they taught, and a policy would look worth what it was chosen for.
    """
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(sample.arm))
    order = shuffled[np.argsort(sample.arm[shuffled], kind="stable")]
    fold = np.empty(len(order), dtype=np.intp)
    fold[order] = np.arange(len(order)) % folds
    return fold


def crossfit(sample: Sample, learners: Sequence[Learner], seed: int) -> Crossfitted:
    """Predict each third by the learner that the other two choose."""
    fold = folds_of(sample, seed)
    uplift = np.empty((len(fold), sample.arms))
    chosen, models = [], []
    for held in range(FOLDS):
        others, third = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        training = sample.taken(others)
        learner = chosen_of(try_all(training, learners, seed + 1 + held))
        fitted = fit_arms(training, learner, seed)
        uplift[third] = uplift_of(fitted, sample.taken(third))
        chosen.append(learner)
        models.append(fitted)
    return Crossfitted(uplift, fold, tuple(chosen), tuple(models))


def try_all(sample: Sample, learners: Sequence[Learner], seed: int) -> tuple[Tried, ...]:
    """Cross-validated R-loss of every learner, in their order.

    The loss is that of Nie & Wager (2021): ((y − m(x)) − (w − p) τ(x))², summed over the arms that
    a person takes part in. Losses of one person under two learners go together, so that the
    standard error of a gain is one of differences.
    """
    fold = folds_of(sample, seed)
    expected = nuisances(sample, fold)
    losses = {learner.name: np.zeros(len(fold)) for learner in learners}
    for held in range(FOLDS):
        training, third = sample.taken(np.flatnonzero(fold != held)), np.flatnonzero(fold == held)
        validation = sample.taken(third)
        for learner in learners:
            uplift = uplift_of(fit_arms(training, learner, seed), validation)
            losses[learner.name][third] = r_loss(validation, expected[third], uplift)
    constant = losses[CONSTANT.name]
    return tuple(_tried(learner, losses[learner.name], constant) for learner in learners)


def chosen_of(tried: Sequence[Tried]) -> Learner:
    """The simplest learner whose gain is within one standard error of the largest."""
    best = max(tried, key=lambda one: one.gain)
    return next(one.learner for one in tried if one.gain >= best.gain - best.gain_se)


def fit_arms(sample: Sample, learner: Learner, seed: int) -> tuple[Model, ...]:
    """The learner's model of each arm against the hold-out."""
    fitted = []
    for k in range(1, sample.arms + 1):
        pair = sample.taken(np.flatnonzero((sample.arm == 0) | (sample.arm == k)))
        w = (pair.arm == k).astype(float)
        fitted.append(learner.fit(pair.X, w, pair.outcome, pair.among_two(k), seed))
    return tuple(fitted)


def uplift_of(models: Sequence[Model], sample: Sample) -> Array:
    """Predicted effect of each arm on each person. (people, arms)"""
    predicted = [model.uplift(sample.X, sample.among_two(k)) for k, model in enumerate(models, 1)]
    return np.column_stack(predicted)


def nuisances(sample: Sample, fold: Codes, regressions: Regressions = (ridge,)) -> Array:
    """Expected outcome of each person in each arm, from people of other folds. (people, arms)

    Of several regressions, by the one with the smallest squared error on these people.
    """
    tried = [_expected(sample, fold, regression) for regression in regressions]
    own = (np.arange(len(fold)), sample.arm)
    return min(tried, key=lambda one: float(((sample.outcome - one[own]) ** 2).mean()))


def r_loss(sample: Sample, expected: Array, uplift: Array) -> Array:
    """Loss of each person, summed over the arms that they take part in. (people,)"""
    loss = np.zeros(len(sample.arm))
    for k in range(1, sample.arms + 1):
        p = sample.among_two(k)
        mean = p * expected[:, k] + (1 - p) * expected[:, 0]
        w = sample.arm == k
        residual = sample.outcome - mean - (w - p) * uplift[:, k - 1]
        loss += np.where(w | (sample.arm == 0), residual**2, 0.0)
    return loss


def _expected(sample: Sample, fold: Codes, regression: Callable[[int], Any]) -> Array:
    expected = np.empty_like(sample.propensity)
    for held in range(int(fold.max()) + 1):
        third = fold == held
        for k in range(expected.shape[1]):
            own = ~third & (sample.arm == k)
            model = regression(held).fit(sample.X[own], sample.outcome[own])
            expected[third, k] = model.predict(sample.X[third])
    return expected


def _tried(learner: Learner, loss: Array, constant: Array) -> Tried:
    gains = constant - loss
    se = float(gains.std(ddof=1) / np.sqrt(len(gains)))
    return Tried(learner, float(loss.mean()), float(gains.mean()), se)
