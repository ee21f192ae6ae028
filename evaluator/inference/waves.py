"""Laws of channel effects: a cell against its placebos, a channel over its courses."""

from __future__ import annotations

import numpy as np

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.poisson import PoissonFit
from evaluator.estimators.ratio import fitted_scale
from evaluator.inference.distributions import StudentT
from evaluator.inference.ratios import COURSE_DOF

MIN_COURSES = 3
CHANNEL_DOF = 20.0
"""Degrees of freedom of a mean over cells with a scale each, chosen by measured coverage."""


def against_placebos(course: PoissonFit, placebos: PoissonFit, contrast: Array) -> StudentT:
    """A contrast of one course's coefficients, t(10) on the spread of the same in other courses.

    Parameters
    ----------
    course : fit of the promoted course, coefficients (..., k)
    placebos : fits of the other courses to the same design, coefficients (..., n, k)
    contrast : (..., k)
    """
    used = np.any(contrast != 0, axis=tuple(range(contrast.ndim - 1)))
    weights = contrast[..., used]
    one = weights.reshape(-1, weights.shape[-1])[0]
    if np.all(weights == one):  # of a single wave: then the placebos' sums are the same for all
        weights = one
    placebo, noise = _weighted(placebos, used, weights[..., None, :])
    estimate, own = _weighted(course, used, weights)
    return StudentT(estimate, fitted_scale(placebo, noise).at_noise(own), COURSE_DOF)


def error_of_pool(placebos: PoissonFit, contrast: Array) -> Array:
    """Standard error that the pooled other courses give to the same contrast of any course.

    s√(κ/n + φh₀): of courses of unlike size an effective number n averages what each moves by
    itself, and their sum has a count noise h₀ of its own.

    Parameters
    ----------
    placebos, contrast : as in `against_placebos`
    """
    used = np.any(contrast != 0, axis=tuple(range(contrast.ndim - 1)))
    placebo, noise = _weighted(placebos, used, contrast[..., None, used])
    sizes = 1 / noise
    number = sizes.sum(axis=-1) ** 2 / (sizes**2).sum(axis=-1)
    return fitted_scale(placebo, noise).at_noise(1 / sizes.sum(axis=-1), 1 / number)


def _weighted(fit: PoissonFit, used: Flags, weights: Array) -> tuple[Array, Array]:
    """A weighted sum of some coefficients, and its variance: (...,) each."""
    covariance = fit.covariance[..., used, :][..., used]
    estimate = np.sum(fit.coefficients[..., used] * weights, axis=-1)
    variance = np.einsum("...k,...kl,...l->...", weights, covariance, weights)
    return np.asarray(estimate), np.asarray(variance)


def mean_over_courses(log_lifts: Array, shared: Array | float = 0.0) -> StudentT:
    """Mean of the courses' effects, jackknife over courses: t(G1 − 1), (...,).

    Parameters
    ----------
    log_lifts : (..., courses) one per course; the jackknife of a mean is its standard error
    shared : (...,) variance of what is the same in all of them, which no spread shows
    """
    courses = log_lifts.shape[-1]
    if courses < MIN_COURSES:
        raise TooFewUnits(f"{courses} courses with a wave of their own: {MIN_COURSES} are needed")
    scale = np.std(log_lifts, axis=-1, ddof=1) / np.sqrt(courses)
    if np.any(scale == 0):
        raise TooFewUnits("the courses' effects do not differ at all: no spread to judge by")
    whole = np.sqrt(scale**2 + shared)
    return StudentT(np.asarray(np.mean(log_lifts, axis=-1)), np.asarray(whole), courses - 1.0)
