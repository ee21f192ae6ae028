"""Weeks on and off by chance: coverage and power of the row that compares them.

`python tests/calibration/switched.py [WORLDS] [SEED] [--write]` prints the table and, if asked,
writes it into the README beside it. Weeks are drawn anew for every five worlds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from evaluator.comparisons import Comparison, Planned, weeks_drawn
from evaluator.comparisons.design import WINDOW
from evaluator.effects import Setting, estimate_many
from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import Course, Others, Protocol, Question, Span, Wave
from evaluator.planning.assignment import Units, switchback
from evaluator.resampling.simulate import Simulated, simulate
from evaluator.resampling.worlds import Pulse, World
from tests.calibration.designed import (
    CHANNELS,
    HISTORY,
    START,
    Draw,
    base_world,
    protocol_of,
    resolved,
)
from tests.calibration.written import write

LEVEL, BATCH = 0.95, 5
LIFT = 0.4
"""Log lift of a week, for a course that responds as the mean course does."""

On = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Design:
    """How many courses, in how many couples of weeks, and how far these are apart."""

    courses: int
    couples: int
    apart: int = 1
    """Weeks from the first day of one to that of the next."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What is planted in a week that is on."""

    lift: float = 0.0
    left: float = 0.0
    """Share of the log lift that is left a week later."""


@dataclass(slots=True)
class Tally:
    """How often the interval held the truth and excluded no effect, and where it lay."""

    covered: int = 0
    found: int = 0
    worlds: int = 0
    half_width: float = 0.0
    bias: float = 0.0
    truth: float = 0.0


def recover(worlds: int, seed: int, design: Design, planted: Planted) -> Tally:
    """The tally of one design over free worlds."""
    tally = Tally()
    for number, own in enumerate(np.random.SeedSequence(seed).spawn(-(-worlds // BATCH))):
        rng, base = np.random.default_rng(own), base_world()
        codes = base.courses[: design.courses]
        on = switchback(Units(codes), 2 * design.couples, (seed, number))
        world = replace(base, pulses=tuple(_pulses(on, planted, design.apart)))
        batch = [simulate(world, rng) for _ in range(min(BATCH, worlds))]
        protocol = _protocol(base, codes, on, design.apart)
        (row,) = weeks_drawn.planned(resolved(protocol, batch[0]), CHANNELS[0])
        _tally(tally, row, world, batch)
    return tally


def _first_day(week: int) -> int:
    return 7 * (HISTORY + week)


def _responses(courses: int) -> NDArray[np.float64]:
    """Courses respond unlike each other, alike in every world."""
    return np.random.default_rng(7).uniform(0.6, 1.4, courses)


def _pulses(on: On, planted: Planted, apart: int) -> Iterator[Pulse]:
    a_day = planted.left ** (1 / 7)
    everywhere = np.ones(len(base_world().countries))
    for course, response in enumerate(_responses(len(on))):
        lift = planted.lift * response * everywhere
        for week in np.flatnonzero(on[course]).tolist():
            first = _first_day(apart * week)
            name = f"{course}-{week}"
            yield Pulse(name, "facebook_ads", None, course, first, first + 6, lift, a_day)


def _protocol(world: World, codes: tuple[str, ...], on: On, apart: int) -> Protocol:
    days = [START + timedelta(_first_day(apart * week)) for week in range(on.shape[1])]
    waves = tuple(
        Wave(f"{code}-{week}", "facebook_ads", (code,), False, Span(day, day + timedelta(6)))
        for code, own in zip(codes, on, strict=True)
        for week, day in enumerate(days)
        if own[week]
    )
    couples = tuple(
        (first.isoformat(), second.isoformat())
        for first, second in zip(days[::2], days[1::2], strict=True)
    )
    return replace(
        protocol_of(world, Draw((), (), ())),
        courses=tuple(Course(code, code) for code in codes),
        others=Others(world.courses[len(codes) :]),
        arms=None,
        waves=waves,
        questions=(Question.CHANNELS,),
        assignment=Assignment(weeks=Drawn(AssignmentRule.STRATIFIED, couples)),
    )


def _tally(tally: Tally, row: Planned, world: World, batch: list[Simulated]) -> None:
    comparison = row.comparison
    assert isinstance(comparison, Comparison)
    counts = np.stack([one.counts for one in batch]).astype(float).sum(axis=2, keepdims=True)
    treated = len(comparison.series)
    filled = replace(comparison, treated=counts[:, :treated], other=counts[:, treated:])
    many = estimate_many(filled, row.key, Setting(LEVEL))
    assert not many.refused.any()
    # Of a wave in its own week; what an earlier one left there is not the row's.
    own = [pulse.log_lift[0] for pulse in world.pulses]
    by_course = np.bincount([pulse.course for pulse in world.pulses], own) / (
        (comparison.codes == WINDOW).sum(axis=1) / 7
    )
    true = float(by_course.mean())
    tally.worlds += len(batch)
    tally.covered += int(((many.low <= true) & (true <= many.high)).sum())
    tally.found += int((many.p <= 1 - LEVEL).sum())
    tally.half_width += float((many.high - many.low).sum() / 2)
    tally.bias += float((many.log_lift - true).sum())
    tally.truth += true * len(batch)


DESIGNS: Mapping[str, Design] = {
    "twelve courses, six couples of weeks": Design(12, 6),
    "twelve courses, three couples, every second week": Design(12, 3, 2),
    "six courses, three couples, every second week": Design(6, 3, 2),
    "three courses, three couples, every second week": Design(3, 3, 2),
    "twelve courses, one couple": Design(12, 1),
}
KINDS: Mapping[str, Planted] = {
    "nothing planted": Planted(),
    "lifts": Planted(LIFT),
    "lifts, a quarter left a week later": Planted(LIFT, 0.25),
    "lifts, half left a week later": Planted(LIFT, 0.5),
}


def table(worlds: int, seed: int) -> str:
    """A line for each design and each kind of world."""
    lines = [
        "| design | world | true lift | coverage | p ≤ .05 | half-width, log | bias, log |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for name, design in DESIGNS.items():
        for kind, planted in KINDS.items():
            own = recover(worlds, seed, design, planted)
            shares = [n / own.worlds for n in (own.covered, own.found, own.half_width, own.bias)]
            told = " | ".join(f"{share:.3f}" for share in shares)
            lines.append(f"| {name} | {kind} | ×{np.exp(own.truth / own.worlds):.2f} | {told} |")
    return "\n".join(lines)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:] if argument != "--write"]
    worlds, seed = (*given, *(1000, 20)[len(given) :])
    begun = time.monotonic()
    text = table(worlds, seed)
    took = f"{(time.monotonic() - begun) / 60:.0f} minutes"
    text = f"R = {worlds:,} worlds of each kind, seed {seed}; {took}.\n\n{text}"
    print(text)
    if "--write" in sys.argv:
        write("switched", text)
