"""Power by formula, where there is one: beside the simulation, for one test by itself.

No formula knows the gate, the other rows of a family, nor counts too small for its normal law.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import nct

from evaluator.comparisons.design import REFERENCE, WINDOW, Comparison
from evaluator.effects.ratios import totals_of
from evaluator.inference.distributions import StudentT
from evaluator.inference.ratios import COURSE_DOF, size_adjusted, these_courses

POWER, LEVEL = 0.8, 0.95


def people_an_arm(
    rate: float, difference: float, *, power: float = POWER, level: float = LEVEL
) -> float:
    """People in each of two arms who show a difference of two proportions.

    (z_{α/2}·√(2p(1−p)) + z_β·√(p(1−p) + q(1−q)))² / d², with q = p ± d, whichever has the larger
    variance: a change either way is to be noticed.

    Parameters
    ----------
    rate : p, of the arm that nothing is done to
    difference : d, absolute

    References
    ----------
    Fleiss, Levin & Paik (2003), section 4; with the null's variance at p, as the calculators of
    online experiments have it.

    Examples
    --------
    Gross conversion of the Udacity screener:

    >>> round(people_an_arm(0.20625, 0.01))
    25835
    """
    own = rate * (1 - rate)
    other = max(q * (1 - q) for q in (rate - difference, rate + difference) if 0 <= q <= 1)
    reach = float(ndtri((1 + level) / 2)) * math.sqrt(2 * own)
    return ((reach + float(ndtri(power)) * math.sqrt(own + other)) / difference) ** 2


def holdout_power(
    people: float, held_out: float, rates: tuple[float, float], level: float = LEVEL
) -> float:
    """Power of the difference of two proportions of unequal groups, either way.

    Parameters
    ----------
    people : on the list
    held_out : share of them that is not written to
    rates : of those held out, of those written to
    """
    groups = people * held_out, people * (1 - held_out)
    variance = sum(p * (1 - p) / n for p, n in zip(rates, groups, strict=True))
    away, reach = abs(rates[1] - rates[0]) / math.sqrt(variance), float(ndtri((1 + level) / 2))
    return float(ndtr(away - reach) + ndtr(-away - reach))


def people_held_out(
    held_out: float,
    rates: tuple[float, float],
    *,
    power: float = POWER,
    level: float = LEVEL,
) -> float:
    """People on a list of whom a share held out shows this difference."""
    weights = zip(rates, (held_out, 1 - held_out), strict=True)
    variance = sum(p * (1 - p) / share for p, share in weights)
    reach = float(ndtri((1 + level) / 2) + ndtri(power))
    return reach**2 * variance / (rates[1] - rates[0]) ** 2


def ratio_power(
    log_lift: float, scale: float, dof: float = COURSE_DOF, level: float = LEVEL
) -> float:
    """Chance that a log ratio of ratios is above no effect: a non-central t.

    Parameters
    ----------
    scale : standard error of the log lift, see `ratio_scale`
    """
    reach = float(StudentT(np.asarray(0.0), np.asarray(1.0), dof).quantile((1 + level) / 2))
    return float(nct.sf(reach, dof, log_lift / scale))


def ratio_scale(comparison: Comparison) -> float | None:
    """Standard error of the log lift of one course, or of the mean of several: √(κ + φh).

    κ and φ are those of windows and references of the same pattern, all of them before the window
    of the template; None where the history holds none.

    Parameters
    ----------
    comparison : of a template, whose own window is history once more and says nothing about them
    """
    used = np.flatnonzero(np.any((comparison.codes == WINDOW) | (comparison.codes == REFERENCE), 0))
    nearest, farthest = math.ceil(comparison.window_weeks), int(used[0]) // 7
    variances = [
        _scale(replace(comparison, other=np.roll(comparison.other, 7 * back, axis=-1))) ** 2
        for back in range(nearest, farthest + 1)
    ]
    return float(np.sqrt(np.mean(variances))) if variances else None


def _scale(comparison: Comparison) -> float:
    totals = totals_of(comparison)
    if len(comparison.series) > 1:
        return float(these_courses(totals).scale)
    return float(size_adjusted(totals).scale[..., 0])
