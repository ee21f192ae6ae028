"""The calendar of a comparison as whole bins, and the same pattern moved through history."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evaluator.comparisons.design import EARLIER, LEFT_OUT, REFERENCE, WINDOW, Codes, Comparison
from evaluator.comparisons.periods import Days
from evaluator.estimators.arrays import Array, Flags

HISTORY_READ = frozenset({"arms_wider", "arms_wider_summed", "arms_two_series"})
"""Methods that learn their variance from weeks before the reference."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Bins of a row, shared by its series and its companions. W bins."""

    edges: Days
    """(W,) first day of each bin, on the day axis of the panel"""
    stop: int
    """Day after the last bin."""
    grain: int
    """Days in a bin; the last may have fewer."""
    anchor: int
    """Position of the window's first bin."""

    @property
    def weeks(self) -> Days:
        """(W,) week of each bin, from 0; a week begins where the window's do."""
        offset = -self.anchor * self.grain % 7
        return (np.arange(len(self.edges)) * self.grain + offset) // 7

    def sums(self, daily: Array, moved: int = 0) -> Array:
        """Daily values (..., D) summed over the bins, the pattern `moved` days back: (..., W)."""
        days = slice(int(self.edges[0]) - moved, self.stop - moved)
        sums: Array = np.add.reduceat(daily[..., days], self.edges - self.edges[0], axis=-1)
        return sums

    def codes(self, daily: Codes) -> Codes:
        """(S, W) codes of the bins: left out if any of a bin's days is."""
        used = daily[:, : self.stop]
        codes = used[:, self.edges].copy()
        codes[np.minimum.reduceat(np.abs(used), self.edges, axis=1) == LEFT_OUT] = LEFT_OUT
        return codes

    def without(self, bins: int) -> Layout:
        """The same without so many of the first bins."""
        return replace(self, edges=self.edges[bins:], anchor=self.anchor - bins)


def layout_of(comparison: Comparison, method: str) -> Layout:
    """Bins from the first day that a method reads to the last of the window."""
    codes = np.concatenate([own.codes for own in (comparison, *comparison.companions)])
    read = codes != LEFT_OUT
    if method not in HISTORY_READ:
        read &= codes != EARLIER
    window = np.flatnonzero(np.any(codes == WINDOW, axis=0))
    first, start = int(np.flatnonzero(np.any(read, axis=0))[0]), int(window[0])
    grain = 7 if comparison.period_days == 7 else 1
    before = (start - first) // grain
    stop = int(window[-1]) + 1
    edges = np.arange(start - before * grain, stop, grain, dtype=np.intp)
    return Layout(edges, stop, grain, before)


def on_layout(comparison: Comparison, layout: Layout, treated: Array, other: Array) -> Comparison:
    """The question with other outcomes, (..., S, U, W) and (..., n, U, W), bin by bin."""
    return replace(
        comparison,
        treated=treated,
        other=other,
        codes=layout.codes(comparison.codes),
        companions=(),
        grain=layout.grain,
    )


def lifted_cells(comparison: Comparison, layout: Layout) -> Flags:
    """(S, U, W) cells that a lift multiplies: the window, of arm A where arms are compared, and
    of the first kind of series where kinds are."""
    window = layout.codes(comparison.codes) == WINDOW
    units = comparison.treated.shape[-2]
    where = (
        np.ones((len(window), units), dtype=bool) if comparison.in_a is None else comparison.in_a
    )
    if comparison.first is not None:
        where = where & comparison.first[:, None]
    return np.asarray(window[:, None, :] & where[:, :, None])


def history(comparison: Comparison, position: int, most: int) -> slice:
    """Whole weeks in which nothing was promoted, up to the window; at most so many."""
    codes = comparison.codes[position]
    start = int(np.flatnonzero(codes == WINDOW)[0])
    used = np.flatnonzero((codes[:start] == REFERENCE) | (codes[:start] == EARLIER))
    weeks = min((start - int(used[0])) // 7, most) if len(used) else 0
    return slice(start - 7 * weeks, start)


def calendar(comparison: Comparison, layout: Layout) -> Array:
    """(W,) what the bins of the other courses weigh, mean 1: season, holidays, weekdays."""
    if not len(comparison.other):
        lengths = np.diff(np.append(layout.edges, layout.stop)).astype(float)
        return np.asarray(lengths / lengths.mean())
    pooled = layout.sums(comparison.other.sum(axis=(0, 1))) + 0.5
    return np.asarray(pooled / pooled.mean())


def weekly(daily: Array) -> Array:
    """(..., T) sums over whole weeks of days, (..., 7 T)."""
    return np.asarray(daily.reshape(*daily.shape[:-1], -1, 7).sum(axis=-1))
