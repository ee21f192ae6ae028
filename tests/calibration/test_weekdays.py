"""The study of one series and its weekdays, in small."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.stats import binom

WORLDS = 400
ALARM = 1e-4
"""Chance with which an unchanged program is reported, a figure and a side."""


@pytest.fixture(scope="module")
def weekdays() -> ModuleType:
    path = Path(__file__).with_name("weekdays.py")
    spec = importlib.util.spec_from_file_location("weekdays_study", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def band(coverage: float) -> tuple[float, float]:
    low, high = (binom.ppf(p, WORLDS, coverage) / WORLDS for p in (ALARM, 1 - ALARM))
    return float(low), float(high)


# world → what the README's table has of 2,000: by week, lowest weekday, all seven, any found
STATED = {
    "ordinary weeks, no lift": (0.993, 0.938, 0.949, 0.051),
    "— ×1.4, at weekends ×2.5": (0.989, 0.940, 0.962, 0.999),
}


@pytest.mark.parametrize("world", STATED)
def test_coverage_is_what_the_table_says(weekdays: ModuleType, world: str) -> None:
    series, days = weekdays.measured(weekdays.CASES[world], WORLDS, 21)
    found = series[0].coverage, min(one.coverage for one in days.each), days.all_hold, days.alarm
    for measured, stated in zip(found, STATED[world], strict=True):
        low, high = band(stated)
        assert low <= measured <= high


def test_what_is_refused_covers_less_than_it_says(weekdays: ModuleType) -> None:
    """By day, and with a slope: the reason for the refusals."""
    series, _ = weekdays.measured(weekdays.CASES["ordinary weeks, no lift"], WORLDS, 21)
    assert max(one.coverage for one in series[2:]) < band(0.95)[0]


def test_the_worlds_hold_the_lift_that_was_planted(weekdays: ModuleType) -> None:
    series, _ = weekdays.designs()
    case = weekdays.CASES["ordinary weeks, ×1.5"]
    drawn = weekdays.draw(case, series[0], 5, np.random.default_rng(1))
    lift = drawn.mean[:, -weekdays.WINDOW_DAYS :] / drawn.base[:, -weekdays.WINDOW_DAYS :]
    np.testing.assert_allclose(lift, 1.5)
    assert (drawn.mean[:, : -weekdays.WINDOW_DAYS] == drawn.base[:, : -weekdays.WINDOW_DAYS]).all()
