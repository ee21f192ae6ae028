"""Fixed-length intervals under a bending trend: by hand, against SciPy, and how they cover."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import lsq_linear
from scipy.stats import binom, ncx2, norm

from evaluator.estimators.arrays import Array
from evaluator.inference.honest import EventCoefficients, smoothness_bounds
from evaluator.inference.honest.frontier import Frontier, lasso_path
from evaluator.inference.honest.smoothness import folded_quantile
from evaluator.results import Bounds

Made = Callable[..., EventCoefficients]


def ends(bounds: Bounds) -> Array:
    """(sizes, 2)"""
    return np.array([(interval.low, interval.high) for interval in bounds.intervals])


def test_one_period_before_and_one_inside_by_hand() -> None:
    """A line through the period before and zero is carried on: .3 + .1, variances add; with a
    bend of at most M at the left-out period the bias is at most M."""
    study = EventCoefficients(np.array([0.1, 0.3]), np.diag([0.01, 0.03]), 1, np.ones(1))
    bounds = smoothness_bounds(study, [0, 0.1], 0.95)
    wide = [0.2 * float(np.sqrt(ncx2.ppf(0.95, 1, (size / 0.2) ** 2))) for size in (0, 0.1)]
    np.testing.assert_allclose(ends(bounds), [[0.4 - w, 0.4 + w] for w in wide], rtol=1e-9)
    assert ncx2.cdf(2**2, 1, (bounds.breakdown / 0.2) ** 2) == pytest.approx(0.95, abs=1e-5)


def test_no_bend_is_the_line_extrapolated(made: Made) -> None:
    """Generalised least squares with a slope through the left-out period and free effects."""
    study = made(6, 3)
    X = np.zeros((9, 4))
    X[:, 0] = [-6, -5, -4, -3, -2, -1, 1, 2, 3]
    X[6:, 1:] = np.eye(3)
    precision = np.linalg.inv(study.covariance)
    spread = np.linalg.inv(X.T @ precision @ X)
    contrast = np.append(0, study.weights)
    centre = contrast @ spread @ X.T @ precision @ study.coefficients
    half = norm.ppf(0.975) * np.sqrt(contrast @ spread @ contrast)
    bounds = smoothness_bounds(study, [0], 0.95)
    np.testing.assert_allclose(ends(bounds), [[centre - half, centre + half]], rtol=1e-6)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_folded_quantile_is_that_of_a_noncentral_chi(level: float) -> None:
    means = np.array([0, 1e-6, 0.1, 0.7, 2, 9, 30])
    expected = np.sqrt(ncx2.ppf(level, 1, means**2))
    np.testing.assert_allclose(folded_quantile(level, means), expected, rtol=1e-8)


@pytest.mark.parametrize("size", [1, 2, 5, 9])
def test_every_knot_of_the_path_solves_its_lasso(size: int) -> None:
    """SciPy solves the dual at each knot's own penalty: bounded least squares."""
    rng = np.random.default_rng(size)
    root = rng.normal(size=(size, size)) + 0.5 * np.eye(size)
    gram, linear = root @ root.T, rng.normal(size=size)
    knots = lasso_path(gram, linear)
    assert not knots[0].any()
    np.testing.assert_allclose(knots[-1], np.linalg.solve(gram, -linear), rtol=1e-8)
    inverse = np.linalg.inv(root)
    for knot in knots:
        penalty = np.abs(gram @ knot + linear).max()
        box = lsq_linear(inverse, -inverse @ linear, (-penalty - 1e-12, penalty + 1e-12), "bvls")
        np.testing.assert_allclose(knot, -np.linalg.solve(gram, linear + box.x), atol=1e-7)


