"""Worlds in which an assumption is broken on purpose, and the finding that is to notice it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from evaluator.comparisons import ALL
from evaluator.resampling.worlds import Pulse, Shocks, World
from tests.worlds import Mask, Small, planted, protocol_of, world_of

SMALL = Small(others=20, countries=16, in_a=8, history=60)
"""A year before the reference, so that last year's season can be looked at."""
LIFTS = tuple(np.log([1.5, 2.0, 3.0]))
QUIET = Shocks(week_sd=0, course_sd=0, country_sd=0, weekly_alpha=0, daily_alpha=0)
RowName = tuple[str, str]
"""Method and course (or channel) of a row that decides."""
THESE, RATIO = ("these_courses", ALL), ("size_adjusted_ratio", "P0")
TRIPLE, ARMS = ("triple_difference", ALL), ("arms_wider", "P0")
ITS, CHANNEL = ("controlled_its", ALL), ("channel_mean", "ads")
ROWS = (THESE, RATIO, TRIPLE, ARMS, ITS, CHANNEL)


@dataclass(frozen=True, slots=True)
class Violation:
    """An assumption that is broken, and by what."""

    row: RowName
    """Whose estimate it biases."""
    own: tuple[str, ...]
    """Findings that are to notice it."""
    broken: Callable[[World, float], World]
    unit: str
    """What the strength is, formatted with it."""
    most: float = 3.0
    """Largest strength tried."""
    truth: float = 0.0
    """What a unit of strength truly adds to the row's estimand."""


def clean_world(shocks: Shocks | None = None) -> World:
    return planted(world_of(SMALL, shocks), protocol_of(SMALL), LIFTS, 1.2, 0.0)


def _last_days(world: World, weeks: int) -> slice:
    return slice(world.anchor - 7 * weeks, world.anchor)


def _moved(
    world: World,
    log_factor: float,
    days: slice,
    courses: Mask | None = None,
    units: Mask | None = None,
) -> World:
    """The world with a log factor on some days of some courses and countries (None: all)."""
    calendar = np.zeros((len(world.courses), len(world.countries), world.days))
    if world.calendar is not None:
        calendar += world.calendar
    where = np.ix_(
        np.flatnonzero(np.ones(len(world.courses), bool) if courses is None else courses),
        np.flatnonzero(np.ones(len(world.countries), bool) if units is None else units),
        np.arange(world.days)[days],
    )
    calendar[where] += log_factor
    return replace(world, calendar=calendar)


def _lasting(world: World, log_lift: float, units: Mask) -> World:
    """A lift of the promoted courses in some countries, through the whole window."""
    chosen = np.where(units, log_lift, 0.0)
    last = world.days - 1
    more = tuple(
        Pulse("lasting", "ads", None, int(course), world.anchor, last, chosen, 0.0)
        for course in np.flatnonzero(world.promoted)
    )
    return replace(world, pulses=(*world.pulses, *more))


def _trend(world: World, strength: float) -> World:
    return replace(world, shocks=replace(world.shocks, promoted_slope=strength))


def _arm_shock(world: World, strength: float) -> World:
    return _moved(world, strength, slice(world.anchor, None), units=world.arm_a[0])


def _spill_over(world: World, strength: float) -> World:
    """×2 in arm A, and a part of it in arm B, which was not to be reached."""
    return _lasting(_lasting(world, np.log(2), world.arm_a[0]), strength, ~world.arm_a[0])


def _holiday(world: World, strength: float) -> World:
    """Three weeks of the window at .4 of the rest in all courses; promoted ones fall by more."""
    days = slice(world.anchor + 28, world.anchor + 49)
    world = _moved(world, float(np.log(0.4)), days)
    return _moved(world, -strength, days, courses=world.promoted)


def _launch(world: World, strength: float) -> World:
    """The first course opens with the reference, which nobody declared, and bursts."""
    opens = world.opens.copy()
    opens[0] = world.anchor - 7 * SMALL.reference
    launch = replace(world.launch, peak=1 + strength)
    return replace(world, opens=opens, launch=launch)


def _deadline(world: World, strength: float) -> World:
    """A week of the window at ×2.5 in all courses, of which promoted ones have more."""
    days = slice(world.anchor + 28, world.anchor + 35)
    return _moved(_moved(world, float(np.log(2.5)), days), strength, days, courses=world.promoted)


def _wrong_list(world: World, strength: float) -> World:
    """A lift in the true arm A, of which two countries stand in B's list and two of B's in A's."""
    true = world.arm_a[0].copy()
    inside, outside = np.flatnonzero(true), np.flatnonzero(~true)
    true[inside[[2, 5]]], true[outside[[2, 5]]] = False, True
    return _lasting(world, strength, true)


def _anticipated(world: World, strength: float) -> World:
    return _moved(world, strength, _last_days(world, 2), courses=world.promoted)


def _cannibalised(world: World, strength: float) -> World:
    """Promoted courses at ×3 throughout, so that there is enough to have been taken."""
    world = _lasting(world, np.log(3), np.ones(len(world.countries), dtype=bool))
    return _moved(world, -strength, slice(world.anchor, None), courses=~world.promoted)


VIOLATIONS: Mapping[str, Violation] = {
    "differential trend": Violation(
        THESE, ("parallel before the window",), _trend, "{:+.2%} a week", most=0.2
    ),
    "A-wide shock": Violation(ARMS, ("arms of the other courses",), _arm_shock, "×{exp:.2f}"),
    "spill-over": Violation(
        ARMS, ("enrolments in the wrong arm",), _spill_over, "×{exp:.2f} in arm B, ×2 in arm A"
    ),
    "holiday in the window": Violation(
        THESE,
        ("holiday in the window",),
        _holiday,
        "three weeks at ×.40, promoted ×{fall:.2f} more",
    ),
    "launch week": Violation(
        RATIO,
        ("launch in the reference", "parallel before the window"),
        _launch,
        "burst to ×{peak:.2f}, not declared",
        most=20.0,
    ),
    "deadline": Violation(
        THESE,
        ("calendar of the other courses",),
        _deadline,
        "a week at ×2.5, promoted ×{exp:.2f} more",
    ),
    "mis-classified arm": Violation(
        ARMS,
        ("enrolments in the wrong arm",),
        _wrong_list,
        "two of eight countries in each list, lift ×{exp:.2f}",
        truth=1.0,
    ),
    "anticipation": Violation(THESE, ("anticipation",), _anticipated, "×{exp:.2f} for two weeks"),
    "cannibalisation": Violation(
        THESE,
        ("cannibalisation",),
        _cannibalised,
        "promoted ×3 throughout, other courses ×{fall:.2f}",
    ),
}
