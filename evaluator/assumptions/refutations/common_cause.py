"""An added common cause: how strong it would have to be, measured by what is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.assumptions.departure import standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.placebos.contrast import Contrast, contrast_of
from evaluator.assumptions.refutations.covariates import (
    growth_before,
    same_weeks_a_year_before,
    size,
)
from evaluator.comparisons.design import Comparison
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF, nonnegative_line
from evaluator.results import Effect, Finding, Status

NAME = "refutation: common cause"
SURE = 2.6
"""t from which a slope is taken for real: one in a hundred, as there are three."""


@dataclass(frozen=True, slots=True)
class Covariate:
    """What is known of the units before the campaign, as a common cause."""

    name: str
    slope: float
    """Of the change, in log units for a standard deviation."""
    t: float
    uneven: float
    """Difference between the two sides that are compared, in standard deviations."""

    @property
    def bias(self) -> float:
        """What the estimate owes to it, if it is a cause: slope × unevenness."""
        return self.slope * self.uneven


def common_cause(looked: Looked) -> Seen:
    """How strong an unknown common cause would have to be to bring the row to no effect.

    Its bias is what it does to the change, times how unevenly it lies. The benchmark takes both
    from what is known, each from where it is strongest.

    References
    ----------
    Cinelli & Hazlett (2020): the same product, in partial R²; Imbens (2003)
    """
    totals, effect = contrast_of(looked), looked.effect
    if totals is None or effect is None:
        return Seen(())
    known = covariates(looked.comparison, totals)
    return Seen((_finding(known, effect, looked.setting.level),))


def _finding(known: Sequence[Covariate], effect: Effect, level: float) -> Finding:
    if not known:
        return Finding(NAME, Status.NOT_RUN, "nothing is known to measure a common cause by")
    worst = max(known, key=lambda own: abs(own.bias))
    if abs(worst.bias) >= standard_error(effect) and abs(worst.t) >= SURE:
        return Finding(
            NAME,
            Status.FAIL,
            f"“{worst.name}” moves the change and differs between the two sides: alone it accounts"
            f" for ×{math.exp(worst.bias):.2f} of the estimate, a standard error or more",
            f"compare with others that are alike in “{worst.name}”",
            1 - abs(worst.bias) / standard_error(effect),
        )
    return _strength_needed(known, effect, level)


def covariates(comparison: Comparison, totals: Contrast) -> list[Covariate]:
    """Size, growth before, and the same weeks a year before, as far as the data reach."""
    units = _units(comparison, totals)
    found = []
    for name, values in units.known.items():
        slope, t, spread = _slope(units, values)
        if spread > 0:
            difference = float(np.sum(units.part * values))
            found.append(Covariate(name, slope * spread, t, difference / spread))
    return found


def _strength_needed(known: Sequence[Covariate], effect: Effect, level: float) -> Finding:
    tied = max(known, key=lambda own: abs(own.slope))
    uneven = max(known, key=lambda own: abs(own.uneven))
    own = effect.interval(level)
    nearer = min(abs(own.low), abs(own.high))
    strength = nearer / max(abs(tied.slope * uneven.uneven), 1e-12)
    alike = (
        f"what is known: as tied to the change as “{tied.name}”"
        f" (×{math.exp(abs(tied.slope)):.2f} a standard deviation), as uneven as “{uneven.name}”"
        f" ({abs(uneven.uneven):.1f} standard deviations)"
    )
    if 0 in own:
        sentence = f"no effect is claimed, so there is none to overturn; {alike}"
        return Finding(NAME, Status.NOT_RUN, sentence)
    sentence = f"the interval reaches no effect with a common cause {_times(strength)} as strong as"
    sentence += f" {alike}"
    if strength >= 1:
        return Finding(NAME, Status.PASS, sentence, margin=strength - 1)
    if abs(tied.t) < SURE:
        unsure = f"{sentence}; but that it is tied to the change at all is not sure"
        return Finding(NAME, Status.NOT_RUN, unsure, margin=strength - 1)
    todo = f"look for what else is like “{uneven.name}”"
    return Finding(NAME, Status.WARN, sentence, todo, strength - 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Units:
    """What is compared, flattened: courses, or countries of each promoted course."""

    side: Array
    """(N,) a number for each side of each comparison."""
    change: Array
    """(N,) by how much the log of window over reference is above that of its side."""
    noise: Array
    """(N,) count variance of the change."""
    part: Array
    """(N,) share in the estimate: each side's add up to 1 and −1."""
    known: dict[str, Array]


