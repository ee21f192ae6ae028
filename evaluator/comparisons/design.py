"""What a comparison is: outcomes, the code of every day, and the estimand they serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from evaluator.estimators.arrays import Array, Flags
from evaluator.experiment.protocol import Bin, Span, Wave
from evaluator.panel import Panel
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole, Share

Codes = NDArray[np.int8]
WINDOW, REFERENCE, EARLIER, LEFT_OUT = 1, -1, -2, 0
"""Codes of a day: treated; base; history used for variance only; not used."""

ALL = "all"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A causal question as arrays. S series, U units (countries), D days, n other courses.

    Outcomes may carry leading axes, which broadcast: many campaigns of one design.
    """

    estimand: Estimand
    series: tuple[str, ...]
    treated: Array
    """(..., S, U, D) outcome of the promoted courses"""
    other: Array
    """(..., n, U, D) outcome of the other courses; n may be 0"""
    codes: Codes
    """(S, D) `WINDOW`, `REFERENCE`, `EARLIER` or `LEFT_OUT`"""
    start: date
    """Calendar date of day 0."""
    period_days: int = 7
    in_a: NDArray[np.bool_] | None = None
    """(S, U) whether a unit is in arm A of the series' course"""
    trend: bool = False
    waves: tuple[tuple[str, Codes], ...] = ()
    """For contrasts within the campaign: (channel, (D,) 1 on the days of its waves)."""
    companions: tuple[Comparison, ...] = ()
    """The same question about other courses: they share its autocorrelation, or are averaged."""
    target: tuple[str, ...] = ()
    """Which of `waves` the effect is about; the others are held fixed beside it."""
    opened: int | None = None
    """Day index of a launch whose decay is a nuisance."""
    deadline: bool = False
    """Whether a declared deadline of these courses touches the window."""
    trials: tuple[Array, Array] | None = None
    """Where shares are compared: what `treated` and `other` are a part of, of their shapes."""
    effective: Array | float = 1.0
    """(...,) effective number of courses that a series is the sum of: 1 for a course."""
    first: Flags | None = None
    """(S,) of two kinds of series, those of the first: the effect is the difference of kinds."""
    strata: tuple[int, ...] = ()
    """(S,) within which chance gave the series their kind."""
    grain: int = 1
    """Days that one position of the day axis stands for: 7 where whole weeks are drawn."""

    def days(self, code: int) -> NDArray[np.intp]:
        """Number of positions of the day axis with this code, (S,)."""
        return np.asarray(np.sum(self.codes == code, axis=1), dtype=np.intp)

    @property
    def reference_weeks(self) -> int:
        """Of the series with fewest."""
        return int(self.days(REFERENCE).min()) * self.grain // 7

    @property
    def window_weeks(self) -> float:
        return float(self.days(WINDOW).min()) * self.grain / 7

    @property
    def observed(self) -> float:
        """Outcome counted in the window, over series (of arm A, or of the first kind, alone where
        these are compared)."""
        inside = self.treated if self.in_a is None else self.treated * self.in_a[:, :, None]
        inside = inside if self.first is None else inside * self.first[:, None, None]
        return float(np.sum(inside * (self.codes == WINDOW)[:, None, :]))

    def only(self, position: int) -> Comparison:
        """The same question about one of its series."""
        return replace(
            self,
            series=(self.series[position],),
            treated=self.treated[[position]],
            codes=self.codes[[position]],
            in_a=None if self.in_a is None else self.in_a[[position]],
        )


@dataclass(frozen=True, slots=True)
class Described:
    """A count with a sentence, where there is nothing to estimate."""

    observed: float
    sentence: str
    share: Share | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A row that will appear: what it is about, and the comparison or why there is none."""

    key: RowKey
    role: RowRole
    estimand: Estimand
    comparison: Comparison | Described | NotRun
    descriptive: bool = False
    observed: float | None = None
    """Outcome in the window, where there is no comparison and it is not the experiment's own."""


