"""The successor of experiment no. 2 as a declaration and as a truth.

Twelve promoted courses (the seven and five more), twenty that only the portfolio's newsletter
reaches, ten left out of every promotion; Facebook Ads in arm A alone, A one of each pair of
countries; both orders on Facebook, one of each pair of courses paid first; posts and newsletter
apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import (
    Arms,
    Channel,
    Course,
    DataKind,
    Listed,
    Others,
    Protocol,
    Question,
    Reference,
    Span,
    Wave,
)
from evaluator.resampling.flagship import flagship_world
from evaluator.resampling.shocks import season
from evaluator.resampling.simulate import Simulated, as_panel
from evaluator.resampling.worlds import Pulse, World
from evaluator.resolve import Resolved

START, HISTORY, WEEKS = date(2023, 1, 30), 34, 12
PROMOTED, LEFT_OUT, COUNTRIES = 12, 10, 40
SLOTS = (0, 14, 28)
"""Day of the window on which the first waves of two pairs of courses begin."""
APART, NEWSLETTER = 21, 70
"""Days from a course's first wave to its second: nearer by a week, the second wave would fall on
the second week after the first, and the two would be one column. Day of the newsletter."""
PAID, POSTS, MAIL = 0.9, 0.45, 0.45
"""Log lifts of a wave while it runs; the newsletter's is that of other courses too."""
PRIMED = 1.0
"""Log lift that posts gain in arm A where they come after the advertisements."""
CARRY_OVER = 0.85
QUESTIONS = (
    Question.PROMOTED_VS_OTHER,
    Question.A_VS_B,
    Question.CHANNELS,
    Question.PORTFOLIO,
    Question.ORDER,
)
CHANNELS = (
    Channel("facebook_ads", "paid", "Facebook"),
    Channel("posts", "organic", "Facebook page"),
    Channel("newsletter", "email"),
)


@dataclass(frozen=True, slots=True)
class Lifts:
    """What is planted."""

    all: float = 1.0
    """Factor on every log lift: 0 is the null."""
    primed: float = PRIMED


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """What chance decided."""

    pairs: tuple[tuple[str, str], ...]
    """Of courses: the first has paid promotion first."""
    arm_a: tuple[str, ...]
    left_out: tuple[str, ...]
    pairs_of_countries: tuple[tuple[str, str], ...] = field(default=())


def base_world() -> World:
    """The flagship's courses in their second year: all are open, nothing is promoted yet."""
    world = flagship_world()
    shares = world.shares[:, :COUNTRIES] / world.shares[:, :COUNTRIES].sum(axis=1, keepdims=True)
    days = 7 * (HISTORY + WEEKS)
    return replace(
        world,
        countries=world.countries[:COUNTRIES],
        start=START,
        days=days,
        promoted=np.arange(len(world.courses)) < PROMOTED,
        opens=np.zeros(len(world.courses), dtype=np.intp),
        shares=shares,
        arm_a=np.zeros((len(world.courses), COUNTRIES), dtype=bool),
        season=season(START, days),
        anchor=7 * HISTORY,
    )


def drawn(world: World, rng: np.random.Generator) -> Draw:
    """Pairs of courses by size and of countries by size; whom chance left out."""
    order = sorted(range(PROMOTED), key=lambda course: -world.levels[course])
    pairs = tuple(
        _shuffled([world.courses[c] for c in order[i : i + 2]], rng) for i in range(0, PROMOTED, 2)
    )
    sizes = np.argsort(-world.shares.mean(axis=0), kind="stable")
    countries = tuple(
        _shuffled([world.countries[c] for c in sizes[i : i + 2]], rng)
        for i in range(0, COUNTRIES, 2)
    )
    rest = rng.permutation(np.array(world.courses[PROMOTED:]))
    kept = tuple(sorted(str(code) for code in rest[:LEFT_OUT]))
    return Draw(pairs, tuple(pair[0] for pair in countries), kept, countries)


