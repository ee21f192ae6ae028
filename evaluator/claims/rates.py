"""Counts of courses over the days on which each could be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from evaluator.claims.claim import Figure, Told
from evaluator.claims.intervals import mean_interval, weighted_count_interval
from evaluator.estimators.arrays import Array, Flags
from evaluator.experiment.protocol import Span
from evaluator.resolve import LATE_DAYS, Resolved

MONTH = 365.25 / 12
PERIODS = {"day": 1.0, "week": 7.0, "month": MONTH, "year": 365.25}
"""Days of each unit of time."""

COUNTING = "Poisson: what counting alone leaves open about these courses"
LIKE_THESE = "t over courses: what a mean of other courses like these could be"


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """What was counted for each course, and over how many days."""

    courses: tuple[str, ...]
    counts: Array
    """(courses,)"""
    days: Array
    """(courses,) of exposure, positive."""

    def per(self, days: float) -> Array:
        """Counts of each course in so many days, (courses,)."""
        return np.asarray(self.counts / self.days * days)

    def mean(self, days: float, unit: str, level: float) -> Figure:
        """Mean over these courses, of which chance has only the counting."""
        interval = weighted_count_interval(self.counts, days / self.days / len(self.courses), level)
        return Figure(float(self.per(days).mean()), unit, days, interval, COUNTING)

    def mean_of_like(self, days: float, unit: str, level: float) -> Figure:
        """The same mean, of which chance also has the choice of the courses."""
        rates = self.per(days)
        return Figure(float(rates.mean()), unit, days, mean_interval(rates, level), LIKE_THESE)

    def told(self, of: str, span: Span | None) -> Told:
        """The counts that a sum or a mean of these tells."""
        parts = tuple(zip(self.courses, self.counts.tolist(), strict=True))
        return Told(of, parts, (span, ()) if span else None)

    def only(self, *courses: str) -> Rates:
        kept = np.isin(self.courses, courses)
        names = tuple(course for course in self.courses if course in courses)
        return Rates(names, self.counts[kept], self.days[kept])

    def without(self, course: str) -> Rates:
        return self.only(*(name for name in self.courses if name != course))


def rates_on(resolved: Resolved, courses: Sequence[str], kept: Flags) -> Rates:
    """Rates of courses over the days that are kept, each from its first day on.

    Parameters
    ----------
    kept : (days of the panel,)
    """
    panel = resolved.panel
    first = [panel.day(resolved.first_day.get(course, panel.start)) for course in courses]
    daily = panel.array("course", "day", course=courses)
    exposed = kept & (np.arange(panel.days) >= np.array(first)[:, None])
    counts, days = (daily * kept).sum(axis=1), exposed.sum(axis=1).astype(float)
    some = days > 0
    names = tuple(course for course, seen in zip(courses, some, strict=True) if seen)
    return Rates(names, counts[some], days[some])


def days_in(resolved: Resolved, span: Span) -> Flags:
    """Which days of the panel lie in a span, (days,)."""
    panel = resolved.panel
    days = np.arange(panel.days)
    return np.asarray((days >= panel.day(span.start)) & (days <= panel.day(span.end)))


def open_throughout(resolved: Resolved, span: Span) -> tuple[str, ...]:
    """Promoted and other courses that were counted by the beginning of a span."""
    panel, courses = resolved.panel, (*resolved.promoted, *resolved.others)
    daily = panel.array("course", "day", course=courses)
    by = panel.day(span.start + timedelta(LATE_DAYS)) + 1
    seen = daily[:, : max(by, 0)].sum(axis=1) > 0
    return tuple(course for course, counted in zip(courses, seen, strict=True) if counted)
