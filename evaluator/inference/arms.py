"""Arm A against arm B by country, and the choice between two laws."""

from __future__ import annotations

import numpy as np

from evaluator.estimators.arrays import Flags
from evaluator.estimators.clusters import ArmRatio
from evaluator.inference.distributions import StudentT
from evaluator.results import Distribution


def by_unit(ratios: ArmRatio, arm_units: int) -> StudentT:
    """Mean log ratio over the series, CRV3 by country, t(number of A countries − 1): (...,)."""
    variance = np.mean(ratios.covariance(), axis=(-2, -1))
    return StudentT(np.mean(ratios.log_lift, axis=-1), np.sqrt(variance), arm_units - 1.0)


def wider(first: Distribution, second: Distribution, level: float) -> Flags:
    """Whether the second has the longer interval at the declared level, (...,)."""
    tail = (1 - level) / 2
    lengths = [
        np.asarray(law.quantile(1 - tail)) - np.asarray(law.quantile(tail))
        for law in (first, second)
    ]
    return np.asarray(lengths[1] > lengths[0])
