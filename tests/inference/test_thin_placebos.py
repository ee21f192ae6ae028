"""What the flag “thin other courses” says: measured, with bands that can fail.

Exact binomial bands around the coverage at 4,000 campaigns: a right interval goes below .93 with a
chance below 1 in 10⁶. Where courses are alike and counted well, t(10) covers more than it claims;
it is chosen for courses that are not.
"""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.estimators.arrays import Array
from evaluator.inference.ratios import Totals, these_courses

CAMPAIGNS, OTHERS = 4000, 35


def coverage(typical: float) -> float:
    """Of the pooled interval: two promoted courses of 40, others uneven about a typical total."""
    rng = np.random.default_rng(20221031)
    levels = np.exp(rng.normal(0, 0.9, OTHERS))
    levels *= typical / levels.mean()

    def drawn(mean: Array) -> Array:
        shape = (CAMPAIGNS, len(mean))
        return rng.poisson(mean * np.exp(rng.normal(0, 0.1, shape))).astype(float)

    promoted = np.full(2, 40.0)
    window, reference = (np.repeat(drawn(levels)[:, None], 2, axis=1) for _ in range(2))
    law = these_courses(Totals(drawn(promoted), drawn(promoted), window, reference))
    return float(np.mean((law.quantile(0.025) <= 0) & (law.quantile(0.975) >= 0)))


@pytest.mark.parametrize(("typical", "low", "high"), [(2, 0.896, 0.938), (5, 0.924, 0.96)])
def test_below_ten_the_interval_is_a_little_short(typical: float, low: float, high: float) -> None:
    assert low <= coverage(typical) <= high


@pytest.mark.parametrize("typical", [10, 25, 100])
def test_above_it_covers(typical: float) -> None:
    assert 0.93 <= coverage(typical) <= 0.985
