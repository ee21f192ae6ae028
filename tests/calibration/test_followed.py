"""The study of the weeks after promotion, in small: intervals hold as often as the table says."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from scipy.stats import binom

WORLDS, SEED = 60, 21
ALARM = 1e-4
"""Chance with which an unchanged program is reported, a figure."""
STATED = {
    # Lowest of the two columns of the README's table, of 200 worlds each.
    "promoted_vs_other, ODPS: the 5 days after the window": 0.955,
    "pre_vs_campaign, ODPS: the 5 days after the window": 0.955,
    "facebook_ads, week 1 after its waves": 0.975,
    "facebook_ads, week 2 after its waves": 0.960,
    "linkedin_ads, week 1 after its waves": 0.935,
    "newsletter, week 2 after its waves": 0.960,
}


@pytest.fixture(scope="module")
def followed() -> ModuleType:
    path = Path(__file__).with_name("followed.py")
    spec = importlib.util.spec_from_file_location("followed_study", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.long
@pytest.mark.parametrize("lifted", [True, False])
def test_the_weeks_after_are_covered(followed: ModuleType, *, lifted: bool) -> None:
    tallies = followed.measured(WORLDS, SEED, lifted=lifted)
    for name, stated in STATED.items():
        assert tallies[name].worlds == WORLDS
        assert tallies[name].covered >= binom.ppf(ALARM, WORLDS, stated)


def test_all_that_is_followed_is_measured(followed: ModuleType) -> None:
    """Every channel with a lift in both weeks, every identified course behind the window."""
    names = set(followed.measured(1, SEED, lifted=True))
    assert set(STATED) <= names
    assert len([name for name in names if "after its waves" in name]) == 8
