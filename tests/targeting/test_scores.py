import numpy as np
import pytest
from scipy import stats

from evaluator.targeting.crossfit import Sample
from evaluator.targeting.scores import (
    Mean,
    critical_value,
    difference,
    effect_scores,
    mean_of,
    together,
)


def test_score_on_paper() -> None:
    """Two people, half contacted; expected outcomes 1 held out and 3 contacted.

    The one held out has outcome 2: value held out 1 + (2 − 1)/½ = 3, contacted 3: score 0.
    The one contacted has outcome 4: held out 1, contacted 3 + (4 − 3)/½ = 5: score 4.
    """
    sample = Sample(np.zeros((2, 1)), np.array([0, 1]), np.array([2.0, 4.0]), np.full((2, 2), 0.5))
    expected = np.array([[1.0, 3.0], [1.0, 3.0]])
    assert effect_scores(sample, expected).tolist() == [[0.0], [4.0]]


def test_scores_have_the_effect_as_mean_whatever_is_expected() -> None:
    rng = np.random.default_rng(1)
    n = 200_000
    arm = rng.choice(3, n, p=[0.2, 0.3, 0.5])
    outcome = rng.normal(np.array([0.0, 1.0, -2.0])[arm])
    sample = Sample(np.zeros((n, 1)), arm, outcome, np.tile([0.2, 0.3, 0.5], (n, 1)))
    wrong = rng.normal(size=(n, 3))
    for scores, effect in zip(effect_scores(sample, wrong).T, (1.0, -2.0), strict=True):
        mean = mean_of(scores)
        assert abs(mean.value - effect) < 4 * mean.se


def test_difference_is_welchs() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.normal(1, 3, 40), rng.normal(0, 1, 90)
    found = difference(one, other)
    welch = stats.ttest_ind(one, other, equal_var=False)
    ends = welch.confidence_interval(0.95)
    interval = found.interval(0.95)
    assert (interval.low, interval.high) == pytest.approx((ends.low, ends.high))
    assert found.p_value() == pytest.approx(welch.pvalue)


def test_independent_means_together_are_sidaks() -> None:
    column = np.random.default_rng(3).normal(size=(4000, 1))
    influence = np.kron(np.eye(5), column).astype(np.float64)
    sidak = stats.norm.ppf((1 + 0.95 ** (1 / 5)) / 2)
    assert critical_value(influence, 0.95, 1) == pytest.approx(sidak, abs=0.03)


def test_the_same_mean_twice_costs_nothing() -> None:
    column = np.random.default_rng(4).normal(size=(500, 1))
    found = critical_value(np.hstack([column, column]), 0.95, 1)
    assert found == pytest.approx(stats.norm.ppf(0.975), abs=0.03)


def test_an_interval_of_a_family_is_wider() -> None:
    influence = np.random.default_rng(5).normal(size=(300, 3))
    for mean in together([mean_of(column) for column in influence.T], influence, 0.95, 1):
        assert mean.simultaneous(0.95).high > mean.interval(0.95).high


def test_nothing_varies() -> None:
    assert Mean(0.0, 0.0, np.inf).p_value() == 1.0
    assert Mean(0.1, 0.0, np.inf).p_value() == 0.0
    assert critical_value(np.zeros((10, 2)), 0.95, 1) == pytest.approx(1.96, abs=0.01)
