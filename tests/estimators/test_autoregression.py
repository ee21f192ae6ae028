import numpy as np
import pytest
from scipy.linalg import toeplitz

from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.arrays import Array
from evaluator.estimators.autoregression import (
    RHO_GRID,
    Profile,
    ar1_profile,
    design,
    forecast_shift,
    level_shift,
    mean_forecast_shift,
    mixing_weights,
    moderated_variance,
)

RHOS = np.array([0.0, 0.5])
CONSTANT = np.ones((4, 1))


@pytest.fixture
def on_paper() -> Profile:
    """0, 0, 1, 1 about a mean, at ρ = 0 and ½."""
    return ar1_profile(np.array([0.0, 0, 1, 1]), CONSTANT, RHOS)


def test_a_mean_on_paper(on_paper: Profile) -> None:
    """0, 0, 1, 1: the mean is ½ at every ρ, because the ends weigh 1 and the others 1 − ρ.

    At ρ = 0, S = 4 · ¼ = 1, s² = 1/3 and (X'X)⁻¹ = 1/4. At ρ = ½, X'Ω⁻¹X = (4 − 2ρ)/(1 + ρ) = 2;
    whitened residuals are −½, −¼/√¾, ¾/√¾, ¼/√¾, so S = ¼ + (1 + 9 + 1)/16 · 4/3 = 7/6.
    """
    assert on_paper.dof == 3
    assert on_paper.coefficients[:, 0] == pytest.approx([0.5, 0.5])
    assert on_paper.variance == pytest.approx([1 / 3, 7 / 18])
    assert on_paper.unit_covariance[:, 0, 0] == pytest.approx([1 / 4, 1 / 2])
    assert on_paper.last_residual == pytest.approx([0.5, 0.5])
    at_zero = -0.5 * np.log(4)
    at_half = -0.5 * (3 * np.log(3 / 4) + np.log(2)) - 1.5 * np.log(7 / 6)
    assert np.diff(on_paper.log_likelihood) == pytest.approx([at_half - at_zero])


def test_one_step_ahead_on_paper(on_paper: Profile) -> None:
    """The mean is ½ and the last value ½ above it: forecast ½ at ρ = 0, ½ + ½ · ½ at ρ = ½.

    Beside a comparison of 1.5 + ½ the counterfactual is 2 exp(forecast). The error has variance
    1 + 1/4 at ρ = 0; at ρ = ½ it is 1 − ρ² for the innovation and (1 − ρ)² · ½ for the mean.
    """
    treated = np.array([6 * np.exp(0.5) - 0.5])
    shift = forecast_shift(on_paper, np.ones(1), np.ones((1, 1)), treated, np.array([1.5]))
    assert shift.estimate == pytest.approx([np.log(3), np.log(3) - 0.25])
    assert shift.unit_variance == pytest.approx([5 / 4, 3 / 4 + 1 / 8])


def test_the_mean_over_rho_is_that_of_the_estimates() -> None:
    """Of several series at once, with a trend."""
    y, X = np.random.default_rng(3).normal(size=(4, 15)), _series(15)[1]
    window = np.random.default_rng(4).uniform(20, 90, size=(2, 4, 3))
    future = np.random.default_rng(5).normal(size=(3, X.shape[1]))
    profile = ar1_profile(y, X)
    each = forecast_shift(profile, X[-1], future, *window).estimate
    expected = np.sum(mixing_weights(profile) * each, axis=-1)
    assert mean_forecast_shift(profile, future, *window) == pytest.approx(expected)


def test_a_level_shift_on_paper() -> None:
    """1, 3 before and 5, 7 after: at ρ = 0 a shift of 4 with variance s²(1/2 + 1/2), s² = 2."""
    X = design(4, [np.array([0.0, 0, 1, 1])])
    shift = level_shift(ar1_profile(np.array([1.0, 3, 5, 7]), X, np.zeros(1)))
    assert shift.estimate == pytest.approx([4])
    assert shift.unit_variance == pytest.approx([1])
    assert shift.profile.variance == pytest.approx([2])


def test_profile_against_explicit_generalised_least_squares() -> None:
    y, X = _series(15)
    profile = ar1_profile(y, X)
    slow = [_generalised(y, X, rho) for rho in RHO_GRID]
    for position, (beta, covariance, variance, log_likelihood) in enumerate(slow):
        assert profile.coefficients[position] == pytest.approx(beta, abs=1e-10)
        assert profile.unit_covariance[position] == pytest.approx(covariance, abs=1e-10)
        assert profile.variance[position] == pytest.approx(variance, rel=1e-10)
        constant = profile.log_likelihood[0] - slow[0][3]
        assert profile.log_likelihood[position] == pytest.approx(log_likelihood + constant)


def test_a_far_level_leaves_the_variance_as_it_is() -> None:
    """Sums of squares are those of residuals, whatever the level that these are left of."""
    y, X = _series(15)
    near, far = (ar1_profile(1e-3 * y + level, X) for level in (0.0, 1e3))
    assert far.variance == pytest.approx(near.variance, rel=1e-7)
    assert far.log_likelihood == pytest.approx(near.log_likelihood, abs=1e-5)


