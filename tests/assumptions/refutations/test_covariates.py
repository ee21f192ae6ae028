"""What is known before the campaign, on series so short that the answer is read off."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.assumptions.refutations.covariates import (
    growth_before,
    same_weeks_a_year_before,
    size,
)
from evaluator.comparisons.design import EARLIER, REFERENCE, WINDOW


def codes(
    earlier: int, reference: int = 14, window: int = 7
) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    days = [EARLIER] * earlier + [REFERENCE] * reference + [WINDOW] * window
    return np.array(days, dtype=np.int8)


def test_growth_is_that_of_the_last_days_before_the_reference() -> None:
    daily = np.concatenate([np.full(100, 1e6), np.full(14, 2e6), np.full(14, 6e6), np.zeros(21)])
    growth = growth_before(daily, codes(128))
    assert growth is not None
    assert growth == pytest.approx(np.log(3.0), abs=1e-6)


def test_season_is_read_a_year_earlier() -> None:
    daily = np.full(364 + 21, 1e6)
    daily[14:21] = 4e6
    found = same_weeks_a_year_before(daily, codes(364))
    assert found is not None
    assert found == pytest.approx(np.log(4e6 * 7 / 14e6), abs=1e-6)


def test_size_leaves_the_reference_out() -> None:
    daily = np.full(70, 10.0)
    louder = daily.copy()
    louder[49:] = 1000.0
    assert size(daily, codes(49)) == size(louder, codes(49)) == pytest.approx(np.log(490.5))


def test_too_short_a_history_says_nothing() -> None:
    daily = np.ones(41)
    for known in (growth_before, same_weeks_a_year_before, size):
        assert known(daily, codes(20)) is None
