"""Partial pooling of cells."""

import numpy as np
import pytest
from scipy.integrate import quad

from evaluator.errors import TooFewUnits
from evaluator.inference.shrinkage import partially_pooled


def test_equal_variances_by_hand() -> None:
    """With equal variances every τ gives the same mean, and every cell the same weight."""
    pooled = partially_pooled(np.array([0.0, 1.0, 2.0]), np.full(3, 0.5))
    weight = pooled.weight_on_own[0]
    assert pooled.mean == pytest.approx(1.0)
    assert 0 < weight < 1
    np.testing.assert_allclose(pooled.shrunk, [1 - weight, 1.0, 1 + weight])


def test_a_plain_integral_over_the_spread_agrees() -> None:
    """The posterior of τ by quadrature with SciPy, one cell at a time."""
    estimates, variances = np.array([0.2, 1.4, 0.9, -0.3]), np.array([0.1, 0.3, 0.2, 0.4])
    top = 4 * np.sqrt(np.var(estimates, ddof=1) + variances.mean())

    def density(tau: float) -> float:
        spread = np.diag(variances + tau**2)
        ones, inverse = np.ones(4), np.linalg.inv(spread)
        mean = ones @ inverse @ estimates / (ones @ inverse @ ones)
        residual = estimates - mean
        log_density = -0.5 * (
            np.linalg.slogdet(spread)[1]
            + np.log(ones @ inverse @ ones)
            + residual @ inverse @ residual
        )
        return float(np.exp(log_density))

    area = quad(density, 0, top)[0]
    tau = quad(lambda t: t * density(t), 0, top)[0] / area
    assert partially_pooled(estimates, variances).tau == pytest.approx(tau, rel=2e-2)


def test_cells_that_differ_by_noise_alone_are_drawn_together() -> None:
    pooled = partially_pooled(np.array([0.1, 0.0, -0.1]), np.full(3, 4.0))
    assert np.ptp(pooled.shrunk) < 0.1


def test_a_noisy_cell_moves_more_than_a_precise_one() -> None:
    pooled = partially_pooled(np.array([0.0, 2.0, 4.0]), np.array([0.01, 0.01, 4.0]))
    assert pooled.weight_on_own[2] < pooled.weight_on_own[0]
    assert abs(pooled.shrunk[2] - 4) > abs(pooled.shrunk[0])


def test_shrunk_intervals_cover() -> None:
    """2,000 families of eight cells with a spread of .6: .95 ± .022 of the true cells.

    16,000 cells, correlated within a family: the s.e. is at most √(.95·.05/2000) = .0049, so a
    true coverage of .95 fails in fewer than 1 run of 10,000.
    """
    rng = np.random.default_rng(8)
    variances = np.linspace(0.1, 1.0, 8)
    covered = []
    for _ in range(2000):
        truth = 1 + 0.6 * rng.standard_normal(8)
        pooled = partially_pooled(truth + np.sqrt(variances) * rng.standard_normal(8), variances)
        covered.append(np.abs(pooled.shrunk - truth) <= 1.96 * np.sqrt(pooled.shrunk_variance))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.022)


def test_two_cells_are_refused() -> None:
    with pytest.raises(TooFewUnits, match="2 cells"):
        partially_pooled(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