def test_no_estimator_of_many_is_shorter(made: Made) -> None:
    """Random unbiased-for-lines estimators, each with its worst bias, lose to the chosen one."""
    study, rng, size = made(4, 2), np.random.default_rng(3), 0.05
    ((low, high),) = ends(smoothness_bounds(study, [size], 0.95))
    frontier = Frontier.of(study)
    lines = np.array([-4.0, -3, -2, -1, 1, 2])
    bends = _bends(4, 2)
    drawn = frontier.estimators[rng.integers(len(frontier.estimators), size=5_000)].copy()
    drawn[:, :4] += rng.normal(0, 0.1, (5_000, 4))
    drawn[:, 0] -= drawn @ lines / lines[0]
    bias = size * np.abs(drawn @ bends).sum(axis=1)
    error = np.sqrt(np.einsum("en,nk,ek->e", drawn, study.covariance, drawn))
    assert (high - low) / 2 <= (error * folded_quantile(0.95, bias / error)).min()


def test_longer_with_the_bend_and_scaled_with_the_unit(made: Made) -> None:
    study, sizes = made(5, 3), [0, 0.01, 0.02, 0.05, 0.2, 1.0]
    bounds = smoothness_bounds(study, sizes, 0.95)
    assert np.all(np.diff(np.ptp(ends(bounds), axis=1)) > 0)
    scaled = EventCoefficients(
        -3 * study.coefficients, 9 * study.covariance, study.n_pre, study.weights
    )
    other = smoothness_bounds(scaled, [3 * size for size in sizes], 0.95)
    np.testing.assert_allclose(ends(other), -3 * ends(bounds)[:, ::-1], rtol=1e-6)
    assert other.breakdown == pytest.approx(3 * bounds.breakdown, rel=1e-5)


@pytest.mark.parametrize("effect", [0.02, 0.6, -0.9])
def test_breakdown_is_where_no_effect_comes_in(made: Made, effect: float) -> None:
    study = made(5, 3, effect)
    value = smoothness_bounds(study, [0], 0.95).breakdown
    near = [0.5 * value, 0.99 * value, 1.01 * value, 2 * value]
    held = [0 in interval for interval in smoothness_bounds(study, near, 0.95).intervals]
    assert held == ([True] * 4 if value == 0 else [False, False, True, True])


def _covered(made: Made, n_pre: int, n_post: int, size: float, campaigns: int) -> int:
    """Campaigns whose interval holds the truth, the trend bending the worst way throughout."""
    study = made(n_pre, n_post, 0.0)
    bends = _bends(n_pre, n_post)
    units = np.eye(n_pre + n_post)
    estimator = [ends(smoothness_bounds(_at(study, u), [size], 0.95)).mean() for u in units]
    departure = bends @ (size * np.sign(np.array(estimator) @ bends))
    rng = np.random.default_rng(7)
    noise = rng.multivariate_normal(departure, study.covariance, campaigns)
    half = np.ptp(ends(smoothness_bounds(study, [size], 0.95))) / 2
    return int(np.sum(np.abs(noise @ np.array(estimator)) <= half))


@pytest.mark.parametrize(("n_pre", "n_post"), [(8, 1), (5, 4), (1, 2)])
@pytest.mark.parametrize("size", [0, 0.02, 0.2])
def test_coverage_is_exact_where_the_trend_bends_the_worst_way(
    made: Made, n_pre: int, n_post: int, size: float
) -> None:
    """20,000 campaigns: the band of the exact binomial, wrong once in 10,000 runs of a case."""
    covered = _covered(made, n_pre, n_post, size, 20_000)
    assert binom.ppf(5e-5, 20_000, 0.95) <= covered <= binom.ppf(1 - 5e-5, 20_000, 0.95)


def _at(study: EventCoefficients, coefficients: Array) -> EventCoefficients:
    return EventCoefficients(coefficients, study.covariance, study.n_pre, study.weights)


def _bends(n_pre: int, n_post: int) -> Array:
    """(periods, bends): what a bend of 1 at each period but the outermost adds to each one."""
    time = np.array([*range(-n_pre, 0), *range(1, n_post + 1)])[:, None]
    at = np.arange(1 - n_pre, n_post)[None]
    after, before = np.maximum(time - at, 0) * (time > 0), np.maximum(at - time, 0) * (time < 0)
    return np.where(at >= 0, after, before).astype(float)
