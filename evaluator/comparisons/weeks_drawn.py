"""A channel on and off, week by week, where chance decided for each course which week of two.

Weeks of one course are compared with each other, relative to the other courses in the same weeks:
no history is needed. Half of the courses have the first week of a couple and half the second, so
that what a week did to all of them is on both sides. One couple of weeks in which half of the
courses have their newsletter, and the rest a week later, is such a design too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from evaluator.comparisons.design import (
    ALL,
    EARLIER,
    LEFT_OUT,
    REFERENCE,
    WINDOW,
    Comparison,
    Planned,
    coded_days,
    course_days,
    period_days,
    span_days,
)
from evaluator.comparisons.waves import waves_of
from evaluator.comparisons.wording import raised_by
from evaluator.experiment.assignment import Drawn
from evaluator.experiment.protocol import Channel, Question, Span
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

METHOD = "weeks_on_off"
ARM = "weeks by chance"
"""What tells this row from the joint model of the same channel."""
MIN_COURSES = 3
IN_OTHER_WEEKS = "what they would have been in weeks without it"

Couple = tuple[Span, Span]


def planned(resolved: Resolved, channel: Channel) -> Iterator[Planned]:
    """The row of a channel whose weeks chance gave; none where it gave no week of the channel."""
    drawn = drawn_weeks(resolved)
    if drawn is None:
        return
    weeks = {c: own for c in resolved.promoted if (own := on_and_off(resolved, channel, c, drawn))}
    if weeks:
        key = RowKey(Question.CHANNELS.value, ALL, channel.name, ARM, METHOD)
        estimand = on_off_estimand(channel, drawn)
        alone = {c: own for c in weeks if (own := _alone(resolved, channel, c, weeks[c]))}
        built = _refused(resolved, channel, alone) or _comparison(resolved, alone, estimand)
        yield Planned(key, RowRole.HEADLINE, estimand, built)


def drawn_weeks(resolved: Resolved) -> Drawn | None:
    """How chance assigned the weeks, where the declaration says that it did."""
    assignment = resolved.protocol.assignment
    drawn = assignment.weeks if assignment is not None else None
    return drawn if drawn is not None and drawn.random else None


def couples(drawn: Drawn) -> tuple[Couple, ...]:
    """Two weeks each, of which one is promoted."""
    return tuple(
        (_week(date.fromisoformat(first)), _week(date.fromisoformat(second)))
        for first, second in drawn.groups
    )


def on_and_off(
    resolved: Resolved, channel: Channel, course: str, drawn: Drawn
) -> tuple[Couple, ...]:
    """The couples of weeks of which a course has a wave in one: (with it, without it)."""
    spans = [wave.span for wave in waves_of(resolved, channel, course)]
    found = []
    for first, second in couples(drawn):
        early, late = (any(span.overlaps(week) for span in spans) for week in (first, second))
        if early != late:
            found.append((first, second) if early else (second, first))
    return tuple(found)


def _alone(
    resolved: Resolved, channel: Channel, course: str, weeks: Sequence[Couple]
) -> tuple[Couple, ...]:
    """The couples of which no other channel has one week: that would be compared with this one."""
    others = [
        wave.span
        for other in resolved.protocol.channels
        if other.name != channel.name
        for wave in waves_of(resolved, other, course)
    ]
    return tuple(
        couple
        for couple in weeks
        if len({any(span.overlaps(week) for span in others) for week in couple}) == 1
    )


def _week(first: date) -> Span:
    return Span(first, first + timedelta(6))


def _refused(
    resolved: Resolved, channel: Channel, weeks: Mapping[str, Sequence[Couple]]
) -> NotRun | None:
    if not weeks:
        return NotRun(
            "another channel has one of every two weeks: that would be one channel against the"
            " other; see the rows of each"
        )
    if any(wave.assumed for course in weeks for wave in waves_of(resolved, channel, course)):
        return NotRun("the days of its waves are assumed: chance gave weeks that nobody knows")
    if not resolved.others:
        return NotRun("no other courses: nothing says what these weeks would have been")
    if len(weeks) < MIN_COURSES:
        return NotRun(f"{len(weeks)} courses with weeks by chance: {MIN_COURSES} are needed")
    on = [couple[0] for own in weeks.values() for couple in own]
    off = {couple[1] for own in weeks.values() for couple in own}
    if off.isdisjoint(on):
        return NotRun("every course has it in the same weeks: aliased with the weeks themselves")
    return None


def _comparison(
    resolved: Resolved, weeks: Mapping[str, Sequence[Couple]], estimand: Estimand
) -> Comparison:
    courses = tuple(weeks)
    return Comparison(
        estimand,
        courses,
        course_days(resolved, courses, units=False),
        course_days(resolved, resolved.others, units=False),
        np.stack([_codes(resolved, course, own) for course, own in weeks.items()]),
        resolved.panel.start,
        period_days(resolved),
    )


def _codes(resolved: Resolved, course: str, weeks: Sequence[Couple]) -> np.ndarray:
    """Weeks with the wave against weeks without; of history the variance alone."""
    codes = coded_days(resolved, course, None)
    codes[codes != EARLIER] = LEFT_OUT
    for code, spans in zip((WINDOW, REFERENCE), zip(*weeks, strict=True), strict=True):
        codes[span_days(resolved, spans) == 1] = code
    return codes


def on_off_estimand(channel: Channel, drawn: Drawn) -> Estimand:
    """Log lift of a channel's weeks over the other week of each couple."""
    return Estimand(
        name=f"log lift of {channel.name} in its weeks over the weeks beside them",
        compares="a course's enrolments in the weeks that chance gave it with those in the other"
        " week of each couple, relative to the other courses in the same weeks; mean over courses",
        identifies=f"what a week of {channel.name} added in that week, in courses like these",
        needs=(
            f"chance decided for each course which week of two had it ({drawn.rule.value},"
            " declared)",
            "a wave leaves nothing behind in the weeks without it, where the effect would be"
            " found too small",
        ),
        not_identified="what waves leave behind; other lengths of a wave",
        wording=raised_by(f"{channel.name}, in the weeks that chance gave it", IN_OTHER_WEEKS),
    )
