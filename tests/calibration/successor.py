"""What the successor of experiment no. 2 identifies: coverage and power of the rows it gains.

`python tests/calibration/successor.py [WORLDS] [SEED] [--write]` prints the table and, if asked,
writes it into the README beside it. Twelve promoted courses (the seven and five more), twenty that
only the portfolio's newsletter reaches, ten left out of every promotion; Facebook Ads in arm A
alone, A one of each pair of countries; both orders on Facebook, one of each pair of courses paid
first; posts and newsletter apart. All three drawn anew for every batch of worlds.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from evaluator.comparisons import ALL, Comparison, Planned, left_out, planned_rows
from evaluator.comparisons.design import WINDOW
from evaluator.effects import Setting, estimate_many
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
from evaluator.resampling.simulate import Simulated, as_panel, simulate
from evaluator.resampling.worlds import Pulse, World
from evaluator.resolve import Resolved
from evaluator.results import RowRole
from tests.calibration.written import write

LEVEL = 0.95
START, HISTORY, WEEKS = date(2023, 1, 30), 34, 12
PROMOTED, LEFT_OUT, COUNTRIES = 12, 10, 40
BATCH = 25
SLOTS = (0, 14, 28)
"""Day of the window on which the first waves of two pairs of courses begin."""
APART, NEWSLETTER = 14, 70
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

Array = NDArray[np.float64]
Name = tuple[str, str, str]
"""Question, channel, method."""


@dataclass(slots=True)
class Tally:
    """Of one row: how often its interval held the truth, excluded no effect, and how wide it is."""

    covered: int = 0
    found: int = 0
    refused: int = 0
    worlds: int = 0
    half_width: float = 0.0
    truth: float = 0.0


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


def recover(worlds: int, seed: int, lifts: Lifts) -> dict[Name, Tally]:
    """Tallies of the pooled rows over free worlds."""
    tallies: dict[Name, Tally] = defaultdict(Tally)
    for own in np.random.SeedSequence(seed).spawn(-(-worlds // BATCH)):
        rng = np.random.default_rng(own)
        base = base_world()
        draw = drawn(base, rng)
        protocol = protocol_of(base, draw)
        world = planted(base, draw, lifts)
        other_order = planted(base, switched(draw), lifts)
        batch = [simulate(world, rng) for _ in range(min(BATCH, worlds))]
        rows = planned_rows(resolved(protocol, batch[0]))
        counts = np.stack([one.counts for one in batch]).astype(float)
        truths = Truths(world, other_order, draw, batch)
        for planned in filter(tallied, rows):
            _tally(tallies, planned, counts, truths)
    return dict(tallies)


def tallied(planned: Planned) -> bool:
    """Rows over all courses that decide."""
    return (
        planned.role is RowRole.HEADLINE
        and not planned.descriptive
        and planned.key.course in (ALL, left_out.OTHERS)
        and isinstance(planned.comparison, Comparison)
    )


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


@dataclass(frozen=True, slots=True, eq=False)
class Truths:
    """The estimands on the means that the counts were drawn from, and who is compared."""

    world: World
    other_order: World
    draw: Draw
    batch: list[Simulated]

    def compared(self, comparison: Comparison) -> list[int]:
        """Rows of the courses that a comparison holds for other courses, told by their number."""
        codes = self.world.courses[PROMOTED:]
        kept = [code for code in codes if code in self.draw.left_out]
        reached = [code for code in codes if code not in self.draw.left_out]
        named = {len(kept): kept, len(reached): reached, len(codes): [*reached, *kept]}
        return [self.world.courses.index(c) for c in named[len(comparison.other)]]

    def of(self, planned: Planned) -> Array:
        """(batch,) the mean over the series."""
        comparison = planned.comparison
        assert isinstance(comparison, Comparison)
        if comparison.first is not None:
            return self._order(comparison)
        own = np.mean(
            [self._lift(planned, name, p) for p, name in enumerate(comparison.series)], axis=0
        )
        return np.asarray(own)

    def _lift(self, planned: Planned, name: str, position: int) -> Array:
        comparison = planned.comparison
        assert isinstance(comparison, Comparison)
        row = self.world.courses.index(name)
        days, rest = comparison.codes[position] == WINDOW, self.compared(comparison)
        channel = planned.key.channel if planned.key.question == "channels" else None
        if comparison.in_a is not None:
            in_a = comparison.in_a[position]
            off = [self._logs([row], days, u, channel) for u in (in_a, ~in_a)]
            pooled = [self._logs(rest, days, u, channel) for u in (in_a, ~in_a)]
            return np.asarray(off[0] - off[1] - pooled[0] + pooled[1])
        every = np.ones(COUNTRIES, dtype=bool)
        return self._logs([row], days, every, channel) - self._logs(rest, days, every, channel)

    def _logs(
        self,
        rows: list[int],
        days: NDArray[np.bool_],
        units: NDArray[np.bool_],
        channel: str | None,
    ) -> Array:
        """(batch,) log of the means over those without what is asked about."""
        used = np.ix_(np.array(rows), np.flatnonzero(units), np.flatnonzero(days))
        lift = lift_of(self.world, channel)[used]
        means = [one.mean[used] for one in self.batch]
        return np.array([np.log(m.sum() / (m * np.exp(-lift)).sum()) for m in means])

    def _order(self, comparison: Comparison) -> Array:
        """What these courses have with paid promotion first, over the same with organic first."""
        assert comparison.first is not None
        lifts = []
        for position, name in enumerate(comparison.series):
            row, days = self.world.courses.index(name), comparison.codes[position] == WINDOW
            own, other = (
                lift_of(world, None)[row][:, days] for world in (self.world, self.other_order)
            )
            sign = 1.0 if comparison.first[position] else -1.0
            bases = [one.base[row][:, days] for one in self.batch]
            lifts.append(
                [sign * np.log((b * np.exp(own)).sum() / (b * np.exp(other)).sum()) for b in bases]
            )
        return np.asarray(np.mean(lifts, axis=0))


_LIFTS: dict[tuple[int, str | None], tuple[World, Array]] = {}


def lift_of(world: World, channel: str | None) -> Array:
    """Planted log lift of a channel, or of all; the last few worlds' are kept."""
    key = (id(world), channel)
    if key not in _LIFTS or _LIFTS[key][0] is not world:
        while len(_LIFTS) > 8:
            _LIFTS.pop(next(iter(_LIFTS)))
        _LIFTS[key] = world, world.log_lift(channel=channel)
    return _LIFTS[key][1]


