"""Relative magnitudes: the closed form against linear programmes, its laws, and how it covers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import binom, norm

from evaluator.errors import NotIdentified, TooFewPeriods
from evaluator.estimators.arrays import Array
from evaluator.inference.honest import EventCoefficients, relative_magnitude_bounds
from evaluator.inference.honest.moments import FIRST_STAGE, Moments
from evaluator.results import Bounds

Made = Callable[..., EventCoefficients]
SIZES = (0.0, 0.25, 0.5, 1.0, 2.0, 5.0)


def ends(bounds: Bounds) -> Array:
    """(sizes, 2)"""
    return np.array([(interval.low, interval.high) for interval in bounds.intervals])


def uneven(study: EventCoefficients) -> EventCoefficients:
    """The same with weights of both signs, some of them none."""
    weights = np.resize([0.7, 0.0, -0.4, 0.9], len(study.weights))
    return EventCoefficients(study.coefficients, study.covariance, study.n_pre, weights)


@pytest.mark.parametrize("periods", [(1, 1), (6, 1), (4, 5)])
def test_without_a_move_it_is_the_plain_interval(made: Made, periods: tuple[int, int]) -> None:
    study = made(*periods)
    reach = norm.ppf(0.975) * study.standard_error
    plain = [[study.estimate - reach, study.estimate + reach]]
    bounds = relative_magnitude_bounds(study, [0], 0.95)
    np.testing.assert_allclose(ends(bounds), plain, atol=1e-3 * study.standard_error)


@pytest.mark.parametrize("periods", [(1, 1), (1, 4), (3, 2), (4, 6)])
@pytest.mark.parametrize("size", [0.0, 0.3, 1.0, 4.0])
def test_statistics_are_those_of_a_linear_programme(
    made: Made, periods: tuple[int, int], size: float
) -> None:
    """min η over η and the effects' path, at a few effects: HiGHS agrees with the vertices."""
    study = uneven(made(*periods))
    moments = Moments.of(study, np.array([size]), 0.95)
    for effect in (-0.3, 0.0, 0.4):
        shifted = moments.values - [effect, 0]
        largest = np.einsum("mvk,mk->mv", moments.vertices[0], shifted).max(axis=-1)
        slow = [_programmed(study, size, move, effect) for move in range(2 * periods[0])]
        np.testing.assert_allclose(largest, slow, atol=1e-7)


def _programmed(study: EventCoefficients, size: float, move: int, effect: float) -> float:
    """Two inequalities for each period of the window, studentized; the path sums to `effect`."""
    n_pre, n_post = study.n_pre, len(study.weights)
    with_zero = np.insert(np.eye(n_pre + n_post), n_pre, 0, axis=0)
    steps = np.diff(with_zero, axis=0)
    largest = steps[move] if move < n_pre else -steps[move - n_pre]
    rows = np.vstack([steps[n_pre:], -steps[n_pre:]]) - size * largest
    errors = np.sqrt(np.einsum("in,nk,ik->i", rows, study.covariance, rows))
    found = linprog(
        np.eye(1 + n_post)[0],
        A_ub=-np.column_stack([errors, rows[:, n_pre:]]),
        b_ub=-rows @ study.coefficients,
        A_eq=np.append(0, study.weights)[None],
        b_eq=[effect],
        bounds=(None, None),
    )
    assert found.fun is not None
    return float(found.fun)


def test_first_stage_rejects_as_often_as_drawn(made: Made) -> None:
    """100,000 draws: five times the error of a share of .005."""
    study, sizes = uneven(made(3, 4)), np.array([0.0, 0.1, 1.0, 3.0])
    moments = Moments.of(study, sizes, 0.95)
    rng = np.random.default_rng(1)
    for move, covariance in enumerate(moments.covariances):
        drawn = rng.multivariate_normal(np.zeros(2), covariance, 100_000)
        largest = np.einsum("svk,dk->sdv", moments.vertices[:, move], drawn).max(axis=-1)
        exceeding = np.mean(largest > moments.critical[:, move, None], axis=1)
        np.testing.assert_allclose(exceeding, FIRST_STAGE * 0.05, atol=1.1e-3)


@pytest.mark.parametrize("periods", [(1, 1), (2, 3), (7, 1), (5, 6)])
@pytest.mark.parametrize("effect", [0.0, 0.4])
def test_an_interval_lies_within_that_of_every_larger_size(
    made: Made, periods: tuple[int, int], effect: float
) -> None:
    low, high = ends(relative_magnitude_bounds(made(*periods, effect), SIZES, 0.95)).T
    assert np.all(np.diff(low) <= 0)
    assert np.all(np.diff(high) >= 0)


