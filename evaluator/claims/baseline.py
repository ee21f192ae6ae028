"""The KPI baseline of an indicator: of which courses, over which days, and what the data say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from evaluator.claims.claim import Claim, Figure, Standing, said
from evaluator.claims.rates import PERIODS, Rates, days_in, open_throughout, rates_on
from evaluator.experiment.kpi import Counted, Kpi
from evaluator.experiment.protocol import Event, Span
from evaluator.resolve import Resolved


def baseline_doubts(measure: Counted, resolved: Resolved) -> dict[str, str]:
    """Facet → why in it the KPI baseline is not what the promoted courses were before."""
    span, own, days = measure.baseline_span, list[str](), list[str]()
    if measure.baseline_courses == "all":
        own.append("it is the mean of all courses")
    if span is not None:
        protocol = resolved.protocol
        later = [c for c in protocol.courses if c.available_from and c.available_from > span.start]
        if later:
            kinds = " or ".join(sorted({course.status for course in later}))
            own.append(
                f"{len(later)} of the {len(protocol.courses)} promoted were not open in it"
                f" ({kinds})"
            )
        for campaign in _campaigns(resolved, span):
            common = _common(campaign.span, span)
            days.append(f"{common} were days of “{campaign.name}”")
    facets = {"population": ", ".join(own), "window": ", ".join(days)}
    return {facet: why for facet, why in facets.items() if why}


def baseline_claims(
    kpi: Kpi, measure: Counted, window: Rates, resolved: Resolved
) -> Iterator[Claim]:
    """The KPI baseline recomputed: as published, without campaigns, of the promoted courses."""
    span = measure.baseline_span
    if span is None or kpi.baseline is None:
        return
    panel, published = resolved.panel, _figure(kpi.baseline, measure)
    if panel.start > span.start or panel.end < span.end:
        why = f"it was counted on {span}; the data have {Span(panel.start, panel.end)}"
        apart = Standing.INCOMPARABLE
        claim = Claim(kpi.name, "KPI baseline", "KPI baseline", apart, why, published)
        yield replace(claim, differs=("window",))
        return
    days = days_in(resolved, span)
    courses = open_throughout(resolved, span)
    own = [course for course in courses if course in resolved.promoted]
    counted = courses if measure.baseline_courses == "all" else own
    campaigns = [days_in(resolved, campaign.span) for campaign in _campaigns(resolved, span)]
    outside = days & ~np.any(campaigns, axis=0) if campaigns else days
    readings = [("KPI baseline", counted, days)]
    if outside.sum() < days.sum():
        readings.append(("KPI baseline without campaigns", counted, outside))
    if measure.baseline_courses == "all":
        readings.append(("KPI baseline, promoted courses", own, days))
    for reading, names, kept in readings:
        if names and kept.any():
            rates = rates_on(resolved, names, kept)
            why = _why(rates, window, measure, own)
            whole = span if kept is days else None
            of = "" if whole else reading
            told = rates.told(of, whole), window.only(*own).told("", resolved.protocol.window)
            claim = _claim(kpi, reading, rates, published, why, resolved)
            yield replace(claim, tells=told)


def _claim(
    kpi: Kpi, reading: str, rates: Rates, published: Figure, why: str, resolved: Resolved
) -> Claim:
    level = resolved.protocol.decision.level
    mean = rates.mean(published.days or 1.0, published.unit, level)
    inside = mean.interval is not None and published.value in mean.interval
    holds = Standing.HOLDS if inside else Standing.FAILS
    return Claim(kpi.name, "KPI baseline", reading, holds, why, published, mean, detail=True)


def _why(rates: Rates, window: Rates, measure: Counted, own: Sequence[str]) -> str:
    days = f"{len(rates.courses)} courses over {rates.days.max():g} days"
    if set(rates.courses) != set(own):
        return days
    now = window.only(*own)
    period = PERIODS[measure.per]
    before, after = rates.per(period).mean(), now.per(period).mean()
    return (
        f"{', '.join(rates.courses)} over {rates.days.max():g} days: {said(before)} a"
        f" {measure.per}, in the window {said(after)}, {after / before:.2f} × their own"
    )


def _figure(value: float, measure: Counted) -> Figure:
    return Figure(value, f"a {measure.per}", PERIODS[measure.per])


def _campaigns(resolved: Resolved, span: Span) -> list[Event]:
    return [c for c in resolved.protocol.previous_campaigns if c.span.overlaps(span)]


def _common(one: Span, other: Span) -> Span:
    return Span(max(one.start, other.start), min(one.end, other.end))
