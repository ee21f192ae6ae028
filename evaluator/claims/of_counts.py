"""Published counts, and changes of counts between two windows, recomputed from the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from evaluator.claims.claim import Claim, Figure, Standing, Told, said
from evaluator.claims.like import as_published, windows
from evaluator.comparisons import alone
from evaluator.comparisons.weekdays import NAMES
from evaluator.errors import Problem, did_you_mean
from evaluator.experiment.protocol import Span
from evaluator.experiment.published import OfCounts, Published
from evaluator.resolve import Resolved

WEEK = tuple(range(7))


def unknown_courses(claim: Published, of: OfCounts, resolved: Resolved) -> Iterator[Problem]:
    """Courses that a claim counts and the data do not hold."""
    for course in of.courses:
        if course not in resolved.panel.courses:
            what = f'nothing was counted for "{course}"'
            hint = did_you_mean(course, resolved.panel.courses)
            yield Problem(f'claim "{claim.name}"', what, "it counts courses of the data", hint)


def counts_claim(claim: Published, of: OfCounts, resolved: Resolved) -> Claim:
    """What the data count in the window of the claim, or how it changed since `before`."""
    printed = claim.printed
    if printed is None or claim.window is None:
        raise TypeError("counts recompute a figure of a window")
    reading = "as counted" if claim.before is None else "as counted in both windows"
    if of.weekdays:
        reading += f", {' and '.join(f'{NAMES[day]}s' for day in of.weekdays)}"
    if unread := outside(claim, resolved):
        row = _row(claim, of, reading, Standing.INCOMPARABLE, unread)
        return replace(row, differs=("window",))
    now, days = counted(of, claim.window, resolved)
    told = [told_by(of, span, resolved) for span in (claim.window, claim.before) if span]
    if claim.before is None:
        value = now / days if of.per_day else now
        why = f"{said(now)} counted"
    else:
        then, earlier = counted(of, claim.before, resolved)
        if then == 0:
            why = f"nothing was counted in {claim.before}: there is no change from it"
            return replace(_row(claim, of, reading, Standing.INCOMPARABLE, why), tells=tuple(told))
        ratio = now / then * (earlier / days if of.per_day else 1.0)
        value = 100 * (ratio - 1) if claim.unit.startswith("%") else ratio
        why = f"{said(then)} then, {said(now)} now"
    if of.per_day:
        why += ", each a day of its own window"
    why += _also(claim, of, resolved)
    holds = Standing.HOLDS if value in printed else Standing.FAILS
    row = _row(claim, of, reading, holds, why, Figure(value, claim.unit, float(days)))
    return replace(row, tells=tuple(told))


def outside(claim: Published, resolved: Resolved) -> str:
    """Which days a claim is about and which the data have, where they lack some."""
    covered = Span(resolved.panel.start, resolved.panel.end)
    spans = [span for span in (claim.window, claim.before) if span]
    if all(covered.contains(span) for span in spans):
        return ""
    return f"it is about {windows(claim)}; the data have {covered}"


def counted(of: OfCounts, span: Span, resolved: Resolved) -> tuple[float, int]:
    """Total on the days of a span that count, and how many these are."""
    panel = resolved.panel
    first, last = panel.day(span.start), panel.day(span.end) + 1
    daily = panel.array("day", course=of.courses)[first:last]
    weekday = (span.start.weekday() + np.arange(len(daily))) % 7
    kept = np.isin(weekday, of.weekdays) if of.weekdays else np.ones(len(daily), bool)
    return float(daily[kept].sum()), int(kept.sum())


def _also(claim: Published, of: OfCounts, resolved: Resolved) -> str:
    """Days that are counted here and left out of the rows of a series alone."""
    spans = [span for span in (claim.window, claim.before) if span]
    every = (event for course in of.courses for event in alone.left_out(resolved, course))
    names = (e.name for e in every if any(e.span.overlaps(span) for span in spans))
    also = " and ".join(f"“{name}”" for name in dict.fromkeys(names))
    return f", {also} included" if also else ""


def told_by(of: OfCounts, span: Span, resolved: Resolved) -> Told:
    """The count of a span, by course."""
    parts = ((one, counted(replace(of, courses=(one,)), span, resolved)[0]) for one in of.courses)
    every = not of.weekdays or len(of.weekdays) == len(WEEK)
    return Told("", tuple(parts), (span, () if every else of.weekdays))


def _row(
    claim: Published,
    of: OfCounts,
    reading: str,
    holds: Standing,
    why: str,
    figure: Figure | None = None,
) -> Claim:
    row = as_published(claim, reading, holds, why)
    return replace(row, about=", ".join(of.courses), recomputed=figure)
