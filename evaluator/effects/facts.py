"""Facts about a comparison: totals, and what the refusal table looks at."""

from __future__ import annotations

import math
from functools import lru_cache, partial

import numpy as np

from evaluator.comparisons.design import REFERENCE, WINDOW, Codes, Comparison
from evaluator.estimators.arrays import Array
from evaluator.inference.extra import overdispersion
from evaluator.inference.refusals import Conditions


@lru_cache(maxsize=8)
def conditions(comparison: Comparison) -> Conditions:
    """What the refusal table looks at, of one campaign."""
    (only,) = each_conditions(comparison)
    return only


def each_conditions(comparison: Comparison) -> list[Conditions]:
    """The same of every campaign of a batch, in the order of its leading axes, flattened."""
    treated, other = window_and_reference(comparison)
    zero, alpha = _sparseness(comparison)
    shape = campaigns(comparison)
    facts = [_smallest_total(comparison, treated, other), zero, alpha, _other_total(other)]
    flat = [np.broadcast_to(fact, shape).ravel().tolist() for fact in facts]
    design = partial(
        Conditions,
        reference_weeks=comparison.reference_weeks,
        window_weeks=comparison.window_weeks,
        others=comparison.other.shape[-3],
        series=len(comparison.series),
        arm_units=None if comparison.in_a is None else int(comparison.in_a.sum(axis=1).min()),
        trend=comparison.trend,
        bin_days=comparison.period_days,
        deadline=comparison.deadline,
    )
    return [
        design(
            smallest_total=smallest, zero_weeks=zero_weeks, alpha=excess, other_total=other_total
        )
        for smallest, zero_weeks, excess, other_total in zip(*flat, strict=True)
    ]


def campaigns(comparison: Comparison) -> tuple[int, ...]:
    """The leading axes: empty for one campaign."""
    return np.broadcast_shapes(comparison.treated.shape[:-3], comparison.other.shape[:-3])


def _smallest_total(comparison: Comparison, treated: Array, other: Array) -> Array:
    """The smallest total behind a logarithm, (...,)."""
    inside = treated if comparison.in_a is None else treated * comparison.in_a
    cells = [inside.sum(axis=-1)]
    if other.size:
        cells.append(other.sum(axis=(-2, -1)))
    if comparison.in_a is not None:
        cells.append((treated * ~comparison.in_a).sum(axis=-1))
    smallest = [cell.min(axis=(0, -1)) for cell in cells]
    return np.asarray(np.min(np.broadcast_arrays(*smallest), axis=0))


def _other_total(other: Array) -> Array:
    """Mean total of an other course, in the window or the reference, whichever is less, (...,)."""
    if not other.size:
        return np.asarray(math.inf)
    return np.asarray(other.sum(axis=-1).mean(axis=-1).min(axis=(0, -1)))


@lru_cache(maxsize=8)
def window_and_reference(comparison: Comparison) -> tuple[Array, Array]:
    """Totals of the treated (2, ..., S, U) and of the other courses (2, ..., S, n, U).

    In the window, then in the reference. Shared: not to be written to.
    """
    used = np.flatnonzero(np.any((comparison.codes == WINDOW) | (comparison.codes == REFERENCE), 0))
    days = slice(int(used[0]), int(used[-1]) + 1)
    codes = comparison.codes[:, days]
    masks = np.stack([codes == WINDOW, codes == REFERENCE]).astype(float)
    # Matrix products: where there are many campaigns most of the time is spent on these sums.
    both = comparison.treated[..., days] @ np.moveaxis(masks, 0, -1)
    treated = np.ascontiguousarray(np.moveaxis(both, -1, 0))
    # Written so that the outcomes of all other courses, the largest array, are not copied.
    other = np.moveaxis(comparison.other[..., days] @ masks.reshape(-1, codes.shape[1]).T, -1, 0)
    return treated, np.moveaxis(other.reshape(*masks.shape[:2], *other.shape[1:]), 1, -3)


@lru_cache(maxsize=8)
def weekly_overdispersion(comparison: Comparison) -> Array:
    """Weekly over-dispersion of the courses (or, without them, of the units) nobody treated."""
    week = 7 // comparison.grain
    before = int(np.flatnonzero(comparison.codes[0] == WINDOW)[0])
    used = np.flatnonzero(comparison.codes[0][:before])
    untreated = comparison.other.sum(axis=-2)
    if not untreated.shape[-2] and comparison.in_a is not None:
        untreated = comparison.treated[..., 0, ~comparison.in_a[0], :]
    if len(used) < 2 * week or untreated.shape[-2] < 2:
        return np.asarray(0.0)
    edges = np.arange(used[-1] + 1 - (used[-1] + 1 - used[0]) // week * week, used[-1] + 1, week)
    return overdispersion(np.add.reduceat(untreated[..., : used[-1] + 1], edges, axis=-1))


def _sparseness(comparison: Comparison) -> tuple[Array, Array]:
    """Largest share of weeks without any outcome (of a course, or of one of its arms), and the
    over-dispersion of what nobody treated: the treated series' own has the waves in it."""
    shares = [
        _empty_weeks(daily, comparison.codes[position], 7 // comparison.grain)
        for position in range(len(comparison.series))
        for daily in _series_of(comparison, position)
    ]
    return np.max(shares, axis=0), weekly_overdispersion(comparison)


def _empty_weeks(daily: Array, codes: Codes, week: int) -> Array:
    """Of the weeks in which any day is used."""
    used = np.flatnonzero(codes)
    edges = np.arange(used[0], used[-1] + 1, week)
    weekly, told = (
        np.add.reduceat(own[..., : used[-1] + 1], edges, axis=-1) for own in (daily, codes != 0)
    )
    return np.asarray(np.mean(weekly[..., told > 0] == 0, axis=-1))


def _series_of(comparison: Comparison, position: int) -> list[Array]:
    """Daily outcome of a course, (..., D); of each of its arms where these are compared."""
    treated = comparison.treated[..., position, :, :]
    if comparison.in_a is None:
        return [treated.sum(axis=-2)]
    in_a = comparison.in_a[position]
    arms = np.stack([in_a, ~in_a]).astype(float) @ treated
    return [arms[..., 0, :], arms[..., 1, :]]
