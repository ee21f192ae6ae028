"""How well a power is known."""

import math

import numpy as np
import pytest
from scipy.stats import binom, norm

from evaluator.planning.bands import PANEL, monte_carlo, promised
from evaluator.results import Interval


def test_a_band_is_wider_where_campaigns_share() -> None:
    """Ten campaigns each five times over know as much as ten."""
    found = np.repeat(np.arange(10) % 2 == 0, 5)
    kernel = np.kron(np.eye(10), np.ones((5, 5))).astype(float)
    plain, shared = monte_carlo(found), monte_carlo(found, kernel)
    ten = monte_carlo(found[::5])
    assert plain.high - plain.low < 0.3
    assert shared.high - shared.low == pytest.approx(ten.high - ten.low, rel=0.15)


def test_the_band_of_a_share_holds_it() -> None:
    """Of 400 campaigns with power .8, the 95% band covers as often as an exact one may."""
    inside = [
        monte_carlo(np.arange(400) < count).low <= 0.8 <= monte_carlo(np.arange(400) < count).high
        for count in range(401)
    ]
    coverage = binom.pmf(np.arange(401), 400, 0.8) @ np.array(inside)
    assert 0.94 < coverage < 0.96


def test_a_promise_on_paper() -> None:
    """Of very many campaigns only the panel's error is left: .8 is .8416 on the probit scale."""
    band = promised(0.8, Interval(0.8, 0.8, 0.95))
    expected = [float(norm.cdf(0.8416212 + way * 1.959964 * PANEL)) for way in (-1, 1)]
    assert [band.low, band.high] == pytest.approx(expected, abs=1e-6)


def test_a_promise_is_no_narrower_than_its_simulation() -> None:
    for power, ends in ((0.5, (0.3, 0.7)), (0.0, (0.0, 0.02)), (1.0, (0.98, 1.0))):
        band = promised(power, Interval(*ends, 0.95))
        assert band.low <= ends[0] + 1e-5
        assert ends[1] - 1e-5 <= band.high
    wider = math.hypot(float(norm.ppf(0.3)), 1.959964 * PANEL)
    assert promised(0.5, Interval(0.3, 0.7, 0.95)).low == pytest.approx(norm.cdf(-wider), abs=1e-5)