def coded_days(
    resolved: Resolved, course: str, reference: Span | None, left_out: Sequence[Span] = ()
) -> Codes:
    """Codes of every day of the panel for one course.

    Days before the course opened are left out, and so are `left_out` days, even inside the
    reference; history before the reference keeps its use for variances.
    """
    panel, protocol = resolved.panel, resolved.protocol
    codes = np.zeros(panel.days, dtype=np.int8)
    opened = max(panel.day(resolved.first_day[course]), 0)
    codes[opened : panel.day(protocol.window.start)] = EARLIER
    if reference is not None:
        codes[_slice(resolved, reference)] = REFERENCE
    for span in left_out:
        codes[_slice(resolved, span)] = LEFT_OUT
    codes[_slice(resolved, protocol.window)] = WINDOW
    return codes


def span_days(resolved: Resolved, spans: Sequence[Span]) -> Codes:
    """(D,) 1 on the days inside any of the spans, 0 elsewhere."""
    inside = np.zeros(resolved.panel.days, dtype=np.int8)
    for span in spans:
        inside[_slice(resolved, span)] = 1
    return inside


def moved_span(resolved: Resolved, wave: Wave, days: int) -> Span | None:
    """An assumed wave moved inside its published bounds and the window; None where it may not."""
    span = wave.span.shifted(days)
    window = resolved.protocol.window
    bounds = wave.bounds or window
    return span if wave.assumed and bounds.contains(span) and window.contains(span) else None


def course_days(resolved: Resolved, courses: Sequence[str], *, units: bool) -> Array:
    """(courses, U, D) outcomes; U = 1 (summed) unless `units`. Shared: not to be written to."""
    return _course_days(resolved.panel, tuple(courses), units)


@lru_cache(maxsize=32)
def _course_days(panel: Panel, courses: tuple[str, ...], units: bool) -> Array:
    if not courses:
        return np.zeros((0, len(panel.countries) if units else 1, panel.days))
    axes = ("course", "country", "day") if units else ("course", "day")
    outcomes = panel.array(*axes, course=courses)
    outcomes = outcomes if units else outcomes[:, None, :]
    outcomes.flags.writeable = False
    return outcomes


def period_days(resolved: Resolved) -> int:
    return 7 if resolved.protocol.bin is Bin.WEEK else 1


def without_largest_other(resolved: Resolved) -> tuple[str, Resolved]:
    """The other course counted most, and the same data without it."""
    totals = course_days(resolved, resolved.others, units=False).sum(axis=(1, 2))
    largest = resolved.others[int(np.argmax(totals))]
    rest = tuple(course for course in resolved.others if course != largest)
    return largest, replace(resolved, others=rest)


def beside_deadline(resolved: Resolved, courses: Sequence[str]) -> bool:
    """Whether a declared deadline that concerns any of the courses touches the window."""
    protocol = resolved.protocol
    return any(
        event.span.overlaps(protocol.window)
        and (not event.courses or set(event.courses) & set(courses))
        for event in protocol.deadlines
    )


def untouched(resolved: Resolved) -> bool:
    """Whether the courses compared with are those left out of every promotion."""
    return bool(resolved.left_out) and set(resolved.others) <= set(resolved.left_out)


def previous_campaigns(resolved: Resolved) -> list[Span]:
    return [event.span for event in resolved.protocol.previous_campaigns]


def after_previous(resolved: Resolved, course: str, reference: Span) -> Span | None:
    """What is left of a reference, in whole weeks, after the last declared previous campaign."""
    ends = [span.end for span in previous_campaigns(resolved) if span.overlaps(reference)]
    if not ends:
        return reference
    free = (reference.end - max(ends)).days // 7
    return resolved.reference(course, free) if free else None


def _slice(resolved: Resolved, span: Span) -> slice:
    panel = resolved.panel
    first = max(panel.day(span.start), 0)
    return slice(first, max(panel.day(span.end + timedelta(1)), first))
