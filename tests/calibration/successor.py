"""What the successor of experiment no. 2 identifies: coverage and power of the rows it gains.

`python tests/calibration/successor.py [WORLDS] [SEED] [--write]` prints the table and, if asked,
writes it into the README beside it. What chance decides is drawn anew for every batch of worlds.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from evaluator.comparisons import ALL, Comparison, Planned, left_out, planned_rows
from evaluator.comparisons.design import WINDOW
from evaluator.effects import Setting, estimate_many
from evaluator.resampling.simulate import Simulated, simulate
from evaluator.resampling.worlds import World
from evaluator.results import RowRole
from tests.calibration.designed import (
    COUNTRIES,
    PROMOTED,
    Draw,
    Lifts,
    base_world,
    drawn,
    planted,
    protocol_of,
    resolved,
    switched,
)
from tests.calibration.written import write

LEVEL = 0.95
BATCH = 5
"""Worlds of one assignment: what it does to unlike courses is the same in all of them."""

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
            for name, row in variants(planned):
                _tally(tallies[name], row, counts, truths)
    return dict(tallies)


def variants(planned: Planned) -> Iterator[tuple[Name, Planned]]:
    """The row as it is; an order also of its first three and four pairs of courses alone."""
    key, comparison = planned.key, planned.comparison
    yield (key.question, key.channel, key.method), planned
    assert isinstance(comparison, Comparison)
    if comparison.first is None:
        return
    for pairs in (3, 4):
        kept = np.flatnonzero(np.asarray(comparison.strata) < pairs)
        fewer = replace(
            comparison,
            series=tuple(comparison.series[p] for p in kept),
            treated=comparison.treated[kept],
            codes=comparison.codes[kept],
            first=comparison.first[kept],
            strata=tuple(comparison.strata[p] for p in kept),
        )
        name = key.question, f"{key.channel}, {pairs} pairs", key.method
        yield name, replace(planned, comparison=fewer)


def tallied(planned: Planned) -> bool:
    """Rows over all courses that decide."""
    return (
        planned.role is RowRole.HEADLINE
        and not planned.descriptive
        and planned.key.course in (ALL, left_out.OTHERS)
        and isinstance(planned.comparison, Comparison)
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


def _tally(tally: Tally, planned: Planned, counts: Array, truths: Truths) -> None:
    comparison = planned.comparison
    assert isinstance(comparison, Comparison)
    many = estimate_many(_filled(comparison, counts, truths), planned.key, Setting(LEVEL))
    true = truths.of(planned)
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