@pytest.mark.parametrize("factor", [-1.0, 0.01, -30.0])
def test_scaled_and_flipped_with_the_unit(made: Made, factor: float) -> None:
    study = made(5, 3)
    other = EventCoefficients(
        factor * study.coefficients, factor**2 * study.covariance, 5, study.weights
    )
    one, scaled = (relative_magnitude_bounds(each, SIZES, 0.95) for each in (study, other))
    np.testing.assert_allclose(
        ends(scaled), np.sort(factor * ends(one)), atol=1e-5 * other.standard_error
    )
    assert scaled.breakdown == pytest.approx(one.breakdown, rel=1e-5)


@pytest.mark.parametrize("effect", [0.02, 0.35, -1.5])
def test_breakdown_is_where_no_effect_comes_in(made: Made, effect: float) -> None:
    study = made(5, 3, effect)
    value = relative_magnitude_bounds(study, [0], 0.95).breakdown
    near = [0.5 * value, 0.999 * value, 1.001 * value, 2 * value]
    held = [0 in interval for interval in relative_magnitude_bounds(study, near, 0.95).intervals]
    assert held == ([True] * 4 if value == 0 else [False, False, True, True])


def test_noise_alone_breaks_a_conclusion_where_nothing_moved_before() -> None:
    """Periods before that are exactly alike may yet have moved, by as much as their noise."""
    study = EventCoefficients(np.array([0.0, 0.0, 0.9]), 0.01 * np.eye(3) + 0.01, 2, np.ones(1))
    value = relative_magnitude_bounds(study, [0], 0.95).breakdown
    assert 1 < value < np.inf


@pytest.mark.parametrize(
    ("n_pre", "weights", "covariance", "error", "said"),
    [
        (0, [1, 0, 0], np.eye(3), TooFewPeriods, "no period before the reference"),
        (3, [], np.eye(3), TooFewPeriods, "no period inside the window"),
        (1, [0, 0], np.eye(3), NotIdentified, "carries weight"),
        (1, [1, 0], np.ones((3, 3)), NotIdentified, "singular"),
        (1, [1, 0], np.diag([1.0, 0, 1]), NotIdentified, "singular"),
        (1, [1, 0], np.full((3, 3), np.nan), NotIdentified, "finite"),
    ],
)
def test_refused_with_a_reason(
    n_pre: int, weights: list[float], covariance: Array, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        EventCoefficients(np.zeros(3), covariance, n_pre, np.array(weights))


MOVES = (0.0, 0.1, 0.3, 1.0)
"""Standard deviations of a week are .1."""


def _covered(study: EventCoefficients, move: float, size: float, campaigns: int) -> int:
    """Campaigns that keep the true effect, none; the trends move as far as allowed, one way."""
    n_pre, n_post = study.n_pre, len(study.weights)
    steps = np.zeros(n_pre + n_post)
    steps[n_pre // 2] = move
    steps[n_pre:] = size * move
    path = np.insert(np.cumsum(steps), 0, 0.0)
    departure = np.delete(path - path[n_pre], n_pre)
    moments = Moments.of(study, np.array([size]), 0.95)
    weights = np.zeros((*moments.values.shape, n_pre + n_post))
    for period, unit in enumerate(np.eye(n_pre + n_post)):
        at = EventCoefficients(unit, study.covariance, n_pre, study.weights)
        weights[..., period] = Moments.of(at, np.array([size]), 0.95).values
    rng = np.random.default_rng(11)
    drawn = rng.multivariate_normal(departure, study.covariance, campaigns)
    no_effect = np.zeros((1, 1))
    return sum(
        bool(replace(moments, values=weights @ one).accepted(no_effect)[0, 0]) for one in drawn
    )


@pytest.mark.parametrize("periods", [(8, 1), (4, 3)])
@pytest.mark.parametrize("move", [0.3, 1.0])
def test_coverage(made: Made, periods: tuple[int, int], move: float) -> None:
    """1,000 campaigns: at least .95 but for chance, wrong once in 10,000 runs of a case; and no
    more than .95 but for chance where the largest move stands out of the noise."""
    covered = _covered(made(*periods), move, 1.0, 1_000)
    assert covered >= binom.ppf(1e-4, 1_000, 0.95)
    if move == 1.0:
        assert covered <= binom.ppf(1 - 1e-4, 1_000, 0.955)


@pytest.mark.long
@pytest.mark.parametrize("periods", [(1, 1), (8, 1), (8, 12), (4, 3)])
@pytest.mark.parametrize("size", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("move", MOVES)
def test_coverage_over_many_worlds(
    made: Made, periods: tuple[int, int], size: float, move: float
) -> None:
    """10,000 campaigns each: not below .95 by more than chance in 10,000 runs of a case."""
    assert _covered(made(*periods), move, size, 10_000) >= binom.ppf(1e-4, 10_000, 0.95)
