"""The columns of the joint daily model, before anything is fitted to them."""

from datetime import date

import numpy as np
import pytest

from evaluator.comparisons.design import REFERENCE, Comparison
from evaluator.effects.waves import LAUNCH_DECAYS, daily_columns
from evaluator.results import Estimand

DAYS = 140
WAVE = np.zeros(DAYS, dtype=np.int8)
WAVE[90:97] = 1


def course(opened: int | None) -> Comparison:
    """Counted from day 70 on, with one wave; `opened` is the day of its launch."""
    codes = np.full((1, DAYS), REFERENCE, dtype=np.int8)
    codes[:, :70] = 0
    outcomes = np.ones((1, 1, DAYS))
    estimand = Estimand("log lift", "", "")
    days = date(2023, 1, 2)
    return Comparison(
        estimand, ("P",), outcomes, outcomes, codes, days, waves=(("ads", WAVE),), opened=opened
    )


@pytest.mark.parametrize("opened", [70, 0, -400])
def test_a_launch_is_as_well_told_apart_long_after_it(opened: int) -> None:
    """Curves that have all but decayed would be columns of zeros, and no fit would end."""
    used, columns, names = daily_columns(course(opened))
    assert used[0] == 70
    assert names == ("", *[""] * len(LAUNCH_DECAYS), "ads")
    assert columns[0] == pytest.approx([1.0] * (1 + len(LAUNCH_DECAYS)) + [0.0])
    assert np.linalg.cond(columns) < 100


def test_no_launch_has_no_curve() -> None:
    _, columns, names = daily_columns(course(None))
    assert names == ("", "ads")
    assert columns.shape == (70, 2)
