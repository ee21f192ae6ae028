"""Scores whose means are effects, and intervals of such means.

The doubly robust score of a person is expected to be the effect on people like them, whatever
the expected outcomes in it, because the probabilities of the arms are known. So every figure
about a group, a ranking or a policy is a mean of scores, and has the standard error of one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from evaluator.estimators.arrays import Array
from evaluator.results import Interval
from evaluator.targeting.contacts import Codes
from evaluator.targeting.crossfit import Sample

DRAWS = 20_000
"""Of the largest of several correlated deviations."""


@dataclass(frozen=True, slots=True)
class Mean:
    """An estimate with its standard error, and the law of its deviation: t."""

    value: float
    se: float
    df: float
    critical: float | None = None
    """Of a simultaneous interval: two-sided deviation in standard errors, on the normal scale."""

    def interval(self, level: float) -> Interval:
        """Its own interval."""
        return self._around(float(stats.t.ppf((1 + level) / 2, self.df)), level)

    def simultaneous(self, level: float) -> Interval:
        """One that holds together with those of its family, at the level of the family."""
        if self.critical is None:
            return self.interval(level)
        # The same tail, under the law of this mean: t where there are few people.
        tail = float(stats.norm.sf(self.critical))
        return self._around(float(stats.t.isf(tail, self.df)), level)

    def p_value(self, null: float = 0.0) -> float:
        """Two-sided."""
        if self.se == 0:
            return 1.0 if self.value == null else 0.0
        return float(2 * stats.t.sf(abs(self.value - null) / self.se, self.df))

    def _around(self, quantile: float, level: float) -> Interval:
        return Interval(self.value - quantile * self.se, self.value + quantile * self.se, level)


def effect_scores(sample: Sample, expected: Array) -> Array:
    """Doubly robust score of each arm's effect against the hold-out. (people, arms)

    Parameters
    ----------
    expected : outcome of each person in each arm, from people of other folds. (people, 1 + arms)
    """
    own = sample.arm[:, None] == np.arange(expected.shape[1])
    residual = np.where(own, sample.outcome[:, None] - expected, 0.0) / sample.propensity
    value = expected + residual
    scores: Array = value[:, 1:] - value[:, :1]
    return scores


def mean_of(scores: Array) -> Mean:
    """Of people drawn independently. (people,)"""
    n = len(scores)
    return Mean(float(scores.mean()), float(scores.std(ddof=1) / np.sqrt(n)), n - 1.0)


def difference(outcome: Array, other: Array) -> Mean:
    """Plain difference of two arms' means, by Welch. (people of one,), (people of the other,)"""
    parts = [own.var(ddof=1) / len(own) for own in (outcome, other)]
    variance = float(sum(parts))
    spread = sum(
        part**2 / (len(own) - 1) for part, own in zip(parts, (outcome, other), strict=True)
    )
    df = variance**2 / float(spread) if spread else np.inf
    return Mean(float(outcome.mean() - other.mean()), variance**0.5, df)


def difference_parts(outcome: Array, arm: Codes, k: int) -> Array:
    """What each person adds to the plain difference of arm k and the hold-out. (people,)"""
    parts = np.zeros(len(outcome))
    for own, sign in ((arm == k, 1), (arm == 0, -1)):
        share = own.mean()
        parts[own] = sign * (outcome[own] - outcome[own].mean()) / share
    return parts


def together(means: list[Mean], influence: Array, level: float, seed: int) -> list[Mean]:
    """The same means, with intervals that hold all at once.

    Parameters
    ----------
    influence : what each person adds to each mean. (people, means)
    """
    if len(means) < 2:
        return means
    critical = critical_value(influence, level, seed)
    return [Mean(mean.value, mean.se, mean.df, critical) for mean in means]


def critical_value(influence: Array, level: float, seed: int) -> float:
    """Deviation that the largest of all keeps within with this probability, in standard errors."""
    centred = influence - influence.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    moving = scale > 0
    if not moving.any():
        return float(stats.norm.ppf((1 + level) / 2))
    unit = centred[:, moving] / scale[moving]
    correlation = unit.T @ unit
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    draws = np.random.default_rng(seed).standard_normal((DRAWS, len(root))) @ root.T
    return float(np.quantile(np.abs(draws).max(axis=1), level))
