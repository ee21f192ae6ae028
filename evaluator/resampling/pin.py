"""Pinned worlds: the same draws given totals that are known.

Given their total, independent Poisson counts are multinomial with probabilities proportional to
their rates, so totals are met by drawing conditionally, never by moving counts afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from evaluator.resampling.simulate import (
    Counts,
    Simulated,
    rates,
    tag_probabilities,
    tagged,
    with_promotion,
)
from evaluator.resampling.worlds import Array, Pulse, World


@dataclass(frozen=True, slots=True)
class TagTotal:
    """Enrolments that carry a tag, over some courses and all days."""

    tag: str
    courses: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What is known.

    Parameters
    ----------
    window : day indices over which `by_course` is counted
    by_course : course → total in the window
    by_tag : totals by tag; courses must be in `by_course`, and only the last may name several
    earlier : day indices before the window over which `portfolio` is counted
    portfolio : total over the courses open on the first of those days
    """

    window: slice
    by_course: Mapping[str, int]
    by_tag: tuple[TagTotal, ...]
    earlier: slice
    portfolio: int


def pin(
    world: World, totals: Totals, rng: np.random.Generator
) -> tuple[Simulated, tuple[str, ...], Counts]:
    """Draw one world given `totals`.

    Planted lifts are first scaled, course by course, until the expected total of the window is
    the given one: so the truth (`mean`, `base`) agrees with what was counted.

    Returns
    -------
    simulated : counts, mean and base; its world has the scaled lifts
    labels, counts : tags and (tags, courses, countries, days), as `tagged` gives them

    Raises
    ------
    ValueError : a total that no positive multiple of the planted lifts can give, several totals
        by tag that span courses, or a tag that is left outside the window
    """
    if any(len(pinned.courses) > 1 for pinned in totals.by_tag[:-1]):
        raise ValueError("only the last total by tag may span several courses")
    _check_inside(world, totals)
    base, _, mixing = rates(world, rng)
    world = matched(world, base, totals)
    mean = with_promotion(world, base)
    rate = mean * mixing[:, None, :]
    counts = rng.poisson(rate)
    open_then = np.flatnonzero(world.opens <= totals.earlier.start)
    counts[open_then, :, totals.earlier] = _multinomial(
        totals.portfolio, rate[open_then, :, totals.earlier], rng
    )
    labels, by_tag = tagged(Simulated(world, counts, mean, base), rng)
    for course, drawn in _windows(world, rate, totals, rng).items():
        by_tag[:, course, :, totals.window] = drawn
    return Simulated(world, by_tag.sum(axis=0), mean, base), labels, by_tag


def matched(world: World, base: Array, totals: Totals) -> World:
    """The world with the lifts of each course scaled to its expected total in the window."""
    log_lift = world.log_lift()
    factor = np.ones(len(world.courses))
    for code, total in totals.by_course.items():
        course = world.courses.index(code)
        here = (course, slice(None), totals.window)
        factor[course] = _scale(base[here], log_lift[here], total, code)
    pulses = tuple(_scaled(pulse, factor[pulse.course]) for pulse in world.pulses)
    return replace(world, pulses=pulses)


def allocate(total: int, sizes: Counts, odds: Array, rng: np.random.Generator) -> Counts:
    """Independent binomials given their sum, drawn exactly.

    Only odds ratios matter given the sum, so the odds are first tilted until the expected sum is
    `total`; then the convolved probabilities are walked from the last binomial to the first.

    Parameters
    ----------
    sizes : (n,) sizes of the binomials
    odds : (n,) p / (1 − p)

    Returns
    -------
    (n,) draws that sum to `total`
    """
    from scipy.optimize import brentq
    from scipy.stats import binom

    def chance(tilt: float) -> Array:
        tilted: Array = odds * np.exp(tilt) / (1 + odds * np.exp(tilt))
        return tilted

    p = chance(brentq(lambda tilt: float(sizes @ chance(tilt)) - total, -50, 50))
    mass = [binom.pmf(np.arange(n + 1), n, q) for n, q in zip(sizes, p, strict=True)]
    partial = [mass[0]]
    for more in mass[1:]:
        partial.append(np.convolve(partial[-1], more))
    drawn, left = np.zeros(len(sizes), dtype=np.int64), total
    for i in range(len(sizes) - 1, 0, -1):
        own = np.arange(max(0, left - len(partial[i - 1]) + 1), min(int(sizes[i]), left) + 1)
        weight = mass[i][own] * partial[i - 1][left - own]
        drawn[i] = rng.choice(own, p=weight / weight.sum())
        left -= drawn[i]
    drawn[0] = left
    return drawn


