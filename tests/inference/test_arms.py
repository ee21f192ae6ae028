import numpy as np
import pytest

from evaluator.estimators.clusters import ArmRatio
from evaluator.inference.arms import by_unit, wider
from evaluator.inference.distributions import StudentT


def test_by_unit_on_paper() -> None:
    """Two courses, two clusters: log lifts 1 and 3, influences (2, 0) and (0, 4).

    The mean is 2 with influences (1, 2): variance ½ · (1 + 4), on 10 − 1 degrees of freedom.
    """
    ratios = ArmRatio(np.array([1.0, 3]), np.array([[2.0, 0], [0, 4]]))
    law = by_unit(ratios, arm_units=10)
    assert law.location == pytest.approx(2)
    assert law.scale == pytest.approx(2.5**0.5)
    assert law.dof == 9


def test_the_wider_of_two_depends_on_the_level() -> None:
    """t(1) with scale 1 is shorter than t(30) with scale 2 at 50%, and longer at 99%."""
    heavy = StudentT(np.asarray(0.0), np.asarray(1.0), 1)
    broad = StudentT(np.asarray(9.0), np.asarray(2.0), 30)
    assert [wider(heavy, broad, level) for level in (0.5, 0.99)] == [1, 0]
    assert [wider(broad, heavy, level) for level in (0.5, 0.99)] == [0, 1]
    assert wider(heavy, heavy, 0.95) == 0
