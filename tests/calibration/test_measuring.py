import numpy as np
import pytest
from scipy.stats import t as student

from evaluator.calibration.measuring import Sharing, measured
from evaluator.calibration.planting import Truth
from evaluator.effects import Many

LEVEL = 0.95
NONE = Truth("placebo", 1.0)


def many(log_lift: object, half: float = 1.0) -> Many:
    points = np.asarray(log_lift, dtype=float)
    p = np.where(np.abs(points) > half, 0.01, 0.5)
    return Many(points, points - half, points + half, p, np.zeros(points.shape, bool))


def test_coverage_power_and_stretch_on_paper() -> None:
    """0.01, 0.02 … 1.00 off, half-width .9: 90 hold nothing; 96 of 101 need a half-width of .96."""
    found = measured(NONE, many(np.arange(1, 101) / 100, half=0.9), None, LEVEL)
    assert found is not None
    assert (found.campaigns, found.coverage, found.found) == (100, 0.9, 0.1)
    assert found.stretch == pytest.approx(0.96 / 0.9)
    assert found.half_width == pytest.approx(0.9)
    assert found.coverage_se == pytest.approx((92 / 104 * 12 / 104 / 100) ** 0.5)


def test_stretched_by_what_was_measured_the_interval_covers_as_it_says() -> None:
    """A t(3) quoted as if it were normal: the stretch is the ratio of their quantiles."""
    draws = np.random.default_rng(1).standard_t(3, size=20_000)
    found = measured(NONE, many(draws, half=1.96), None, LEVEL)
    assert found is not None
    assert found.stretch == pytest.approx(student.ppf(0.975, 3) / 1.96, rel=0.04)


def test_a_planted_lift_is_held_not_none() -> None:
    found = measured(Truth("fitted", 2.0), many(np.full(60, np.log(2))), None, LEVEL)
    assert found is not None
    assert (found.coverage, found.lift) == (1.0, 2.0)
    assert found.coverage_se > 0, "all covered is not certainty"


def test_refused_campaigns_are_no_campaigns() -> None:
    own = many(np.zeros(120))
    own.refused[:60] = True
    own.log_lift[:60] = np.nan
    found = measured(NONE, own, None, LEVEL)
    assert found is not None
    assert found.campaigns == 60
    own.refused[:80] = True
    assert measured(NONE, own, None, LEVEL) is None


def test_campaigns_of_one_course_count_once() -> None:
    """Ten courses, ten campaigns each, alike within a course: as sure as of ten campaigns."""
    course = np.repeat(np.arange(10), 10)
    kernel = Sharing(course[:, None], np.arange(100) * 100, weeks=1).kernel()
    points = np.where(course < 3, 5.0, 0.0)
    found = measured(NONE, many(points), kernel, LEVEL)
    assert found is not None
    assert found.coverage == pytest.approx(0.7)
    assert found.coverage_se == pytest.approx((0.7 * 0.3 / 9) ** 0.5)


@pytest.mark.parametrize(
    ("courses", "moved", "weeks", "common"),
    [
        ([[0], [0]], [0, 50], 12, 1.0),
        ([[0], [1]], [0, 50], 12, 0.0),
        ([[0], [1]], [0, 3], 12, 0.75),
        ([[0, 1], [1, 2]], [0, 50], 12, 0.5),
        ([[0, 1], [1, 2]], [0, 6], 12, 0.75),
        ([[0], [1]], [0, 0], 0, 0.0),
    ],
    ids=["course", "nothing", "weeks", "one of two", "either", "drawn worlds"],
)
def test_what_two_campaigns_have_in_common(
    courses: list[list[int]], moved: list[int], weeks: int, common: float
) -> None:
    kernel = Sharing(np.array(courses), np.array(moved), weeks).kernel()
    np.testing.assert_allclose(kernel, [[1, common], [common, 1]])
