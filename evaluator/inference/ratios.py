"""From ratios of totals to laws: the other courses' own placebos give the scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import (
    LogRatio,
    PlaceboScale,
    count_noise,
    counterfactual_noise,
    effective_number,
    fitted_scale,
    placebo_scale,
    ratio_of_totals,
)
from evaluator.inference.distributions import Ranked, StudentT

COURSE_DOF = 10.0
"""Degrees of freedom of a scale from the other courses, chosen by measured coverage."""
MIN_RANKED = 19
"""Fewest placebos with a finite 95% order-statistic interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Window and reference totals of promoted courses and of the others.

    `treated_*` (..., series), `other_*` (..., series, others): a course with a shorter
    reference sees the other courses over that reference too.
    """

    treated_window: Array
    treated_reference: Array
    other_window: Array
    other_reference: Array

    def ratios(self) -> LogRatio:
        return ratio_of_totals(
            self.treated_window,
            self.treated_reference,
            self.other_window.sum(axis=-1),
            self.other_reference.sum(axis=-1),
        )

    def placebos(self) -> PlaceboScale:
        return placebo_scale(self.other_window, self.other_reference)


def size_adjusted(totals: Totals) -> StudentT:
    """Each promoted course against the others, t(10) on the scale √(κ + φh): (..., series)."""
    ratio = totals.ratios()
    return StudentT(ratio.log_lift, totals.placebos().scale(ratio), COURSE_DOF)


def of_forecast(
    log_lift: Array, placebos: Array, totals: Totals, courses: Array | float
) -> StudentT:
    """A forecast's log lift, t(10) on the scale of the same forecast of each other course.

    √(s²(κ(1/G + 1/n) + φh)): a sum of courses of effective number G averages what each moves by
    itself, the n other courses behind every forecast do so too.

    Parameters
    ----------
    log_lift : (...,) of one series; `totals` has that series alone
    placebos : (..., others) of each other course, held out from the sum it is compared with
    courses : (...,) effective number of courses that the series is the sum of

    References
    ----------
    Conley & Taber (2011); Ferman & Pinto (2019), section 2.
    """
    noise = count_noise(totals.other_window, totals.other_reference)[..., 0, :]
    part = 1 / np.asarray(courses) + 1 / placebos.shape[-1]
    own = counterfactual_noise(totals.ratios())[..., 0]
    return StudentT(log_lift, fitted_scale(placebos, noise).at_noise(own, part), COURSE_DOF)


def ranked(totals: Totals) -> Ranked:
    """The same for one course, with the order statistics of its placebos for a t law."""
    ratio, spread = totals.ratios(), totals.placebos()
    if spread.z.shape[-1] < MIN_RANKED:
        raise TooFewUnits(
            f"{spread.z.shape[-1]} other courses: an order-statistic interval at 95% needs"
            f" {MIN_RANKED}"
        )
    scale = (spread.scale(ratio) / spread.spread).item()
    placebos = np.sort(np.abs(spread.z.ravel()))
    return Ranked(ratio.log_lift.item(), scale, tuple(float(z) for z in placebos))


def these_courses(totals: Totals) -> StudentT:
    """Mean log lift of exactly these courses, t(10): (...,)."""
    variance = np.mean(joint_covariance(totals), axis=(-2, -1))
    return StudentT(np.mean(totals.ratios().log_lift, axis=-1), np.sqrt(variance), COURSE_DOF)


def against_few(totals: Totals) -> StudentT:
    """The same against few courses left out of every promotion, t(10): (...,)."""
    variance = np.mean(covariance_against_few(totals), axis=(-2, -1))
    return StudentT(np.mean(totals.ratios().log_lift, axis=-1), np.sqrt(variance), COURSE_DOF)


def courses_like_these(totals: Totals) -> StudentT:
    """Mean log lift of a population of courses like these, from their spread: t(G1 − 1)."""
    log_lifts = totals.ratios().log_lift
    series = log_lifts.shape[-1]
    if series < 2:
        raise TooFewUnits("one promoted course: nothing is known of others like it")
    spread = np.std(log_lifts, axis=-1, ddof=1)
    if np.any(spread == 0):
        raise TooFewUnits("the promoted courses' lifts do not differ at all: no spread to judge by")
    return StudentT(np.mean(log_lifts, axis=-1), spread / np.sqrt(series), float(series - 1))


def joint_covariance(totals: Totals) -> Array:
    """Covariance of the promoted courses' log lifts, (..., series, series).

    On the diagonal each course's own s²(κ + φh); everywhere s²κ/n, because the pooled other
    courses are the same in every comparison.
    """
    spread = totals.placebos()
    others = totals.other_window.shape[-1]
    common = np.sqrt(spread.spread**2 * spread.kappa / others)
    return _with_common(totals, common)


def covariance_against_few(totals: Totals) -> Array:
    """The same where the pooled courses are few: s²(κ/n + φh₀) everywhere.

    Of n courses of unlike size only an effective number averages what each moves by itself, and
    their sum has a count noise h₀ = 1/ΣY_W + 1/ΣY_R of its own.
    """
    spread = totals.placebos()
    number = effective_number(totals.other_reference)
    pooled = count_noise(totals.other_window.sum(axis=-1), totals.other_reference.sum(axis=-1))
    variance = spread.spread**2 * (spread.kappa / number + spread.phi * pooled)
    return _with_common(totals, np.sqrt(np.maximum(variance, pooled)))


def _with_common(totals: Totals, common: Array) -> Array:
    """Each course's own variance on the diagonal, and what all share everywhere."""
    own = totals.placebos().scale(totals.ratios())[..., None] ** 2 * np.eye(common.shape[-1])
    covariance: Array = own + common[..., :, None] * common[..., None, :]
    return covariance
