"""The program or its inputs, broken on purpose: the right gate says so, with the right reason.

The table of the cases is in README.md beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from evaluator.assumptions import closely
from evaluator.comparisons import Comparison
from evaluator.comparisons.periods import periods_of
from evaluator.effects import Setting, methods, series
from evaluator.effects.law import Law
from evaluator.estimators.least_squares import newey_west
from evaluator.gate import recorded
from evaluator.gate.calibration import TOGETHER
from evaluator.gate.fingerprints import code_part, environment_part
from evaluator.gate.items import Checked, FailOn, Gate, Item
from evaluator.inference import ratios
from evaluator.inference.distributions import Mixture, StudentT
from evaluator.results import Status
from tests.gate.approved import Copy

Items = dict[str, Item]


def stopping(checked: Checked, gate: Gate) -> Items:
    """Items of a gate that stop the check, by name."""
    found = checked.at(Status.FAIL, Status.NOT_RUN)
    return {item.name: item for item in found if item.gate is gate}


def moved(checked: Checked) -> dict[str, str]:
    """What moved, by part."""
    return {part.name: part.what for part in checked.parts if part.moved}


@pytest.fixture
def other_code(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """The sources of a room are others than those that made the approved result."""

    def change(room: str) -> None:
        changed = {**code_part(), room: "0" * 12}
        monkeypatch.setattr(recorded, "code_part", lambda: changed)

    return change


# ── nothing broken ────────────────────────────────────────────────────────────────────────


def test_as_approved(copy: Copy) -> None:
    """Read anew from the files: every item of every gate passes, and nothing moved."""
    checked = copy.check()
    assert {item.status for item in checked.items} == {Status.PASS}
    assert not checked.fails(FailOn.WARN)
    assert moved(checked) == {}
    assert {item.gate for item in checked.items} == set(Gate)
    assert len(checked.items) == len({(item.gate, item.name) for item in checked.items})
    assert checked.not_run > 0


# ── the program ───────────────────────────────────────────────────────────────────────────


def test_changed_degrees_of_freedom(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, other_code: Callable[[str], None]
) -> None:
    """t(3) in place of t(10): the verdict stands, the interval may not."""
    monkeypatch.setattr(ratios, "COURSE_DOF", 3.0)
    other_code("inference")
    checked = copy.check(anew=False)
    failed = stopping(checked, Gate.RESULTS)
    item = failed["promoted_vs_other/P"]
    assert "with the data as approved" in item.sentence
    assert "1.25 × allowed" in item.sentence
    assert item.old != item.new
    assert "--only promoted_vs_other/P" in item.todo
    assert item.where.endswith("experiment.toml:18")
    assert not {name for name in failed if name.startswith("a_vs_b")}
    assert moved(checked) == {"code": "inference"}
    assert not stopping(checked, Gate.DATA)


def test_newey_west_in_place_of_gls(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, other_code: Callable[[str], None]
) -> None:
    """Far too narrow: the calibration sees at once that the truth is lost."""
    monkeypatch.setitem(methods.METHODS, "controlled_its", _newey_west)
    other_code("effects")
    checked = copy.check(anew=False)
    lost = stopping(checked, Gate.CALIBRATION)["pre_vs_campaign/P"]
    assert "covers less than approved" in lost.sentence
    assert "McNemar" in lost.sentence
    assert {"pre_vs_campaign/P", "pre_vs_campaign/Q"} <= set(stopping(checked, Gate.RESULTS))
    assert moved(checked) == {"code": "effects"}


def _newey_west(comparison: Comparison, _: Setting) -> Law:
    """log(course / others) by week on a dummy of the window, least squares, HAC errors."""
    periods = periods_of(comparison)
    course, others = series.ratio_series(comparison, periods)
    y = np.log(course + 0.5) - np.log(others + 0.5)
    X = np.column_stack([periods.columns, periods.window.astype(float)])
    fits = [newey_west(own, X, lags=3) for own in y.reshape(-1, y.shape[-1])]
    location = np.array([fit.coefficients[-1] for fit in fits]).reshape(y.shape[:-1])
    variance = np.array([fit.covariance[-1, -1] for fit in fits]).reshape(y.shape[:-1])
    return Law(location, StudentT(location, np.sqrt(variance), float(fits[0].dof)))


def test_interval_narrowed_by_four_per_cent(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, other_code: Callable[[str], None]
) -> None:
    """No row's own coverage tells; all of them together do, and so does every interval."""
    for law in (StudentT, Mixture):
        monkeypatch.setattr(law, "quantile", _narrowed(law.quantile))
    other_code("inference")
    checked = copy.check(anew=False)
    assert "cover less than approved" in stopping(checked, Gate.CALIBRATION)[TOGETHER].sentence
    assert "promoted_vs_other/all" in stopping(checked, Gate.RESULTS)
    assert moved(checked) == {"code": "inference"}


