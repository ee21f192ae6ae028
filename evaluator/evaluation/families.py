"""Rows that are read together: families of courses, grids of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from evaluator.comparisons import ALL, Planned, weekdays
from evaluator.errors import Refusal
from evaluator.experiment.protocol import Decision
from evaluator.inference.extra import in_counts
from evaluator.inference.family import adjusted_together, explored_together
from evaluator.inference.shrinkage import partially_pooled
from evaluator.results import Effect, Interval, Row, RowRole, RowStatus, Shrunk, Simultaneous
from evaluator.verdict import conclude


def read_together(rows: Sequence[Row], decision: Decision) -> list[Row]:
    """Courses behind their pooled row; grids under false-discovery control, and shrunk."""
    adjusted = list(rows)
    for question in dict.fromkeys(row.key.question for row in rows):
        own = [p for p, row in enumerate(rows) if row.key.question == question]
        _courses(adjusted, own, decision)
        _weekdays(adjusted, own, decision)
        _grid(adjusted, own, decision)
    return adjusted


def read_with(row: Planned, planned: Sequence[Planned]) -> list[Planned]:
    """The rows that one of them is read together with, itself among them: a decision with those
    of its question, anything else with all that stands beside them."""
    headline = row.role is RowRole.HEADLINE
    return [
        other
        for other in planned
        if other.key.question == row.key.question and (other.role is RowRole.HEADLINE) == headline
    ]


def _courses(rows: list[Row], own: Sequence[int], decision: Decision) -> None:
    headline = [p for p in own if rows[p].role is RowRole.HEADLINE]
    family = [p for p in headline if rows[p].key.course != ALL and _estimated(rows[p])]
    if len(family) < 2:
        return
    gate = next((rows[p].effect for p in headline if rows[p].key.course == ALL), None)
    together = adjusted_together(_effects(rows, family), gate, decision.level)
    _decide(rows, family, together, decision)


def _weekdays(rows: list[Row], own: Sequence[int], decision: Decision) -> None:
    """The weekdays of one course hold together, though no cause is concluded from them.

    No gate: a campaign may move the weekend alone. Courses are not adjusted for each other.
    """
    named = [p for p in own if rows[p].key.arm.startswith(weekdays.ARM)]
    for course in dict.fromkeys(rows[p].key.course for p in named):
        family = [p for p in named if rows[p].key.course == course and rows[p].effect is not None]
        if len(family) > 1:
            together = adjusted_together(_effects(rows, family), None, decision.level)
            _decide(rows, family, together, decision)


def _grid(rows: list[Row], own: Sequence[int], decision: Decision) -> None:
    """Cells by the method and variant that made them; each channel's are drawn to their mean."""
    methods = {rows[p].key.method for p in own if rows[p].role is RowRole.EXPLORATORY}
    cells = [
        p
        for p in own
        if rows[p].key.method in methods
        and rows[p].role in (RowRole.EXPLORATORY, RowRole.SENSITIVITY)
        and rows[p].effect is not None
    ]
    for kind in dict.fromkeys((rows[p].key.method, rows[p].key.variant) for p in cells):
        family = [p for p in cells if (rows[p].key.method, rows[p].key.variant) == kind]
        tested = [p for p in family if _estimated(rows[p])]
        together = explored_together(_effects(rows, tested), decision.level) if tested else ()
        _decide(rows, tested, together, decision)
        for channel in dict.fromkeys(rows[p].key.channel for p in family):
            _shrink(rows, [p for p in family if rows[p].key.channel == channel], decision.level)


def _shrink(rows: list[Row], cells: Sequence[int], level: float) -> None:
    effects = _effects(rows, cells)
    reach = float(ndtri((1 + level) / 2))
    half_widths = [(e.interval(level).high - e.interval(level).low) / 2 for e in effects]
    variances = np.square(np.array(half_widths) / reach)
    try:
        pooled = partially_pooled(np.array([e.log_lift for e in effects]), variances)
    except Refusal:
        return
    for position, value, variance, weight in zip(
        cells, pooled.shrunk, pooled.shrunk_variance, pooled.weight_on_own, strict=True
    ):
        half = reach * float(np.sqrt(variance))
        interval = Interval(float(value) - half, float(value) + half, level)
        shrunk = Shrunk(float(value), interval, float(weight))
        observed = rows[position].observed
        if observed is not None and rows[position].extra is not None:
            middle = in_counts(Interval(float(value), float(value), level), observed)
            shrunk = replace(shrunk, extra=in_counts(interval, observed), extra_value=middle.low)
        rows[position] = replace(rows[position], shrunk=shrunk)


def _decide(
    rows: list[Row],
    family: Sequence[int],
    together: Sequence[Simultaneous],
    decision: Decision,
) -> None:
    for position, own in zip(family, together, strict=True):
        row = rows[position]
        extra = None
        if row.observed is not None and row.extra is not None:
            extra = in_counts(own.interval(decision.level), row.observed)
        decided = replace(row, simultaneous=own, extra_simultaneous=extra)
        rows[position] = replace(decided, verdict=conclude(decided, decision))


def _estimated(row: Row) -> bool:
    return row.status is RowStatus.ESTIMATED


def _effects(rows: Sequence[Row], positions: Sequence[int]) -> list[Effect]:
    return [effect for p in positions if (effect := rows[p].effect) is not None]
