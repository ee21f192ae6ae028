import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import nnls

from evaluator.errors import TooFewPeriods, TooFewUnits
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import (
    HALF,
    counterfactual_noise,
    effective_number,
    log_ratio_of_ratios,
    nonnegative_line,
    placebo_ratios,
    placebo_scale,
    ratio_of_totals,
    totals,
)

LOG_3 = np.log(3)


def test_worked_on_paper() -> None:
    """Four units, two reference days, a day left out, two window days.

    The treated unit goes from 1 + 3 = 4 to 30 + 10 = 40, with ½ from 4.5 to 40.5: ×9. The two
    comparison units go from (2 + 1) + (0 + 4) = 7 to (5 + 5) + (2 + 10) = 22, with ½ from 7.5 to
    22.5: ×3. The lift is 9/3 = 3; without the campaign there would have been 40/3.
    """
    outcomes = np.array(
        [
            [1, 3, 99, 30, 10],
            [2, 1, 99, 5, 5],
            [0, 4, 99, 2, 10],
            [7, 7, 99, 7, 7],
        ],
        dtype=float,
    )
    treated = np.array([1, -1, -1, 0])
    window = np.array([-1, -1, 0, 1, 1])
    ratio = log_ratio_of_ratios(outcomes, treated, window)
    assert ratio.log_lift == pytest.approx(LOG_3, abs=1e-14)
    assert ratio.counterfactual == pytest.approx(40 / 3)
    assert [ratio.treated_window, ratio.treated_reference] == [40, 4]
    assert [ratio.comparison_window, ratio.comparison_reference] == [22, 7]


def test_noise_of_the_counterfactual_on_paper() -> None:
    """1/4.5 for the treated reference, and 1/(4.5 · 22.5/7.5) for what it would have become."""
    ratio = ratio_of_totals(*map(np.asarray, (40.0, 4.0, 22.0, 7.0)))
    assert counterfactual_noise(ratio) == pytest.approx(1 / 4.5 + 1 / 13.5)


def test_how_many_courses_a_sum_is_worth_on_paper() -> None:
    """With ½: four of 10; one of 30 and one of 10, (40)²/(900 + 100) = 1.6; one by itself."""
    totals = [np.full(4, 9.5), np.array([29.5, 9.5]), np.array([7.0])]
    assert [float(effective_number(own)) for own in totals] == pytest.approx([4, 1.6, 1])


def test_weights_share_a_unit() -> None:
    """Half a treated unit of 9 and 81 counts as 4.5 and 40.5: with ½, 5 and 41."""
    outcomes = np.array([[9.0, 81.0], [7.0, 22.0]])
    ratio = log_ratio_of_ratios(outcomes, np.array([0.5, -1]), np.array([-1, 1]))
    assert ratio.log_lift == pytest.approx(np.log(41 / 5) - LOG_3)


def test_a_poisson_regression_with_unit_and_period_effects_is_the_ratio() -> None:
    """Its coefficient of treated × window is that of the totals without the ½."""
    rng = np.random.default_rng(3)
    units, periods, treated, first = 7, 9, 3, 6
    outcomes = rng.poisson(40, size=(units, periods)).astype(float)
    outcomes[:treated, first:] *= 2
    unit, period = np.meshgrid(np.arange(units), np.arange(periods), indexing="ij")
    effect = ((unit < treated) & (period >= first)).astype(float)
    X = np.column_stack(
        [unit.ravel() == u for u in range(units)]
        + [period.ravel() == p for p in range(1, periods)]
        + [effect.ravel()]
    ).astype(float)
    fit = sm.GLM(outcomes.ravel(), X, family=sm.families.Poisson()).fit(tol=1e-12)
    window = np.where(np.arange(periods) >= first, 1.0, -1.0)
    in_window, before = totals(outcomes, window)
    sums = [part.sum() - HALF for t in (in_window, before) for part in np.split(t, [treated])]
    ours = ratio_of_totals(sums[0], sums[2], sums[1], sums[3])
    assert ours.log_lift == pytest.approx(fit.params[-1], abs=1e-9)


