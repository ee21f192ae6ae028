"""What is planted in a campaign: a lift, or a violation of what its row assumes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.calibration.noise import weekly_shocks
from evaluator.comparisons.periods import Days
from evaluator.estimators.arrays import Array, Flags

PLACEBO, FITTED = "placebo", "fitted"
SHOCK_SD, SHOCK_RHO = 0.4, 0.5
TREND = 0.02
APART = 0.02
"""Two log lifts nearer than this are one."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Where a campaign comes from, and the lift that its interval should hold."""

    world: str
    lift: float

    @property
    def log_lift(self) -> float:
        return math.log(self.lift)


def violations(who: str) -> tuple[Truth, Truth]:
    """Worlds fitted but for one thing that nobody could see before the window, or had to see."""
    return (
        Truth(f"a shock of sd {SHOCK_SD:g} to {who} in the window", 1.0),
        Truth(f"a trend of {who} of {TREND:g} a week", 1.0),
    )


def planted(
    rng: np.random.Generator, counts: Array, factor: Array, rates: Array | None = None
) -> Array:
    """Counts with a lift in some of their cells.

    Fewer by thinning. More by adding Poisson counts, from the rates where they are known; from
    the counts themselves where they are not, which makes the sum a little noisier than a count
    of its mean: coverage errs to the low side.

    Parameters
    ----------
    counts : (..., S, U, W); factor : (S, U, W) lift of each cell
    """
    bins = np.flatnonzero(np.any(factor != 1, axis=(0, 1)))
    lift, inside = factor[..., bins], counts[..., bins]
    known = inside if rates is None else rates[..., bins]
    change = np.zeros(inside.shape)
    if np.any(lift > 1):
        change += rng.poisson(np.maximum(lift - 1, 0.0) * known)
    if np.any(lift < 1):
        change -= rng.binomial(inside.astype(np.int64), np.maximum(1 - lift, 0.0))
    lifted = counts.copy()
    lifted[..., bins] += change
    return lifted


def variants(
    rng: np.random.Generator,
    rates: Array,
    lifts: Sequence[Array],
    hit: Flags,
    calendar: tuple[Days, int],
) -> Array:
    """Counts drawn from rates: with each lift, with a shock, with a trend (K, ..., S, U, W).

    Parameters
    ----------
    rates : (..., S, U, W)
    lifts : (S, U, W) factors, for each kind
    hit : (S, U) units that a violation hits
    calendar : (W,) week of each bin, and the window's first bin
    """
    counts = rng.poisson(rates).astype(float)
    found = [planted(rng, counts, lift, rates) for lift in lifts]
    _, anchor = calendar
    broken = counts.copy()
    broken[..., anchor:] = rng.poisson(shocked(rng, rates, hit, *calendar)[..., anchor:])
    drifting = rng.poisson(trending(rates, hit, *calendar)).astype(float)
    return np.stack([*found, broken, drifting])


def shocked(rng: np.random.Generator, rates: Array, hit: Flags, weeks: Days, anchor: int) -> Array:
    """Rates of which some units are hit by a shock that begins with the window.

    Parameters
    ----------
    rates : (..., S, U, W); hit : (S, U)
    weeks : (W,) week of each bin; anchor : the window's first bin
    """
    since = weeks[anchor:] - weeks[anchor]
    sd, rho = np.full(rates.shape[:-2], SHOCK_SD), np.full(rates.shape[:-2], SHOCK_RHO)
    factor = weekly_shocks(rng, sd, rho, int(since[-1]) + 1)[..., None, since]
    changed = rates.copy()
    changed[..., anchor:] *= np.where(hit[:, :, None], factor, 1.0)
    return changed


def trending(rates: Array, hit: Flags, weeks: Days, anchor: int) -> Array:
    """Rates of which some units drift away from the others, before the window and in it."""
    factor = np.exp(TREND * (weeks - weeks[anchor]))
    return rates * np.where(hit[:, :, None], factor, 1.0)


def lifts_planted(smallest: float, estimated: float) -> tuple[float, ...]:
    """None, the smallest worth having, and the row's own, where they differ."""
    bounded = min(max(estimated, 0.05), 20.0)
    found = [1.0]
    for lift in (smallest, bounded):
        if all(abs(math.log(lift / other)) > APART for other in found):
            found.append(round(lift, 6))
    return tuple(found)
