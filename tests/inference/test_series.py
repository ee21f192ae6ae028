import numpy as np
import pytest

from evaluator.estimators.arrays import Array
from evaluator.estimators.autoregression import (
    PRIOR_DOF,
    RHO_GRID,
    Candidates,
    Profile,
    ar1_profile,
    design,
    level_shift,
)
from evaluator.inference.distributions import StudentT
from evaluator.inference.series import at_shared_rho, mixed


def test_one_rho_is_the_textbook_t() -> None:
    """1, 3 | 5, 7 at ρ = 0: shift 4, s² = 2 with two degrees of freedom, s.e. √2."""
    shift = level_shift(ar1_profile(np.array([1.0, 3, 5, 7]), _step(4), np.zeros(1)))
    law, t = mixed(shift), StudentT(np.asarray(4.0), np.asarray(2**0.5), 2)
    for x in (-1.0, 3.0, 4.0, 6.0):
        assert law.cdf(x) == pytest.approx(t.cdf(x))


def test_laws_are_mixed_by_their_likelihood() -> None:
    """At ρ = 0 and ½, likelihoods 1 : 3, estimates 0 and 1: the median lies between, nearer 1."""
    law = mixed(_candidates([0, np.log(3)], [1, 1], [0, 1]))
    assert law.weights == pytest.approx([0.25, 0.75])
    assert law.cdf(law.location) == pytest.approx(0.5)
    assert 0.5 < law.location < 1
    assert law.scales == pytest.approx([1, 1])
    assert law.dof == 4


def test_the_shared_rho_on_paper() -> None:
    """Own likelihood prefers the first ρ by 1, the companion's the second by 2: the second.

    There s² is 1 and 3; series of one size predict 2, and 4 of 8 degrees of freedom are the
    prior's: 1.5. The unit variance is 1, so the scale is √1.5, on 4 + 4 degrees of freedom.
    """
    own = _candidates([1, 0], [9, 1], [5, 7])
    companion = _candidates([0, 2], [9, 3], [0, 0])
    law = at_shared_rho(own, [companion], [np.asarray(1.0), np.asarray(1.0)])
    assert law.location == 7
    assert law.scale == pytest.approx(1.5**0.5)
    assert law.dof == 4 + PRIOR_DOF


def test_many_panels_share_each_their_own_rho() -> None:
    rng = np.random.default_rng(6)
    y = rng.normal(size=(3, 5, 12)).cumsum(axis=-1)  # series, panels, periods
    noise = [np.full(5, h) for h in (0.1, 0.2, 0.3)]
    shifts = [level_shift(ar1_profile(series, _step(12))) for series in y]
    together = at_shared_rho(shifts[0], shifts[1:], noise)
    for panel in range(5):
        alone = [level_shift(ar1_profile(series[panel], _step(12))) for series in y]
        law = at_shared_rho(alone[0], alone[1:], [h[panel] for h in noise])
        assert together.location[panel] == pytest.approx(float(law.location))
        assert together.scale[panel] == pytest.approx(float(law.scale))


def test_a_strongly_autocorrelated_series_finds_its_rho() -> None:
    """200 series of 30 weeks at ρ = .7 share a likelihood with a standard error under .02."""
    rng = np.random.default_rng(9)
    noise = rng.normal(size=(200, 80))
    series = np.zeros((200, 80))
    for t in range(1, 80):
        series[:, t] = 0.7 * series[:, t - 1] + noise[:, t]
    profile = ar1_profile(series[:, 50:], design(30))
    best = RHO_GRID[np.argmax(profile.log_likelihood.sum(axis=0))]
    assert best == pytest.approx(0.7, abs=0.051)


def _step(periods: int) -> Array:
    return design(periods, [(np.arange(periods) >= periods // 2).astype(float)])


def _candidates(
    log_likelihood: list[float], variance: list[float], estimate: list[float]
) -> Candidates:
    """Two grid points, four degrees of freedom, unit variance 1."""
    profile = Profile(
        rho=np.array([0, 0.5]),
        log_likelihood=np.array(log_likelihood, dtype=float),
        coefficients=np.zeros((2, 1)),
        unit_covariance=np.ones((2, 1, 1)),
        variance=np.array(variance, dtype=float),
        last_residual=np.zeros(2),
        dof=4,
    )
    return Candidates(np.array(estimate, dtype=float), np.ones(2), profile)
