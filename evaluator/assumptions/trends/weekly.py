"""A row's comparison in whole weeks: log ratio by week, its count noise, and courses alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from evaluator.assumptions.looked import Looked
from evaluator.comparisons import Comparison, arms, campaign, promoted
from evaluator.comparisons.design import LEFT_OUT, REFERENCE, WINDOW
from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.ratio import HALF

QUESTIONS = (promoted.QUESTION, arms.QUESTION, campaign.QUESTION)
"""Whose rows compare one stretch of weeks with the weeks before it."""
HISTORY = 104
"""Weeks looked back, at most."""
EMPTY = 1e-9
"""What an empty week weighs: weeks that are all empty weigh alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Weekly:
    """Outcomes by week; W weeks, the window's first is `anchor`."""

    treated: Array
    """(S, U, W)"""
    other: Array
    """(n, U, W)"""
    usable: Flags
    """(W,) weeks in which every series could be counted"""
    reference: Flags
    """(W,)"""
    anchor: int

    @property
    def time(self) -> Array:
        """(W,) weeks from the window's first."""
        return np.arange(len(self.usable), dtype=float) - self.anchor


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The log ratio of a row by week, and of the same where nobody promoted."""

    own: Array
    """(W,) not a number where the row's courses could not be counted"""
    noise: Array
    """(W,) its variance from the counts alone"""
    alike: Array
    """(m, W) series that move as the row's would by itself"""
    alike_noise: Array
    """(m, W)"""
    share: float
    """Of a single series' movement, what is left in `own`."""
    level: float
    """Log ratio of the totals of the reference."""
    weights: Array
    """(W,) counts of the comparison side: how much of a total each week is"""


def has_weeks(looked: Looked) -> bool:
    """Whether a row is one that is looked at by week."""
    return looked.planned.key.question in QUESTIONS and looked.comparison.trials is None


