"""The promotion of the whole portfolio (test 2): every open course before and after.

Nothing that nobody promoted is left to compare with, so each series has only its own past:
descriptive. The base ends where the campaign begins, because later weeks carry it; the week of
the wave begins with the wave, whatever weekday that is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from evaluator.comparisons.design import (
    ALL,
    LEFT_OUT,
    REFERENCE,
    WINDOW,
    Comparison,
    Planned,
    course_days,
    span_days,
)
from evaluator.comparisons.references import label
from evaluator.comparisons.wording import moved_with
from evaluator.experiment.protocol import Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.PORTFOLIO.value
OTHERS = "other courses"
FORECAST = "their forecast from their own weeks before the campaign"
WEEK = 7


def planned(resolved: Resolved) -> Iterator[Planned]:
    """Each wave to the whole portfolio: all courses open before, then those never named."""
    for wave in resolved.protocol.waves:
        if wave.portfolio:
            for name, courses in _populations(resolved).items():
                yield from _rows(resolved, wave, name, courses)


def _populations(resolved: Resolved) -> dict[str, tuple[str, ...]]:
    """Courses open during the whole base, with and without those promoted individually."""
    base = _before(resolved, resolved.protocol.window.start, resolved.protocol.reference.its_weeks)
    promoted = [c for c in resolved.promoted if base and resolved.first_day[c] <= base.start]
    return {ALL: (*promoted, *resolved.others), OTHERS: resolved.others}


def _rows(resolved: Resolved, wave: Wave, name: str, courses: tuple[str, ...]) -> Iterator[Planned]:
    """The week of the wave on the default base, then on other bases."""
    reference = resolved.protocol.reference
    estimand = portfolio_estimand(resolved, wave, courses)
    key = RowKey(QUESTION, name, wave.channel, _arm(resolved, wave), "single_its")
    if wave.assumed:
        yield Planned(key, RowRole.HEADLINE, estimand, _unknown_day(wave), descriptive=True)
        return
    campaign = min(resolved.protocol.window.start, wave.span.start)
    bases = {
        "default": _before(resolved, campaign, reference.its_weeks),
        f"reference: {label(reference.weeks)}": _before(resolved, campaign, reference.weeks),
    }
    if name == OTHERS and campaign < wave.span.start:
        # Nobody promoted these individually: weeks of the campaign may serve, the season is nearer.
        up_to = _before(resolved, wave.span.start, reference.weeks)
        bases[f"reference: {label(reference.weeks)} up to the wave"] = up_to
    for variant, base in bases.items():
        role = RowRole.HEADLINE if variant == "default" else RowRole.SENSITIVITY
        built = _comparison(resolved, wave, courses, base, estimand)
        yield Planned(replace(key, variant=variant), role, estimand, built, descriptive=True)


def _arm(resolved: Resolved, wave: Wave) -> str:
    """Tells the waves of a channel apart, where it has several."""
    alike = [w for w in resolved.protocol.waves if w.portfolio and w.channel == wave.channel]
    return f"wave: {wave.id}" if len(alike) > 1 else ALL


def _unknown_day(wave: Wave) -> NotRun:
    return NotRun(
        f"the first day of {wave.id} is assumed, not published: a series cannot be interrupted on"
        " a day that nobody knows"
    )


def _before(resolved: Resolved, end: date, weeks: int | None) -> Span | None:
    """The last whole weeks before a day, at most so many."""
    whole = (end - resolved.panel.start).days // WEEK
    used = whole if weeks is None else min(weeks, whole)
    return Span(end - timedelta(WEEK * used), end - timedelta(1)) if used > 0 else None


def _comparison(
    resolved: Resolved,
    wave: Wave,
    courses: tuple[str, ...],
    base: Span | None,
    estimand: Estimand,
) -> Comparison | NotRun:
    week = first_week(wave)
    if not courses or base is None:
        return NotRun("no course was open during a whole week before")
    if week.end > resolved.panel.end:
        return NotRun(f"the data end on {resolved.panel.end}, before the wave's first week does")
    codes = np.where(span_days(resolved, [base]) == 1, REFERENCE, LEFT_OUT).astype(np.int8)
    codes[span_days(resolved, [first_week(w) for w in _earlier(resolved, wave)]) == 1] = LEFT_OUT
    codes[span_days(resolved, [week]) == 1] = WINDOW
    return Comparison(
        estimand,
        (f"{len(courses)} courses",),
        course_days(resolved, courses, units=False).sum(axis=0, keepdims=True),
        np.zeros((0, 1, resolved.panel.days)),
        codes[None],
        resolved.panel.start,
        WEEK,
    )


def first_week(wave: Wave) -> Span:
    """Seven days from the wave's first."""
    return Span(wave.span.start, wave.span.start + timedelta(WEEK - 1))


def _earlier(resolved: Resolved, wave: Wave) -> Sequence[Wave]:
    """Dated waves to the whole portfolio before this one: their weeks are no base."""
    return [
        other
        for other in resolved.protocol.waves
        if other.portfolio and not other.assumed and other.span.start < wave.span.start
    ]


def portfolio_estimand(resolved: Resolved, wave: Wave, courses: Collection[str]) -> Estimand:
    """A change in the week of a wave that reached every course."""
    week, outcome = first_week(wave), resolved.protocol.outcome
    beside = [
        other.id
        for other in resolved.protocol.waves
        if other.id != wave.id
        and other.span.overlaps(week)
        and (other.portfolio or not set(courses).isdisjoint(other.courses))
    ]
    running = f" (declared beside it: {', '.join(beside)})" if beside else ""
    return Estimand(
        name="log(observed / forecast from their own past)",
        compares=f"{outcome} of {len(courses)} courses on {week} with a"
        " forecast from their own weeks before the campaign",
        identifies="a change in these seven days, whatever caused it: the season, and everything"
        " else of that week",
        needs=(
            f"nothing else differs between that week and the weeks before the campaign{running}",
        ),
        not_identified=_not_identified(resolved, wave),
        wording=moved_with(f"{wave.id}, and all else of its week", FORECAST),
    )


def _not_identified(resolved: Resolved, wave: Wave) -> str:
    if resolved.left_out:
        return "an effect of the wave; see the row against the courses left out of it"
    return (
        "an effect of the wave: it went to every open course at once. What would"
        f" have identified it: {_hold_out(resolved, wave)}"
    )


def _hold_out(resolved: Resolved, wave: Wave) -> str:
    """What could have been left out, at random, to have something to compare with."""
    kinds = {channel.name: channel.kind for channel in resolved.protocol.channels}
    courses = "some of the free courses, drawn at random, left out of it"
    if kinds.get(wave.channel) != "email":
        return courses
    whom = "its recipients"
    table = resolved.tables.get("email")
    if table is not None and "recipients" in table.columns:
        own = table[table["sent"] == wave.span.start.isoformat()]["recipients"]
        whom = f"its {int(own.iloc[0]):,} recipients" if len(own) else whom
    return f"{courses}, or a random share of {whom} who got it later"
