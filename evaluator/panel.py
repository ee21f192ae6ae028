"""The panel: what was counted, per course, country, tag and day.

Counts are kept as cells (coordinates and values), because most cells are empty; `array` sums
them into a dense array over whichever axes a comparison needs. The panel does not know where
the counts came from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]
AXES = ("course", "country", "tag", "day")


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Labelled counts. Days run without a gap from `start`.

    Parameters
    ----------
    courses, countries, tags : labels of the axes
    start : first day
    days : number of days
    cells : (4, n) coordinates along (course, country, tag, day)
    values : (n,) counts or amounts
    """

    courses: tuple[str, ...]
    countries: tuple[str, ...]
    tags: tuple[str, ...]
    start: date
    days: int
    cells: Index
    values: Array

    @property
    def end(self) -> date:
        return self.start + timedelta(self.days - 1)

    def labels(self, axis: str) -> tuple[str, ...]:
        return {"course": self.courses, "country": self.countries, "tag": self.tags}[axis]

    def day(self, when: date) -> int:
        """Position of a date on the day axis (may lie outside)."""
        return (when - self.start).days

    def array(self, *axes: str, **only: Sequence[str]) -> Array:
        """Dense sums over the cells.

        Parameters
        ----------
        axes : which of course, country, tag, day to keep, in the order wanted
        only : per axis (not day) the labels to keep, in the order wanted; axes that are not
            kept are summed over these labels

        Returns
        -------
        array of shape (len(axis), …) in outcome units

        Examples
        --------
        >>> panel.array("course", "day", country=["KE", "UG"]).shape      # doctest: +SKIP
        (42, 510)
        """
        cells, values = self.cells, self.values
        sizes = dict(zip(AXES, self._shape(), strict=True))
        for axis, wanted in only.items():
            known = {label: i for i, label in enumerate(self.labels(axis))}
            position = np.full(len(known), -1, dtype=np.intp)
            position[[known[label] for label in wanted]] = np.arange(len(wanted))
            moved = position[cells[AXES.index(axis)]]
            kept = moved >= 0
            cells, values = cells[:, kept].copy(), values[kept]
            cells[AXES.index(axis)] = moved[kept]
            sizes[axis] = len(wanted)
        shape = tuple(sizes[axis] for axis in axes)
        flat = np.ravel_multi_index(tuple(cells[AXES.index(axis)] for axis in axes), shape)
        return np.bincount(flat, values, minlength=int(np.prod(shape))).reshape(shape)

    def fingerprint(self) -> str:
        """SHA-256 of labels and counts: the same data, the same fingerprint."""
        digest = hashlib.sha256()
        for labels in (self.courses, self.countries, self.tags):
            digest.update("\x1f".join(labels).encode() + b"\x1e")
        digest.update(f"{self.start.isoformat()} {self.days}".encode())
        digest.update(np.ascontiguousarray(self.cells, dtype="<i8").tobytes())
        digest.update(np.ascontiguousarray(self.values, dtype="<f8").tobytes())
        return digest.hexdigest()

    def _shape(self) -> tuple[int, int, int, int]:
        return len(self.courses), len(self.countries), len(self.tags), self.days


def panel_from_cells(
    course: Sequence[Any],
    country: Sequence[Any],
    tag: Sequence[Any],
    day: Sequence[date],
    value: Sequence[float],
    *,
    span: tuple[date, date] | None = None,
) -> Panel:
    """Panel with sorted labels from parallel columns; equal cells are added."""
    axes = [sorted(set(map(str, column))) for column in (course, country, tag)]
    first, last = span or (min(day), max(day))
    days = (last - first).days + 1
    columns = [
        np.searchsorted(np.array(labels), np.array(list(map(str, column))))
        for labels, column in zip(axes, (course, country, tag), strict=True)
    ]
    offsets = np.array([(when - first).days for when in day], dtype=np.intp)
    shape = (len(axes[0]), len(axes[1]), len(axes[2]), days)
    flat = np.ravel_multi_index((*columns, offsets), shape)
    unique, inverse = np.unique(flat, return_inverse=True)
    values = np.bincount(inverse, np.asarray(value, dtype=float), minlength=len(unique))
    cells = np.array(np.unravel_index(unique, shape), dtype=np.intp)
    return Panel(tuple(axes[0]), tuple(axes[1]), tuple(axes[2]), first, days, cells, values)


def binned(daily: Array, starts: Sequence[int], length: int) -> Array:
    """Sums over bins of `length` days that begin at `starts`.

    Parameters
    ----------
    daily : (..., days)
    starts : first day of each bin; every bin must lie inside the array

    Returns
    -------
    (..., bins)
    """
    total = np.concatenate([np.zeros((*daily.shape[:-1], 1)), np.cumsum(daily, axis=-1)], axis=-1)
    first = np.asarray(starts, dtype=np.intp)
    difference: Array = total[..., first + length] - total[..., first]
    return difference
