"""Campaigns of channels: all waves of all promoted courses at once, day by day.

The channels' rows read the same daily models, so they are drawn together; and a model's other
courses cost most, so several campaigns (`REUSED`) are judged against one draw of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import factorial

import numpy as np

from evaluator.calibration.drawn import factors
from evaluator.calibration.layout import weekly
from evaluator.calibration.measuring import Campaigns, Sharing
from evaluator.calibration.noise import MOST_WEEKS, Noise, fitted_noise, mixed_counts, population
from evaluator.calibration.placebos import Drawn, drawn_campaigns, parts
from evaluator.calibration.planting import (
    FITTED,
    PLACEBO,
    Truth,
    planted,
    variants,
    violations,
)
from evaluator.comparisons.design import WINDOW, Comparison
from evaluator.comparisons.periods import Days
from evaluator.effects.waves import daily_model
from evaluator.estimators.arrays import Array
from evaluator.inference.extra import overdispersion

REUSED = 14
"""Campaigns against one draw of the other courses: their error is that of the draws they share."""
BATCH = 24
"""Draws of the other courses in one batch."""


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """The daily models of the promoted courses, and which lifts are planted in which channel."""

    rows: tuple[Comparison, ...]
    bases: tuple[Comparison, ...]
    """One a promoted course, each the companion of its cells."""
    kinds: tuple[tuple[float, ...], ...]
    """Of each kind of campaign, the lift planted in each row's channel: all at once."""
    first: int
    """First day that any model reads."""
    stop: int
    anchor: int
    """First day of any wave."""

    def span(self, base: Comparison) -> slice:
        used = np.flatnonzero(base.codes[0])
        return slice(int(used[0]), int(used[-1]) + 1)

    def lifted(self, base: Comparison) -> list[Array]:
        """(1, 1, D) what each kind plants in one course: where channels meet, their product."""
        days = [np.zeros(base.codes.shape[1], dtype=bool) for _ in self.rows]
        for own, row in zip(days, self.rows, strict=True):
            for cell in row.companions:
                if cell.companions[0] is base:
                    own |= cell.codes[0] == WINDOW
        inside = np.stack(days)[:, None, None, self.span(base)]
        lifts = (np.array(kind)[:, None, None, None] for kind in self.kinds)
        return [np.prod(np.where(inside, lift, 1.0), axis=0) for lift in lifts]

    def batch(self, treated: Sequence[Array], others: Sequence[Array]) -> tuple[Comparison, ...]:
        """The rows with other outcomes: of each base, (..., 1, 1, D) and (..., n, 1, D)."""
        moved = {}
        for base, own, other in zip(self.bases, treated, others, strict=True):
            days = self.span(base)
            moved[id(base)] = replace(
                base,
                treated=own,
                other=other,
                codes=base.codes[:, days],
                waves=tuple((name, mark[days]) for name, mark in base.waves),
                opened=None if base.opened is None else base.opened - days.start,
            )
        leading = treated[0].shape[:-3]
        return tuple(_with(row, moved, leading) for row in self.rows)


def _with(row: Comparison, moved: dict[int, Comparison], leading: tuple[int, ...]) -> Comparison:
    cells = tuple(
        replace(cell, companions=(moved[id(cell.companions[0])],)) for cell in row.companions
    )
    # Its own counts are read in the models of its cells alone; here they are but a shape.
    treated = np.broadcast_to(row.treated, (*leading, *row.treated.shape))
    return replace(row, treated=treated, companions=cells)


