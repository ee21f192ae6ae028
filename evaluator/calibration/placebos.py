"""Held-out placebo campaigns: the row's own question, asked where nothing was promoted.

Other courses stand in for the promoted ones, and are then no longer among the others; the
windows and references keep their pattern and move back through history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from evaluator.calibration.layout import (
    Layout,
    layout_of,
    lifted_cells,
    on_layout,
)
from evaluator.calibration.measuring import Campaigns, Sharing, of_one_row
from evaluator.calibration.planting import PLACEBO, Truth, planted
from evaluator.comparisons.design import REFERENCE, Comparison
from evaluator.comparisons.periods import Days
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import effective_number
from evaluator.results import RowKey

POOLED = frozenset({"triple_difference"})
"""Methods that read the other courses by unit, and only summed over courses."""


def placebos(
    comparison: Comparison,
    key: RowKey,
    lifts: tuple[float, ...],
    campaigns: int,
    rng: np.random.Generator,
) -> Campaigns | str:
    """Placebo campaigns of a row, or why there are none."""
    roles = course_roles(comparison)
    wanted, others = sum(len(own) for own in roles), len(comparison.other)
    if others < 2 * wanted:
        return f"{others} other courses cannot stand in for {wanted} and be compared with"
    layout = layout_of(comparison, key.method)
    moves, lost = moves_of(comparison, layout)
    layout = layout.without(lost)
    drawn = drawn_campaigns(rng, others, wanted, moves + 1, campaigns)
    sharing = Sharing(drawn.courses, drawn.moved, _window_weeks(layout))
    truths = tuple(Truth(PLACEBO, lift) for lift in lifts)
    return of_one_row(truths, _batches(comparison, key, layout, drawn, lifts, rng), sharing)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Which courses stand in (R, m), in which order, and by how many weeks the window moves."""

    courses: Days
    moved: Days

    def rest(self, others: int) -> Days:
        """(R, n − m) the other courses that are left to compare with."""
        left = np.ones((len(self.courses), others), dtype=bool)
        np.put_along_axis(left, self.courses, False, axis=1)
        return np.nonzero(left)[1].reshape(len(left), -1)


def drawn_campaigns(
    rng: np.random.Generator, others: int, wanted: int, places: int, campaigns: int
) -> Drawn:
    """Courses and places in history; every course of a single one in turn, so none twice over."""
    order = np.argsort(rng.random((campaigns, others)), axis=1)[:, :wanted]
    if wanted > 1:
        return Drawn(order, rng.integers(places, size=campaigns))
    pairs = rng.permutation(others * places)[:campaigns]
    return Drawn(pairs[:, None] // places, pairs % places)


def course_roles(comparison: Comparison) -> list[Days]:
    """Positions, among the courses drawn, of those that each series is the sum of.

    The series of the comparison, then those of its companions.
    """
    names = [name for own in (comparison, *comparison.companions) for name in own.series]
    ends = np.cumsum([1 + name.count("+") for name in names])
    return [
        np.arange(end - 1 - name.count("+"), end) for name, end in zip(names, ends, strict=True)
    ]


def moves_of(comparison: Comparison, layout: Layout) -> tuple[int, int]:
    """Most weeks by which the pattern can be moved back, and bins that it loses by that.

    Half of the weeks before any reference may go: the other half is in every campaign.
    """
    codes = np.concatenate(
        [layout.codes(own.codes) for own in (comparison, *comparison.companions)]
    )
    earlier = int(np.flatnonzero(np.any(codes == REFERENCE, axis=0))[0])
    weeks = earlier * layout.grain // 7 // 2
    return int(layout.edges[0]) // 7 + weeks, weeks * 7 // layout.grain


def _window_weeks(layout: Layout) -> int:
    return max(round((len(layout.edges) - layout.anchor) * layout.grain / 7), 1)


def _batches(
    comparison: Comparison,
    key: RowKey,
    layout: Layout,
    drawn: Drawn,
    lifts: tuple[float, ...],
    rng: np.random.Generator,
) -> Iterator[Comparison]:
    places = [layout.sums(comparison.other, 7 * back) for back in range(int(drawn.moved.max()) + 1)]
    counts = np.stack(places)  # (places, n, U, W)
    cells = lifted_cells(comparison, layout)
    for part in parts(len(drawn.moved), counts[0, 0].size * drawn.courses.shape[1] * len(lifts)):
        courses, moved = drawn.courses[part], drawn.moved[part]
        own = counts[moved[:, None], courses]
        series = np.stack([own[:, role].sum(axis=1) for role in course_roles(comparison)], axis=1)
        count = len(comparison.series)
        treated = series[:, :count]
        kinds = [planted(rng, treated, np.where(cells, lift, 1.0)) for lift in lifts]
        other = _others(counts, Drawn(courses, moved), key.method, own)
        built = on_layout(comparison, layout, np.stack(kinds), other)
        yield replace(
            built,
            effective=_effective(built, own[:, course_roles(comparison)[0]]),
            companions=_companions(comparison, layout, series[:, count:], other),
        )


def _others(counts: Array, drawn: Drawn, method: str, own: Array) -> Array:
    """(R, n − m, U, W) what is left to compare with; summed over what the method sums over."""
    if method in POOLED:
        return np.asarray(counts.sum(axis=1)[drawn.moved] - own.sum(axis=1))[:, None]
    rest = drawn.rest(counts.shape[1])
    return np.asarray(counts.sum(axis=2, keepdims=True)[drawn.moved[:, None], rest])


def _effective(built: Comparison, own: Array) -> Array:
    """(R,) effective number of the courses (R, courses, U, W) that stand in for a sum."""
    return effective_number(own[..., built.codes[0] == REFERENCE].sum(axis=(-2, -1)))


def _companions(
    comparison: Comparison, layout: Layout, series: Array, other: Array
) -> tuple[Comparison, ...]:
    """Companions with stand-ins of their own: (R, companions, U, W)."""
    return tuple(
        on_layout(companion, layout, series[:, position : position + 1], other)
        for position, companion in enumerate(comparison.companions)
    )


def parts(campaigns: int, cells: int, most: int = 4_000_000) -> Iterator[slice]:
    """Slices of the campaigns, small enough that a batch holds `most` cells."""
    size = max(most // max(cells, 1), 1)
    return (slice(first, min(first + size, campaigns)) for first in range(0, campaigns, size))
