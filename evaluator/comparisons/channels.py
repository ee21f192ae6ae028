"""Per channel: the joint daily model of a course's waves, and the mean over courses.

All dated waves of a course stand in one model, each with its two weeks after, so that a wave
is not credited with what another left behind; the other courses carry the days. Waves shorter
than a week are given the week from their first day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from types import MappingProxyType

import numpy as np

from evaluator.comparisons.arms import ARM, arms_estimand
from evaluator.comparisons.arms import comparison as arms_comparison
from evaluator.comparisons.design import (
    ALL,
    REFERENCE,
    WINDOW,
    Codes,
    Comparison,
    Planned,
    coded_days,
    course_days,
    moved_span,
    span_days,
)
from evaluator.comparisons.references import in_launch
from evaluator.experiment.protocol import Channel, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.CHANNELS.value
WEEKS_AFTER = 2
AFTER = "with the two weeks after"


def planned(resolved: Resolved) -> Iterator[Planned]:
    """Each channel over its courses; then the course × channel grid, jointly and A against B."""
    waves = {course: course_waves(resolved, course) for course in resolved.promoted}
    for channel in resolved.protocol.channels:
        reason = not_a_wave(resolved, channel)
        if reason is not None:
            key = RowKey(QUESTION, ALL, channel.name, method="channel_mean")
            yield Planned(key, RowRole.HEADLINE, channel_estimand(channel), reason)
            continue
        for variant, role in (("default", RowRole.HEADLINE), (AFTER, RowRole.SENSITIVITY)):
            cells = {
                course: cell(waves[course], channel, after=variant == AFTER)
                for course in _advertised(resolved, channel)
            }
            yield _mean(channel, cells, variant, role)
            yield from _cells(channel, cells, variant, role)
        yield from _shifts(resolved, channel)
        if resolved.protocol.arms is not None:
            yield from _differentials(resolved, channel)
    for course in resolved.promoted:
        yield from _overlaps(waves[course])


def not_a_wave(resolved: Resolved, channel: Channel) -> NotRun | None:
    """Why a channel has no effect of its own to estimate, if it has none."""
    if channel.kind == "page":
        return NotRun("links on pages, not a dated wave: which pages, from when, is not published")
    if not _advertised(resolved, channel):
        return NotRun(
            "it reached every course on the same days: aliased with the days themselves; see the"
            " question about the portfolio"
        )
    return None


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


def cell(waves: Comparison, channel: Channel, *, after: bool) -> Comparison:
    """One channel of a course's daily model.

    Parameters
    ----------
    waves : the model, see `course_waves`
    after : whether the effect is that of the wave with the weeks after it, or of the wave alone
    """
    marks = dict(waves.waves)
    target = tuple(
        name for name in marks if name == channel.name or (after and _of(name) == channel.name)
    )
    codes = waves.codes.copy()
    codes[0, np.max(np.stack([marks[name] for name in target]), axis=0) == 1] = WINDOW
    return replace(
        waves,
        estimand=channel_estimand(channel),
        codes=codes,
        target=target,
        companions=(waves,),
    )


def wave_marks(
    resolved: Resolved, course: str, moved: Mapping[str, int] = MappingProxyType({})
) -> Mapping[str, Codes]:
    """(D,) marks of every dated wave that names the course, and of each week after it."""
    spans: dict[str, list[Span]] = {}
    window = resolved.protocol.window
    for channel in resolved.protocol.channels:
        for wave in _waves(resolved, channel, course):
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


def in_one_week(resolved: Resolved, channel: str) -> bool:
    """Whether all waves of a channel start within one common week."""
    starts = [wave.span.start for wave in resolved.protocol.waves if wave.channel == channel]
    return bool(starts) and (max(starts) - min(starts)).days < 7


def _mean(
    channel: Channel, cells: Mapping[str, Comparison], variant: str, role: RowRole
) -> Planned:
    key = RowKey(QUESTION, ALL, channel.name, method="channel_mean", variant=variant)
    first = next(iter(cells.values()))
    together = replace(
        first,
        series=tuple(cells),
        treated=np.concatenate([own.treated for own in cells.values()]),
        codes=np.concatenate([own.codes for own in cells.values()]),
        companions=tuple(cells.values()),
    )
    return Planned(key, role, first.estimand, together)


def _cells(
    channel: Channel, cells: Mapping[str, Comparison], variant: str, role: RowRole
) -> Iterator[Planned]:
    role = RowRole.EXPLORATORY if role is RowRole.HEADLINE else role
    for course, own in cells.items():
        key = RowKey(QUESTION, course, channel.name, method="joint_daily", variant=variant)
        yield Planned(key, role, own.estimand, own)


def _shifts(resolved: Resolved, channel: Channel) -> Iterator[Planned]:
    """The channel with its assumed waves a week earlier and later, where the bounds allow it."""
    courses = _advertised(resolved, channel)
    waves = [wave for course in courses for wave in _waves(resolved, channel, course)]
    if not any(wave.assumed for wave in waves):
        return
    for days in (-7, 7):
        variant = f"waves {days // 7:+d} week"
        if not any(moved_span(resolved, wave, days) for wave in waves):
            key = RowKey(QUESTION, ALL, channel.name, method="channel_mean", variant=variant)
            reason = NotRun("no wave may move: the published bounds hold them all")
            yield Planned(key, RowRole.SENSITIVITY, channel_estimand(channel), reason)
            continue
        moved = {channel.name: days}
        cells = {c: cell(course_waves(resolved, c, moved), channel, after=False) for c in courses}
        yield _mean(channel, cells, variant, RowRole.SENSITIVITY)


def _overlaps(waves: Comparison) -> Iterator[Planned]:
    """Days on which two channels reach a course at once: only their joint effect is identified."""
    for (first, mark), (second, other) in combinations(waves.waves, 2):
        if _of(first) == _of(second):
            continue
        both = (mark == 1) & (other == 1) & (waves.codes[0] != 0)
        aliased = np.array_equal(mark, other)
        if not both.any() or not (aliased or (first == _of(first) and second == _of(second))):
            continue
        codes = waves.codes.copy()
        codes[0, both] = WINDOW
        estimand = overlap_estimand(first, second)
        joint = replace(
            waves, estimand=estimand, codes=codes, target=(first, second), companions=(waves,)
        )
        channel = f"{first} & {second}"
        key = RowKey(QUESTION, waves.series[0], channel, method="overlap_joint")
        yield Planned(key, RowRole.EXPLORATORY, estimand, joint)


def _differentials(resolved: Resolved, channel: Channel) -> Iterator[Planned]:
    """A against B in the wave, for courses with weeks before the campaign."""
    if any("A" not in w.arms or "B" not in w.arms for w in _waves(resolved, channel)):
        return
    if channel.kind != "paid":
        return
    estimand = arms_estimand(resolved, triple=False)
    for course in _advertised(resolved, channel):
        key = RowKey(QUESTION, course, channel.name, ARM, "arms_by_unit")
        reference = resolved.reference(course, resolved.protocol.reference.weeks)
        if reference is None:
            reason = NotRun("no week before the campaign; see the rows within the campaign")
            yield Planned(key, RowRole.EXPLORATORY, estimand, reason)
            continue
        built = arms_comparison(resolved, {course: reference}, estimand)
        codes = built.codes.copy()
        codes[codes == WINDOW] = 0
        codes[0, wave_marks(resolved, course)[channel.name] == 1] = WINDOW
        yield Planned(key, RowRole.EXPLORATORY, estimand, replace(built, codes=codes))


def _advertised(resolved: Resolved, channel: Channel) -> list[str]:
    """Promoted courses that a wave of the channel names, inside the window."""
    return [
        course
        for course in resolved.promoted
        if any(
            wave.span.overlaps(resolved.protocol.window)
            for wave in _waves(resolved, channel, course)
        )
    ]


def _waves(resolved: Resolved, channel: Channel, course: str | None = None) -> Sequence[Wave]:
    return [
        wave
        for wave in resolved.protocol.waves
        if wave.channel == channel.name
        and channel.kind != "page"
        and (course is None or course in wave.courses)
    ]


def _label(channel: str, week: int) -> str:
    return channel if not week else f"{channel} +{week}"


def _of(label: str) -> str:
    return label.split(" +")[0]


def channel_estimand(channel: Channel) -> Estimand:
    """Log lift on a channel's wave days, the course's other waves held fixed."""
    return Estimand(
        name=f"log lift of {channel.name} on its wave days, other waves held fixed",
        compares="a course's daily enrolments on the wave's days with its other days, relative to"
        " the other courses' days, in one model with its other waves and the two weeks after each",
        identifies=f"what a wave of {channel.name} added for the course it named, over what the"
        " other courses had on those days",
        needs=(
            "waves multiply (log-additive), and two weeks hold what they leave behind",
            "no shock of the course in its own wave",
        ),
        not_identified="the split of an overlap between channels beyond log-additivity; what the"
        " channel did for the whole portfolio",
    )


def overlap_estimand(first: str, second: str) -> Estimand:
    """Log lift of two channels together, on the days when both were active."""
    return Estimand(
        name=f"log lift of {first} and {second} together, where they overlap",
        compares="a course's days with both waves with its days with neither",
        identifies="their joint effect",
        needs=("waves multiply (log-additive) outside the overlap",),
        not_identified="each one's share: the split shown is a convention (Shapley), between what"
        " each would add alone and what it adds to the other",
    )