def channel_placebos(
    rows: Sequence[Comparison],
    lifts: Sequence[tuple[float, ...]],
    campaigns: int,
    rng: np.random.Generator,
    *,
    nearest: int = 0,
) -> Campaigns | str:
    """Placebo campaigns of the channels' rows: the whole pattern of waves on other courses.

    Parameters
    ----------
    nearest : weeks by which every campaign is moved back at least
    """
    waves = _waves(rows, lifts)
    daily = rows[0].other.sum(axis=1)
    wanted, others = len(waves.bases), len(daily)
    if others < 2 * wanted:
        return f"{others} other courses cannot stand in for {wanted} and be compared with"
    places = waves.first // 7 + 1 - nearest
    if places < 1:
        return f"the history is too short to move the waves {nearest} weeks back"
    reused = min(REUSED, factorial(wanted))
    drawn = drawn_campaigns(rng, others, wanted, places, -(-campaigns // reused))
    drawn = Drawn(drawn.courses, drawn.moved + nearest)
    rest = drawn.rest(others)
    # The same courses in other roles.
    turned = np.stack([rng.permuted(drawn.courses, axis=1) for _ in range(reused)])
    weeks = -(-(waves.stop - waves.anchor) // 7)
    sharing = Sharing(np.concatenate(list(turned)), np.tile(drawn.moved, reused), weeks)

    def batches() -> Iterator[tuple[Comparison, ...]]:
        for part in parts(len(rest), 1, BATCH):
            treated, beside = [], []
            for role, base in enumerate(waves.bases):
                days = waves.span(base)
                at = np.arange(days.start, days.stop) - 7 * drawn.moved[part, None]
                own = daily[turned[:, part, role, None], at][..., None, None, :]
                kinds = [planted(rng, own, lift) for lift in waves.lifted(base)]
                treated.append(np.stack(kinds))
                beside.append(daily[rest[part, :, None], at[:, None]][:, :, None])
            yield waves.batch(treated, beside)

    return Campaigns(_truths(lifts, PLACEBO), batches(), sharing)


def channel_worlds(
    rows: Sequence[Comparison],
    lifts: Sequence[tuple[float, ...]],
    campaigns: int,
    rng: np.random.Generator,
    *,
    violated: bool = True,
) -> Campaigns:
    """Fitted campaigns of the channels' rows and, unless told otherwise, violated ones."""
    waves = _waves(rows, lifts)
    others = _Others.of(waves, rows[0].other.sum(axis=1))
    rates = [_rates(base) for base in waves.bases]
    noises = [_noise(waves, base, others) for base in waves.bases]
    draws = -(-campaigns // REUSED)
    ids = np.tile(np.arange(draws), REUSED)
    sharing = Sharing(ids[:, None], np.zeros(len(ids), dtype=np.intp), 0)

    def batches() -> Iterator[tuple[Comparison, ...]]:
        for part in parts(draws, 1, BATCH):
            worlds = part.stop - part.start
            other = others.drawn(rng, worlds)
            treated, beside = [], []
            for base, rate, noise in zip(waves.bases, rates, noises, strict=True):
                days = waves.span(base)
                weeks = (np.arange(days.start, days.stop) - waves.anchor) // 7
                weeks, anchor = weeks - weeks[0], max(waves.anchor - days.start, 0)
                moved = factors(rng, noise, REUSED * worlds, weeks)[:, 0]
                moved = moved * mixed_counts(rng, moved.shape, others.daily)
                means = (rate * moved).reshape(REUSED, worlds, 1, 1, -1)
                lifts_of_base = waves.lifted(base)
                if violated:
                    hit = np.ones((1, 1), dtype=bool)
                    treated.append(variants(rng, means, lifts_of_base, hit, (weeks, anchor)))
                else:
                    counts = rng.poisson(means).astype(float)
                    kinds = [planted(rng, counts, lift, means) for lift in lifts_of_base]
                    treated.append(np.stack(kinds))
                inside = slice(days.start - waves.first, days.stop - waves.first)
                beside.append(other[:, :, None, inside])
            yield waves.batch(treated, beside)

    kinds = _truths(lifts, FITTED)
    broken = tuple(enumerate(violations("the promoted courses"), start=len(waves.kinds)))
    return Campaigns(tuple((*own, *broken) for own in kinds), batches(), sharing)


@dataclass(frozen=True, slots=True, eq=False)
class _Others:
    """The other courses day by day."""

    rates: Array
    """(n, D)"""
    weeks: Days
    noise: Noise
    daily: Array
    """() over-dispersion of a day beyond that of its week"""

    @classmethod
    def of(cls, waves: Waves, daily: Array) -> _Others:
        most = min(waves.anchor // 7, MOST_WEEKS)
        before = daily[:, waves.anchor - 7 * most : waves.anchor]
        counted = weekly(before)
        noise = fitted_noise(counted, counted.sum(axis=0) - counted)
        extra = np.maximum(overdispersion(before) - noise.variance(), 0.0)
        pooled = daily[:, waves.first : waves.stop].sum(axis=0) + 0.5
        share = (before.sum(axis=1) + 0.5) / (before.sum() + 0.5 * len(before))
        weeks = (np.arange(waves.first, waves.stop) - waves.anchor) // 7
        return cls(np.outer(share, pooled), weeks - weeks[0], noise, np.asarray(extra))

    def drawn(self, rng: np.random.Generator, worlds: int) -> Array:
        """(worlds, n, D) counts."""
        moved = factors(rng, self.noise, worlds, self.weeks)
        means = self.rates * moved * mixed_counts(rng, moved.shape, self.daily)
        return rng.poisson(means).astype(float)


def _waves(rows: Sequence[Comparison], lifts: Sequence[tuple[float, ...]]) -> Waves:
    bases = tuple(
        {id(c.companions[0]): c.companions[0] for row in rows for c in row.companions}.values()
    )
    # The first of a row's lifts is none; a row with fewer of them is left alone in the others.
    kinds = tuple(zip_longest(*lifts, fillvalue=1.0))
    used = np.flatnonzero(np.any([base.codes[0] != 0 for base in bases], axis=0))
    marks = [mark == 1 for base in bases for _, mark in base.waves]
    anchor = int(np.flatnonzero(np.any(marks, axis=0))[0])
    return Waves(tuple(rows), bases, kinds, int(used[0]), int(used[-1]) + 1, anchor)


def _truths(
    lifts: Sequence[tuple[float, ...]], world: str
) -> tuple[tuple[tuple[int, Truth], ...], ...]:
    """What each row is judged on, and where that stands among the kinds."""
    return tuple(tuple(enumerate(Truth(world, lift) for lift in own)) for own in lifts)


def _rates(base: Comparison) -> Array:
    """(D,) what the course's own model expects without its waves, launch and all."""
    model = daily_model(base)
    nuisance = np.array([not name for name in model.names])
    means = model.weights * np.exp(model.X[:, nuisance] @ model.course.coefficients[nuisance])
    used = np.flatnonzero(base.codes[0])
    rates = np.zeros(int(used[-1]) + 1 - int(used[0]))
    rates[model.days - model.days[0]] = means
    return rates


def _noise(waves: Waves, base: Comparison, others: _Others) -> Noise:
    """From the course's own weeks before any wave, as far as it has them."""
    used = np.flatnonzero(base.codes[0][: waves.anchor])
    weeks = len(used) // 7
    days = slice(waves.anchor - 7 * weeks, waves.anchor)
    counted = weekly(base.treated.sum(axis=(0, 1))[None, days])
    beside = weekly(base.other.sum(axis=(0, 1))[None, days])
    return fitted_noise(counted, beside, population(others.noise))
