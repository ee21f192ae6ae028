"""How well a power is known: from so many campaigns, and from one panel."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from evaluator.calibration.measuring import clustered
from evaluator.estimators.arrays import Array, Flags
from evaluator.inference.shares import share_interval
from evaluator.results import Interval

BAND = 0.95
"""Level of every band."""
PANEL = 0.25
"""How far a promise from one panel strays from what happens, root mean square on the probit scale:
measured on panels of the flagship's size, see tests/calibration."""
SURELY = 1e-6
"""A share is taken to be no nearer to 0 or 1."""


def monte_carlo(found: Flags, kernel: Array | None = None) -> Interval:
    """Interval of the share of campaigns, as wide as what they have in common makes it.

    Parameters
    ----------
    kernel : (R, R) see `evaluator.calibration.measuring.Sharing`; None: nothing
    """
    campaigns = float(len(found))
    if kernel is not None:
        share = (found.sum() + 2) / (campaigns + 4)
        campaigns = share * (1 - share) / clustered(found.astype(float), kernel) ** 2
    return share_interval(float(found.mean()) * campaigns, campaigns, BAND)


def promised(power: float, simulated: Interval) -> Interval:
    """The band in which a power lies: the simulation's error, and that of the one panel to which
    all of its worlds are fitted.

    Parameters
    ----------
    simulated : see `monte_carlo`
    """
    shares = np.clip([power, simulated.low, simulated.high], SURELY, 1 - SURELY)
    middle, low, high = ndtri(shares)
    own = float(ndtri((1 + BAND) / 2)) * PANEL
    ends = ndtr([middle - np.hypot(middle - low, own), middle + np.hypot(high - middle, own)])
    return Interval(float(ends[0]), float(ends[1]), BAND)
