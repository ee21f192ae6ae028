"""Ratios of totals: one treated unit, or several, against pooled comparison units.

The simplest estimator of the house, and the one with the best-measured interval when few units
are treated: everything is a function of window and reference totals, so that ten thousand
placebo campaigns are one call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import TooFewCounts, TooFewPeriods, TooFewUnits
from evaluator.estimators.arrays import Array

HALF = 0.5
"""Haldane–Anscombe correction, added to every total before its logarithm."""

MIN_PLACEBO_UNITS = 10
"""Fewer comparison units than this, and their spread says too little about one treated unit."""


@dataclass(frozen=True, slots=True)
class LogRatio:
    """Log ratio-of-ratios and the four totals behind it, each of shape (...,)."""

    log_lift: Array
    treated_window: Array
    treated_reference: Array
    comparison_window: Array
    comparison_reference: Array

    @property
    def counterfactual(self) -> Array:
        """What the treated units would have had in the window, in outcome units."""
        return self.treated_window * np.exp(-self.log_lift)


@dataclass(frozen=True, slots=True)
class PlaceboScale:
    """Spread of the comparison units' own placebo effects, as a function of their size.

    E p_j² = kappa + phi·h_j with h_j = 1/Y_jW + 1/Y_jR: `kappa` is what does not go away with
    size, `phi` the count noise. Arrays of shape (...,) except `z`.
    """

    kappa: Array
    phi: Array
    spread: Array
    """Root mean square of the standardised placebos."""
    z: Array
    """(..., units) standardised placebos."""

    def scale(self, ratio: LogRatio) -> Array:
        """Standard error of a treated unit's log lift.

        Its noise is that of the *counterfactual*: 1/Y1_R + 1/(Y1_R·Y0_W/Y0_R).
        """
        return self.at_noise(counterfactual_noise(ratio))

    def at_noise(self, noise: Array, part: Array | float = 1.0) -> Array:
        """Standard error of an effect whose count noise, as a variance of logs, is `noise`.

        Never below that noise: with few counts the placebos' logs are too seldom extreme, and a
        scale from them alone covers .84–.93 where .95 is claimed.

        Parameters
        ----------
        part : of `kappa` that is left, less than 1 for several courses together
        """
        variance = self.spread**2 * (self.kappa * part + self.phi * noise)
        return np.sqrt(np.maximum(variance, noise))


def log_ratio_of_ratios(outcomes: Array, treated: Array, window: Array) -> LogRatio:
    """Lift of treated against pooled comparison units, on the log scale.

    log(Y1_W / Y1_R) − log(Y0_W / Y0_R), with +1/2 in each total (Haldane–Anscombe). It equals
    the coefficient of treated × window in a Poisson regression with unit and period effects.

    Parameters
    ----------
    outcomes : (..., units, periods) counts of enrolments
    treated : (..., units) weights: positive treated, negative comparison, zero left out
    window : (..., periods) weights: positive window, negative reference, zero left out
        The three broadcast against each other on leading axes: one panel × many designs, or
        many panels × one design.

    Returns
    -------
    LogRatio with `log_lift` of shape (...,), natural-log units

    Raises
    ------
    TooFewPeriods : no reference or no window period
    TooFewUnits : no treated or no comparison unit
    """
    _require_both_signs(treated, window)
    window_total, reference_total = totals(outcomes, window)
    inside, outside = np.maximum(treated, 0), np.maximum(-np.asarray(treated), 0)
    sums = [
        np.sum(weights * total, axis=-1)
        for weights in (inside, outside)
        for total in (window_total, reference_total)
    ]
    return ratio_of_totals(*sums)


def ratio_of_totals(
    treated_window: Array,
    treated_reference: Array,
    comparison_window: Array,
    comparison_reference: Array,
) -> LogRatio:
    """The same from the four totals, which broadcast against each other."""
    log_lift = (
        np.log(treated_window + HALF)
        - np.log(treated_reference + HALF)
        - np.log(comparison_window + HALF)
        + np.log(comparison_reference + HALF)
    )
    return LogRatio(
        log_lift, treated_window, treated_reference, comparison_window, comparison_reference
    )


def totals(outcomes: Array, window: Array) -> tuple[Array, Array]:
    """Window and reference totals, (..., units) each."""
    window_total = np.einsum("...up,...p->...u", outcomes, np.maximum(window, 0.0))
    reference_total = np.einsum("...up,...p->...u", outcomes, np.maximum(-window, 0.0))
    return window_total, reference_total


def placebo_ratios(window_total: Array, reference_total: Array) -> LogRatio:
    """Every comparison unit in turn against all the others.

    Parameters
    ----------
    window_total, reference_total : (..., units) totals of the comparison units

    Returns
    -------
    LogRatio with arrays of shape (..., units)
    """
    return ratio_of_totals(
        window_total,
        reference_total,
        window_total.sum(axis=-1, keepdims=True) - window_total,
        reference_total.sum(axis=-1, keepdims=True) - reference_total,
    )


def placebo_scale(window_total: Array, reference_total: Array) -> PlaceboScale:
    """Fit the spread of placebo effects to the size of the units.

    Parameters
    ----------
    window_total, reference_total : (..., units) totals of the comparison units

    Raises
    ------
    TooFewUnits : fewer than `MIN_PLACEBO_UNITS` comparison units
    """
    placebo = placebo_ratios(window_total, reference_total).log_lift
    return fitted_scale(placebo, count_noise(window_total, reference_total))


def fitted_scale(placebo: Array, noise: Array) -> PlaceboScale:
    """Spread of any placebo effects as a function of their count noise.

    Weighted least squares of p_j² on (1, h_j), weights 1/h_j², both coefficients at least 0.

    Parameters
    ----------
    placebo, noise : (..., units) effects of units nobody treated, and their h

    Raises
    ------
    TooFewUnits : fewer than `MIN_PLACEBO_UNITS` comparison units
    TooFewCounts : every placebo effect is exactly zero

    References
    ----------
    Ferman & Pinto (2019), section 2: heteroskedasticity by group size. Conley & Taber (2011).
    """
    if placebo.shape[-1] < MIN_PLACEBO_UNITS:
        raise TooFewUnits(
            f"{placebo.shape[-1]} comparison courses: at least {MIN_PLACEBO_UNITS} are"
            " needed to see how much a course moves by itself"
        )
    if not np.all(np.any(placebo != 0, axis=-1)):
        raise TooFewCounts("the comparison courses do not move at all: no scale to judge by")
    kappa, phi = nonnegative_line(noise, placebo**2, 1 / noise**2)
    z = placebo / np.sqrt(kappa[..., None] + phi[..., None] * noise)
    return PlaceboScale(kappa, phi, np.sqrt(np.mean(z**2, axis=-1)), z)


def count_noise(window_total: Array, reference_total: Array) -> Array:
    """h of a unit nobody treated: 1/Y_W + 1/Y_R, Poisson variances of two logs."""
    noise: Array = 1 / (window_total + HALF) + 1 / (reference_total + HALF)
    return noise


def effective_number(totals: Array) -> Array:
    """How many units of one size move as much as the sum of these: (Σy)²/Σy², (...,).

    Parameters
    ----------
    totals : (..., units) of the reference
    """
    sizes = totals + HALF
    number: Array = sizes.sum(axis=-1) ** 2 / (sizes**2).sum(axis=-1)
    return number


def counterfactual_noise(ratio: LogRatio) -> Array:
    """h of a treated unit: 1/Y1_R + 1/(Y1_R·Y0_W/Y0_R), Poisson variances of two logs."""
    reference = ratio.treated_reference + HALF
    growth = (ratio.comparison_window + HALF) / (ratio.comparison_reference + HALF)
    noise: Array = 1 / reference + 1 / (reference * growth)
    return noise


def nonnegative_line(x: Array, y: Array, weights: Array) -> tuple[Array, Array]:
    """Intercept and slope ≥ 0 of weighted least squares; if one is 0 the other is refitted."""
    weights = weights / weights.sum(axis=-1, keepdims=True)
    mean_x, mean_y = np.sum(weights * x, axis=-1), np.sum(weights * y, axis=-1)
    mean_xx, mean_xy = np.sum(weights * x * x, axis=-1), np.sum(weights * x * y, axis=-1)
    variance = mean_xx - mean_x**2
    degenerate = variance <= 1e-12 * mean_xx
    slope = np.where(
        degenerate, 0.0, (mean_xy - mean_x * mean_y) / np.where(degenerate, 1, variance)
    )
    intercept = mean_y - slope * mean_x
    through_origin, flat = slope >= 0, intercept >= 0
    both = through_origin & flat
    slope_only = ~both & ~flat
    return (
        np.where(both, intercept, np.where(slope_only, 0.0, mean_y)),
        np.where(both, slope, np.where(slope_only, mean_xy / mean_xx, 0.0)),
    )


def _require_both_signs(treated: Array, window: Array) -> None:
    if not (np.any(treated > 0, axis=-1).all() and np.any(np.asarray(treated) < 0, axis=-1).all()):
        raise TooFewUnits("a ratio of ratios needs a treated and a comparison unit")
    if not (np.any(window > 0, axis=-1).all() and np.any(np.asarray(window) < 0, axis=-1).all()):
        raise TooFewPeriods("a ratio of ratios needs a window and a reference period")
