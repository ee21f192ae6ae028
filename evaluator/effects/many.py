"""Many campaigns of one design in one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import SupportsFloat, TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluator.comparisons.design import Comparison
from evaluator.effects.facts import campaigns, each_conditions
from evaluator.effects.law import Law, Setting
from evaluator.effects.methods import METHODS, SINGLE
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array, Flags
from evaluator.inference.refusals import REFUSABLE, refusal
from evaluator.results import RowKey

T = TypeVar("T", bound=np.generic)


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
    refused = _refused(comparison, key.method)
    if refused.ndim and key.method in SINGLE:
        return _one_by_one(comparison, key, setting)
    if refused.all():
        return _none(refused)
    try:
        law = METHODS[key.method](comparison, setting)
    except Refusal:
        return _one_by_one(comparison, key, setting) if refused.ndim else _none(refused)
    return _read(law, refused, setting.level)


def _refused(comparison: Comparison, method: str) -> Flags:
    if method not in REFUSABLE:
        return np.zeros(campaigns(comparison), dtype=bool)
    each = [bool(refusal(method, own)) for own in each_conditions(comparison)]
    return np.array(each).reshape(campaigns(comparison))


def _read(law: Law, refused: Flags, level: float) -> Many:
    tail = (1 - level) / 2
    below = np.asarray(law.distribution.cdf(0.0))

    def kept(values: SupportsFloat | Array) -> Array:
        return np.where(refused, np.nan, np.asarray(values))

    return Many(
        kept(law.log_lift),
        kept(law.distribution.quantile(tail)),
        kept(law.distribution.quantile(1 - tail)),
        kept(np.minimum(1.0, 2 * np.minimum(below, 1 - below))),
        refused,
    )


def _none(refused: Flags) -> Many:
    nothing = np.full(refused.shape, np.nan)
    return Many(nothing, nothing, nothing, nothing, np.ones(refused.shape, dtype=bool))


def _one_by_one(comparison: Comparison, key: RowKey, setting: Setting) -> Many:
    shape = campaigns(comparison)
    each = [estimate_many(_one(comparison, i), key, setting) for i in np.ndindex(shape)]

    def together(column: Callable[[Many], NDArray[T]]) -> NDArray[T]:
        return np.array([column(own) for own in each]).reshape(shape)

    return Many(
        together(lambda own: own.log_lift),
        together(lambda own: own.low),
        together(lambda own: own.high),
        together(lambda own: own.p),
        together(lambda own: own.refused),
    )


def _one(comparison: Comparison, index: tuple[int, ...]) -> Comparison:
    """One campaign of a batch."""
    shape = campaigns(comparison)
    treated, other = (
        np.broadcast_to(outcomes, (*shape, *outcomes.shape[-3:]))[index]
        for outcomes in (comparison.treated, comparison.other)
    )
    companions = tuple(_one(companion, index) for companion in comparison.companions)
    return replace(
        comparison,
        treated=treated,
        other=other,
        companions=companions,
        effective=np.broadcast_to(comparison.effective, shape)[index],
    )
