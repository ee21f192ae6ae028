"""Weeks with and without a wave, given to the courses again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from evaluator.comparisons.design import REFERENCE, WINDOW, Comparison
from evaluator.comparisons.weeks_drawn import couples
from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.ratio import ratio_of_totals
from evaluator.experiment.assignment import Drawn


@dataclass(frozen=True, slots=True, eq=False)
class Weeks:
    """What was counted in N couples of weeks, a course and a couple each."""

    course: np.ndarray
    """(N,) position of the course."""
    couple: np.ndarray
    """(N,) number of the couple."""
    early: Flags
    """(N,) whether the first week has the wave."""
    own: Array
    """(N, 2) totals of the course in the first week and in the second"""
    others: Array
    """(N, 2) the same of the other courses"""

    @classmethod
    def of(cls, comparison: Comparison, drawn: Drawn) -> Self:
        days = [
            [np.arange(7) + (week.start - comparison.start).days for week in couple]
            for couple in couples(drawn)
        ]
        pooled = comparison.other.sum(axis=(-3, -2))
        found = []
        for course, codes in enumerate(comparison.codes):
            counts = comparison.treated[course].sum(axis=0)
            for number, weeks in enumerate(days):
                kinds = [int(codes[week[0]]) for week in weeks]
                if sorted(kinds) == sorted((WINDOW, REFERENCE)):
                    totals = [[series[week].sum() for week in weeks] for series in (counts, pooled)]
                    found.append((course, number, kinds[0] == WINDOW, *totals))
        columns = map(np.array, zip(*found, strict=True))
        return cls(*columns)

    def statistics(self, early: Flags) -> Array:
        """(draws,) t of the mean log ratio over courses, had chance given weeks so.

        Parameters
        ----------
        early : (draws, N)
        """
        ratios = ratio_of_totals(
            *(
                self._summed(np.where(first, totals[:, 0], totals[:, 1]))
                for totals in (self.own, self.others)
                for first in (early, ~early)
            )
        )
        lifts = ratios.log_lift
        return np.asarray(lifts.mean(axis=-1) / lifts.std(axis=-1, ddof=1))

    def _summed(self, totals: Array) -> Array:
        """(draws, courses)"""
        member = self.course[:, None] == np.unique(self.course)
        return np.asarray(totals @ member.astype(float))
