"""Laws of channel effects: a cell against its placebos, a channel over its courses."""

from __future__ import annotations

import numpy as np

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array
from evaluator.estimators.poisson import PoissonFit
from evaluator.estimators.ratio import fitted_scale
from evaluator.inference.distributions import StudentT
from evaluator.inference.ratios import COURSE_DOF

MIN_COURSES = 3


def against_placebos(course: PoissonFit, placebos: PoissonFit, contrast: Array) -> StudentT:
    """A contrast of one course's coefficients, t(10) on the spread of the same in other courses.

    Parameters
    ----------
    course : fit of the promoted course, coefficients (k,)
    placebos : fits of the other courses to the same design, coefficients (n, k)
    contrast : (k,)
    """
    noise = np.einsum("k,...kl,l->...", contrast, placebos.covariance, contrast)
    spread = fitted_scale(placebos.coefficients @ contrast, noise)
    own = contrast @ course.covariance @ contrast
    return StudentT(course.coefficients @ contrast, spread.at_noise(own), COURSE_DOF)


def mean_over_courses(log_lifts: Array) -> StudentT:
    """Mean of the courses' effects, jackknife over courses: t(G1 − 1).

    Parameters
    ----------
    log_lifts : (courses,) one per course; the jackknife of a mean is its standard error
    """
    courses = len(log_lifts)
    if courses < MIN_COURSES:
        raise TooFewUnits(f"{courses} courses with a wave of their own: {MIN_COURSES} are needed")
    scale = np.std(log_lifts, ddof=1) / np.sqrt(courses)
    if scale == 0:
        raise TooFewUnits("the courses' effects do not differ at all: no spread to judge by")
    return StudentT(np.asarray(np.mean(log_lifts)), np.asarray(scale), courses - 1.0)
