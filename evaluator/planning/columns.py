"""Columns of a design on rows, and what of them is left without fixed effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.estimators.arrays import Array

Index = NDArray[np.intp]
NOTHING_LEFT = 1e-9
"""Share of a column's squares below which nothing is left of it."""
WITH_OTHERS = "a combination of other waves on these days: aliased"


@dataclass(frozen=True, slots=True)
class Contrast:
    """One thing that a design is to tell apart from all else."""

    name: str
    """A channel, `ORDER` or `ARM_A`."""
    identified: bool
    inflation: float
    """Of the variance by the other columns, once the fixed effects are out; infinite: aliased."""
    in_daily_model: float
    """The same in the estimator's own model of one course, of the worst course that has the
    wave; NaN where the contrast is none within a course."""
    by_week: tuple[float, ...]
    """Share of its information that each week of the window carries."""
    reason: str = ""
    """Why it is not identified."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns on rows, and what of them the fixed effects leave."""

    names: tuple[str, ...]
    raw: Array
    """(rows, k)"""
    left: Array
    """(rows, k) without the fixed effects"""
    week: Index
    """(rows,) week of the window; negative before it"""
    weeks: int
    aliased: str
    """What to say of a column of which the fixed effects leave nothing."""

    @property
    def rank(self) -> int:
        scale = np.sqrt(np.sum(self.raw**2, axis=0))
        return int(np.linalg.matrix_rank(self.left / np.where(scale > 0, scale, 1.0), tol=1e-6))

    def contrasts(self, names: Sequence[str]) -> tuple[Contrast, ...]:
        return tuple(self._contrast(self.names.index(name)) for name in names)

    def efficiency(self, names: Sequence[str]) -> float:
        """(|X'X| of k columns, all else taken out, over that of uncorrelated ones)^(1/k).

        X holds the columns without the fixed effects; the uncorrelated ones are as long. At most
        1, by Hadamard's inequality.

        References
        ----------
        Kuhfeld, Tobias & Garratt (1994), D-efficiency against an orthogonal design.
        """
        columns = [self.names.index(name) for name in names]
        rest = np.delete(self.left, columns, axis=1)
        own = _without(self.left[:, columns], rest)
        information = own.T @ own
        alone = np.sum(self.left[:, columns] ** 2, axis=0)
        if not columns or np.any(alone <= NOTHING_LEFT * np.sum(self.raw[:, columns] ** 2, axis=0)):
            return 0.0
        scaled = information / np.sqrt(np.outer(alone, alone))
        return float(max(np.linalg.det(scaled), 0.0) ** (1 / len(columns)))

    def _contrast(self, column: int) -> Contrast:
        raw, alone = self.raw[:, column], self.left[:, column]
        nothing = NOTHING_LEFT * float(raw @ raw)
        own = _without(alone[:, None], np.delete(self.left, column, axis=1))[:, 0]
        explained = float(own @ own)
        name, none = self.names[column], (0.0,) * self.weeks
        if float(alone @ alone) <= nothing or explained <= nothing:
            why = self.aliased if float(alone @ alone) <= nothing else WITH_OTHERS
            return Contrast(name, False, np.inf, np.nan, none, why)
        inside = self.week >= 0
        by_week = np.bincount(self.week[inside], own[inside] ** 2, minlength=self.weeks)
        shares = tuple(float(share) for share in by_week / explained)
        return Contrast(name, True, float(alone @ alone) / explained, np.nan, shares)


def without_effects(columns: Array, groups: Sequence[Index]) -> Array:
    """What fixed effects leave of columns.

    The effect with most levels is swept out by its means; the dummies of the others, without
    these means, by least squares.

    Parameters
    ----------
    columns : (rows, k)
    groups : of each fixed effect the level of every row, (rows,)

    Returns
    -------
    (rows, k)
    """
    coded = sorted((np.unique(g, return_inverse=True)[1] for g in groups), key=np.max)
    *few, most = coded
    size = np.bincount(most)

    def swept(values: Array) -> Array:
        means = np.stack([np.bincount(most, v) for v in values.T], axis=1) / size[:, None]
        return np.asarray(values - means[most])

    dummies = [(g[:, None] == np.arange(g.max())).astype(float) for g in few if g.max() > 0]
    if not columns.shape[1]:
        return columns
    left = swept(columns)
    return _without(left, swept(np.column_stack(dummies))) if dummies else left


def _without(columns: Array, others: Array) -> Array:
    """Residuals of columns on others."""
    if not others.shape[1]:
        return columns
    return np.asarray(columns - others @ np.linalg.lstsq(others, columns, rcond=1e-10)[0])
