"""The same comparison on days after those it is about: what is left when promotion has stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from evaluator.comparisons.design import LEFT_OUT, WINDOW, Comparison
from evaluator.comparisons.waves import WEEKS_AFTER, alias_of
from evaluator.results import NotRun


def bins_after(comparison: Comparison) -> Iterator[tuple[int, int]]:
    """First day and length of each period from the end of the window to the end of the data.

    The last may be shorter than the others.
    """
    length = comparison.period_days // comparison.grain
    first, stop = int(np.flatnonzero(comparison.codes[0] == WINDOW)[-1]) + 1, _days(comparison)
    for start in range(first, stop, length):
        yield start, min(length, stop - start)


def moved_after(comparison: Comparison, start: int, days: int) -> Comparison:
    """The comparison with these days for its window, and the window left out."""
    codes = comparison.codes.copy()
    codes[codes == WINDOW] = LEFT_OUT
    codes[:, start : start + days] = WINDOW
    companions = tuple(moved_after(each, start, days) for each in comparison.companions)
    return replace(comparison, codes=codes, companions=companions)


def weeks_after(comparison: Comparison) -> Iterator[tuple[int, Comparison | NotRun]]:
    """A channel over its courses, in each week after its waves instead of in the waves.

    Parameters
    ----------
    comparison : of a channel; its companions are the cells that are averaged
    """
    for week in range(1, WEEKS_AFTER + 1):
        yield week, _in_week(comparison, week)


def _in_week(comparison: Comparison, week: int) -> Comparison | NotRun:
    found = [_cell_in_week(cell, week) for cell in comparison.companions]
    cells = [cell for cell in found if isinstance(cell, Comparison)]
    if not cells:
        return next(cell for cell in found if isinstance(cell, NotRun))
    return replace(
        comparison,
        series=tuple(cell.series[0] for cell in cells),
        treated=np.concatenate([cell.treated for cell in cells]),
        codes=np.concatenate([cell.codes for cell in cells]),
        companions=tuple(cells),
    )


def _cell_in_week(cell: Comparison, week: int) -> Comparison | NotRun:
    base, label = cell.companions[0], f"{cell.target[0]} +{week}"
    marks = dict(base.waves)
    if label not in marks:
        return NotRun("no wave has that week after it inside the window")
    if alias := alias_of(base, label):
        return NotRun(alias)
    codes = base.codes.copy()
    codes[0, marks[label] == 1] = WINDOW
    return replace(cell, codes=codes, target=(label,))


def _days(comparison: Comparison) -> int:
    return int(comparison.codes.shape[-1])