def _narrowed(exact: Callable[[Any, float], Any]) -> Callable[[Any, float], Any]:
    def quantile(law: Any, probability: float) -> Any:
        middle = exact(law, 0.5)
        return middle + 0.96 * (exact(law, probability) - middle)

    return quantile


def test_finding_removed(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, other_code: Callable[[str], None]
) -> None:
    looks = tuple(look for look in closely.LONG_LOOKS if look.__name__ != "influence")
    assert len(looks) == len(closely.LONG_LOOKS) - 1
    monkeypatch.setattr(closely, "LONG_LOOKS", looks)
    other_code("assumptions")
    checked = copy.check(anew=False)
    gone = stopping(checked, Gate.ASSUMPTIONS)["promoted_vs_other/P"]
    assert gone.sentence == "“influence” is no longer looked at"
    assert not stopping(checked, Gate.DATA)
    assert moved(checked) == {"code": "assumptions"}


# ── the declaration ───────────────────────────────────────────────────────────────────────


def test_flipped_arm(copy: Copy) -> None:
    copy.declare('["C0", "C1", "C2", "C3", "C4", "C5"]', '["C6", "C7", "C8", "C9", "C10", "C11"]')
    checked = copy.check()
    failed = stopping(checked, Gate.RESULTS)
    assert "verdict flipped: raised → " in failed["a_vs_b/all/A"].sentence
    assert not {name for name in failed if name.startswith("promoted_vs_other")}
    assert "arms" in moved(checked)["protocol"]
    assert set(moved(checked)) == {"protocol", "data"}, "what the rule became is of the data"
    assert not stopping(checked, Gate.DATA)


def test_off_by_one_wave_date(copy: Copy) -> None:
    copy.declare("start = 2023-08-14\nend = 2023-08-27", "start = 2023-08-15\nend = 2023-08-28")
    checked = copy.check(anew=False)
    failed = stopping(checked, Gate.RESULTS)
    assert "channels/all/ads" in failed
    assert not {name for name in failed if name.startswith(("promoted_vs_other/P", "a_vs_b"))}
    told = moved(checked)
    assert "waves second span start 2023-08-14 → 2023-08-15" in told["protocol"]
    assert set(told) == {"protocol"}


def test_seed_changed(copy: Copy) -> None:
    """Other campaigns are drawn, so that coverages are compared as two samples."""
    copy.declare("seed = 7", "seed = 8")
    checked = copy.check(anew=False)
    assert moved(checked) == {"protocol": "seed 7 → 8"}
    drawn = next(item for item in checked.items if item.name == TOGETHER)
    assert "Fisher" in drawn.sentence
    assert not stopping(checked, Gate.CALIBRATION)
    warned = next(item for item in checked.at(Status.WARN) if item.gate is Gate.RESULTS)
    assert warned.name == "declaration"


# ── the data ──────────────────────────────────────────────────────────────────────────────


def test_one_reference_count_edited(copy: Copy) -> None:
    """One enrolment more in one country on one day of history."""
    text = (copy.folder / "counts-1.csv").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("P,C3,2023-07-2"))
    start, value = line.rsplit(",", 1)
    copy.count(f"{line}\n", f"{start},{int(value) + 1}\n")
    checked = copy.check()
    week = "24 Jul 2023" if start[-2:] >= "24" else "17 Jul 2023"
    assert stopping(checked, Gate.DATA)["history"].sentence == (
        f"history was rewritten: P in the week of {week}"
    )
    assert moved(checked) == {"data": f"P in the week of {week}"}
    failed = stopping(checked, Gate.RESULTS)
    assert all("approved s.e." not in item.sentence for item in failed.values())
    assert not {name for name in failed if "reference" not in name}


