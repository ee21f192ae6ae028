"""Drawn worlds by country: arm A against arm B.

What moves a course as a whole cancels between its arms, so countries are what moves here: by
shocks common to all courses, as large as the other courses' arms say, and by the course's own,
as large as its own arms say beyond that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from evaluator.calibration.layout import (
    Layout,
    calendar,
    history,
    lifted_cells,
    on_layout,
    weekly,
)
from evaluator.calibration.noise import (
    MOST_WEEKS,
    Noise,
    fitted_noise,
    mixed_counts,
    population,
    weekly_shocks,
)
from evaluator.calibration.placebos import POOLED, parts
from evaluator.calibration.planting import variants
from evaluator.comparisons.design import Comparison
from evaluator.estimators.arrays import Array, Flags
from evaluator.results import RowKey

SMOOTHING = 5.0
"""Counts by which a course's shares of countries are drawn to those of the other courses."""
LARGEST = 1.5
"""A country's shocks and over-dispersion are kept below this, however thin the arm."""


@dataclass(frozen=True, slots=True, eq=False)
class Arms:
    """One course by country, or the other courses together."""

    rates: Array
    """(U, W) mean counts without shocks"""
    noise: Noise
    """Of log(A/B), one series."""
    concentration: float
    """Σ share² within A plus within B: the variance of log(A/B) over that of a country."""

    def drawn(self, rng: np.random.Generator, worlds: int) -> Array:
        """sd, ρ, α of log(A/B) in each world: (3, worlds)."""
        return self.noise.drawn(rng, worlds)[..., 0]


@dataclass(frozen=True, slots=True, eq=False)
class Common:
    """Shocks of countries that all courses share."""

    sd: Array
    """(worlds,) of log(A/B)"""
    factors: Array
    """(worlds, U, W)"""


def arm_batches(
    comparison: Comparison,
    key: RowKey,
    layout: Layout,
    lifts: tuple[float, ...],
    campaigns: int,
    rng: np.random.Generator,
) -> Iterator[Comparison]:
    """Batches of drawn campaigns of a row that compares arms."""
    others = others_together(comparison, layout) if len(comparison.other) else None
    own = [arms_of(comparison, position, layout) for position in range(len(comparison.series))]
    beside = [arms_of(companion, 0, layout) for companion in comparison.companions]
    cells, membership = lifted_cells(comparison, layout), membership_of(comparison)
    for part in parts(campaigns, own[0].rates.size * (len(own) * (len(lifts) + 2) + len(beside))):
        worlds = part.stop - part.start
        common = common_shocks(rng, others, worlds, layout)
        rates = np.stack([shocked(rng, arms, common, layout) for arms in own], axis=1)
        raised = [np.where(cells, lift, 1.0) for lift in lifts]
        treated = variants(rng, rates, raised, membership, (layout.weeks, layout.anchor))
        other = _drawn_others(rng, others, common, comparison, key, layout)
        companions = [
            on_layout(
                companion,
                layout,
                rng.poisson(shocked(rng, arms, common, layout)).astype(float)[:, None],
                other,
            )
            for companion, arms in zip(comparison.companions, beside, strict=True)
        ]
        built = on_layout(comparison, layout, treated, other)
        yield replace(built, companions=tuple(companions))


def arms_of(comparison: Comparison, position: int, layout: Layout) -> Arms:
    days, in_a = history(comparison, position, MOST_WEEKS), membership_of(comparison)[position]
    daily, other = comparison.treated[position], comparison.other
    prior = None
    if len(other):
        prior = population(fitted_noise(*_by_arm(other[..., days], in_a)))
    pooled = other.sum(axis=0)[:, days].sum(axis=1)
    shares = pooled / max(pooled.sum(), 1.0)
    own = daily[:, days].sum(axis=1)
    weight = SMOOTHING if pooled.sum() else 0.0
    shares = (own + weight * shares) / max(own.sum() + weight, 1.0)
    if len(other):
        total = layout.sums(other.sum(axis=(0, 1))).mean() * own.sum() / max(pooled.sum(), 1.0)
    else:
        total = own.sum() * layout.grain / max(days.stop - days.start, 1)
    rates = np.outer(shares, total * calendar(comparison, layout))
    a, b = _by_arm(daily[None, :, days], in_a)
    return Arms(rates, fitted_noise(a, b, prior), _concentration(shares, in_a))