def switched(draw: Draw) -> Draw:
    """Every course in its other order."""
    return replace(draw, pairs=tuple((second, first) for first, second in draw.pairs))


def _shuffled(pair: list[str], rng: np.random.Generator) -> tuple[str, str]:
    first = int(rng.integers(2))
    return pair[first], pair[1 - first]


def protocol_of(world: World, draw: Draw) -> Protocol:
    """The declared successor."""
    window = _days(0, 7 * WEEKS)
    by_order = Drawn(AssignmentRule.MATCHED_PAIRS, draw.pairs)
    by_country = Drawn(AssignmentRule.MATCHED_PAIRS, draw.pairs_of_countries)
    return Protocol(
        name="successor",
        title="The successor of experiment no. 2",
        path=Path("experiment.toml"),
        as_of=window.end,
        timezone="UTC",
        data_kind=DataKind.SYNTHETIC,
        seed=1,
        window=window,
        courses=tuple(Course(code, code) for code in world.courses[:PROMOTED]),
        others=Others(world.courses[PROMOTED:], left_out=draw.left_out),
        arms=Arms(Listed(draw.arm_a)),
        channels=CHANNELS,
        waves=tuple(_waves(draw)),
        sources=(),
        questions=QUESTIONS,
        reference=Reference(sensitivity=()),
        assignment=Assignment(1, Drawn(AssignmentRule.SIMPLE), by_country, by_order),
    )


def _waves(draw: Draw) -> Iterator[Wave]:
    for number, pair in enumerate(draw.pairs):
        slot = SLOTS[number % len(SLOTS)]
        for code, days in zip(pair, ((slot, slot + APART), (slot + APART, slot)), strict=True):
            ads, posts = (_days(day, 7) for day in days)
            yield Wave(f"ads-{code}", "facebook_ads", (code,), False, ads, ("A",))
            yield Wave(f"posts-{code}", "posts", (code,), False, posts)
    yield Wave("newsletter", "newsletter", (), portfolio=True, span=_days(NEWSLETTER, 7))


def _days(first: int, days: int) -> Span:
    start = START + timedelta(7 * HISTORY + first)
    return Span(start, start + timedelta(days - 1))


def planted(world: World, draw: Draw, lifts: Lifts) -> World:
    """The world with a lift in every wave, had chance decided so."""
    in_a = np.isin(world.countries, draw.arm_a)
    paid_first = {pair[0] for pair in draw.pairs}
    rng = np.random.default_rng(7)  # courses respond unlike each other, alike in both orders
    response = dict(zip(world.courses, rng.uniform(0.6, 1.4, len(world.courses)), strict=True))
    pulses = []
    for wave in _waves(draw):
        to_all = [c for c in world.courses if c not in draw.left_out]
        for code in wave.courses or to_all:
            strength = {"facebook_ads": PAID, "posts": POSTS, "newsletter": MAIL}[wave.channel]
            lift = strength * response[code] * np.where(in_a, 1.0, float("B" in wave.arms))
            if wave.channel == "posts" and code in paid_first:
                lift = lift + lifts.primed * in_a
            first, last = ((day - START).days for day in (wave.span.start, wave.span.end))
            row = world.courses.index(code)
            pulse = Pulse(
                wave.id, wave.channel, None, row, first, last, lifts.all * lift, CARRY_OVER
            )
            pulses.append(pulse)
    return replace(world, pulses=tuple(pulses))


def resolved(protocol: Protocol, simulated: Simulated) -> Resolved:
    """The declaration as if it had met these counts in files."""
    reached = tuple(c for c in protocol.others.codes if c not in protocol.others.left_out)
    rule = protocol.arms.rule if protocol.arms else None
    listed = rule.countries if isinstance(rule, Listed) else ()
    return Resolved(
        protocol=protocol,
        panel=as_panel(simulated),
        promoted=tuple(course.code for course in protocol.courses),
        others=reached,
        arm_a={course.code: listed for course in protocol.courses},
        first_day={course.code: START for course in protocol.courses},
        findings=(),
        left_out=protocol.others.left_out,
    )
