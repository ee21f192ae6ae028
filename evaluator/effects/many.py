"""Many campaigns of one design in one call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import SupportsFloat

import numpy as np

from evaluator.comparisons.design import Comparison
from evaluator.effects.facts import campaigns, each_conditions
from evaluator.effects.law import Setting
from evaluator.effects.methods import METHODS, SINGLE
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array, Flags
from evaluator.inference.distributions import Each, StudentT
from evaluator.inference.refusals import REFUSABLE, refusal
from evaluator.results import Distribution, RowKey


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """What `estimate` says of each campaign, (...,) over the leading axes of the outcomes."""

    log_lift: Array
    low: Array
    """Of the interval at the setting's level."""
    high: Array
    p: Array
    """Two-sided, of no effect."""
    refused: Flags
    """Where the data of a campaign cannot identify it: everything else is not a number there."""


@dataclass(frozen=True, slots=True, eq=False)
class Laws:
    """The laws of many campaigns, from which the interval of each may be read at its own level."""

    log_lift: Array
    """(...,)"""
    distribution: Distribution
    refused: Flags

    def interval(self, level: Array | float) -> tuple[Array, Array]:
        """Both ends, (...,); not a number where refused."""
        tail = (1 - level) / 2
        # The protocol speaks of one probability; laws of many campaigns take one each.
        low, high = (self.distribution.quantile(p) for p in (tail, 1 - tail))  # type: ignore[arg-type]
        return self._kept(low), self._kept(high)

    def p_value(self) -> Array:
        """Two-sided, of no effect."""
        below = np.asarray(self.distribution.cdf(0.0))
        return self._kept(np.minimum(1.0, 2 * np.minimum(below, 1 - below)))

    def read(self, level: float) -> Many:
        low, high = self.interval(level)
        return Many(self._kept(self.log_lift), low, high, self.p_value(), self.refused)

    def _kept(self, values: SupportsFloat | Array) -> Array:
        return np.where(self.refused, np.nan, np.asarray(values))


def estimate_many(comparison: Comparison, key: RowKey, setting: Setting) -> Many:
    """The effects of many campaigns of one design by the method the row names.

    The same as `estimate` of each, in one call: methods are written for leading axes. A few that
    take one campaign at a time, and batches in which a method refuses a campaign for what it
    counted, go one by one.

    Parameters
    ----------
    comparison : its outcomes (`treated`, `other`, and those of its companions) carry leading
        axes that broadcast against each other; codes, arms and waves are those of all campaigns
    """
    return laws_of_many(comparison, key, setting).read(setting.level)


def laws_of_many(comparison: Comparison, key: RowKey, setting: Setting) -> Laws:
    """The laws behind `estimate_many`."""
    refused = _refused(comparison, key.method)
    if refused.ndim and key.method in SINGLE:
        return _one_by_one(comparison, key, setting)
    if refused.all():
        return _none(refused.shape)
    try:
        law = METHODS[key.method](comparison, setting)
    except Refusal:
        return _one_by_one(comparison, key, setting) if refused.ndim else _none(refused.shape)
    return Laws(np.asarray(law.log_lift), law.distribution, refused)


def _refused(comparison: Comparison, method: str) -> Flags:
    if method not in REFUSABLE:
        return np.zeros(campaigns(comparison), dtype=bool)
    each = [bool(refusal(method, own)) for own in each_conditions(comparison)]
    return np.array(each).reshape(campaigns(comparison))


def _none(shape: tuple[int, ...]) -> Laws:
    nothing = np.full(shape, np.nan)
    return Laws(nothing, StudentT(nothing, nothing, 1.0), np.ones(shape, dtype=bool))


def _one_by_one(comparison: Comparison, key: RowKey, setting: Setting) -> Laws:
    shape = campaigns(comparison)
    each = [laws_of_many(_one(comparison, shape, i), key, setting) for i in np.ndindex(shape)]
    log_lift = np.array([float(own.log_lift) for own in each]).reshape(shape)
    refused = np.array([bool(own.refused) for own in each]).reshape(shape)
    return Laws(log_lift, Each(tuple(own.distribution for own in each), shape), refused)


def _one(comparison: Comparison, shape: tuple[int, ...], index: tuple[int, ...]) -> Comparison:
    """One campaign of a batch of this shape; companions may have fewer axes than it."""
    treated, other = (
        np.broadcast_to(outcomes, (*shape, *outcomes.shape[-3:]))[index]
        for outcomes in (comparison.treated, comparison.other)
    )
    companions = tuple(_one(companion, shape, index) for companion in comparison.companions)
    return replace(
        comparison,
        treated=treated,
        other=other,
        companions=companions,
        effective=np.broadcast_to(comparison.effective, shape)[index],
    )
