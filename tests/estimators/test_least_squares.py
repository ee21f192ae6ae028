import numpy as np
import pytest
import statsmodels.api as sm

from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.least_squares import least_squares, newey_west


def test_a_line_on_paper() -> None:
    """(−1, 0), (0, 3), (1, 0): mean 1, slope 0, residuals −1, 2, −1, so s² = 6/1.

    The variances are 6/3 and 6/2.
    """
    X = np.array([[1.0, -1], [1, 0], [1, 1]])
    fit = least_squares(np.array([0.0, 3, 0]), X)
    assert fit.coefficients == pytest.approx([1, 0], abs=1e-14)
    assert fit.covariance == pytest.approx(np.diag([2, 3]))
    assert fit.standard_errors == pytest.approx([2**0.5, 3**0.5])
    assert fit.dof == 1


def test_a_mean_on_paper() -> None:
    """Residuals −1, 2, −1: 6 at lag 0, −4 at lag 1 with weight ½ on both sides, 6 − 4 = 2.

    Over 3² and times 3/2, 1/3; without lags 6/9 · 3/2 = 1.
    """
    y, X = np.array([0.0, 3, 0]), np.ones((3, 1))
    assert newey_west(y, X, lags=1).covariance == pytest.approx(np.array([[1 / 3]]))
    assert newey_west(y, X, lags=0).covariance == pytest.approx(np.array([[1]]))


def test_against_statsmodels() -> None:
    rng = np.random.default_rng(2)
    X = np.column_stack([np.ones(40), rng.normal(size=(40, 2))])
    y = X @ [1, 2, -1] + rng.normal(size=40).cumsum()
    classical, fit = sm.OLS(y, X).fit(), least_squares(y, X)
    assert fit.coefficients == pytest.approx(classical.params, abs=1e-10)
    assert fit.covariance == pytest.approx(classical.cov_params(), abs=1e-10)
    assert fit.dof == classical.df_resid
    for lags in (0, 1, 5):
        options = {"maxlags": lags, "use_correction": True}
        robust = sm.OLS(y, X).fit(cov_type="HAC", cov_kwds=options)
        ours = newey_west(y, X, lags)
        assert ours.coefficients == pytest.approx(robust.params, abs=1e-10)
        assert ours.covariance == pytest.approx(robust.cov_params(), abs=1e-10)


def test_what_cannot_be_solved_is_refused() -> None:
    with pytest.raises(TooFewPeriods, match="2 observations for 2 coefficients"):
        least_squares(np.ones(2), np.eye(2))
    with pytest.raises(NotIdentified, match="2 columns has rank 1"):
        newey_west(np.ones(5), np.ones((5, 2)), lags=1)
