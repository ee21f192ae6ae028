import numpy as np
import pytest

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.clusters import ArmRatio, arm_ratios, triple_ratios
from evaluator.estimators.ratio import log_ratio_of_ratios

LOG_3 = np.log(3)


def test_worked_on_paper() -> None:
    """Six countries in each arm, and only four of the twelve have any enrolment.

    Arm A has 13 in the window, all in country 0, and 4 in the reference, all in country 1: with
    ½, 13.5/4.5 = 3. Arm B has 1 and 0, the former in country 6: 1.5/0.5 = 3. So the lift is 1.
    Without country 0 the window of A is 0.5 instead of 13.5, the estimate falls by log 27.
    Without country 1 the reference of A is 0.5 instead of 4.5, it rises by log 9. Without country
    6 the window of B is 0.5 instead of 1.5, it rises by log 3. The others change nothing, so the
    jackknife variance is 11/12 · (3² + 2² + 1²) log² 3.
    """
    window, reference = np.zeros((1, 12)), np.zeros((1, 12))
    window[0, [0, 6]] = 13, 1
    reference[0, 1] = 4
    ratio = arm_ratios(window, reference, np.arange(12)[None] < 6)
    assert ratio.log_lift == pytest.approx([0], abs=1e-14)
    expected = np.zeros(12)
    expected[[0, 1, 6]] = [-3 * LOG_3, 2 * LOG_3, LOG_3]
    assert ratio.deleted[0] == pytest.approx(expected, abs=1e-14)
    assert ratio.covariance() == pytest.approx(np.array([[11 / 12 * 14 * LOG_3**2]]))


def test_deletions_against_refitting_without_the_country() -> None:
    window, reference, in_a = _panel(series=2, countries=15)
    fast = arm_ratios(window, reference, in_a)
    for series in range(2):
        outcomes = np.stack([reference[series], window[series]], axis=1)
        treated = np.where(in_a[series], 1, -1)
        whole = log_ratio_of_ratios(outcomes, treated, np.array([-1, 1])).log_lift
        assert fast.log_lift[series] == pytest.approx(whole, abs=1e-14)
        for country in range(15):
            rest, arms = np.delete(outcomes, country, axis=0), np.delete(treated, country)
            without = log_ratio_of_ratios(rest, arms, np.array([-1, 1])).log_lift
            assert fast.deleted[series, country] == pytest.approx(without - whole, abs=1e-13)


def test_a_country_is_one_cluster_over_all_courses() -> None:
    """The variance of the mean is the jackknife of the mean, whichever arms the country is in."""
    window, reference, in_a = _panel(series=3, countries=14)
    in_a[1] = ~in_a[0]
    ratio = arm_ratios(window, reference, in_a)
    influence = ratio.deleted.mean(axis=0)
    assert ratio.covariance().mean() == pytest.approx(13 / 14 * np.sum(influence**2))


def test_the_triple_difference_on_paper() -> None:
    """(2 − 1) with deletions (3, 0) − (1, 4): the second cluster's influences are subtracted."""
    promoted = ArmRatio(np.array([2.0]), np.array([[3.0, 0.0]]))
    other = ArmRatio(np.array([1.0]), np.array([[1.0, 4.0]]))
    triple = triple_ratios(promoted, other)
    assert triple.log_lift == pytest.approx([1])
    assert triple.covariance() == pytest.approx(np.array([[1 / 2 * (2**2 + 4**2)]]))


@pytest.mark.parametrize(("arm_a", "arm_b"), [(5, 7), (7, 5)])
def test_a_small_arm_is_refused(arm_a: int, arm_b: int) -> None:
    in_a = np.arange(arm_a + arm_b)[None] < arm_a
    with pytest.raises(TooFewUnits, match=f"{arm_a} units in arm A and {arm_b} in arm B"):
        arm_ratios(np.ones(in_a.shape), np.ones(in_a.shape), in_a)


def test_six_units_in_each_arm_are_enough() -> None:
    in_a = np.arange(12)[None] < 6
    assert arm_ratios(np.ones((1, 12)), np.ones((1, 12)), in_a).log_lift == pytest.approx([0])


def _panel(series: int, countries: int) -> tuple[Array, Array, Flags]:
    rng = np.random.default_rng(5)
    level = rng.lognormal(3, 1, size=(series, countries))
    in_a = rng.permuted(np.tile(np.arange(countries) < 7, (series, 1)), axis=1)
    return (
        rng.poisson(2 * level).astype(float),
        rng.poisson(level).astype(float),
        in_a,
    )