def others_together(comparison: Comparison, layout: Layout) -> Arms:
    """All other courses as one, split by the list of the first series."""
    days, in_a = history(comparison, 0, MOST_WEEKS), membership_of(comparison)[0]
    daily = comparison.other.sum(axis=0)
    prior = population(fitted_noise(*_by_arm(comparison.other[..., days], in_a)))
    totals = daily[:, days].sum(axis=1)
    shares = (totals + 0.5) / (totals + 0.5).sum()
    rates = np.outer(shares, layout.sums(daily.sum(axis=0)).mean() * calendar(comparison, layout))
    a, b = _by_arm(daily[None, :, days], in_a)
    return Arms(rates, fitted_noise(a, b, prior), _concentration(shares, in_a))


def _by_arm(daily: Array, in_a: Flags) -> tuple[Array, Array]:
    """Weekly counts (..., T) of arm A and arm B, of daily counts (..., U, D)."""
    return weekly(daily[..., in_a, :].sum(axis=-2)), weekly(daily[..., ~in_a, :].sum(axis=-2))


def _concentration(shares: Array, in_a: Flags) -> float:
    arms = (shares[in_a], shares[~in_a])
    return float(sum(np.sum(arm**2) / max(arm.sum() ** 2, 1e-12) for arm in arms))


def common_shocks(
    rng: np.random.Generator, others: Arms | None, worlds: int, layout: Layout
) -> Common:
    if others is None:
        return Common(np.zeros(worlds), np.ones((worlds, 1, 1)))
    sd, rho, _ = others.drawn(rng, worlds)
    return Common(sd, _factors(rng, sd, rho, others, layout))


def shocked(rng: np.random.Generator, arms: Arms, common: Common, layout: Layout) -> Array:
    """(worlds, U, W) rates of one course in every world: common shocks, then its own beyond."""
    sd, rho, alpha = arms.drawn(rng, len(common.sd))
    beyond = np.sqrt(np.maximum(sd**2 - common.sd**2, 0.0))
    rates = arms.rates * common.factors * _factors(rng, beyond, rho, arms, layout)
    by_country = np.minimum(alpha / arms.concentration, LARGEST)
    return rates * mixed_counts(rng, rates.shape, by_country[:, None, None])


def _factors(rng: np.random.Generator, sd: Array, rho: Array, arms: Arms, layout: Layout) -> Array:
    """(worlds, U, W) shocks of countries that move log(A/B) by so much."""
    shape = (len(sd), len(arms.rates))
    by_country = np.minimum(sd / np.sqrt(arms.concentration), LARGEST)[:, None]
    weeks = layout.weeks
    spread = np.broadcast_to(by_country, shape), np.broadcast_to(rho[:, None], shape)
    return weekly_shocks(rng, *spread, int(weeks[-1]) + 1)[..., weeks]


def _drawn_others(
    rng: np.random.Generator,
    others: Arms | None,
    common: Common,
    comparison: Comparison,
    key: RowKey,
    layout: Layout,
) -> Array:
    """What the method reads of the other courses: their sum by country, or their counts."""
    if key.method not in POOLED or others is None:
        return layout.sums(comparison.other.sum(axis=1, keepdims=True))
    return rng.poisson(others.rates * common.factors).astype(float)[:, None]


def membership_of(comparison: Comparison) -> Flags:
    if comparison.in_a is None:
        raise TypeError("a comparison of arms needs the membership of its units")
    return comparison.in_a