def _tally(tallies: dict[Name, Tally], planned: Planned, counts: Array, truths: Truths) -> None:
    comparison = planned.comparison
    assert isinstance(comparison, Comparison)
    many = estimate_many(_filled(comparison, counts, truths), planned.key, Setting(LEVEL))
    true = truths.of(planned)
    tally = tallies[planned.key.question, planned.key.channel, planned.key.method]
    kept = ~many.refused
    tally.worlds += len(true)
    tally.refused += int(many.refused.sum())
    tally.covered += int(((many.low <= true) & (true <= many.high))[kept].sum())
    tally.found += int((many.p <= 1 - LEVEL)[kept].sum())
    tally.half_width += float((many.high - many.low)[kept].sum() / 2)
    tally.truth += float(true.sum())


def _filled(comparison: Comparison, counts: Array, truths: Truths) -> Comparison:
    """The comparison with the counts of many draws of its world on a leading axis."""
    summed = counts if comparison.in_a is not None else counts.sum(axis=2, keepdims=True)

    def with_counts(own: Comparison) -> Comparison:
        rows = [truths.world.courses.index(name) for name in own.series]
        return replace(
            own,
            treated=summed[:, rows],
            other=summed[:, truths.compared(own)],
            companions=tuple(with_counts(companion) for companion in own.companions),
        )

    return with_counts(comparison)


SETTINGS: Mapping[str, Lifts] = {
    "nothing planted": Lifts(all=0.0, primed=0.0),
    "lifts, no order effect": Lifts(primed=0.0),
    "lifts and an order effect": Lifts(),
}


def table(found: Mapping[str, Mapping[Name, Tally]]) -> str:
    """A line for each row and each kind of world."""
    lines = [
        "| row | world | true lift | coverage | p ≤ .05 | half-width, log | refused |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for name in next(iter(found.values())):
        for setting, tallies in found.items():
            tally = tallies[name]
            kept = tally.worlds - tally.refused
            label = " · ".join(part for part in name if part != ALL)
            lines.append(
                f"| {label} | {setting} | ×{np.exp(tally.truth / tally.worlds):.2f}"
                f" | {tally.covered / max(kept, 1):.3f} | {tally.found / max(kept, 1):.3f}"
                f" | {tally.half_width / max(kept, 1):.3f} | {tally.refused} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:] if argument != "--write"]
    worlds, seed = (*given, *(1000, 20)[len(given) :])
    begun = time.monotonic()
    text = table({name: recover(worlds, seed, lifts) for name, lifts in SETTINGS.items()})
    took = f"{(time.monotonic() - begun) / 60:.0f} minutes"
    text = f"R = {worlds:,} worlds of each kind, seed {seed}; {took}.\n\n{text}"
    print(text)
    if "--write" in sys.argv:
        write("successor", text)