def _windows(
    world: World, rate: Array, totals: Totals, rng: np.random.Generator
) -> dict[int, Counts]:
    """Course → (tags, countries, days) counts in the window that meet every total."""
    courses = [world.courses.index(code) for code in totals.by_course]
    sizes = np.array(list(totals.by_course.values()))
    days = np.arange(world.days)[totals.window]
    cells = []
    for course in courses:
        country, day = np.indices((len(world.countries), len(days))).reshape(2, -1)
        where = (np.full(country.size, course), country, days[day])
        cells.append((tag_probabilities(world, where) * rate[where][:, None]).T)
    of_tag = _tags(world, totals, np.array([cell.sum(axis=1) for cell in cells]), rng)
    shape = (-1, len(world.countries), len(days))
    drawn = {}
    for course, cell, given, size in zip(courses, cells, of_tag, sizes, strict=True):
        pinned = given >= 0
        free = np.where(pinned[:, None], 0.0, cell)
        counts = _multinomial(int(size - given[pinned].sum()), free, rng)
        for tag in np.flatnonzero(pinned):
            counts[tag] = _multinomial(int(given[tag]), cell[tag], rng)
        drawn[course] = counts.reshape(shape)
    return drawn


def _tags(world: World, totals: Totals, rate: Array, rng: np.random.Generator) -> Counts:
    """(courses, tags) counts of the pinned tags; −1 where a tag is not pinned.

    `rate` is (courses, tags) over the window. A tag pinned in one course is taken out of its
    total and of its rate; the tag pinned over several is then split given what is left.
    """
    codes = list(totals.by_course)
    left = np.array(list(totals.by_course.values()))
    given = np.full(rate.shape, -1, dtype=np.int64)
    rest = rate.sum(axis=1)
    for pinned in totals.by_tag:
        rows = [codes.index(code) for code in pinned.courses]
        tag = world.tags.index(pinned.tag)
        odds = rate[rows, tag] / (rest[rows] - rate[rows, tag])
        given[rows, tag] = allocate(pinned.total, left[rows], odds, rng)
        left[rows] -= given[rows, tag]
        rest[rows] -= rate[rows, tag]
    return given


def _check_inside(world: World, totals: Totals) -> None:
    outside = np.ones(world.days, dtype=bool)
    outside[totals.window] = False
    for pinned in totals.by_tag:
        rows = [world.courses.index(code) for code in pinned.courses]
        if world.log_lift(tag=pinned.tag)[rows][:, :, outside].any():
            raise ValueError(f"{pinned.tag} is left outside the window of {pinned.courses}")


def _scale(base: Array, log_lift: Array, total: int, code: str) -> float:
    from scipy.optimize import brentq

    def excess(factor: float) -> float:
        return float((base * np.exp(factor * log_lift)).sum()) - total

    if excess(0.0) >= 0 or excess(10.0) <= 0:
        raise ValueError(f"no multiple of the planted lifts gives {code} a total of {total}")
    factor: float = brentq(excess, 0.0, 10.0, xtol=1e-12)
    return factor


def _scaled(pulse: Pulse, factor: float) -> Pulse:
    return replace(pulse, log_lift=pulse.log_lift * factor)


def _multinomial(total: int, rate: Array, rng: np.random.Generator) -> Counts:
    """Counts of the shape of `rate` that sum to `total`."""
    probability = (rate / rate.sum()).ravel()
    return rng.multinomial(total, probability).reshape(rate.shape)
