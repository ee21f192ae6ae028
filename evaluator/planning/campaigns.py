"""Campaigns of the next experiment, for all rows that are concluded together.

A pooled row is the gate of the courses' rows, and these are adjusted for each other (Holm), so
they have to be drawn together: the same courses, weeks and countries under every row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.calibration.channels import channel_placebos, channel_worlds
from evaluator.calibration.layout import HISTORY_READ, Layout, layout_of, on_layout
from evaluator.calibration.measuring import Sharing
from evaluator.calibration.placebos import POOLED, moves_of
from evaluator.calibration.planting import planted
from evaluator.calibration.rows import Kind
from evaluator.comparisons import Comparison, Planned, arms, promoted
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import effective_number
from evaluator.planning.asked import Asked
from evaluator.planning.batches import Batch, arm_batches, course_batches, placebo_batches
from evaluator.planning.cells import Cells, promoted_cells
from evaluator.planning.stand_ins import drawn_stand_ins


@dataclass(frozen=True, slots=True, eq=False)
class Campaigns:
    """Campaigns of the rows of a question: K lifts on the same R worlds."""

    log_lifts: tuple[tuple[float, ...], ...]
    """Of each row, its own log lift at each of the K."""
    batches: Iterator[tuple[Comparison, ...]]
    """One comparison a row, outcomes with leading axes (K, ...); the rest of all batches is R."""
    sharing: Sharing | None = None
    """What campaigns have in common; None: nothing."""


def campaigns_of(asked: Asked) -> Campaigns | str:
    """Campaigns of all rows asked for, or why there are none."""
    if asked.rows[0].key.method == "channel_mean":
        return _of_channels(asked)
    base, layout = _base(asked), _layout(asked)
    if not all(_holds(layout, own) for own in asked.comparisons):
        return "its days are no whole weeks from the first of them: worlds are drawn by the week"
    if asked.kind is Kind.PLACEBO:
        return _placebos(asked, base, layout)
    draw = course_batches if base.in_a is None else arm_batches
    return _campaigns(asked, base, layout, draw(asked, base, layout))


def _placebos(asked: Asked, base: Comparison, layout: Layout) -> Campaigns | str:
    wanted, others = len(base.series), len(base.other)
    if others < 2 * wanted:
        return f"{others} other courses cannot stand in for {wanted} and be compared with"
    together = replace(base, codes=np.concatenate([own.codes for own in asked.comparisons]))
    moves, lost = moves_of(together, layout)
    nearest, layout = _window_weeks(asked), layout.without(lost)
    if moves < nearest:
        return f"the history is too short to hold a window of {nearest} weeks and its reference"
    rng = asked.stream("placebos")
    drawn = drawn_stand_ins(rng, base, range(nearest, moves + 1), asked.worlds)
    found = _campaigns(asked, base, layout, placebo_batches(asked, base, layout, drawn))
    return replace(found, sharing=Sharing(drawn.courses, drawn.moved, nearest))


def _of_channels(asked: Asked) -> Campaigns | str:
    """All waves of all courses at once; every channel has the same lift."""
    lifts = [asked.lifts] * len(asked.rows)
    log_lifts = (tuple(float(lift) for lift in np.log(asked.lifts)),) * len(asked.rows)
    rng = asked.stream("channels")
    if asked.kind is Kind.FITTED:
        drawn = channel_worlds(asked.comparisons, lifts, asked.worlds, rng, violated=False)
        return Campaigns(log_lifts, drawn.batches, drawn.sharing)
    nearest = _window_weeks(asked)
    placebos = channel_placebos(asked.comparisons, lifts, asked.worlds, rng, nearest=nearest)
    if isinstance(placebos, str):
        return placebos
    return Campaigns(log_lifts, placebos.batches, placebos.sharing)


def _window_weeks(asked: Asked) -> int:
    """Weeks of the template, at its end, that are no history."""
    return -(-asked.resolved.protocol.window.days // 7)


def _base(asked: Asked) -> Comparison:
    """All promoted courses of the rows, on all of their history."""
    resolved, estimand = asked.resolved, asked.rows[0].estimand
    named = {c for own in asked.comparisons for name in own.series for c in name.split("+")}
    spans = {
        course: span
        for course in resolved.promoted
        if course in named and (span := resolved.reference(course, None)) is not None
    }
    if asked.comparisons[0].in_a is not None:
        return arms.comparison(resolved, spans, estimand)
    return promoted.comparison(resolved, spans, estimand)


def _layout(asked: Asked) -> Layout:
    """Bins that hold the days of every row."""
    first, *rest = asked.comparisons
    methods = [row.key.method for row in asked.rows]
    method = next((m for m in methods if m in HISTORY_READ), methods[0])
    return layout_of(replace(first, companions=(*first.companions, *rest)), method)


def _holds(layout: Layout, comparison: Comparison) -> bool:
    """Whether the bins hold every day of the window and of the reference, and no other."""
    lengths = np.diff(np.append(layout.edges, layout.stop))
    codes = layout.codes(comparison.codes)
    return all(
        np.array_equal((codes == code) @ lengths, comparison.days(code))
        for code in (WINDOW, REFERENCE)
    )


def _campaigns(
    asked: Asked, base: Comparison, layout: Layout, batches: Iterator[Batch]
) -> Campaigns:
    cells = promoted_cells(asked.resolved, base.series, layout, base.in_a)
    log_lifts = tuple(
        tuple(cells.log_lift(own, layout, lift) for lift in asked.lifts)
        for own in asked.comparisons
    )
    return Campaigns(log_lifts, (_filled(asked, cells, layout, batch) for batch in batches))


def _filled(asked: Asked, cells: Cells, layout: Layout, batch: Batch) -> tuple[Comparison, ...]:
    """The rows with these counts, a lift planted in each copy."""
    treated = np.empty((len(asked.lifts), *batch.treated.shape))
    for own, lift in zip(treated, asked.lifts, strict=True):
        rng = asked.stream(f"batch {batch.number}, lift {lift!r}")
        own[...] = planted(rng, batch.treated, cells.factors(lift), batch.rates)
    return tuple(_with(row, cells.courses, layout, treated, batch) for row in asked.rows)


def _with(
    row: Planned, courses: Sequence[str], layout: Layout, treated: Array, batch: Batch
) -> Comparison:
    comparison = row.comparison
    assert isinstance(comparison, Comparison)
    pooled = batch.pooled if row.key.method in POOLED else None
    other = batch.other if pooled is None else pooled
    built = on_layout(comparison, layout, _summed(comparison, courses, treated), other)
    # Companions are read before the window alone: one copy serves all lifts.
    companions = tuple(
        on_layout(own, layout, _summed(own, courses, batch.treated), other)
        for own in comparison.companions
    )
    effective = _effective(built, courses, batch.treated)
    return replace(built, companions=companions, effective=effective)


def _summed(comparison: Comparison, courses: Sequence[str], treated: Array) -> Array:
    """(..., S, U, W) counts of the series, each a course or a sum of courses."""
    each = [_positions(name, courses) for name in comparison.series]
    if any(len(rows) > 1 for rows in each):
        return np.stack([treated[..., rows, :, :].sum(axis=-3) for rows in each], axis=-3)
    rows = [row for (row,) in each]
    if rows == list(range(rows[0], rows[0] + len(rows))):  # a view: these arrays are large
        return treated[..., rows[0] : rows[-1] + 1, :, :]
    return np.asarray(treated[..., rows, :, :])


def _effective(built: Comparison, courses: Sequence[str], treated: Array) -> Array | float:
    """(R,) effective number of the courses of the one series that is a sum."""
    rows = _positions(built.series[0], courses)
    if len(rows) == 1:
        return 1.0
    reference = treated[:, rows][..., built.codes[0] == REFERENCE]
    return effective_number(reference.sum(axis=(-2, -1)))


def _positions(name: str, courses: Sequence[str]) -> list[int]:
    return [courses.index(code) for code in name.split("+")]
