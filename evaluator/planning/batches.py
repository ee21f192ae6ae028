"""Counts of the next experiment before any lift: worlds fitted to the panel, or the panel itself.

Whatever is drawn is drawn by what measures coverage, see `evaluator.calibration`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from evaluator.calibration.arms import arms_of, common_shocks, others_together, shocked
from evaluator.calibration.drawn import course_levels, moved_rates
from evaluator.calibration.layout import Layout
from evaluator.calibration.placebos import Drawn
from evaluator.comparisons import Comparison
from evaluator.estimators.arrays import Array
from evaluator.planning.asked import Asked
from evaluator.planning.stand_ins import kept

AT_ONCE = 1_200_000
"""Cells of the treated courses in one batch, before any lift."""
SURE = 3.5
"""Standard errors of a trend that is no chance find among dozens of courses: at the two with which
coverage errs to the safe side, the promised power of a long reference was .06 too low."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Counts of all promoted courses and of the others, bin by bin, in R worlds."""

    number: int
    treated: Array
    """(R, P, U, W)"""
    rates: Array | None
    """Their means, where they are known."""
    other: Array
    """(R, n, 1, W) of each other course; (1, U, W), not drawn, where no row reads them"""
    pooled: Array | None = None
    """(R, 1, U, W) all of them together by unit, where arms are compared"""


def course_batches(asked: Asked, base: Comparison, layout: Layout) -> Iterator[Batch]:
    """Worlds fitted to each course's own history.

    A trend that is surely there goes on in half of the worlds and turns in the others: which way a
    course will drift by then is not known, how far courses drift is.

    Parameters
    ----------
    base : all promoted courses on all of their history
    """
    levels = course_levels(base, layout, SURE)
    trends = [level.noise.slope for level in levels]
    flat = [replace(own, noise=replace(own.noise, slope=0 * own.noise.slope)) for own in levels]
    for number, part in _parts(asked.worlds, levels[0].rates.size):
        rng, worlds = asked.stream(f"batch {number}"), part.stop - part.start
        means = moved_rates(rng, (flat[0], flat[1]), layout, worlds)
        rates, beside = (
            own * _drift(rng, slope, layout, worlds)
            for own, slope in zip(means, trends, strict=True)
        )
        counts, other = (rng.poisson(means).astype(float) for means in (rates, beside))
        yield Batch(number, counts, rates, other)


def _drift(rng: np.random.Generator, slope: Array, layout: Layout, worlds: int) -> Array:
    """(worlds, series, 1, W) factors of a trend either way, 1 where the window begins."""
    ways = rng.choice([-1.0, 1.0], size=(worlds, len(slope))) * slope
    since = layout.weeks - layout.weeks[layout.anchor]
    return np.asarray(np.exp(ways[..., None, None] * since))


def arm_batches(asked: Asked, base: Comparison, layout: Layout) -> Iterator[Batch]:
    """The same by country: shocks common to all courses, and each course's own."""
    others = others_together(base, layout) if len(base.other) else None
    own = [arms_of(base, position, layout) for position in range(len(base.series))]
    other = layout.sums(base.other.sum(axis=1, keepdims=True))
    for number, part in _parts(asked.worlds, len(own) * own[0].rates.size):
        rng = asked.stream(f"batch {number}")
        common = common_shocks(rng, others, part.stop - part.start, layout)
        rates = np.stack([shocked(rng, course, common, layout) for course in own], axis=1)
        pooled = None
        if others is not None:
            pooled = rng.poisson(others.rates * common.factors).astype(float)[:, None]
        yield Batch(number, rng.poisson(rates).astype(float), rates, other, pooled)


def placebo_batches(
    asked: Asked, base: Comparison, layout: Layout, drawn: Drawn
) -> Iterator[Batch]:
    """Other courses in place of the promoted ones, in weeks when nothing was promoted.

    One that is larger than the course it stands in for is thinned to its size; one that is smaller
    stays as it is, so that a row of a course larger than all others is promised too little.
    """
    share = kept(base)
    back = range(int(drawn.moved.max()) + 1)
    counts = np.stack([layout.sums(base.other, 7 * weeks) for weeks in back])
    each, together = counts.sum(axis=2, keepdims=True), counts.sum(axis=1)
    for number, part in _parts(len(drawn.moved), counts[0, 0].size * drawn.courses.shape[1]):
        moved, own = drawn.moved[part], Drawn(drawn.courses[part], drawn.moved[part])
        whole = counts[moved[:, None], own.courses].astype(np.int64)
        part_kept = np.take_along_axis(share, own.courses.T, axis=1).T[..., None, None]
        treated = asked.stream(f"thinned {number}").binomial(whole, part_kept).astype(float)
        other = each[moved[:, None], own.rest(counts.shape[1])]
        pooled = None
        if base.in_a is not None:
            pooled = (together[moved] - whole.sum(axis=1))[:, None]
        yield Batch(number, treated, None, other, pooled)


def _parts(worlds: int, cells: int) -> Iterator[tuple[int, slice]]:
    """Batches whose size depends on the design alone: a campaign is the same whatever lifts are
    asked about."""
    most = max(AT_ONCE // max(cells, 1), 1)
    starts = range(0, worlds, most)
    return enumerate(slice(first, min(first + most, worlds)) for first in starts)
