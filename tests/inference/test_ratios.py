import numpy as np
import pytest

from evaluator.errors import TooFewUnits
from evaluator.estimators.ratio import counterfactual_noise, placebo_scale, ratio_of_totals
from evaluator.inference.ratios import (
    Totals,
    courses_like_these,
    joint_covariance,
    of_forecast,
    ranked,
    size_adjusted,
    these_courses,
)

LOG_3 = np.log(3)


def test_the_spread_of_placebos_on_paper() -> None:
    """Ten other courses go from 4 to 13, ten from 13 to 4: all of one size, h = 1/4.5 + 1/13.5.

    A course that rose is ×13.5/4.5 = ×3 beside the rest, 9 · 13 + 10 · 4 = 157 over
    9 · 4 + 10 · 13 = 166, with ½ 35/37: its placebo is log(3 · 37/35), and minus that for one
    that fell. Of one size, κ is its square, φ = 0 and every z is ±1: it is the scale of any
    course. The promoted one goes from 4 to 13 beside others that stood still: log 3.
    """
    up, down = np.full(10, 13.0), np.full(10, 4.0)
    window, reference = np.concatenate([up, down]), np.concatenate([down, up])
    law = size_adjusted(Totals(np.array([13.0]), np.array([4.0]), window[None], reference[None]))
    assert law.location == pytest.approx([LOG_3])
    assert law.scale == pytest.approx([np.log(3 * 37 / 35)])
    assert law.dof == 10


def test_size_adjusted_is_the_scale_of_the_formula() -> None:
    totals = _totals(series=3, others=14)
    law = size_adjusted(totals)
    for series in range(3):
        spread = placebo_scale(totals.other_window[series], totals.other_reference[series])
        ratio = ratio_of_totals(
            totals.treated_window[series],
            totals.treated_reference[series],
            totals.other_window[series].sum(),
            totals.other_reference[series].sum(),
        )
        noise = counterfactual_noise(ratio)
        expected = spread.spread * np.sqrt(spread.kappa + spread.phi * noise)
        assert law.location[series] == pytest.approx(ratio.log_lift)
        assert law.scale[series] == pytest.approx(expected)


def test_these_courses_shares_the_comparison() -> None:
    """Var of the mean: Σ s²(κ + φh)/G² for the courses, s²κ/n for what they have in common."""
    totals = _totals(series=4, others=25)
    law, own = these_courses(totals), size_adjusted(totals)
    spread = totals.placebos()
    common = (spread.spread**2 * spread.kappa / 25)[0]
    assert law.location == pytest.approx(own.location.mean())
    assert law.scale**2 == pytest.approx((own.scale**2).sum() / 16 + common)
    assert law.dof == 10
    covariance = joint_covariance(totals)
    assert np.diag(covariance) == pytest.approx(own.scale**2 + common)
    assert covariance[0, 1] == pytest.approx(common)


@pytest.mark.parametrize("courses", [1.0, 4.0])
def test_a_forecast_has_the_spread_of_the_others_forecasts(courses: float) -> None:
    """Ten forecasts are ½ too high and ten too low: of one size, κ = ¼ and φ = 0.

    A course errs by √(¼(1 + 1/20)); of four alike summed, a quarter of that is left, and what
    the other courses have in common.
    """
    placebos, counts = np.tile([0.5, -0.5], 10), np.full((1, 20), 1e4)
    totals = Totals(np.array([9e4]), np.array([9e4]), counts, counts)
    law = of_forecast(np.asarray(LOG_3), placebos, totals, courses)
    assert law.location == LOG_3
    assert law.scale == pytest.approx(np.sqrt((1 / courses + 1 / 20) / 4))
    assert law.dof == 10


def test_a_forecast_is_never_surer_than_its_counts() -> None:
    placebos, counts = np.tile([0.01, -0.01], 10), np.full((1, 20), 1e4)
    totals = Totals(np.array([9.0]), np.array([3.0]), counts, counts)
    law = of_forecast(np.asarray(LOG_3), placebos, totals, 1.0)
    assert law.scale**2 == pytest.approx(1 / 3.5 + 1 / 3.5)


def test_courses_like_these_on_paper() -> None:
    """Lifts ×1 and ×9 among the others' ×1: mean log 3, sd of the logs √2 log 3, over √2."""
    totals = Totals(
        np.array([4.0, 40.0]), np.full(2, 4.0), np.full((2, 10), 10.0), np.full((2, 10), 10.0)
    )
    law = courses_like_these(totals)
    assert law.location == pytest.approx(LOG_3)
    assert law.scale == pytest.approx(LOG_3)
    assert law.dof == 1


def test_ranked_reaches_the_largest_placebo_at_95_with_35_courses() -> None:
    totals = _totals(series=1, others=35)
    law, own, spread = ranked(totals), size_adjusted(totals), totals.placebos()
    largest = np.abs(spread.z).max() * own.scale[0] / spread.spread
    assert law.quantile(0.975) == pytest.approx(own.location[0] + largest)
    assert law.quantile(0.025) == pytest.approx(own.location[0] - largest)


def test_what_needs_more_courses_is_refused() -> None:
    with pytest.raises(TooFewUnits, match="needs 19"):
        ranked(_totals(series=1, others=18))
    ranked(_totals(series=1, others=19))
    with pytest.raises(TooFewUnits, match="one promoted course"):
        courses_like_these(_totals(series=1, others=20))


def _totals(series: int, others: int) -> Totals:
    rng = np.random.default_rng(1)
    level = rng.lognormal(5, 1, size=others)
    moved = level * np.exp(rng.normal(0, 0.3, size=others))
    return Totals(
        rng.poisson(900, size=series).astype(float),
        rng.poisson(300, size=series).astype(float),
        np.tile(rng.poisson(moved).astype(float), (series, 1)),
        np.tile(rng.poisson(level).astype(float), (series, 1)),
    )
