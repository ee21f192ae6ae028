"""A trend that goes on is no effect, for the methods that model one."""

from datetime import date

import numpy as np
import pytest

from evaluator.comparisons.design import REFERENCE, WINDOW, Comparison
from evaluator.effects import METHODS, Setting
from evaluator.results import Estimand

WEEKS, FIRST = 44, 30


@pytest.mark.parametrize("lift", [1.0, 1.5])
@pytest.mark.parametrize(
    ("method", "trend"), [("segmented_newey_west", False), ("controlled_its", True)]
)
def test_only_the_departure_from_the_trend_counts(method: str, trend: bool, lift: float) -> None:
    """+3% a week before and after, no noise, and a step of `lift` at the window."""
    week = np.repeat(np.arange(WEEKS), 7)
    inside = week >= FIRST
    comparison = Comparison(
        Estimand("log lift", "a", "b"),
        ("P",),
        (1e6 * np.exp(0.03 * week) * np.where(inside, lift, 1))[None, None],
        np.full((12, 1, len(week)), 1e6),
        np.where(inside, WINDOW, REFERENCE).astype(np.int8)[None],
        date(2024, 1, 1),
        trend=trend,
    )
    law = METHODS[method](comparison, Setting())
    assert law.log_lift == pytest.approx(np.log(lift), abs=1e-6)