@pytest.mark.parametrize("missing", [(), (6,), (14,), (13, 14)])
def test_forecast_against_conditioning_a_normal_vector(missing: tuple[int, ...]) -> None:
    """The best linear unbiased prediction, with the mean estimated; a dummy is a missing value."""
    y, X = _series(15)
    future = np.random.default_rng(8).normal(size=(4, X.shape[1]))
    comparison, treated = np.array([30.0, 50, 20, 40]), np.array([70.0, 60, 30, 90])
    dummies = [(np.arange(15) == period).astype(float) for period in missing]
    padded = np.column_stack([future, np.zeros((4, len(missing)))])
    with_dummies = np.column_stack([X, *dummies])
    profile = ar1_profile(y, with_dummies)
    shift = forecast_shift(profile, with_dummies[-1], padded, treated, comparison)
    kept = np.setdiff1d(np.arange(15), missing)
    for position, rho in enumerate(RHO_GRID):
        forecast, covariance = _predicted(y, X, future, kept, rho)
        path = (comparison + 0.5) * np.exp(forecast)
        weights = path / path.sum()
        expected = np.log(treated.sum() + 0.5) - np.log(path.sum())
        assert shift.estimate[position] == pytest.approx(expected, abs=1e-9)
        expected_variance = weights @ covariance @ weights
        assert shift.unit_variance[position] == pytest.approx(expected_variance, rel=1e-8)


def test_variances_are_drawn_to_what_size_predicts() -> None:
    """Two series of one size, s² = 1 and 3, predict 2; with 4 own degrees, halfway to it.

    Series that lie on a line through the origin, s² = 2h, are left where they are.
    """
    assert moderated_variance(np.array([1.0, 3]), np.ones(2), dof=4) == pytest.approx([1.5, 2.5])
    noise = np.array([0.1, 0.2, 0.4])
    assert moderated_variance(2 * noise, noise, dof=4) == pytest.approx(2 * noise)


def test_mixing_weights_on_paper(on_paper: Profile) -> None:
    """Log-likelihoods −1000 and −1000 + log 3 weigh ¼ and ¾."""
    far = Profile(
        on_paper.rho,
        -1000 + np.array([0, np.log(3)]),
        on_paper.coefficients,
        on_paper.unit_covariance,
        on_paper.variance,
        on_paper.last_residual,
        on_paper.dof,
    )
    assert mixing_weights(far) == pytest.approx([0.25, 0.75])


def test_what_has_no_answer_is_refused() -> None:
    ar1_profile(np.zeros(3), np.ones((3, 1)))
    with pytest.raises(TooFewPeriods, match="2 periods for 1 coefficients"):
        ar1_profile(np.zeros(2), np.ones((2, 1)))
    with pytest.raises(NotIdentified, match="2 columns has rank 1"):
        ar1_profile(np.zeros(9), np.ones((9, 2)))


def _series(periods: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(7)
    X = design(periods, [np.arange(periods) / periods, rng.normal(size=periods)])
    return rng.normal(size=periods).cumsum() * 0.3 + 1, X


def _generalised(y: Array, X: Array, rho: float) -> tuple[Array, Array, float, float]:
    """Coefficients, (X'Ω⁻¹X)⁻¹, s² and restricted log-likelihood, as in a textbook."""
    omega = toeplitz(rho ** np.arange(len(y)))
    inverse = np.linalg.inv(omega)
    covariance: Array = np.asarray(np.linalg.inv(X.T @ inverse @ X), dtype=float)
    beta = covariance @ X.T @ inverse @ y
    residual = y - X @ beta
    dof = len(y) - X.shape[1]
    squares = float(residual @ inverse @ residual)
    log_likelihood = -0.5 * (
        np.linalg.slogdet(omega)[1]
        + np.linalg.slogdet(X.T @ inverse @ X)[1]
        + dof * np.log(squares)
    )
    return beta, covariance, squares / dof, float(log_likelihood)


def _predicted(
    y: Array, X: Array, future: Array, kept: np.ndarray[tuple[int], np.dtype[np.intp]], rho: float
) -> tuple[Array, Array]:
    """Mean and unit covariance of the periods after y, given y at the kept periods."""
    whole = toeplitz(rho ** np.arange(len(y) + len(future)))
    after = np.arange(len(y), len(whole))
    own = whole[np.ix_(kept, kept)]
    gain = whole[np.ix_(after, kept)] @ np.linalg.inv(own)
    covariance = np.linalg.inv(X[kept].T @ np.linalg.inv(own) @ X[kept])
    beta = covariance @ X[kept].T @ np.linalg.inv(own) @ y[kept]
    forecast = future @ beta + gain @ (y[kept] - X[kept] @ beta)
    drift = future - gain @ X[kept]
    conditional = whole[np.ix_(after, after)] - gain @ whole[np.ix_(kept, after)]
    return forecast, conditional + drift @ covariance @ drift.T
