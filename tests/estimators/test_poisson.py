"""Poisson regression of many series on one design."""

import numpy as np
import pytest
import statsmodels.api as sm

from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.poisson import poisson_regression, variance_inflation

DAYS = 40


def design() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    day = np.arange(DAYS)
    return np.column_stack([np.ones(DAYS), (day >= 10) & (day < 17), day >= 30]).astype(float)


def test_one_dummy_is_the_ratio_of_totals_with_a_half_in_each() -> None:
    """Ten days of 3 and five of 9 on an offset of 1: a saturated design of two groups.

    Firth adds ½ to each group's total: log((45 + ½)/5) − log((30 + ½)/10).
    """
    y = np.array([3.0] * 10 + [9.0] * 5)
    X = np.column_stack([np.ones(15), np.arange(15) >= 10]).astype(float)
    fit = poisson_regression(y, X, np.zeros(15), np.array([0.0, 1.0]))
    by_hand = np.log(45.5 / 5) - np.log(30.5 / 10)
    assert fit.coefficients[1] == pytest.approx(by_hand, abs=1e-9)
    # Noise of the counterfactual: both groups at the untreated rate of 3.05 a day.
    assert fit.covariance[1, 1] == pytest.approx(1 / (3.05 * 5) + 1 / (3.05 * 10), rel=1e-9)


def test_an_empty_cell_has_a_finite_estimate() -> None:
    y = np.array([4.0] * 10 + [0.0] * 2)
    X = np.column_stack([np.ones(12), np.arange(12) >= 10]).astype(float)
    fit = poisson_regression(y, X, np.zeros(12), np.array([0.0, 1.0]))
    assert fit.coefficients[1] == pytest.approx(np.log(0.5 / 2) - np.log(40.5 / 10), abs=1e-7)


def test_large_counts_agree_with_statsmodels() -> None:
    """The ½ vanishes beside a million: plain maximum likelihood."""
    rng = np.random.default_rng(3)
    X, offset = design(), rng.normal(size=DAYS) / 5
    y = rng.poisson(1e6 * np.exp(offset + X @ np.array([0.0, 0.7, -0.2]))).astype(float)
    fit = poisson_regression(y, X, offset, np.zeros(3))
    theirs = sm.GLM(y, X, family=sm.families.Poisson(), offset=offset).fit()
    np.testing.assert_allclose(fit.coefficients, theirs.params, atol=1e-6)
    np.testing.assert_allclose(fit.covariance, theirs.cov_params(), rtol=1e-5)


def test_many_series_are_fitted_as_one_by_one() -> None:
    rng = np.random.default_rng(4)
    X, offset = design(), rng.normal(size=(6, DAYS)) / 5
    y = rng.poisson(8 * np.exp(offset)).astype(float)
    treated = np.array([0.0, 1.0, 1.0])
    together = poisson_regression(y, X, offset, treated)
    for row in range(6):
        alone = poisson_regression(y[row], X, offset[row], treated)
        np.testing.assert_allclose(together.coefficients[row], alone.coefficients, atol=1e-7)
        np.testing.assert_allclose(together.covariance[row], alone.covariance, rtol=1e-6)


def test_an_aliased_design_is_refused() -> None:
    X = np.column_stack([design(), design()[:, 1]])
    with pytest.raises(NotIdentified):
        poisson_regression(np.ones(DAYS), X, np.zeros(DAYS), np.zeros(4))


def test_more_coefficients_than_days_are_refused() -> None:
    with pytest.raises(TooFewPeriods, match="2 days for 3"):
        poisson_regression(np.ones(2), design()[:2], np.zeros(2), np.zeros(3))


def test_variance_inflation_by_hand() -> None:
    """Two dummies of ten days that share five, of forty: VIF = 1/(1 − r²)."""
    day = np.arange(DAYS)
    first, second = (day < 10).astype(float), ((day >= 5) & (day < 15)).astype(float)
    X = np.column_stack([np.ones(DAYS), first, second])
    r = np.corrcoef(first, second)[0, 1]
    inflation = variance_inflation(X, np.ones(DAYS))
    np.testing.assert_allclose(inflation, [1, 1 / (1 - r**2), 1 / (1 - r**2)])


def test_an_alias_has_infinite_inflation() -> None:
    X = np.column_stack([design(), design()[:, 1]])
    assert variance_inflation(X, np.ones(DAYS))[-1] == np.inf
