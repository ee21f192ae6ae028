"""Shares against paper and SciPy, and their coverage by enumeration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from evaluator.errors import TooFewCounts
from evaluator.inference.shares import ratio_of_shares, share_interval


def test_by_hand() -> None:
    """3 of 9 against 7 of 9, each with a half: log(3.5 / 7.5); 1/3.5 − 1/9.5 + 1/7.5 − 1/9.5."""
    law = ratio_of_shares(np.array([3.0, 7.0]), np.array([9.0, 9.0]))
    assert law.location == pytest.approx(math.log(3.5 / 7.5))
    assert law.scale**2 == pytest.approx(1 / 3.5 + 1 / 7.5 - 2 / 9.5)
    assert law.quantile(0.975) == pytest.approx(law.location + 1.959964 * law.scale)


@pytest.mark.parametrize(("of", "out_of"), [(0, 9), (3, 9), (9, 9), (3382, 11742)])
def test_wilson_is_that_of_scipy(of: int, out_of: int) -> None:
    expected = binomtest(of, out_of).proportion_ci(0.9, method="wilson")
    own = share_interval(of, out_of, 0.9)
    assert (own.low, own.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(
    ("trials", "shares"),
    [((65, 1500), (0.06, 0.035)), ((370, 1500), (0.014, 0.035)), ((180, 1500), (0.9, 0.6))],
)
def test_coverage_by_enumeration(trials: tuple[int, int], shares: tuple[float, float]) -> None:
    """Exact over all outcomes with a chance: at least .94, and conservative where few succeed."""
    pairs = zip(trials, shares, strict=True)
    chance = np.outer(*(binom.pmf(np.arange(n + 1), n, share) for n, share in pairs))
    likely = np.argwhere(chance > 1e-9)
    likely = likely[(likely < np.array(trials)).all(axis=1)]
    law = ratio_of_shares(likely.astype(float), np.broadcast_to(trials, likely.shape))
    truth = math.log(shares[0] / shares[1])
    covered = (law.quantile(0.025) <= truth) & (truth <= law.quantile(0.975))
    assert 0.94 <= chance[tuple(likely.T)] @ covered <= 0.99


@pytest.mark.parametrize(
    ("successes", "trials", "reason"),
    [((0, 1), (0, 9), "nobody"), ((1, 9), (3, 9), "100%"), ((3, 1), (3, 9), "100%")],
)
def test_no_ratio_where_no_law_holds(
    successes: tuple[int, int], trials: tuple[int, int], reason: str
) -> None:
    with pytest.raises(TooFewCounts, match=reason):
        ratio_of_shares(np.array(successes, float), np.array(trials, float))
