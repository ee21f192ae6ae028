"""Sums over courses and their jackknife, worked on paper."""

import numpy as np
import pytest

from evaluator.errors import Refusal, TooFewCounts, TooFewUnits
from evaluator.inference.groups import against_rest, carried, lift_over_courses


def test_on_paper() -> None:
    """9.5 over 5.5 with ½ in each sum; without a course 6.5/3.5, 5.5/3.5 and 7.5/4.5."""
    law = lift_over_courses(np.array([3.0, 4.0, 2.0]), np.array([2.0, 2.0, 1.0]))
    whole = np.log(9.5 / 5.5)
    away = np.log([6.5 / 3.5, 5.5 / 3.5, 7.5 / 4.5]) - whole
    assert float(law.location) == pytest.approx(whole)
    assert float(law.scale) == pytest.approx(np.sqrt(2 / 3 * np.sum(away**2)))
    assert law.dof == 2


def test_a_course_in_which_nobody_enrolled_is_counted() -> None:
    law = lift_over_courses(np.array([0.0, 9.5, 10.0]), np.array([2.0, 3.5, 4.0]))
    assert float(law.location) == pytest.approx(np.log(20 / 10))


def test_each_course_is_compared_with_itself() -> None:
    """Lifts of 8, 2 and 1 elsewhere, half of that in the group, which likes the first course."""
    expected = np.array([[9e6, 1e6], [1e6, 5e6], [1e6, 9e6]])
    lifts = np.array([8.0, 2.0, 1.0])[:, None]
    law = against_rest(expected * lifts * [0.5, 1.0], expected)
    assert float(law.location) == pytest.approx(np.log(0.5), abs=1e-5)
    assert float(law.scale) == pytest.approx(0, abs=1e-5)


def test_expected_is_the_reference_carried_by_the_other_courses() -> None:
    """12 in the reference, and the others went from 19 to 9 (½ in each): 12 · 9.5/19.5."""
    assert carried(np.array(12.0), np.array(9.0), np.array(19.0)) == pytest.approx(12 * 9.5 / 19.5)


@pytest.mark.parametrize(
    ("observed", "expected", "error", "reason"),
    [
        ([4.0, 5.0], [9.0, 9.0], TooFewUnits, "2 courses with a wave: 3 are needed"),
        ([9.0, 9.0, 9.0], [1.0, 1.0, 2.9], TooFewCounts, "4.9 expected"),
    ],
)
def test_refuses(
    observed: list[float], expected: list[float], error: type[Refusal], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        lift_over_courses(np.array(observed), np.array(expected))
