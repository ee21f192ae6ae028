"""A lift in a group of units, the courses summed: a jackknife over courses.

Sums, because a group may have a course's wave in which nobody enrolled: the mean of the
courses' log ratios is biased there (by +.2 at one expected enrolment a course), the log of a
ratio of sums is not.
"""

from __future__ import annotations

import numpy as np

from evaluator.errors import TooFewCounts, TooFewUnits
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF
from evaluator.inference.distributions import StudentT

MIN_COURSES = 3
MIN_EXPECTED = 5.0
"""With less expected in a group its interval covers .71 to .86 where .95 is claimed."""


def lift_over_courses(observed: Array, expected: Array) -> StudentT:
    """log(Σ observed / Σ expected), delete-one-course jackknife, t(courses − 1).

    Parameters
    ----------
    observed, expected : (courses,) what was counted in the window, and what would have been

    Raises
    ------
    TooFewUnits : fewer than `MIN_COURSES` courses
    TooFewCounts : less than `MIN_EXPECTED` expected in all

    References
    ----------
    Quenouille–Tukey jackknife, as for clusters in MacKinnon, Nielsen & Webb (2023).
    """
    courses = len(observed)
    if courses < MIN_COURSES:
        raise TooFewUnits(f"{courses} courses with a wave: {MIN_COURSES} are needed")
    if expected.sum() < MIN_EXPECTED:
        raise TooFewCounts(
            f"{expected.sum():.1f} expected on the wave days of all its courses:"
            f" {MIN_EXPECTED:.0f} are needed"
        )
    kept = 1 - np.vstack([np.zeros(courses), np.eye(courses)])
    logs = np.log(kept @ observed + HALF) - np.log(kept @ expected + HALF)
    scale = np.sqrt((courses - 1) / courses * np.sum((logs[1:] - logs[0]) ** 2))
    return StudentT(np.asarray(logs[0]), np.asarray(scale), courses - 1.0)


def against_rest(observed: Array, expected: Array) -> StudentT:
    """The same of the first column, each course's count divided by its lift in the second.

    Courses whose lifts differ are so compared each with itself: a group is not called strong
    for sending people to a strong course.

    Parameters
    ----------
    observed, expected : (courses, 2) of the group and of the rest
    """
    elsewhere = (observed[:, 1] + HALF) / (expected[:, 1] + HALF)
    return lift_over_courses(observed[:, 0] / elsewhere, expected[:, 0])


def carried(treated_reference: Array, other_window: Array, other_reference: Array) -> Array:
    """Reference totals carried to the window by the other courses, elementwise."""
    expected: Array = treated_reference * (other_window + HALF) / (other_reference + HALF)
    return expected
