"""Facts about a comparison: totals, and what the refusal table looks at."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from evaluator.comparisons.design import REFERENCE, WINDOW, Comparison
from evaluator.estimators.arrays import Array
from evaluator.inference.extra import overdispersion
from evaluator.inference.refusals import Conditions


def conditions(comparison: Comparison) -> Conditions:
    """What the refusal table looks at."""
    treated, other = window_and_reference(comparison)
    inside = treated if comparison.in_a is None else treated * comparison.in_a
    cells = list(np.ravel(inside.sum(axis=-1)))
    if len(comparison.other):
        cells += list(np.ravel(other.sum(axis=(-2, -1))))
    if comparison.in_a is not None:
        cells += list(np.ravel((treated * ~comparison.in_a).sum(axis=-1)))
    zero, alpha = _sparseness(comparison)
    return Conditions(
        reference_weeks=comparison.reference_weeks,
        window_weeks=comparison.window_weeks,
        others=len(comparison.other),
        series=len(comparison.series),
        smallest_total=float(min(cells)),
        arm_units=None if comparison.in_a is None else int(comparison.in_a.sum(axis=1).min()),
        zero_weeks=zero,
        alpha=alpha,
        trend=comparison.trend,
        deadline=comparison.deadline,
        other_total=_other_total(other),
    )


def _other_total(other: Array) -> float:
    return float(other.sum(axis=-1).mean(axis=-1).min()) if other.size else math.inf


@lru_cache(maxsize=8)
def window_and_reference(comparison: Comparison) -> tuple[Array, Array]:
    """Totals of the treated (2, S, U) and of the other courses (2, S, n, U): window, reference.

    Shared: not to be written to.
    """
    used = np.flatnonzero(np.any((comparison.codes == WINDOW) | (comparison.codes == REFERENCE), 0))
    days = slice(int(used[0]), int(used[-1]) + 1)
    codes = comparison.codes[:, days]
    masks = np.stack([codes == WINDOW, codes == REFERENCE]).astype(float)
    treated = np.einsum("sud,csd->csu", comparison.treated[..., days], masks)
    # Written so that the outcomes of all other courses, the largest array, are not copied.
    other = np.moveaxis(comparison.other[..., days] @ masks.reshape(-1, codes.shape[1]).T, -1, 0)
    return treated, other.reshape(*masks.shape[:2], *comparison.other.shape[:2])


@lru_cache(maxsize=8)
def weekly_overdispersion(comparison: Comparison) -> float:
    """Weekly over-dispersion of the courses (or, without them, of the units) nobody treated."""
    before = int(np.flatnonzero(comparison.codes[0] == WINDOW)[0])
    used = np.flatnonzero(comparison.codes[0][:before])
    if len(used) < 14:
        return 0.0
    edges = np.arange(used[-1] + 1 - (used[-1] + 1 - used[0]) // 7 * 7, used[-1] + 1, 7)
    untreated = comparison.other.sum(axis=1)
    if not len(untreated) and comparison.in_a is not None:
        untreated = comparison.treated[0][~comparison.in_a[0]]
    if len(untreated) < 2:
        return 0.0
    return overdispersion(np.add.reduceat(untreated[:, : used[-1] + 1], edges, axis=-1))


def _sparseness(comparison: Comparison) -> tuple[float, float]:
    """Largest share of weeks without any outcome (of a course, or of one of its arms), and the
    over-dispersion of what nobody treated: the treated series' own has the waves in it."""
    shares = []
    for position in range(len(comparison.series)):
        used = np.flatnonzero(comparison.codes[position])
        edges = np.arange(used[0], used[-1] + 1, 7)
        for daily in _series_of(comparison, position):
            weekly = np.add.reduceat(daily[: used[-1] + 1], edges)
            shares.append(float(np.mean(weekly == 0)))
    return max(shares), weekly_overdispersion(comparison)


def _series_of(comparison: Comparison, position: int) -> list[Array]:
    """Daily outcome of a course, (D,); of each of its arms where these are compared."""
    treated = comparison.treated[position]
    if comparison.in_a is None:
        return [treated.sum(axis=0)]
    in_a = comparison.in_a[position]
    return [treated[in_a].sum(axis=0), treated[~in_a].sum(axis=0)]
