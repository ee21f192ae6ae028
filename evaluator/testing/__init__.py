"""Tests of any estimator, your own or another library's: does its interval cover what it says?

>>> from evaluator.testing import calibrate, campaigns
>>> def anything(campaign):
...     return 0, float("inf")  # holds every truth, so it covers far more than 95%
>>> calibrate(anything, campaigns(lift=1.5)).assert_coverage(level=0.95)
Traceback (most recent call last):
AssertionError: the 95% interval held the truth in 400 of 400 worlds (1.000). ...
>>> calibrate(anything).assert_coverage(level=0.95, conservative=True)

Every test states how often it fails though nothing is wrong: `false_alarms`.
"""

from __future__ import annotations

from evaluator.testing.calibrated import (
    Calibrated,
    Estimator,
    World,
    assert_interval_covers,
    calibrate,
)
from evaluator.testing.campaigns import Campaign, Campaigns, campaigns
from evaluator.testing.sequential import Answer, Claimed, Sequential, calibrate_until_sure

__all__ = [
    "Answer",
    "Calibrated",
    "Campaign",
    "Campaigns",
    "Claimed",
    "Estimator",
    "Sequential",
    "World",
    "assert_interval_covers",
    "calibrate",
    "calibrate_until_sure",
    "campaigns",
]
