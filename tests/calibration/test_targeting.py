"""What targeting promises, as measured by `targeting.py` beside this file: `targeting.toml`."""

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from scipy.stats import binomtest

HERE = Path(__file__).parent
TRIAL = "simulate_randomized_trial"


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    return tomllib.loads((HERE / "targeting.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def study() -> ModuleType:
    spec = importlib.util.spec_from_file_location("targeting_study", HERE / "targeting.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["all_fifths_held", "effect_on_all_held", "policy_held"])
def test_intervals_hold_as_often_as_they_say(measured: dict[str, Any], name: str) -> None:
    """.95 is inside the exact 99% interval of what was measured, or below it."""
    own = measured[TRIAL]
    assert binomtest(own[name], own["sets"]).proportion_ci(0.99).high >= 0.95


def test_the_measured_worth_is_the_true_one(measured: dict[str, Any]) -> None:
    """Within a hundredth of a standard deviation of the effects, which is 1.1."""
    own = measured[TRIAL]
    assert own["measured"] == pytest.approx(own["realised"], abs=0.011)


def test_people_are_not_chosen_where_all_are_alike(measured: dict[str, Any]) -> None:
    own = measured["null"]
    assert own["choose"] <= 0.05 * own["sets"]


@pytest.mark.long
def test_the_study_is_repeated(study: ModuleType) -> None:
    """Ten other data sets: 50 fifths hold their own truth; 42 or fewer with probability .005."""
    found = [study.simulated(TRIAL, seed) for seed in range(1000, 1010)]
    assert sum(hit for one in found for hit in one.own) >= 42


@pytest.mark.long
def test_nobody_is_chosen_on_null_lists(study: ModuleType) -> None:
    answers = list(study.null_lists(range(1000, 1010), 2936))
    assert sum(answer.policy.advice is study.Advice.CHOOSE for answer in answers) <= 2
