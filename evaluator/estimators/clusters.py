"""Arm A against arm B when the units (countries) are known: clusters deleted one at a time.

With D = A × window, a Poisson regression with country and week effects *is* the log
ratio-of-ratios of totals, and deleting one country changes one arm's totals only: the
delete-one-cluster (CRV3) variance needs no iteration.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.ratio import HALF

MIN_ARM_UNITS = 6
"""With fewer countries in an arm the spread between them says too little."""


@dataclass(frozen=True, slots=True)
class ArmRatio:
    """log lift A − log lift B of each series, and the jackknife over countries.

    `log_lift` has shape (..., series), `deleted` (..., series, countries): the estimate
    without that country, minus the estimate.
    """

    log_lift: Array
    deleted: Array

    def covariance(self) -> Array:
        """CRV3 covariance of the series' log lifts, (..., series, series).

        Deletions are grouped by country over all series: a country that is in arm A of one
        course and in arm B of another contributes once, with both its influences.
        """
        clusters = self.deleted.shape[-1]
        products = np.einsum("...ik,...jk->...ij", self.deleted, self.deleted)
        return np.asarray((clusters - 1) / clusters * products)


def arm_ratios(window_total: Array, reference_total: Array, in_a: Flags) -> ArmRatio:
    """log(A_W / A_R) − log(B_W / B_R) of each series, and its delete-one-country versions.

    Parameters
    ----------
    window_total, reference_total : (..., series, countries) totals of the outcome
    in_a : (..., series, countries) whether the country is in arm A of this series

    Returns
    -------
    ArmRatio, natural-log units

    Raises
    ------
    TooFewUnits : fewer than `MIN_ARM_UNITS` countries in arm A or arm B of a series

    References
    ----------
    MacKinnon, Nielsen & Webb (2023), cluster jackknife (CRV3).
    """
    sizes = in_a.sum(axis=-1), (~in_a).sum(axis=-1)
    if min(int(np.min(size)) for size in sizes) < MIN_ARM_UNITS:
        raise TooFewUnits(
            f"{int(np.min(sizes[0]))} units in arm A and {int(np.min(sizes[1]))} in arm B: at"
            f" least {MIN_ARM_UNITS} in each are needed to see how much a unit moves by itself"
        )
    log_lift, deleted = 0.0, 0.0
    for sign, member in ((1.0, in_a), (-1.0, ~in_a)):
        for time_sign, total in ((1.0, window_total), (-1.0, reference_total)):
            own = np.where(member, total, 0.0)
            arm = own.sum(axis=-1, keepdims=True) + HALF
            log_lift = log_lift + sign * time_sign * np.log(arm[..., 0])
            deleted = deleted + sign * time_sign * (np.log(arm - own) - np.log(arm))
    return ArmRatio(np.asarray(log_lift), np.asarray(deleted))


def triple_ratios(promoted: ArmRatio, other: ArmRatio) -> ArmRatio:
    """(A − B of the promoted) − (A − B of the other courses), country by country."""
    return ArmRatio(promoted.log_lift - other.log_lift, promoted.deleted - other.deleted)
