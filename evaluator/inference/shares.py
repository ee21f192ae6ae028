"""Shares: a ratio of two of them, and the interval of one."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from evaluator.errors import TooFewCounts
from evaluator.estimators.arrays import Array
from evaluator.inference.distributions import StudentT
from evaluator.results import Interval

HALF = 0.5
"""Added to every number before its logarithm, so that nobody is not minus infinity."""


def ratio_of_shares(successes: Array, trials: Array) -> StudentT:
    """Log ratio of two independent shares, normal on the log scale: (...,).

    The variance is 1/x − 1/n of each, with +1/2 in each number.

    Parameters
    ----------
    successes, trials : (..., 2) of those asked about, and of those they are compared with

    Raises
    ------
    TooFewCounts : nobody to take a share of, or a share of one, whose spread the law cannot see

    References
    ----------
    Walter (1975); Gart & Nam (1988).
    """
    if np.any(trials == 0):
        raise TooFewCounts("nobody to take a share of")
    if np.any(successes == trials):
        raise TooFewCounts("a share of 100%: its ratio has no honest interval")
    of, out_of = successes + HALF, trials + HALF
    logs, variances = np.log(of / out_of), 1 / of - 1 / out_of
    scale = np.sqrt(variances.sum(axis=-1))
    return StudentT(logs[..., 0] - logs[..., 1], scale, math.inf)


def share_interval(part: float, whole: float, level: float) -> Interval:
    """Interval of one share, by inverting the score test.

    References
    ----------
    Wilson (1927).
    """
    z2 = float(ndtri((1 + level) / 2)) ** 2
    share, weight = part / whole, z2 / whole
    middle = (share + weight / 2) / (1 + weight)
    spread = share * (1 - share) / whole + weight / (4 * whole)
    reach = math.sqrt(z2 * spread) / (1 + weight)
    return Interval(max(middle - reach, 0.0), min(middle + reach, 1.0), level)
