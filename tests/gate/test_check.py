"""What a check is asked: one row, one experiment, and what it answers on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from evaluator import cli
from evaluator.cli.shared import BAD_INPUT, NO_DATA
from evaluator.errors import UsageError
from evaluator.experiment.protocol import DataKind
from evaluator.gate.fingerprints import data_part
from evaluator.gate.items import Gate
from evaluator.results import Status
from tests.gate.approved import Copy

ROW = "promoted_vs_other/P"


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Exit code of the command line in this process."""
    monkeypatch.setattr(sys, "argv", ["evaluator", *arguments])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    return int(exit_.value.code or 0)


@pytest.mark.parametrize(
    "name", [ROW, "a_vs_b/Q/A", "channels/all/ads", "a_vs_b/P/A/arms_by_unit", "pre_vs_campaign/P"]
)
def test_one_row_is_what_it_is_among_all(copy: Copy, name: str) -> None:
    """Estimated with its family alone, it says to the last digit what was approved of it."""
    checked = copy.check(anew=False, only=name)
    assert {item.status for item in checked.items} == {Status.PASS}
    assert [item.name for item in checked.items if item.row] == [name] * (
        3 if name in copy.lock.coverage else 2
    )


def test_one_row_that_is_gone(copy: Copy) -> None:
    copy.declare('"a_vs_b", ', "")
    failed = [item for item in copy.check(anew=False, only="a_vs_b/P/A").items if item.stops()]
    assert {item.gate for item in failed} == {Gate.RESULTS, Gate.CALIBRATION}


def test_a_row_that_never_was(copy: Copy) -> None:
    with pytest.raises(UsageError, match='did you mean "promoted_vs_other/P"'):
        copy.check(anew=False, only="promoted_vs_othr/P")


def test_grown_data_are_compared_with_what_was_counted_then(copy: Copy) -> None:
    """The last approved week is whole: a day more is another week, and rewrites nothing."""
    panel = copy.known.panel
    until = copy.protocol.as_of
    before = data_part(copy.known, panel.start, until)
    # As if only the first half of the last week had been there when it was approved.
    half = until.replace(day=until.day - 3)
    then = data_part(copy.known, panel.start, half)
    weeks = [name for name in then if name.startswith("week of 2023-09")]
    assert weeks == ["week of 2023-09-04", "week of 2023-09-08"]
    assert then["week of 2023-09-04"] != before["week of 2023-09-04"]


@pytest.mark.parametrize(
    ("broken", "arguments", "code", "told"),
    [
        (False, (), 0, "small: passes"),
        (True, (), 1, "small: FAILS"),
        (True, ("--only", ROW), 0, "small: passes"),
        (True, ("--only", "nothing"), 2, ""),
        (False, ("--only", ROW, "--today", "2024-01-01"), 0, "warns data[today]"),
        (False, ("--only", ROW, "--today", "2024-01-01", "--fail-on", "warn"), 1, "days before"),
    ],
)
def test_exit_codes(
    copy: Copy,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    broken: bool,
    arguments: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    if broken:
        copy.declare("start = 2023-08-14\nend = 2023-08-27", "start = 2023-08-15\nend = 2023-08-28")
    assert called(monkeypatch, "check", str(copy.folder), *arguments) == code
    shown = capsys.readouterr().out
    assert told in shown
    assert all(len(line) <= 80 for line in shown.splitlines() if "/" not in line)


def test_unreadable_data_are_told_in_every_report(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (copy.folder / "counts-1.csv").unlink()
    (copy.folder / "counts-2.csv").unlink()
    written = tmp_path / "found.json"
    assert called(monkeypatch, "check", str(copy.folder), "--json", str(written)) == NO_DATA
    items = json.loads(written.read_text("utf-8"))["experiments"][0]["items"]
    assert {item["status"] for item in items} == {"fail", "not run"}


def test_accepting_on_the_command_line(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy.declare("seed = 7", "seed = 8")
    assert called(monkeypatch, "accept", str(copy.folder)) == BAD_INPUT
    assert called(monkeypatch, "accept", str(copy.folder), "--reason", "another seed") == 0
    assert "lock.json" in capsys.readouterr().out
    assert copy.lock.parts["protocol"]["seed"] == 8


def test_small_cells_are_not_in_the_lock(copy: Copy) -> None:
    """A minimum so high that every course is small: rows without numbers, and still compared."""
    assert copy.protocol.data_kind is DataKind.SYNTHETIC
    copy.declare("[gate]", "[sharing]\nminimum_cell = 100000\n\n[gate]")
    copy.accept("shared with others")
    row = copy.lock.rows[ROW]
    assert row.numbers == {}
    assert row.status.value == "suppressed"
    assert not copy.check().at(Status.FAIL, Status.NOT_RUN)
    assert not copy.check(anew=False, only=ROW).at(Status.FAIL, Status.NOT_RUN)
