"""A treatment assigned to whole courses: the difference between groups, courses as units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array, Flags
from evaluator.inference.distributions import StudentT

MIN_EACH = 3
"""Fewest courses of each kind, by measured coverage and because fewer never reject."""


def difference(log_lifts: Array, first: Flags, strata: Sequence[int]) -> StudentT:
    """Mean effect of the first kind less that of the second, within strata: (...,).

    Least squares on the kind and a constant for each stratum: t(S − strata − 1), which is the
    two-sample t where there is one stratum, and the paired t where every stratum is a pair.

    Parameters
    ----------
    log_lifts : (..., S)
    first : (S,) which courses are of the first kind
    strata : (S,) the stratum of each; a stratum with one kind alone says nothing

    Raises
    ------
    TooFewUnits : fewer than `MIN_EACH` courses of either kind, or effects that do not differ

    References
    ----------
    Neyman (1923); Imbens & Rubin (2015), chapters 6, 9 and 10. Ibragimov & Müller (2010): at 95%
    few values of unlike variance make the t interval of pairs too wide, not too narrow.
    """
    if min(int(np.sum(first)), int(np.sum(~first))) < MIN_EACH:
        raise TooFewUnits(
            f"{int(np.sum(first))} courses of one kind and {int(np.sum(~first))} of the other:"
            f" {MIN_EACH} of each are needed"
        )
    names, position = np.unique(np.asarray(strata), return_inverse=True)
    dummies = (position[:, None] == np.arange(len(names))).astype(float)
    X = np.column_stack([first.astype(float), dummies])
    inverse = np.linalg.inv(X.T @ X)
    coefficients = log_lifts @ (X @ inverse)
    residuals = log_lifts - coefficients @ X.T
    dof = len(first) - X.shape[1]
    variance = np.sum(residuals**2, axis=-1) / dof * inverse[0, 0]
    if np.any(variance <= 1e-24):
        raise TooFewUnits("the courses' effects do not differ at all: no spread to judge by")
    return StudentT(np.asarray(coefficients[..., 0]), np.sqrt(variance), float(dof))
