"""Free worlds: counts drawn from a world, and the truth they were drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.panel import Panel
from evaluator.resampling.shocks import (
    ar1,
    by_weekday,
    gamma,
    launched,
    over_dispersion,
    weeks,
)
from evaluator.resampling.worlds import Array, Index, Mask, World

Counts = NDArray[np.int64]
NO_TAG = "none"


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """One draw from a world.

    Parameters
    ----------
    world : where it was drawn from
    counts : (courses, countries, days) enrolments
    mean : same shape, expected enrolments given the shocks, with all promotion
    base : same shape, the same shocks without any promotion
    """

    world: World
    counts: Counts
    mean: Array
    base: Array

    def log_lift(self, days: slice, course: str, countries: Mask | None = None) -> float:
        """True log lift of one course over some days: log(Σ mean / Σ base).

        Parameters
        ----------
        days : day indices of the window
        countries : (countries,) which to sum over; None: all
        """
        row = self.world.courses.index(course)
        kept = np.ones(len(self.world.countries), bool) if countries is None else countries
        with_, without = (array[row, kept, days].sum() for array in (self.mean, self.base))
        return float(np.log(with_ / without))


def simulate(world: World, rng: np.random.Generator) -> Simulated:
    """Draw one free world.

    Counts are negative binomial: Poisson around `mean` × a gamma factor a course-week × a gamma
    factor a course-day, so that weekly and daily counts both have the declared over-dispersion.
    """
    base, mean, mixing = rates(world, rng)
    counts = rng.poisson(mean * mixing[:, None, :])
    return Simulated(world, counts, mean, base)


def rates(world: World, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Draw the shocks and the gamma factors; no counts yet.

    Returns
    -------
    base, mean : (courses, countries, days) expected enrolments without and with promotion
    mixing : (courses, days) mean-one gamma factor of the negative binomial
    """
    week = weeks(world.start, world.days)
    by_course = np.exp(_course_shocks(world, rng)[:, week] + world.season)
    by_course *= by_weekday(world.start, world.days, world.weekdays) / 7
    by_course *= launched(world.opens, world.days, world.launch)
    by_course *= world.levels[:, None]
    by_country = world.shares[:, :, None] * np.exp(_country_shocks(world, rng))
    base = by_country[:, :, week] * by_course[:, None, :]
    if world.calendar is not None:
        base = base * np.exp(world.calendar)
    mixing = _mixing(world, rng)
    return base, with_promotion(world, base), mixing


def with_promotion(world: World, base: Array) -> Array:
    """(courses, countries, days) `base` times the planted lifts of the world."""
    if not world.pulses:
        return base.copy()
    first = min(pulse.first for pulse in world.pulses)
    mean = base.copy()
    mean[:, :, first:] *= np.exp(world.log_lift()[:, :, first:])
    return mean


def as_panel(simulated: Simulated, by_tag: tuple[Sequence[str], Counts] | None = None) -> Panel:
    """The counts as an observed panel.

    Parameters
    ----------
    by_tag : labels and (tags, courses, countries, days) counts, as `tagged` gives them; without
        it every enrolment has the tag "none"
    """
    world = simulated.world
    tags, counts = by_tag or ((NO_TAG,), simulated.counts[None])
    tag, course, country, day = np.nonzero(counts)
    return Panel(
        courses=world.courses,
        countries=world.countries,
        tags=tuple(tags),
        start=world.start,
        days=world.days,
        cells=np.array([course, country, tag, day], dtype=np.intp),
        values=counts[tag, course, country, day].astype(float),
    )


def tagged(simulated: Simulated, rng: np.random.Generator) -> tuple[tuple[str, ...], Counts]:
    """Split the counts by last-touch tag.

    Returns
    -------
    labels : the tags of the world and "none", which is last
    counts : (tags, courses, countries, days)
    """
    where: tuple[Index, ...] = np.nonzero(simulated.counts)
    probability = tag_probabilities(simulated.world, where)
    drawn = rng.multinomial(simulated.counts[where], probability)
    split = np.zeros((probability.shape[1], *simulated.counts.shape), dtype=np.int64)
    np.moveaxis(split, 0, -1)[where] = drawn
    return (*simulated.world.tags, NO_TAG), split


def tag_probabilities(world: World, where: tuple[Index, ...]) -> Array:
    """Probability of each tag for an enrolment of each cell.

    Of the enrolments of a cell, 1 − exp(−L) were caused by promotion (L: the planted log lift);
    channels share them, and the credit for the others, as they share L.

    Parameters
    ----------
    where : indices of n cells along (course, country, day)

    Returns
    -------
    (n, tags + 1) rows sum to 1; the last column is "none"
    """
    by_tag = np.zeros((len(where[0]), len(world.tags)))
    for column, tag in enumerate(world.tags):
        by_tag[:, column] = world.log_lift(tag=tag)[where]
    total = world.log_lift()[where]
    caused, rule = -np.expm1(-total), world.last_touch
    seen = caused * rule.caught + (1 - caused) * rule.credited * np.minimum(total, 1)
    by_tag *= np.divide(seen, total, out=np.zeros_like(total), where=total > 0)[:, None]
    return np.column_stack([by_tag, 1 - by_tag.sum(axis=1)])


def _course_shocks(world: World, rng: np.random.Generator) -> Array:
    """(courses, weeks): the shared weeks, each course's own weeks, and differential trends."""
    shocks, number = world.shocks, len(world.courses)
    week = weeks(world.start, world.days)
    periods = int(week[-1]) + 1
    sd = np.full(number, shocks.course_sd)
    if shocks.course_sd_spread:
        sd *= np.exp(shocks.course_sd_spread * rng.standard_normal(number))
    if shocks.promoted_sd is not None:
        sd[world.promoted] = shocks.promoted_sd
    shared = ar1(rng, np.array([shocks.week_sd]), periods, shocks.week_rho, shocks.tail_dof)
    own = ar1(rng, sd, periods, shocks.course_rho, shocks.tail_dof)
    slope = shocks.slope_sd * rng.standard_normal(number) + shocks.promoted_slope * world.promoted
    since = np.arange(periods) - week[world.anchor]
    total: Array = shared + own + slope[:, None] * since
    return total


def _country_shocks(world: World, rng: np.random.Generator) -> Array:
    """(countries, weeks), common to all courses."""
    shocks, number = world.shocks, len(world.countries)
    periods = int(weeks(world.start, world.days)[-1]) + 1
    sd, tail = np.full(number, shocks.country_sd), shocks.tail_dof
    own = ar1(rng, sd, periods, shocks.country_rho, tail)
    arm = ar1(rng, np.array([shocks.arm_sd]), periods, shocks.arm_rho, tail)
    total: Array = own + arm * np.any(world.arm_a, axis=0, keepdims=True).T
    return total


def _mixing(world: World, rng: np.random.Generator) -> Array:
    shocks, number = world.shocks, len(world.courses)
    week = weeks(world.start, world.days)
    of_week, of_day = over_dispersion(shocks.weekly_alpha, shocks.daily_alpha, world.weekdays)
    by_week = gamma(rng, (number, int(week[-1]) + 1), of_week)
    by_day = gamma(rng, (number, world.days), of_day)
    mixing: Array = by_week[:, week] * by_day
    return mixing
