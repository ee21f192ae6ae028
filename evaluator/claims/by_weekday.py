"""A published mean of changes by weekday: every weekday alike, however much happens on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evaluator.claims.claim import Claim, Figure, Standing, in_unit, said
from evaluator.claims.like import as_published
from evaluator.claims.of_counts import WEEK, counted, outside, told_by
from evaluator.experiment.protocol import Span
from evaluator.experiment.published import OfCounts, Published
from evaluator.resolve import Resolved

READING = "mean of the changes by weekday, each alike"


def weekdays_claim(claim: Published, of: OfCounts, resolved: Resolved) -> Claim:
    """The mean over weekdays of how much each changed, beside the change of all days together.

    The two are alike only where every weekday changes alike, or as much happens on each.
    """
    if unread := outside(claim, resolved):
        row = as_published(claim, READING, Standing.INCOMPARABLE, unread)
        return replace(row, about=", ".join(of.courses), differs=("window",))
    printed, window, before = claim.printed, claim.window, claim.before
    if printed is None or window is None or before is None:
        raise TypeError("a mean of changes is a figure of two windows")
    ratios = list(_ratios(of, window, before, resolved))
    if not all(ratios):
        why = "nothing was counted on a weekday of one window: there is no mean of changes"
        return _row(claim, of, Standing.INCOMPARABLE, why)
    together = _ratio(replace(of, weekdays=()), window, before, resolved)
    mean, whole = (_in_unit(ratio, claim) for ratio in (sum(ratios) / len(ratios), together))
    least, most = (_in_unit(end(ratios), claim) for end in (min, max))
    low, high, every = (in_unit(said(own), claim.unit) for own in (least, most, whole))
    why = f"every weekday counts alike, from {low} to {high}; all days together changed by {every}"
    holds = Standing.HOLDS if mean in printed else Standing.FAILS
    told = [
        told_by(replace(of, weekdays=(day,)), span, resolved)
        for day in of.weekdays or WEEK
        for span in (window, before)
    ]
    return replace(_row(claim, of, holds, why, Figure(mean, claim.unit)), tells=tuple(told))


def _ratios(of: OfCounts, window: Span, before: Span, resolved: Resolved) -> Iterator[float]:
    for weekday in of.weekdays or WEEK:
        yield _ratio(replace(of, weekdays=(weekday,)), window, before, resolved)


def _ratio(of: OfCounts, window: Span, before: Span, resolved: Resolved) -> float:
    """In the window over before; 0 where there is none."""
    (now, days), (then, earlier) = (counted(of, span, resolved) for span in (window, before))
    if not then or not days:
        return 0.0
    return now / then * (earlier / days if of.per_day else 1.0)


def _in_unit(ratio: float, claim: Published) -> float:
    return 100 * (ratio - 1) if claim.unit.startswith("%") else ratio


def _row(
    claim: Published, of: OfCounts, holds: Standing, why: str, figure: Figure | None = None
) -> Claim:
    row = as_published(claim, READING, holds, why)
    return replace(row, about=", ".join(of.courses), recomputed=figure)
