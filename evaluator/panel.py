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

        Raises
        ------
        KeyError : a label that the panel does not have
        ValueError : a label asked for twice

        Examples
        --------
        >>> panel.array("course", "day", country=["KE", "UG"]).shape      # doctest: +SKIP
        (42, 510)
        """
        cells, values = self.cells, self.values
        sizes = dict(zip(AXES, self._shape(), strict=True))
        for axis, wanted in only.items():
            if len(set(wanted)) < len(wanted):
                raise ValueError(f"a {axis} is asked for twice: {', '.join(wanted)}")
            known = {label: i for i, label in enumerate(self.labels(axis))}
            position = np.full(len(known), -1, dtype=np.intp)
            position[[known[label] for label in wanted]] = np.arange(len(wanted))
            moved = position[cells[AXES.index(axis)]]
            kept = moved >= 0
            cells, values = cells[:, kept].copy(), values[kept]
            cells[AXES.index(axis)] = moved[kept]
            sizes[axis] = len(wanted)
        if not axes:
            return np.asarray(values.sum(), dtype=float)
        shape = tuple(sizes[axis] for axis in axes)
        flat = np.ravel_multi_index(tuple(cells[AXES.index(axis)] for axis in axes), shape)
        sums: Array = np.bincount(flat, values, minlength=int(np.prod(shape))).astype(float)
        return sums.reshape(shape)

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
    first, last = span or (min(day), max(day))
    columns = [list(map(str, column)) for column in (course, country, tag)]
    labels = [tuple(sorted(set(column))) for column in columns]
    ranks = [{label: i for i, label in enumerate(axis)} for axis in labels]
    codes = [
        *([rank[label] for label in column] for rank, column in zip(ranks, columns, strict=True)),
        [(when - first).days for when in day],
    ]
    values = np.asarray(value, dtype=float)
    return panel_from_codes(labels, np.array(codes, dtype=np.intp), values, span=(first, last))


def panel_from_codes(
    labels: Sequence[tuple[str, ...]], codes: Index, values: Array, *, span: tuple[date, date]
) -> Panel:
    """Panel from coordinates; equal cells are added.

    Parameters
    ----------
    labels : of courses, countries and tags
    codes : (4, n) positions along (course, country, tag, day), the day counted from `span[0]`
    values : (n,) counts or amounts

    Raises
    ------
    ValueError : a coordinate outside its axis
    """
    courses, countries, tags = labels
    days = (span[1] - span[0]).days + 1
    shape = (len(courses), len(countries), len(tags), days)
    unique, inverse = np.unique(np.ravel_multi_index(tuple(codes), shape), return_inverse=True)
    summed: Array = np.bincount(inverse, values, minlength=len(unique)).astype(float)
    cells = np.array(np.unravel_index(unique, shape), dtype=np.intp)
    return Panel(courses, countries, tags, span[0], days, cells, summed)
