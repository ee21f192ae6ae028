"""What a simulated world is: levels, shares, calendars, sizes of the shocks, planted lifts.

A world is a declared truth, frozen: it holds no draw and knows no estimator. `simulate` and
`pin` draw from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Index = NDArray[np.intp]

TAIL = 28
"""Days a wave carries over, and days after which a click is no longer credited."""


@dataclass(frozen=True, slots=True)
class Shocks:
    """Sizes of the random variation.

    The defaults of course, country and over-dispersion were measured on real series of one
    calendar in ordinary weeks (enrolments, OULAD: alpha .01–.02 a week and .04 a day,
    course sd .10, rho .5 (0 to .9 not distinguishable), regions sd .2, rho .7, common to
    courses); those of the shared weeks are made up, and cancel wherever courses are compared.
    Every `sd` is of a weekly AR(1) on the log rate; every `rho` its lag-one correlation.
    """

    week_sd: float = 0.10
    """Common to all courses and countries."""
    week_rho: float = 0.5
    course_sd: float = 0.10
    """One series a course: one calendar, ordinary weeks."""
    course_rho: float = 0.5
    country_sd: float = 0.20
    """One series a country, common to all courses."""
    country_rho: float = 0.7
    arm_sd: float = 0.0
    """One series for all countries that are in arm A of any course, common to all courses; .20
    is the A-wide shock of the studies."""
    arm_rho: float = 0.7
    weekly_alpha: float = 0.015
    """Over-dispersion of the weekly count of one course: variance = mean + alpha mean²."""
    daily_alpha: float = 0.04
    """The same of its daily count."""
    slope_sd: float = 0.0
    """Of a differential log trend a week, one draw a course; .02 where trends differ."""
    tail_dof: float | None = None
    """Innovations of all these series are t with so many degrees of freedom, of unchanged
    variance; None: normal."""
    course_sd_spread: float = 0.0
    """Sd of the log of each course's own sd about `course_sd`: unequal noise where above 0."""
    promoted_sd: float | None = None
    """Planted violation: `course_sd` of the promoted courses; None: like the others."""
    promoted_slope: float = 0.0
    """Planted violation: differential log trend a week of the promoted courses."""


@dataclass(frozen=True, slots=True)
class Launch:
    """Rate after the first day, relative to the floor: 1 + (peak − 1) · 2^(−age / half-life)."""

    peak: float = 3.0
    half_life: float = 10.0
    """Days."""


@dataclass(frozen=True, slots=True, eq=False)
class Pulse:
    """What one wave does to one course.

    The rate is multiplied by exp(log_lift) on every day of the wave and by
    exp(log_lift · carry_over^k) on the k-th day after it, for `TAIL` days.
    """

    wave: str
    channel: str
    tag: str | None
    """Last-touch label; None: the channel leaves none."""
    course: int
    first: int
    """Day index of the first day of the wave."""
    last: int
    """Day index of its last day."""
    log_lift: Array
    """(countries,) natural-log units."""
    carry_over: float
    """Share of the log lift that is left a day later, in [0, 1)."""


@dataclass(frozen=True, slots=True)
class LastTouch:
    """How enrolments come by their channel tag.

    Last touch over-credits a channel (people who would have enrolled anyway click on it) and
    misses some of what it caused (people who come back without the link).
    """

    caught: float = 0.9
    """Share of the enrolments caused by a channel that carry its tag."""
    credited: float = 0.3
    """Share of the others that carry the tag of a channel at full strength (split by the log
    lifts where channels meet)."""


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A declared truth from which counts of course × country × day are drawn.

    Parameters
    ----------
    courses, countries : labels of the axes
    start, days : the calendar
    promoted : (courses,) promoted individually
    levels : (courses,) expected enrolments in an ordinary week, once launched
    opens : (courses,) day index on which the course opens; 0 or less: open all the time
    launch : curve of the courses that open after the first day
    shares : (courses, countries), rows sum to 1
    arm_a : (courses, countries) each course's own arm A; no country for a course without one
    weekdays : (7,) factors Monday to Sunday, mean 1
    season : (days,) log factor common to all courses: season and holidays
    anchor : day index from which differential trends are counted (there they are 0)
    pulses : planted lifts; none is the null
    """

    courses: tuple[str, ...]
    countries: tuple[str, ...]
    start: date
    days: int
    promoted: Mask
    levels: Array
    opens: Index
    launch: Launch
    shares: Array
    arm_a: Mask
    weekdays: Array
    season: Array
    anchor: int
    pulses: tuple[Pulse, ...] = ()
    shocks: Shocks = field(default_factory=Shocks)
    last_touch: LastTouch = field(default_factory=LastTouch)
    calendar: Array | None = None
    """Log factors that are no promotion and not common to all, broadcast against (courses,
    countries, days): a course's deadline, a holiday of some countries."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Last-touch labels that promotion leaves, in the order of their first pulse."""
        return tuple(dict.fromkeys(pulse.tag for pulse in self.pulses if pulse.tag))

    def countries_of_arm_a(self) -> Mapping[str, tuple[str, ...]]:
        """Course code → countries of its arm A, for the courses that have one."""
        return {
            code: tuple(np.array(self.countries)[listed].tolist())
            for code, listed in zip(self.courses, self.arm_a, strict=True)
            if listed.any()
        }

    def log_lift(self, *, channel: str | None = None, tag: str | None = None) -> Array:
        """Planted log lift of one channel, of the channels with one tag, or of all together.

        Returns
        -------
        (courses, countries, days) natural-log units; overlapping pulses add
        """
        total = np.zeros((len(self.courses), len(self.countries), self.days))
        for pulse in self.pulses:
            if channel in (None, pulse.channel) and tag in (None, pulse.tag):
                strength = decayed(pulse)[: self.days - pulse.first]
                here = slice(pulse.first, pulse.first + len(strength))
                total[pulse.course, :, here] += np.outer(pulse.log_lift, strength)
        return total


def decayed(pulse: Pulse) -> Array:
    """Strength of a pulse from its first day on: 1 in the wave, geometric for `TAIL` days."""
    after = np.arange(pulse.last + TAIL + 1 - pulse.first) - (pulse.last - pulse.first)
    strength: Array = np.power(float(pulse.carry_over), np.maximum(after, 0))
    return strength
