"""calibration.json: noticed when it is another experiment's, or another hand's."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.calibration import Calibration, beside, calibrate, write
from evaluator.calibration.stored import FILE_NAME, NOT_CALIBRATED, fingerprint, to_text
from evaluator.errors import UsageError
from evaluator.resolve import Resolved
from evaluator.results import Measured, NotRun, RowKey

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
EXPERIMENT = "experiment.toml"


def noisy(counts: Counts, _: int) -> None:
    """Courses that move by themselves, a thousandth of the counts."""
    rng = np.random.default_rng(1)
    for own in counts.values():
        weeks = np.exp(0.1 * rng.standard_normal(own.shape[1] // 7)).repeat(7)
        own[:] = rng.poisson(1e-4 * own * weeks)


@pytest.fixture(scope="module")
def measured_once() -> dict[str, Calibration]:
    return {}


@pytest.fixture
def resolved(small: Small) -> Resolved:
    return small(paint=noisy)


@pytest.fixture
def calibration(resolved: Resolved, measured_once: dict[str, Calibration]) -> Calibration:
    """Measured once; what is in it is the same every time, as a test below says."""
    if not measured_once:
        measured_once["it"] = calibrate(resolved, 60, seed=5)
    return measured_once["it"]


def test_every_row_that_decides_is_measured_in_the_order_of_the_table(
    calibration: Calibration,
) -> None:
    assert [(row.key.question, row.key.course) for row in calibration.rows] == [
        *(("promoted_vs_other", course) for course in ("all", "P", "Q")),
        *(("a_vs_b", course) for course in ("all", "P", "Q")),
        *(("pre_vs_campaign", course) for course in ("all", "P", "Q")),
    ]
    for row in calibration.rows:
        worlds = {one.world for one in row.measured}
        assert {"placebo", "fitted"} < worlds, row.reasons
        assert len(worlds) == 4


def test_the_same_bytes_every_time(resolved: Resolved, calibration: Calibration) -> None:
    assert to_text(calibrate(resolved, 60, seed=5)) == to_text(calibration)
    assert to_text(calibrate(resolved, 60, seed=6)) != to_text(calibration)


def test_progress_is_told(resolved: Resolved) -> None:
    told: list[tuple[int, int]] = []
    calibrate(resolved, 50, 1, progress=lambda done, total, _: told.append((done, total)))
    assert told == [(done, 18) for done in range(1, 19)]


def test_what_is_written_is_read(
    tmp_path: Path, resolved: Resolved, calibration: Calibration
) -> None:
    assert beside(tmp_path / EXPERIMENT, resolved) == NOT_CALIBRATED
    assert write(calibration, tmp_path) == tmp_path / FILE_NAME
    assert beside(tmp_path / EXPERIMENT, resolved) == calibration
    assert calibration.of(calibration.rows[3].key) == calibration.rows[3]
    assert calibration.of(RowKey("another", "P")) is None
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_measurement_is_a_line(calibration: Calibration) -> None:
    text = to_text(calibration)
    measurements = sum(len(row.measured) for row in calibration.rows)
    assert sum(line.lstrip().startswith('{"world"') for line in text.splitlines()) == measurements
    content = json.loads(text)
    assert (content["worlds"], content["hash"]) == (60, calibration.hash)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace('"coverage": 0.', '"coverage": 1.', 1), "hash does not match"),
        (lambda text: text.replace('"seed": 5', '"seed": 6'), "hash does not match"),
        (lambda text: text[: len(text) // 2], "not a calibration"),
        (lambda _: "[]", "not a calibration"),
        (lambda text: text.replace('"hash"', '"hush"'), "not a calibration"),
    ],
    ids=["a figure", "the seed", "cut short", "another file", "no hash"],
)
def test_a_file_that_was_touched_is_noticed(
    tmp_path: Path,
    resolved: Resolved,
    calibration: Calibration,
    change: Callable[[str], str],
    reason: str,
) -> None:
    text = to_text(calibration)
    assert change(text) != text
    (tmp_path / FILE_NAME).write_text(change(text), "utf-8")
    found = beside(tmp_path / EXPERIMENT, resolved)
    assert isinstance(found, NotRun)
    assert reason in found.reason


def test_another_declaration_or_other_data_are_noticed(
    tmp_path: Path, resolved: Resolved, calibration: Calibration
) -> None:
    write(calibration, tmp_path)
    panel = resolved.panel
    changed = {
        "the declaration": replace(resolved, protocol=replace(resolved.protocol, seed=99)),
        "what its rules became": replace(resolved, others=resolved.others[1:]),
        "the data": replace(resolved, panel=replace(panel, values=panel.values + 1)),
    }
    for what, other in changed.items():
        found = beside(tmp_path / EXPERIMENT, other)
        assert found == NotRun(f"{what} changed since {FILE_NAME} was written")
    assert fingerprint(resolved) == calibration.data


def test_an_interrupted_write_leaves_the_old_file(
    tmp_path: Path, calibration: Calibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(calibration, tmp_path)
    before = (tmp_path / FILE_NAME).read_bytes()

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(replace(calibration, seed=6), tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_folder_that_is_none_is_said(tmp_path: Path, calibration: Calibration) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"calibration\.json cannot be written"):
        write(calibration, tmp_path / "file")


def test_figures_are_kept_to_six_digits(calibration: Calibration) -> None:
    def kept(one: Measured) -> bool:
        return all(round(v, 6) == v for v in (one.coverage, one.coverage_se, one.stretch))

    assert all(kept(one) for row in calibration.rows for one in row.measured)