def _units(comparison: Comparison, totals: Contrast) -> _Units:
    return _countries(comparison, totals) if len(totals.signs) > 2 else _courses(comparison, totals)


def _courses(comparison: Comparison, totals: Contrast) -> _Units:
    own, other = totals.promoted[..., 0], totals.other[:, 0, :, 0]
    both = np.concatenate([own, other], axis=1)
    treated = np.arange(both.shape[1]) < own.shape[1]
    shares = np.where(treated, 1 / own.shape[1], -both[1] / max(float(other[1].sum()), HALF))
    daily = np.concatenate([comparison.treated.sum(axis=1), comparison.other.sum(axis=1)])
    side = treated.astype(float)
    return _Units(side, *_above_side(both, side), shares, _known(daily, comparison))


def _countries(comparison: Comparison, totals: Contrast) -> _Units:
    """Each promoted course's countries, arm A against arm B."""
    in_a = np.asarray(comparison.in_a)
    series = len(in_a)
    side = (2.0 * np.arange(series)[:, None] + in_a).ravel()
    own = totals.promoted[:2] + totals.promoted[2:]
    change, noise = _above_side(own.reshape(2, -1), side)
    if totals.net:
        other = (totals.other[:2] + totals.other[2:]).sum(axis=2)
        theirs, theirs_noise = _above_side(other.reshape(2, -1), side)
        change, noise = change - theirs, noise + theirs_noise
    arm = own[1] * in_a, own[1] * ~in_a
    shares = [mine / np.maximum(mine.sum(axis=1, keepdims=True), HALF) for mine in arm]
    daily = (comparison.other if len(comparison.other) else comparison.treated).sum(axis=0)
    known = {name: np.tile(v, series) for name, v in _known(daily, comparison).items()}
    return _Units(side, change, noise, ((shares[0] - shares[1]) / series).ravel(), known)


def _known(daily: Array, comparison: Comparison) -> dict[str, Array]:
    codes = comparison.codes[0]
    known = {
        "size": size(daily, codes),
        "growth before": growth_before(daily, codes),
        "the same weeks a year before": same_weeks_a_year_before(daily, codes),
    }
    return {name: values for name, values in known.items() if values is not None}


def _above_side(totals: Array, side: Array) -> tuple[Array, Array]:
    """Log of window over reference above that of the whole side, and its count variance.

    The working residual of a logistic regression of being counted in the window on the side:
    unlike the difference of two logs it has no bias where counts are few.

    Parameters
    ----------
    totals : (2, N) window, reference; side : (N,)
    """
    window, both = totals[0], np.maximum(totals.sum(axis=0), 1e-9)
    inside = np.zeros_like(both)
    for one in np.unique(side):
        own = side == one
        inside[own] = (window[own].sum() + HALF) / (both[own].sum() + 2 * HALF)
    information = both * inside * (1 - inside)
    return (window - both * inside) / information, 1 / information


def _slope(units: _Units, values: Array) -> tuple[float, float, float]:
    """Weighted slope of the change on a covariate within each side, its t, and the spread."""
    kappa, phi = nonnegative_line(units.noise, units.change**2, 1 / units.noise**2)
    w = 1 / np.maximum(kappa + phi * units.noise, 1e-300)
    w /= w.sum()
    x, y = values.copy(), units.change.copy()
    for side in np.unique(units.side):
        own = units.side == side
        for column in (x, y):
            column[own] -= np.average(column[own], weights=w[own])
    squares = float(np.sum(w * x * x))
    dof = len(x) - len(np.unique(units.side)) - 1
    if dof < 1 or squares < 1e-12:
        return 0.0, 0.0, 0.0
    slope = float(np.sum(w * x * y)) / squares
    residual = float(np.sum(w * (y - slope * x) ** 2)) / dof
    return slope, slope / math.sqrt(max(residual, 1e-300) / squares), math.sqrt(squares)


def _times(strength: float) -> str:
    return f"{strength:.1f} times" if strength < 100 else "over a hundred times"