def test_placebos_against_a_loop() -> None:
    window, reference = _totals_of(12)
    fast = placebo_ratios(window, reference).log_lift
    outcomes = np.stack([reference, window], axis=1)
    for unit in range(12):
        treated = np.where(np.arange(12) == unit, 1, -1)
        slow = log_ratio_of_ratios(outcomes, treated, np.array([-1, 1])).log_lift
        assert fast[unit] == pytest.approx(slow, abs=1e-14)


def test_placebo_scale_against_non_negative_least_squares() -> None:
    for seed in range(20):
        window, reference = _totals_of(15, seed)
        scale = placebo_scale(window, reference)
        p = placebo_ratios(window, reference).log_lift
        h = 1 / (window + HALF) + 1 / (reference + HALF)
        (kappa, phi), _ = nnls(np.column_stack([1 / h, np.ones(15)]), p**2 / h)
        assert (scale.kappa, scale.phi) == pytest.approx((kappa, phi), rel=1e-8, abs=1e-12)
        z = p / np.sqrt(kappa + phi * h)
        assert scale.z == pytest.approx(z)
        assert scale.spread == pytest.approx(np.sqrt(np.mean(z**2)))
        one = ratio_of_totals(*map(np.asarray, (400.0, 100.0, 300.0, 200.0)))
        noise = counterfactual_noise(one)
        expected = max(np.mean(z**2) * (kappa + phi * noise), noise)
        assert scale.scale(one) == pytest.approx(np.sqrt(expected))


@pytest.mark.parametrize(
    ("x", "y", "line"),
    [
        ([1, 2, 3], [3, 5, 7], (1, 2)),  # through all points: 1 + 2x
        ([1, 2, 3], [5, 3, 1], (3, 0)),  # falls: the mean
        ([1, 2, 3], [0, 0, 6], (0, 18 / 14)),  # starts below 0: Σxy / Σx² through the origin
        ([2, 2, 2], [1, 2, 6], (3, 0)),  # no spread in x: the mean
        ([1, 2, 3], [0, 0, 0], (0, 0)),
    ],
)
def test_the_non_negative_line_in_its_branches(
    x: list[float], y: list[float], line: tuple[float, float]
) -> None:
    fitted = nonnegative_line(np.array(x, float), np.array(y, float), np.ones(3))
    assert fitted == pytest.approx(line, abs=1e-12)


def test_the_weights_of_the_line() -> None:
    """y = 0 with weight 3 and y = 4 with weight 1 at the same x: the mean is 1."""
    line = nonnegative_line(np.ones(2), np.array([0.0, 4.0]), np.array([3.0, 1.0]))
    assert line == pytest.approx((1, 0))


@pytest.mark.parametrize(
    ("treated", "window", "error"),
    [
        ([1, 1], [-1, 1], TooFewUnits),
        ([-1, 0], [-1, 1], TooFewUnits),
        ([1, -1], [1, 1], TooFewPeriods),
        ([1, -1], [0, -1], TooFewPeriods),
    ],
)
def test_half_a_comparison_is_refused(
    treated: list[int], window: list[int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        log_ratio_of_ratios(np.ones((2, 2)), np.array(treated), np.array(window))


def test_one_bad_design_among_many_is_refused() -> None:
    designs = np.array([[1, -1], [1, 1]])
    with pytest.raises(TooFewUnits):
        log_ratio_of_ratios(np.ones((2, 2)), designs, np.array([-1, 1]))


def test_few_placebos_are_refused() -> None:
    placebo_scale(*_totals_of(10))
    with pytest.raises(TooFewUnits, match="9 comparison courses"):
        placebo_scale(*_totals_of(9))


def _totals_of(units: int, seed: int = 1) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    level = rng.lognormal(4, 1, size=units)
    shock = rng.normal(0, 0.05 * (seed % 4), size=units)
    return (
        rng.poisson(level * np.exp(shock)).astype(float),
        rng.poisson(2 * level).astype(float),
    )