@lru_cache(maxsize=16)
def weekly_of(comparison: Comparison) -> Weekly:
    """Whole weeks before the window (at most `HISTORY`) and in it. Shared: not to be written to."""
    inside = np.all(comparison.codes == WINDOW, axis=0)
    first, last = (int(day) for day in np.flatnonzero(inside)[[0, -1]])
    before, within = min(first // 7, HISTORY), (last + 1 - first) // 7
    start = first - 7 * before
    shape = (before + within, 7)
    days = slice(start, start + 7 * (before + within))

    def whole(code: int) -> Flags:
        flags = np.all(comparison.codes[:, days] == code, axis=0)
        return np.asarray(flags.reshape(shape).all(axis=1))

    open_days = np.all(comparison.codes[:, days] != LEFT_OUT, axis=0).reshape(shape)
    sums = [
        daily[..., days].reshape(*daily.shape[:-1], *shape) @ np.ones(7)
        for daily in (comparison.treated, comparison.other)
    ]
    return Weekly(sums[0], sums[1], open_days.all(axis=1), whole(REFERENCE), before)


@lru_cache(maxsize=16)
def paths_of(comparison: Comparison, *, triple: bool = False) -> Paths:
    """The row's log ratio by week; of A to B where arms are compared.

    Parameters
    ----------
    triple : whether the other courses' ratio of A to B is taken off
    """
    weekly = weekly_of(comparison)
    if comparison.in_a is None:
        return _against_others(weekly)
    return _arms(comparison, weekly, comparison.in_a, triple=triple)


def paths_seen(looked: Looked) -> Paths:
    triple = looked.planned.key.method == "triple_difference"
    return paths_of(looked.comparison, triple=triple)


def _against_others(weekly: Weekly) -> Paths:
    course, other = weekly.treated.sum(axis=1), weekly.other.sum(axis=1)
    pooled = other.sum(axis=0)
    own = np.mean(np.log(course + HALF), axis=0) - np.log(pooled + HALF)
    noise = np.mean(_noise(weekly, course, pooled), axis=0) / len(course) + 1 / (pooled + HALF)
    rest = pooled - other
    return Paths(
        np.where(weekly.usable, own, np.nan),
        noise,
        np.log(other + HALF) - np.log(rest + HALF),
        _noise(weekly, other, rest) + 1 / (rest + HALF),
        1 / len(course) + 1 / max(len(other), 1),
        _level(weekly, [course], [pooled[None]]),
        np.maximum(pooled, EMPTY),
    )


def _arms(comparison: Comparison, weekly: Weekly, in_a: Flags, *, triple: bool) -> Paths:
    """log(A/B); what moves alike are other courses split by the row's own lists of countries."""
    arm_a, arm_b = _split(weekly.treated, in_a)
    own, noise = _log_ratio(weekly, arm_a, arm_b)
    own, noise = own.mean(axis=0), noise.mean(axis=0) / len(own)
    above, below = [arm_a], [arm_b]
    # Every other course by the list of each series: (n, S, W).
    a, b = (np.einsum("nuw,su->nsw", weekly.other, arm.astype(float)) for arm in (in_a, ~in_a))
    alike, counts = _log_ratio(weekly, a, b)
    if triple:
        pooled_a, pooled_b = a.sum(axis=0), b.sum(axis=0)
        off, more = _log_ratio(weekly, pooled_a, pooled_b)
        own, noise = own - off.mean(axis=0), noise + more.mean(axis=0)
        above, below = [arm_a, pooled_b], [arm_b, pooled_a]
        off, more = _log_ratio(weekly, pooled_a - a, pooled_b - b)
        alike, counts = alike - off, counts + more
    own = np.where(weekly.usable, own, np.nan)
    alike, counts = alike.mean(axis=1), counts.mean(axis=1)
    if not triple:
        family = [paths_of(companion) for companion in comparison.companions]
        alike = np.concatenate([*(each.own[None] for each in family), alike])
        counts = np.concatenate([*(each.noise[None] for each in family), counts])
    if not len(alike):
        alike, counts = _without_trend(own, weekly.time)[None], noise[None]
    level = _level(weekly, above, below)
    return Paths(own, noise, alike, counts, 1.0, level, np.maximum(arm_b.sum(axis=0), EMPTY))


def _log_ratio(weekly: Weekly, above: Array, below: Array) -> tuple[Array, Array]:
    """Log ratio of weekly totals, (..., W), and its count noise."""
    both = above + below
    noise = _noise(weekly, above, both) + _noise(weekly, below, both)
    return np.log(above + HALF) - np.log(below + HALF), noise


def _without_trend(path: Array, time: Array) -> Array:
    """A series that has only itself to say how it moves: a trend before the window is none."""
    before = np.isfinite(path) & (time < 0)
    if before.sum() < 3:
        return path
    slope, _ = np.polyfit(time[before], path[before], 1)
    return np.asarray(path - slope * time)


def _noise(weekly: Weekly, counts: Array, total: Array) -> Array:
    """Variance of log counts where each is its usual share of `total`.

    Not from the counts themselves: small ones would be called noisier than they are, and those
    that promotion raised steadier.
    """
    before = weekly.usable & (weekly.time < 0)
    own, whole = (part[..., before].sum(axis=-1, keepdims=True) for part in (counts, total))
    expected = np.divide(own, whole, out=np.zeros_like(own), where=whole > 0) * total
    return np.asarray(1 / (expected + HALF))


def _split(treated: Array, in_a: Flags) -> tuple[Array, Array]:
    """Weekly totals of each series in arm A and in arm B, (S, W) each."""
    member = in_a[:, :, None]
    return (treated * member).sum(axis=1), (treated * ~member).sum(axis=1)


def _level(weekly: Weekly, above: list[Array], below: list[Array]) -> float:
    """Mean over series of the log ratio of reference totals; parts of shape (S or 1, W)."""
    reference = weekly.reference
    up = [np.mean(np.log(part[:, reference].sum(axis=1) + HALF)) for part in above]
    down = [np.mean(np.log(part[:, reference].sum(axis=1) + HALF)) for part in below]
    return float(sum(up) - sum(down))
