"""Campaigns of drawn worlds: fitted to a row's own courses, and the same with one thing broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from evaluator.calibration.arms import arm_batches
from evaluator.calibration.layout import (
    Layout,
    calendar,
    history,
    layout_of,
    lifted_cells,
    on_layout,
    weekly,
)
from evaluator.calibration.measuring import Campaigns, of_one_row
from evaluator.calibration.noise import (
    CLEAR,
    MOST_WEEKS,
    Noise,
    fitted_noise,
    grid_of_sum,
    mixed_counts,
    population,
    weekly_shocks,
)
from evaluator.calibration.placebos import parts
from evaluator.calibration.planting import FITTED, Truth, variants, violations
from evaluator.comparisons.design import Comparison
from evaluator.comparisons.periods import Days
from evaluator.estimators.arrays import Array
from evaluator.results import RowKey


def fitted(
    comparison: Comparison,
    key: RowKey,
    lifts: tuple[float, ...],
    campaigns: int,
    rng: np.random.Generator,
) -> Campaigns:
    """Fitted and violated campaigns of a row."""
    layout = layout_of(comparison, key.method)
    arms = comparison.in_a is not None
    who = "arm A" if arms else "the promoted courses"
    truths = (*(Truth(FITTED, lift) for lift in lifts), *violations(who))
    batches = (
        arm_batches(comparison, key, layout, lifts, campaigns, rng)
        if arms
        else _course_batches(comparison, layout, lifts, campaigns, rng)
    )
    return of_one_row(truths, batches, None)


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Mean counts of series by unit and bin, before any shock."""

    rates: Array
    """(S, U, W)"""
    noise: Noise

    def trended(self, weeks: Days, anchor: int) -> Array:
        factor = np.exp(self.noise.slope[:, None] * (weeks - weeks[anchor]))
        return np.asarray(self.rates * factor[:, None, :])


def course_levels(
    comparison: Comparison, layout: Layout, clear: float = CLEAR
) -> tuple[Level, Level]:
    """The treated series and the other courses, summed over units.

    Parameters
    ----------
    clear : standard errors from none of a trend that is carried on
    """
    days = history(comparison, 0, MOST_WEEKS)
    others = comparison.other.sum(axis=1)
    shape = calendar(comparison, layout)
    noise = noise_of_others(Counts(comparison.other), days.start, days.stop, clear)
    other = Level(_scaled(others, others.sum(axis=0), days, shape, layout)[:, None, :], noise)
    prior, grid = population(noise), grid_of_sum(float(comparison.effective))
    rates, own = [], []
    for position in range(len(comparison.series)):
        days = history(comparison, position, MOST_WEEKS)
        treated = comparison.treated[position].sum(axis=0)
        rates.append(_scaled(treated[None], others.sum(axis=0), days, shape, layout))
        beside = weekly(others[:, days].sum(axis=0))[None]
        own.append(fitted_noise(weekly(treated[None, days]), beside, prior, grid, clear=clear))
    joined = Noise(
        np.concatenate([one.weights for one in own]),
        np.concatenate([one.slope for one in own]),
        grid,
    )
    return Level(np.stack(rates), joined), other


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Outcomes of the other courses, (n, U, D), told from others by being the same array."""

    daily: Array

    def __hash__(self) -> int:
        return id(self.daily)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counts) and other.daily is self.daily


@lru_cache(maxsize=8)
def noise_of_others(counts: Counts, start: int, stop: int, clear: float) -> Noise:
    """Of each other course relative to the rest, over whole weeks of days; rows share it."""
    counted = weekly(counts.daily[..., start:stop].sum(axis=1))
    return fitted_noise(counted, counted.sum(axis=0) - counted, clear=clear)


def _scaled(daily: Array, pooled: Array, days: slice, shape: Array, layout: Layout) -> Array:
    """(series, W) the calendar at each series' share of the pooled other courses."""
    total = layout.sums(pooled).mean()
    share = (daily[:, days].sum(axis=1) + 0.5) / max(pooled[days].sum() + 0.5, 1.0)
    return np.asarray(share[:, None] * total * shape)


def factors(rng: np.random.Generator, noise: Noise, worlds: int, weeks: Days) -> Array:
    """(worlds, series, W) what shocks and over-dispersion make of the rates; mean 1."""
    sd, rho, alpha = noise.drawn(rng, worlds)
    last = int(weeks[-1]) + 1
    shocks = weekly_shocks(rng, sd, rho, last)
    mixing = mixed_counts(rng, shocks.shape, alpha[..., None])
    return (shocks * mixing)[..., weeks]


def moved_rates(
    rng: np.random.Generator, levels: tuple[Level, Level], layout: Layout, worlds: int
) -> tuple[Array, Array]:
    """Mean counts in each of some worlds, (worlds, series, U, W), of both levels."""
    weeks, anchor = layout.weeks, layout.anchor
    first, second = (
        level.trended(weeks, anchor) * factors(rng, level.noise, worlds, weeks)[:, :, None, :]
        for level in levels
    )
    return first, second


def _course_batches(
    comparison: Comparison,
    layout: Layout,
    lifts: tuple[float, ...],
    campaigns: int,
    rng: np.random.Generator,
) -> Iterator[Comparison]:
    levels = course_levels(comparison, layout)
    cells = lifted_cells(
        replace(comparison, treated=comparison.treated.sum(axis=1, keepdims=True)), layout
    )
    own, other = (level.rates.size for level in levels)
    for part in parts(campaigns, (other + 5 * own)):
        rates, beside = moved_rates(rng, levels, layout, part.stop - part.start)
        hit = np.ones(cells.shape[:2], dtype=bool)
        raised = [np.where(cells, lift, 1.0) for lift in lifts]
        treated = variants(rng, rates, raised, hit, (layout.weeks, layout.anchor))
        yield on_layout(comparison, layout, treated, rng.poisson(beside).astype(float))
