"""A seal that does not fit together fails a check, with or without a lock."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from evaluator.experiment import load_protocol
from evaluator.experiment.seal import seal, seal_path
from evaluator.gate.check import check
from evaluator.resolve import Resolved
from evaluator.results import Status


def unread() -> Resolved:
    raise AssertionError("nothing is read where there is no lock")


@pytest.mark.parametrize(
    ("edit", "status"), [({}, Status.PASS), ({"by": "Bob"}, Status.FAIL), (None, Status.FAIL)]
)
def test_a_broken_seal_fails(
    edit: dict[str, str] | None, status: Status, root: Path, tmp_path: Path
) -> None:
    shutil.copy(root / "experiments/newsletter-holdout/experiment.toml", tmp_path)
    protocol = load_protocol(tmp_path)
    seal(protocol, date(2022, 12, 1), "Ada")
    path = seal_path(protocol.path)
    content = json.loads(path.read_text())
    content["seals"][0].update(edit or {})
    path.write_text(json.dumps(content if edit is not None else []))
    (item,) = [item for item in check(protocol, unread).items if item.name == "seal"]
    assert item.status is status
    assert item.todo == "restore git's last version"


def test_without_a_seal_nothing_is_said(root: Path, tmp_path: Path) -> None:
    shutil.copy(root / "experiments/newsletter-holdout/experiment.toml", tmp_path)
    assert [item.name for item in check(load_protocol(tmp_path), unread).items] == ["lock"]


def test_what_was_changed_of_the_design_is_to_be_read_and_stops_nothing(
    root: Path, tmp_path: Path
) -> None:
    path = tmp_path / "experiment.toml"
    declared = (root / "experiments/itcilo-2022/experiment.toml").read_text()
    path.write_text(declared)
    seal(load_protocol(path), date(2022, 10, 1), "Ada")
    rule = "smallest_lift = 1.1"
    path.write_text(
        declared.replace(rule, "smallest_lift = 1.3", 1).replace('title = "', 'title = "A', 1)
    )
    items = [own for own in check(load_protocol(path), unread).items if "seal" in own.name]
    assert [(own.name, own.status) for own in items] == [
        ("seal", Status.PASS),
        ("seal: decision.smallest_lift", Status.WARN),
    ]
    line = declared[: declared.index(rule)].count("\n") + 1
    assert items[1].sentence == "decision.smallest_lift is 1.3; sealed as 1.1"
    assert items[1].where.endswith(f"experiment.toml:{line}")
    assert not items[1].stops()
