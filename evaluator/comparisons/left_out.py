"""Against courses left out of every promotion: what other courses cannot tell, they can.

Two questions gain rows. Promoted courses against these have the total effect of all promotion;
other courses against these have that of the promotion of the portfolio.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from evaluator.comparisons import promoted
from evaluator.comparisons.design import (
    ALL,
    LEFT_OUT,
    REFERENCE,
    WINDOW,
    Comparison,
    Planned,
    course_days,
    period_days,
    span_days,
    without_largest_other,
)
from evaluator.comparisons.references import Base, in_launch, label
from evaluator.comparisons.wording import only_described, raised_by
from evaluator.experiment.protocol import Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

METHOD = "against_left_out"
AGAINST = "against courses left out"
"""What tells these rows from those of the same question against the other courses."""
LIKE_THESE = "what they would have been had they moved like the courses left out"
OTHERS = "other courses"
WEEK = 7


def without_promotion(resolved: Resolved) -> Resolved:
    """The same data with the courses left out for other courses."""
    return replace(resolved, others=resolved.left_out)


def total(resolved: Resolved) -> Iterator[Planned]:
    """All promotion of the promoted courses, on each reference."""
    if not resolved.left_out:
        return
    seen, whole = without_promotion(resolved), total_estimand(resolved)
    key = RowKey(promoted.QUESTION, ALL, arm=AGAINST, method=METHOD)
    for base, spans in promoted.pooled_bases(resolved):
        own = replace(key, variant=base.variant)
        if not spans:
            reason = base.span if isinstance(base.span, NotRun) else NotRun("no common reference")
            yield Planned(own, base.role, whole, reason)
            continue
        launched = any(in_launch(resolved, course) for course in spans)
        estimand = only_described(whole) if launched else whole
        built = promoted.comparison(seen, spans, estimand)
        yield Planned(own, base.role, estimand, built, descriptive=launched)
        if base.role is RowRole.HEADLINE:
            yield from _without_largest(resolved, own, spans, estimand, descriptive=launched)


def portfolio(resolved: Resolved) -> Iterator[Planned]:
    """The promotion of the portfolio in the whole window, then each of its waves in its days."""
    window = resolved.protocol.window
    waves = [w for w in resolved.protocol.waves if w.portfolio and w.span.overlaps(window)]
    if not (resolved.left_out and waves):
        return
    key = RowKey(Question.PORTFOLIO.value, OTHERS, arm=AGAINST, method=METHOD)
    yield from _rows(resolved, key, window, waves)
    for wave in waves:
        alike = [other for other in waves if other.channel == wave.channel]
        arm = f"wave: {wave.id}, {AGAINST}" if len(alike) > 1 else AGAINST
        own = replace(key, channel=wave.channel, arm=arm)
        days = Span(wave.span.start, max(wave.span.end, wave.span.start + timedelta(WEEK - 1)))
        estimand = portfolio_estimand(resolved, days, [wave])
        if wave.assumed:
            reason = NotRun(f"the days of {wave.id} are assumed, not published: see the window")
            yield Planned(own, RowRole.HEADLINE, estimand, reason)
        elif days.end > resolved.panel.end:
            reason = NotRun(f"the data end on {resolved.panel.end}, before {wave.id} has its days")
            yield Planned(own, RowRole.HEADLINE, estimand, reason)
        else:
            yield from _rows(resolved, own, days, [wave])


def _rows(resolved: Resolved, key: RowKey, days: Span, waves: Sequence[Wave]) -> Iterator[Planned]:
    """The declared reference, then those that test it; each once."""
    estimand = portfolio_estimand(resolved, days, waves)
    if not resolved.others:
        yield Planned(key, RowRole.HEADLINE, estimand, NotRun("no other course to promote"))
        return
    declared = resolved.protocol.reference
    bases: dict[Span, Base] = {}
    for weeks in (declared.weeks, *declared.sensitivity):
        span = _before(resolved, days, weeks)
        first = not bases
        variant = "default" if first else f"reference: {label(weeks)}"
        role = RowRole.HEADLINE if first else RowRole.SENSITIVITY
        if span is not None:
            bases.setdefault(span, Base(variant, role, span))
    if not bases:
        yield Planned(key, RowRole.HEADLINE, estimand, NotRun("no whole week before the campaign"))
    for span, base in bases.items():
        built = _comparison(resolved, days, span, estimand)
        yield Planned(replace(key, variant=base.variant), base.role, estimand, built)


def _without_largest(
    resolved: Resolved,
    key: RowKey,
    spans: dict[str, Span],
    estimand: Estimand,
    *,
    descriptive: bool,
) -> Iterator[Planned]:
    if len(resolved.left_out) < 2:
        return
    largest, rest = without_largest_other(without_promotion(resolved))
    built = promoted.comparison(rest, spans, estimand)
    own = replace(key, variant=f"without the largest course left out ({largest})")
    yield Planned(own, RowRole.SENSITIVITY, estimand, built, descriptive)


def _before(resolved: Resolved, days: Span, weeks: int | None) -> Span | None:
    """The last weeks before the campaign that begin on the weekday of these days."""
    campaign = min(resolved.protocol.window.start, days.start)
    end = days.start - timedelta(WEEK * -(-(days.start - campaign).days // WEEK))
    whole = (end - resolved.panel.start).days // WEEK
    used = whole if weeks is None else min(weeks, whole)
    return Span(end - timedelta(WEEK * used), end - timedelta(1)) if used > 0 else None


def _comparison(resolved: Resolved, days: Span, base: Span, estimand: Estimand) -> Comparison:
    codes = np.where(span_days(resolved, [base]) == 1, REFERENCE, LEFT_OUT).astype(np.int8)
    codes[span_days(resolved, [days]) == 1] = WINDOW
    return Comparison(
        estimand,
        resolved.others,
        course_days(resolved, resolved.others, units=False),
        course_days(resolved, resolved.left_out, units=False),
        np.tile(codes, (len(resolved.others), 1)),
        resolved.panel.start,
        period_days(resolved),
    )


def total_estimand(resolved: Resolved) -> Estimand:
    """Log lift of the promoted courses over that of courses that no promotion reached."""
    return Estimand(
        name="log lift of the promoted − log lift of the courses left out",
        compares=f"{resolved.protocol.outcome} of these courses, on average on the log scale, in"
        f" the window against the reference, and the same of {_those(resolved)}",
        identifies="all promotion of the promoted courses: their own, and that of the portfolio",
        needs=_needs(resolved, "promoted courses", resolved.promoted),
        wording=raised_by("all promotion, their own and that of the portfolio", LIKE_THESE),
    )


def portfolio_estimand(resolved: Resolved, days: Span, waves: Sequence[Wave]) -> Estimand:
    """Log lift of the other courses over that of courses that no promotion reached."""
    named = ", ".join(wave.id for wave in waves)
    beside = [
        wave.id
        for wave in resolved.protocol.waves
        if wave.portfolio and wave not in waves and wave.span.overlaps(days)
    ]
    cause = f"portfolio promotion ({named}{', beside ' + ', '.join(beside) if beside else ''})"
    return Estimand(
        name="log lift of the other courses − log lift of the courses left out",
        compares=f"{resolved.protocol.outcome} of the {len(resolved.others)} courses that only the"
        f" portfolio's promotion reached, on average on the log scale, on {days} against weeks"
        f" before the campaign, and the same of {_those(resolved)}",
        identifies=f"{cause}, for courses that nobody promoted individually, in these days",
        needs=_needs(resolved, "other courses", resolved.others),
        not_identified="what it added for the courses promoted individually",
        wording=raised_by(f"{cause}, in these days", LIKE_THESE),
    )


def _those(resolved: Resolved) -> str:
    return f"the {len(resolved.left_out)} courses left out of every promotion, pooled"


def decided_by_chance(resolved: Resolved, courses: Sequence[str]) -> bool:
    """Whether each of these courses might, by the declared draw, have been left out instead.

    Courses left out may be drawn among the other courses alone: then chance says nothing of the
    promoted ones.
    """
    assignment = resolved.protocol.assignment
    drawn = assignment.courses if assignment is not None else None
    if drawn is None or not drawn.random:
        return False
    shared = {drawn.group_of(code) for code in resolved.left_out}
    return not drawn.groups or all(drawn.group_of(code) in shared - {-1} for code in courses)


def _needs(resolved: Resolved, whom: str, courses: Sequence[str]) -> tuple[str, str]:
    drawn = decided_by_chance(resolved, courses)
    chance = ", as chance decided which (declared)" if drawn else ""
    return (
        f"{whom} and courses left out would have moved in parallel on the log scale{chance}",
        "no enrolment was taken from the courses left out (cannibalisation)",
    )
