import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluator.testing import Calibrated
from evaluator.testing.stored import Golden, Numbers


@pytest.fixture
def approve(tmp_path: Path) -> Golden:
    return Golden(tmp_path / "test_mine.golden.json", "test_lifts", update=True)


@pytest.fixture
def golden(approve: Golden) -> Golden:
    return Golden(approve.path, approve.test, update=False)


@pytest.mark.parametrize(
    "numbers",
    [
        *(2.5, np.float64(2.5), 0, [1.0, 2.0], np.array([1.0, 2.0]), {"ODPS": 2.96}),
        *(pd.Series({"ODPS": 2.96}), {"low": -math.inf, "high": math.inf, "mean": math.nan}, {}),
    ],
    ids=str,
)
def test_what_was_approved_passes_again(approve: Golden, golden: Golden, numbers: Numbers) -> None:
    approve("lifts", numbers)
    golden("lifts", numbers)
    json.loads(approve.path.read_text("utf-8"), parse_constant=pytest.fail)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({"a": 1.0, "b": 2.1}, "b: 2 → 2.1 (+0.05 relative)"),
        ({"a": 1.0}, "b: 2 → gone"),
        ({"a": 1.0, "b": 2.0, "c": 3.0}, "c: new → 3"),
        ({"a": math.nan, "b": 2.0}, "a: 1 → nan"),
        ({"a": 1.0, "b": math.inf}, "b: 2 → inf"),
    ],
)
def test_every_change_is_named(
    approve: Golden, golden: Golden, now: dict[str, float], said: str
) -> None:
    approve("lifts", {"a": 1.0, "b": 2.0})
    with pytest.raises(AssertionError, match=r"1 of \d numbers of 'lifts' are not as appr") as told:
        golden("lifts", now)
    assert said in str(told.value)
    assert "accept: pytest --update-golden" in str(told.value)


def test_tolerances_are_relative_and_absolute(approve: Golden, golden: Golden) -> None:
    approve("size", 1000.0)
    golden("size", 1009.0, rtol=0.01)
    golden("size", 1000.5, atol=1)
    with pytest.raises(AssertionError, match=r"1000 → 1000\.5"):
        golden("size", 1000.5)


def test_what_was_never_approved_is_no_pass(approve: Golden, golden: Golden) -> None:
    for _ in range(2):
        with pytest.raises(AssertionError, match="holds no 'lifts' for test_lifts; approve it"):
            golden("lifts", 1.0)
        approve("other", 1.0)


def test_the_file_keeps_what_others_approved_and_reads_well(approve: Golden) -> None:
    approve("b", {"y": 2.0, "x": 1.0})
    Golden(approve.path, "test_a", update=True)("a", 1.0)
    approve("b", {"y": 3.0})
    assert json.loads(approve.path.read_text("utf-8")) == {
        "test_a": {"a": {"": 1.0}},
        "test_lifts": {"b": {"y": 3.0}},
    }
    assert approve.path.read_text("utf-8").count("\n") == 12


def test_a_coverage_is_compared_world_by_world(approve: Golden, golden: Golden) -> None:
    before = Calibrated.of([True] * 380 + [False] * 20)
    approve.held("mine", before)
    golden.held("mine", before)
    golden.held("mine", Calibrated.of([False] * 5 + [True] * 375 + [False] * 20))
    with pytest.raises(AssertionError, match="15 lost, 0 gained"):
        golden.held("mine", Calibrated.of([False] * 15 + [True] * 365 + [False] * 20))
