"""Features as the columns of a matrix that learners read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.estimators.arrays import Array
from evaluator.targeting.contacts import Column, Contacts

FEWEST = 0.01
"""Share of people that a category needs for a column of its own; all others have one together."""


@dataclass(frozen=True, slots=True, eq=False)
class Coding:
    """How features become columns: fixed on one list, so that another is coded alike."""

    parts: tuple[_Part, ...]

    def matrix(self, columns: Sequence[Column]) -> Array:
        """Standardised columns of these people. (people, columns)"""
        blocks = [part.coded(column) for part, column in zip(self.parts, columns, strict=True)]
        return np.ascontiguousarray(np.hstack(blocks))

    @property
    def owners(self) -> tuple[slice, ...]:
        """The columns of each feature."""
        ends = np.cumsum([len(part.mean) for part in self.parts])
        return tuple(
            slice(int(end) - len(part.mean), int(end))
            for part, end in zip(self.parts, ends, strict=True)
        )


def coding_of(contacts: Contacts) -> Coding:
    """A column for each frequent category, one for a number, one for its blanks."""
    return Coding(tuple(map(_fitted, contacts.columns)))


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Columns of one feature, with what standardises them."""

    own: tuple[int, ...]
    """Levels of a category that have a column."""
    middle: float
    """What stands in for a blank number."""
    mean: Array
    sd: Array

    def coded(self, column: Column) -> Array:
        coded: Array = (_raw(column, self.own, self.middle) - self.mean) / self.sd
        return coded


def _fitted(column: Column) -> _Part:
    own: tuple[int, ...] = ()
    middle = 0.0
    if column.is_category:
        counts = np.bincount(column.codes, minlength=len(column.levels))
        own = tuple(int(level) for level in np.flatnonzero(counts >= FEWEST * counts.sum()))
    else:
        middle = float(np.nanmedian(column.values))
    raw = _raw(column, own, middle)
    sd = raw.std(axis=0)
    return _Part(own, middle, raw.mean(axis=0), np.where(sd > 0, sd, 1.0))


def _raw(column: Column, own: Sequence[int], middle: float) -> Array:
    if column.is_category:
        return np.where(column.codes[:, None] == np.array(own, dtype=np.intp), 1.0, 0.0)
    blank = np.isnan(column.values)
    filled = np.where(blank, middle, column.values)
    # Without blanks the second column is constant, and takes no part.
    return np.column_stack([filled, blank.astype(float)])
