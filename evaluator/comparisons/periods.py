"""A comparison as periods: bins, and the design matrix of a series over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.comparisons.design import EARLIER, LEFT_OUT, REFERENCE, WINDOW, Codes, Comparison
from evaluator.estimators.arrays import Array

Days = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """Bins of one series: where they start, what they are, and the columns that describe them."""

    edges: Days
    """(N,) first day of each bin"""
    stop: int
    """Day after the last bin."""
    window: NDArray[np.bool_]
    """(N,) whether the bin is in the window"""
    columns: Array
    """(N, k) a constant; weekdays, a trend, earlier history, days left out"""

    def sums(self, daily: Array) -> Array:
        """Daily values (..., D) summed over the bins, (..., N)."""
        sums: Array = np.add.reduceat(daily[..., : self.stop], self.edges, axis=-1)
        return sums

    @property
    def lengths(self) -> Days:
        """(N,) days in each bin."""
        return np.diff(np.append(self.edges, self.stop))


def periods_of(comparison: Comparison, position: int = 0, *, earlier: bool = False) -> Periods:
    """Bins of one series of a comparison, anchored at the first window day.

    With `earlier`, history before the reference is kept for the variance, under a level of its
    own; without, the bins start at the reference.
    """
    codes, length = comparison.codes[position], comparison.period_days // comparison.grain
    first = np.flatnonzero((codes != LEFT_OUT) & (earlier | (codes != EARLIER)))[0]
    anchor, stop = np.flatnonzero(codes == WINDOW)[[0, -1]] + (0, 1)
    edges = np.arange(anchor - (anchor - first) // length * length, stop, length, dtype=np.intp)
    kind = _kinds(codes, edges, int(stop))
    columns = [np.ones(len(edges))]
    if comparison.period_days == 1 and not _whole_weeks(kind):
        weekday = (np.asarray(edges) + comparison.start.weekday()) % 7
        columns += [(weekday == day).astype(float) for day in range(1, 7)]
    if comparison.trend:
        columns.append((edges - anchor) * comparison.grain / 7.0)
    if np.any(kind == EARLIER):
        columns.append((kind == EARLIER).astype(float))
    columns += [
        (np.arange(len(edges)) == bin_).astype(float) for bin_ in np.flatnonzero(kind == LEFT_OUT)
    ]
    return Periods(edges, int(stop), kind == WINDOW, np.column_stack(columns))


def _whole_weeks(kind: Codes) -> bool:
    """Whether reference and window are whole weeks, in whose totals weekdays cancel."""
    return all(int(np.sum(kind == code)) % 7 == 0 for code in (REFERENCE, WINDOW))


def _kinds(codes: Codes, edges: Days, stop: int) -> Codes:
    """A bin with any day left out is left out; otherwise it is what its first day is."""
    kind = codes[edges].copy()
    kind[np.minimum.reduceat(np.abs(codes[:stop]), edges) == LEFT_OUT] = LEFT_OUT
    if not np.any(kind == REFERENCE):
        kind[kind == EARLIER] = REFERENCE
    return kind
