"""The worlds of the coverage study: those of the measured series, and fresh ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from evaluator.experiment.protocol import Event, Protocol
from evaluator.resampling.worlds import Shocks, World
from tests.worlds import Array, Small, planted, protocol_of, world_of

HARSH = Shocks(course_sd=0.2, country_sd=0.2, weekly_alpha=0.05, daily_alpha=0.08)
DEADLINES = Shocks(course_sd=0.3, weekly_alpha=0.08, daily_alpha=0.1)
"""Of statistics.md section 5: the harsher worlds of the first study, and deadline weeks."""

PEAK = np.log([1.8, 5.6])
LIFTS = tuple(np.log([1.5, 2.0, 3.0, 2.0, 1.5]))

Calendar = Callable[[World, np.random.Generator], Array]


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of world: sizes, shocks, lifts planted in the waves, and what else happens."""

    small: Small = field(default_factory=Small)
    shocks: Shocks = field(default_factory=Shocks)
    lifted: bool = True
    carry_over: float = 0.0
    """Share of a log lift left a week later."""
    calendar: Calendar | None = None
    """Drawn anew in every world."""
    declares: Mapping[str, Any] = field(default_factory=dict)
    """What else the declaration says."""

    @property
    def protocol(self) -> Protocol:
        return protocol_of(self.small, **self.declares)

    def world(self) -> World:
        lifts = LIFTS[: self.small.promoted]
        world = world_of(self.small, self.shocks)
        if not self.lifted:
            return world
        return planted(world, self.protocol, lifts, 1.2, self.carry_over)

    def drawn(self, world: World, rng: np.random.Generator) -> World:
        """The world with its calendar, which is drawn."""
        return replace(world, calendar=self.calendar(world, rng)) if self.calendar else world


def peaks(world: World, rng: np.random.Generator) -> Array:
    """A deadline in a week that differs by course, about the middle of the window."""
    courses, weeks = len(world.courses), world.days // 7
    first = world.anchor // 7
    middle = first + (weeks - first - 1) // 2
    week = np.minimum(middle + rng.integers(-2, 3, courses), weeks - 1)
    calendar = np.zeros((courses, 1, world.days))
    for course, height in enumerate(rng.uniform(PEAK[0], PEAK[1], courses)):
        calendar[course, :, 7 * week[course] : 7 * week[course] + 7] = height
    return calendar


def break_of_a(world: World, rng: np.random.Generator) -> Array:
    """Three weeks in which arm A's countries enrol half as much, in the base or in the window."""
    calendar = np.zeros((1, len(world.countries), world.days))
    start = world.anchor + 7 * int(rng.integers(-8, 10))
    calendar[0, world.arm_a[0], start : start + 21] = np.log(0.5)
    return calendar


def _deadline(small: Small) -> Mapping[str, Any]:
    return {"deadlines": (Event("deadline", small.span),)}


SHORT, WEEK = Small(window=4), Small(window=1)
CASES: Mapping[str, Case] = {
    # Worlds of the measured series.
    "ordinary weeks, no lift": Case(lifted=False),
    "ordinary weeks": Case(),
    "— one-week window": Case(WEEK),
    "deadline weeks": Case(shocks=DEADLINES, calendar=peaks, declares=_deadline(Small())),
    "— four-week window": Case(SHORT, shocks=DEADLINES, calendar=peaks, declares=_deadline(SHORT)),
    "— one-week window, deadline": Case(
        WEEK, shocks=DEADLINES, calendar=peaks, declares=_deadline(WEEK)
    ),
    "— four-week window, not declared": Case(SHORT, shocks=DEADLINES, calendar=peaks),
    "harsher, ρ 0": Case(shocks=replace(HARSH, course_rho=0.0, country_rho=0.0)),
    "harsher, ρ .7": Case(shocks=replace(HARSH, course_rho=0.7, country_rho=0.7)),
    # Fresh ones.
    "harsher, ρ .9": Case(shocks=replace(HARSH, course_rho=0.9, country_rho=0.9)),
    "heavy tails: t(3)": Case(shocks=replace(HARSH, tail_dof=3.0)),
    "unequal course noise, ×÷ 1.8": Case(shocks=replace(HARSH, course_sd_spread=0.6)),
    "carry-over .35 a week": Case(carry_over=0.35),
    "carry-over .7 a week": Case(carry_over=0.7),
    "two promoted courses": Case(Small(promoted=2)),
    "five promoted courses": Case(Small(promoted=5)),
    "lists of A differ by course": Case(Small(lists_differ=True), shocks=HARSH),
    "A of six countries": Case(Small(in_a=6), shocks=HARSH),
    "A of four countries": Case(Small(in_a=4), shocks=HARSH),
    "A-wide shock sd .2, ρ .7": Case(shocks=Shocks(arm_sd=0.2)),
    "A with its own calendar": Case(calendar=break_of_a),
    "small counts: 5 a week": Case(Small(level=5.0)),
    "small counts: 2 a week": Case(Small(level=2.0)),
    "four reference weeks": Case(Small(history=4, reference=4)),
    "twelve other courses": Case(Small(others=12)),
    "trends of sd .02 a week": Case(shocks=Shocks(slope_sd=0.02)),
}
