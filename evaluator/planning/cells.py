"""Which days of which course the next protocol promotes, and what a lift there is to a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.calibration.layout import Layout
from evaluator.comparisons.design import WINDOW, Comparison, course_days, span_days
from evaluator.estimators.arrays import Array, Flags
from evaluator.experiment.protocol import Protocol, Span
from evaluator.resolve import Resolved

ARM = "A"


def promoted_spans(protocol: Protocol, course: str, *, arm: str | None = None) -> tuple[Span, ...]:
    """Days on which a course is promoted individually; the whole window where no wave names it.

    A wave that also advertises the other courses raises both sides of the comparison, and links
    on pages are always there: neither is planted.

    Parameters
    ----------
    arm : only waves that reach this arm
    """
    pages = {channel.name for channel in protocol.channels if channel.kind == "page"}
    window = protocol.window
    spans = tuple(
        Span(max(wave.span.start, window.start), min(wave.span.end, window.end))
        for wave in protocol.waves
        if course in wave.courses
        and not wave.portfolio
        and wave.channel not in pages
        and wave.span.overlaps(window)
        and (arm is None or arm in wave.arms)
    )
    return spans or (window,)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Where lifts are planted: P courses, U units, W bins."""

    courses: tuple[str, ...]
    share: Array
    """(P, W) of the enrolments of a bin without promotion, the part on promoted days"""
    units: Flags
    """(P, U) that are promoted, or whose promotion is what is asked about"""
    weights: Array
    """(P, W) enrolments to be expected without promotion, by course and bin"""

    def factors(self, lift: float) -> Array:
        """(P, U, W) by which a lift on the promoted days multiplies the counts of a bin."""
        return np.where(self.units[..., None], 1 + self.share[:, None, :] * (lift - 1), 1.0)

    def log_lift(self, comparison: Comparison, layout: Layout, lift: float) -> float:
        """What that is to a row: log lift over its window, a mean over its series."""
        window = layout.codes(comparison.codes) == WINDOW
        lifted = self.weights * (1 + self.share * (lift - 1))
        found = []
        for name, inside in zip(comparison.series, window, strict=True):
            rows = [self.courses.index(code) for code in name.split("+")]
            with_, without = (a[rows][:, inside].sum() for a in (lifted, self.weights))
            found.append(np.log(with_ / without))
        return float(np.mean(found))


def promoted_cells(
    resolved: Resolved, courses: Sequence[str], layout: Layout, in_a: Flags | None
) -> Cells:
    """Cells of a template.

    Parameters
    ----------
    in_a : (P, U) arm A, where arms are compared: the lift is planted in A, over B
    """
    arm = None if in_a is None else ARM
    pooled = course_days(resolved, resolved.others or tuple(courses), units=False)
    daily = pooled.sum(axis=(0, 1)) + 1 / len(pooled)
    bins = layout.sums(daily)
    share = [
        layout.sums(daily * span_days(resolved, promoted_spans(resolved.protocol, course, arm=arm)))
        for course in courses
    ]
    before = resolved.panel.day(resolved.protocol.window.start)
    levels = course_days(resolved, courses, units=False)[..., :before].sum(axis=(1, 2)) + 0.5
    units = np.ones((len(courses), 1), dtype=bool) if in_a is None else in_a
    return Cells(tuple(courses), np.stack(share) / bins, units, np.outer(levels, bins))
