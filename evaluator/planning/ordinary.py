"""How people enrol where nothing is promoted, and the world of an experiment that promotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from evaluator.experiment.protocol import Protocol, Wave
from evaluator.resampling.shocks import weeks
from evaluator.resampling.worlds import Array, Launch, Mask, Pulse, World
from evaluator.resolve import Resolved

PRIOR = 50.0
"""Enrolments of all courses together that a course's split by country begins with."""
CARRY_OVER = 0.5
"""Share of a wave's log lift that is left a day later, where it is made up."""


@dataclass(frozen=True, slots=True, eq=False)
class Ordinary:
    """Levels and shares without promotion.

    Parameters
    ----------
    start : first day of the counts
    levels : (courses,) enrolments in an ordinary week
    shares : (courses, units) rows sum to 1
    weekdays : (7,) factors Monday to Sunday, mean 1
    """

    start: date
    courses: tuple[str, ...]
    units: tuple[str, ...]
    levels: Array
    shares: Array
    weekdays: Array


def ordinary_of(template: Resolved) -> Ordinary:
    """Fitted to the history of a next experiment (see `next.template`).

    The split of a course by country is drawn to that of all courses, the more the fewer
    enrolments it has.
    """
    panel, window = template.panel, template.protocol.window
    stop = panel.day(window.start)
    counts = panel.array("course", "country", "day")[..., :stop]
    opened = [
        max(panel.day(template.first_day.get(course, panel.start)), 0) for course in panel.courses
    ]
    days = np.array([max(stop - first, 7) for first in opened])
    by_unit = counts.sum(axis=-1)
    pooled = by_unit.sum(axis=0) / by_unit.sum()
    shares = by_unit + PRIOR * pooled
    daily = counts.sum(axis=(0, 1))
    by_weekday = np.array(
        [daily[(-panel.start.weekday() + day) % 7 :: 7].mean() for day in range(7)]
    )
    return Ordinary(
        panel.start,
        panel.courses,
        panel.countries,
        7 * counts.sum(axis=(1, 2)) / days,
        shares / shares.sum(axis=1, keepdims=True),
        by_weekday / by_weekday.mean(),
    )


def declared_ordinary(protocol: Protocol, start: date, units: Sequence[str]) -> Ordinary:
    """Made up for an experiment that has no past: courses of unlike size, units that fall off."""
    courses = (*(course.code for course in protocol.courses), *protocol.others.codes)
    ranks = np.arange(len(units))
    shares = np.tile(1 / (ranks + 6), (len(courses), 1))
    # Neighbours in the list are of unlike size, so that promoted courses are not the largest.
    sizes = 24 * np.exp(0.5 * np.cos(2.4 * np.arange(len(courses))))
    weekdays = np.array([1.2, 1.2, 1.2, 1.2, 1.0, 0.6, 0.6])
    return Ordinary(
        start,
        courses,
        tuple(units),
        sizes,
        shares / shares.sum(axis=1, keepdims=True),
        weekdays,
    )


def world_of(protocol: Protocol, ordinary: Ordinary, lift: float) -> World:
    """The world of an experiment in which every wave lifts what it reaches by the same factor.

    Parameters
    ----------
    protocol : courses, arm A (listed), waves and window
    lift : of the rate of a course on the days of one of its waves, above 0
    """
    first = ordinary.start
    promoted = np.isin(ordinary.courses, [course.code for course in protocol.courses])
    opens = {course.code: course.available_from for course in protocol.courses}
    days = (protocol.as_of - first).days + 1
    arm_a = _arm_a(protocol, ordinary)
    return World(
        courses=ordinary.courses,
        countries=ordinary.units,
        start=first,
        days=days,
        promoted=promoted,
        levels=ordinary.levels,
        opens=np.array(
            [((opens.get(course) or first) - first).days for course in ordinary.courses],
            dtype=np.intp,
        ),
        launch=Launch(),
        shares=ordinary.shares,
        arm_a=arm_a & promoted[:, None],
        weekdays=ordinary.weekdays,
        season=np.zeros(days),
        anchor=int(weeks(first, days)[(protocol.window.start - first).days]),
        pulses=tuple(_pulses(protocol, ordinary, arm_a, float(np.log(lift)))),
    )


def _arm_a(protocol: Protocol, ordinary: Ordinary) -> Mask:
    """(courses, units): of courses that are not promoted, the units listed for all."""
    listed = np.zeros(ordinary.shares.shape, dtype=bool)
    if protocol.arms is not None:
        rule = protocol.arms.rule
        by_course = dict(getattr(rule, "by_course", ()))
        everywhere = getattr(rule, "countries", ())
        for row, course in enumerate(ordinary.courses):
            listed[row] = np.isin(ordinary.units, by_course.get(course, everywhere))
    return listed


def _pulses(protocol: Protocol, ordinary: Ordinary, arm_a: Mask, log_lift: float) -> list[Pulse]:
    tags = {channel.name: channel.tag for channel in protocol.channels}
    promoted = {course.code for course in protocol.courses}
    return [
        Pulse(
            wave=wave.id,
            channel=wave.channel,
            tag=tags[wave.channel],
            course=row,
            first=(wave.span.start - ordinary.start).days,
            last=(wave.span.end - ordinary.start).days,
            log_lift=log_lift * np.where(arm_a[row], "A" in wave.arms, "B" in wave.arms),
            carry_over=CARRY_OVER,
        )
        for wave in protocol.waves
        for row, course in enumerate(ordinary.courses)
        if _reaches(wave, course, protocol, is_promoted=course in promoted)
    ]


def _reaches(wave: Wave, course: str, protocol: Protocol, *, is_promoted: bool) -> bool:
    if is_promoted:
        return course in wave.courses or not wave.courses
    return wave.portfolio and course not in protocol.others.left_out
