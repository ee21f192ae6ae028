"""A row's own method where nothing was promoted: earlier weeks, other courses, both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from evaluator.assumptions.departure import ONE_SE
from evaluator.assumptions.looked import Looked
from evaluator.assumptions.trends.event_study import quoted_method
from evaluator.assumptions.trends.weekly import Weekly, weekly_of
from evaluator.comparisons import Comparison
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.effects import METHODS, Setting
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array
from evaluator.estimators.clusters import MIN_ARM_UNITS

MOST_MOVES = 8
"""Placebo windows in time, at most: they overlap, and more of them say little more."""


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """Estimates by a row's own method. K windows: the row's own, then earlier ones."""

    weeks_back: Array
    """(K,) 0, then how many weeks the window is moved back"""
    own: Array
    """(K,) log lifts of the row's courses"""
    own_se: Array
    """(K,)"""
    other: Array
    """(n, K) of each other course in their place"""
    other_se: Array
    """(n, K)"""


@lru_cache(maxsize=4)
def replayed(looked: Looked) -> Replayed | None:
    """The row's estimate over earlier windows and other courses; None where it is refused there."""
    weekly = weekly_of(looked.comparison)
    reference, window = int(weekly.reference.sum()), len(weekly.usable) - weekly.anchor
    if not window:
        return None
    back = _moves(weekly, reference, window)
    weeks = weekly.anchor - back[:, None] + np.arange(-reference, window)
    # (S or n, U, K, L) → (K, S or n, U, L)
    own, other = (np.moveaxis(part[..., weeks], 2, 0) for part in (weekly.treated, weekly.other))
    frame = in_weeks(looked.comparison, reference, window)
    try:
        of_own = by_own_method(
            replace(frame, treated=own, other=compared_with(other, looked)), looked
        )
        of_other = by_own_method(_in_their_place(frame, other, looked), looked)
    except Refusal:
        return None
    if not (np.all(of_own[1] > 0) and np.all(of_other[1] > 0)):
        return None  # nothing moves: there is no scale to set them against
    return Replayed(back.astype(float), *of_own, *of_other)


def in_weeks(comparison: Comparison, reference: int, window: int) -> Comparison:
    """The comparison in weeks: its reference, then its window, nothing else."""
    codes = np.where(np.arange(-reference, window) < 0, REFERENCE, WINDOW).astype(np.int8)
    codes = np.tile(codes, (len(comparison.series), 1))
    return replace(comparison, codes=codes, grain=7, period_days=7, companions=())


def compared_with(other: Array, looked: Looked) -> Array:
    """What the row's courses are compared with, (K, n, U, L): as little as its method needs."""
    if looked.comparison.in_a is None:
        return other
    if looked.planned.key.method == "triple_difference":
        return np.asarray(other.sum(axis=1, keepdims=True))
    return other[:, :0]


def _in_their_place(frame: Comparison, other: Array, looked: Looked) -> Comparison:
    """Each other course in turn, (n, K) campaigns, compared with the rest of them."""
    each = np.moveaxis(other, 1, 0)[:, :, None]  # (n, K, 1, U, L)
    if frame.in_a is not None:
        beside = compared_with(other, looked)
        rest = beside[None] - each if beside.shape[1] else beside[None]
        return replace(frame, treated=np.repeat(each, len(frame.series), axis=2), other=rest)
    n = other.shape[1]
    rest = np.array([np.delete(np.arange(n), course) for course in range(n)], dtype=np.intp)
    return replace(
        frame,
        series=frame.series[:1],
        codes=frame.codes[:1],
        effective=1.0,
        treated=each,
        other=np.moveaxis(other[:, rest], 1, 0),
    )


def by_own_method(campaigns: Comparison, looked: Looked) -> tuple[Array, Array]:
    """Log lifts and standard errors of many campaigns, (...,) each."""
    method = quoted_method(looked)
    if method == "arms_two_series" and campaigns.in_a is not None:
        # Its few weeks show little of how the series move; countries do, where there are enough.
        by_unit = campaigns.in_a.sum(axis=1).min() >= MIN_ARM_UNITS
        method = "arms_by_unit" if by_unit else method
    if method == "these_courses" and len(campaigns.series) == 1:
        method = "size_adjusted_ratio"
    law = METHODS[method](campaigns, Setting(ONE_SE))
    low, high = (np.asarray(law.distribution.quantile((1 + s * ONE_SE) / 2)) for s in (-1, 1))
    return np.asarray(law.log_lift), (high - low) / 2


def _moves(weekly: Weekly, reference: int, window: int) -> np.ndarray:
    """Weeks by which the window is moved back, 0 first; every window ends before the real one."""
    there = weekly.usable[: weekly.anchor]
    run = len(there) if there.all() else int(np.argmin(there[::-1]))
    earlier = np.arange(window, run - reference + 1, max(window // 3, 1))[:MOST_MOVES]
    return np.concatenate([[0], earlier]).astype(np.intp)