@pytest.mark.parametrize(
    ("course", "name", "told"),
    [
        ("", "readable/1", "gap in the calendar, nothing on 7 Aug 2023 – 13 Aug 2023"),
        ("Q", "history", "history was rewritten: Q in the week of 7 Aug 2023"),
    ],
    ids=["of all courses", "of one course"],
)
def test_dropped_week(copy: Copy, course: str, name: str, told: str) -> None:
    path = copy.folder / "counts-2.csv"
    dropped = re.compile(rf"^{course or '[^,]*'},[^,]*,2023-08-(0[7-9]|1[0-3]),.*\n", re.MULTILINE)
    path.write_text(dropped.sub("", path.read_text("utf-8")), "utf-8")
    checked = copy.check()
    assert told in stopping(checked, Gate.DATA)[name].sentence
    assert set(moved(checked)) == {"data"}


def test_export_loaded_twice(copy: Copy) -> None:
    text = (copy.folder / "counts-2.csv").read_text("utf-8")
    (copy.folder / "counts-3.csv").write_text(text, "utf-8")
    checked = copy.check()
    assert checked.unreadable
    told = " ".join(item.sentence for item in stopping(checked, Gate.DATA).values())
    assert "counts-3.csv" in told
    assert stopping(checked, Gate.RESULTS)["all"].status is Status.NOT_RUN
    assert moved(checked) == {"data": "they cannot be read"}


def test_misspelt_course(copy: Copy) -> None:
    text = (copy.folder / "counts-1.csv").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("O05,C0,"))
    copy.count(line, line.replace("O05", "O5"))
    item = stopping(copy.check(), Gate.DATA)["readable/1"]
    assert "unknown course" in item.sentence
    assert 'did you mean "O05"?' in item.todo


# ── the environment ───────────────────────────────────────────────────────────────────────


def test_environment_alone(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, and nothing fails: the numbers are the same."""
    other = {**environment_part(), "numpy": "9.9.9"}
    monkeypatch.setattr(recorded, "environment_part", lambda: other)
    checked = copy.check(anew=False)
    assert not checked.fails(FailOn.WARN)
    assert moved(checked) == {"environment": f"numpy {environment_part()['numpy']} → 9.9.9"}


# ── the lock ──────────────────────────────────────────────────────────────────────────────


def test_lock_edited_by_hand(copy: Copy) -> None:
    row = copy.lock.rows["promoted_vs_other/P"]
    copy.edit_lock(
        f'"row": "promoted_vs_other/P", "verdict": "{row.verdict}"',
        '"row": "promoted_vs_other/P", "verdict": "lowered"',
    )
    failed = stopping(copy.check(anew=False), Gate.RESULTS)
    assert "was edited by hand" in failed["lock: rows: promoted_vs_other/P"].sentence
    assert "the verdict flipped: lowered →" in failed["promoted_vs_other/P"].sentence


def test_lock_of_an_older_schema(copy: Copy) -> None:
    copy.edit_lock('"schema_version": 1', '"schema_version": 0')
    (item,) = copy.check(anew=False).items
    assert item.status is Status.FAIL
    assert "has schema 0" in item.sentence
    assert "evaluator accept" in item.todo


def test_lock_with_marks_of_a_merge(copy: Copy) -> None:
    copy.edit_lock(' "rows": [', '<<<<<<< ours\n "rows": [')
    (item,) = copy.check(anew=False).items
    assert item.status is Status.FAIL
    assert "merge" in item.sentence


def test_nothing_approved_yet(copy: Copy) -> None:
    (copy.folder / "lock.json").unlink()
    (item,) = copy.check(anew=False).items
    assert item.status is Status.NOT_RUN
    assert "nothing has been approved yet" in item.sentence


# ── the calendar ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("today", "status"), [(date(2023, 9, 20), "pass"), (date(2024, 1, 1), "warn")]
)
def test_today_warns_at_most(copy: Copy, today: date, status: str) -> None:
    checked = copy.check(anew=False, only="promoted_vs_other/P", today=today)
    item = next(item for item in checked.items if item.name == "today")
    assert item.status.value == status
    assert not checked.fails()
    assert checked.fails(FailOn.WARN) == (status == "warn")
