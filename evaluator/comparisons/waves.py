"""A course's waves as days: what each channel marks, and which of them can be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

import numpy as np

from evaluator.comparisons.design import (
    REFERENCE,
    WINDOW,
    Codes,
    Comparison,
    coded_days,
    course_days,
    moved_span,
    span_days,
    untouched,
)
from evaluator.comparisons.references import in_launch
from evaluator.experiment.protocol import Channel, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Estimand

WEEKS_AFTER = 2
LATER = {1: "week after", 2: "second week after"}


def course_waves(
    resolved: Resolved, course: str, moved: Mapping[str, int] = MappingProxyType({})
) -> Comparison:
    """All dated waves of one course as one daily model: what its cells share.

    Parameters
    ----------
    moved : days by which the assumed waves of a channel are moved
    """
    reference = resolved.reference(course, resolved.protocol.reference.weeks)
    codes = coded_days(resolved, course, reference)
    codes[(codes == WINDOW) | (codes == REFERENCE)] = REFERENCE
    codes[codes != REFERENCE] = 0
    opened = resolved.panel.day(resolved.first_day[course])
    codes[: max(opened, 0)] = 0
    return Comparison(
        Estimand("", "", ""),
        (course,),
        course_days(resolved, (course,), units=False),
        course_days(resolved, resolved.others, units=False),
        codes[None],
        resolved.panel.start,
        waves=tuple(wave_marks(resolved, course, moved).items()),
        opened=opened if in_launch(resolved, course) else None,
    )


def wave_marks(
    resolved: Resolved, course: str, moved: Mapping[str, int] = MappingProxyType({})
) -> Mapping[str, Codes]:
    """(D,) marks of every dated wave that names the course, and of each week after it."""
    spans: dict[str, list[Span]] = {}
    window = resolved.protocol.window
    for channel in resolved.protocol.channels:
        for wave in waves_of(resolved, channel, course):
            own = moved_span(resolved, wave, moved.get(channel.name, 0)) or wave.span
            span = Span(own.start, max(own.end, own.start + timedelta(6)))
            for week in range(WEEKS_AFTER + 1):
                later = (
                    span
                    if not week
                    else Span(span.end + timedelta(7 * week - 6), span.end + timedelta(7 * week))
                )
                if later.overlaps(window):
                    inside = Span(max(later.start, window.start), min(later.end, window.end))
                    spans.setdefault(_label(channel.name, week), []).append(inside)
    return {name: span_days(resolved, own) for name, own in spans.items()}


def alias_of(waves: Comparison, name: str) -> str:
    """Why a wave cannot be told from the course's other waves; empty where it can.

    Parameters
    ----------
    waves : the course's daily model, see `course_waves`
    """
    days = np.flatnonzero(waves.codes[0] != 0)
    marks = dict(waves.waves)
    own = marks[name][days].astype(float)
    rest = [mark[days].astype(float) for other, mark in waves.waves if other != name]
    others = np.column_stack([np.ones(len(days)), *rest])
    rank = np.linalg.matrix_rank
    if own.any() and rank(np.column_stack([others, own])) > rank(others):
        return ""
    same = [o for o, mark in waves.waves if o != name and np.array_equal(mark, marks[name])]
    if same:
        named = " and ".join(in_words(wave) for wave in (name, *same))
        return f"{named} ran on the same days: only their joint effect exists"
    return f"{in_words(name)} is a combination of the course's other waves on these days: aliased"


def in_one_week(resolved: Resolved, channel: str) -> bool:
    """Whether all waves of a channel start within one common week."""
    starts = [wave.span.start for wave in resolved.protocol.waves if wave.channel == channel]
    return bool(starts) and (max(starts) - min(starts)).days < 7


def waves_of(resolved: Resolved, channel: Channel, course: str | None = None) -> Sequence[Wave]:
    """Waves of a channel; those that mark a course's days, where one is given."""
    return [
        wave
        for wave in resolved.protocol.waves
        if wave.channel == channel.name
        and channel.kind != "page"
        and (course is None or _marks(resolved, wave, course))
    ]


def _marks(resolved: Resolved, wave: Wave, course: str) -> bool:
    """Whether a wave reached a course and not those that it is compared with as well.

    A wave to the portfolio that names no course reached every course but those left out.
    """
    to_all = wave.portfolio and not wave.courses
    return course in wave.courses or (to_all and untouched(resolved))


def _label(channel: str, week: int) -> str:
    return channel if not week else f"{channel} +{week}"


def in_words(label: str) -> str:
    """A wave or a week after it, for people.

    >>> in_words("organic +1")
    'organic, week after'
    """
    channel, _, week = label.partition(" +")
    return f"{channel}, {LATER[int(week)]}" if week else channel


def channel_of(label: str) -> str:
    return label.split(" +")[0]
