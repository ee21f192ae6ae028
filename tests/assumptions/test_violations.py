"""The worlds with a broken assumption are what their table says: the harness, on few worlds."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def violations() -> ModuleType:
    """The program beside this test."""
    path = Path(__file__).with_name("violations.py")
    spec = importlib.util.spec_from_file_location("violations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclasses look their annotations up
    spec.loader.exec_module(module)
    return module


def test_a_broken_world_is_biased_by_one_standard_error(
    violations: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other courses that lose a tenth raise the ratio by −log .9: a strength is its own bias."""
    monkeypatch.setattr(violations, "CLEAN_FOR_SCALE", 4)
    strength, error = violations.strength_of(violations.VIOLATIONS["cannibalisation"])
    assert strength == pytest.approx(error, rel=0.02)


@pytest.mark.parametrize(
    ("name", "finding", "least"),
    [
        ("differential trend", "parallel before the window", 0.8),
        ("holiday in the window", "holiday in the window", 1.0),
        ("launch week", "launch in the reference", 1.0),
        ("deadline", "calendar of the other courses", 0.8),
    ],
)
def test_a_finding_fires_in_its_own_world(
    violations: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    finding: str,
    least: float,
) -> None:
    """Five worlds; where it fires in .95 of all, four or more do but for 2 times in 100."""
    monkeypatch.setattr(violations, "CLEAN_FOR_SCALE", 4)
    tallies, _, _ = violations.tallied(name, 5, 1)
    tally = tallies[violations.VIOLATIONS[name].row, finding]
    assert tally.worlds == 5
    assert tally.fired >= least * 5


def test_every_finding_of_the_table_is_one_that_the_program_has(violations: ModuleType) -> None:
    """In a clean world each is there, whatever it says; a launch has its own."""
    tallies, _, _ = violations.tallied("clean", 1, 1)
    found = {finding for _, finding in tallies} | {"launch in the reference"}
    for violation in violations.VIOLATIONS.values():
        assert set(violation.own) <= found
