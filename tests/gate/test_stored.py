"""The lock as a file: what it keeps, how it merges, what it refuses."""

from __future__ import annotations

import json
import math
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.errors import UsageError
from evaluator.gate.lock import Lock
from evaluator.gate.stored import LockError, read_lock, to_text, write_lock
from evaluator.results import Verdict
from tests.gate.approved import Copy

ROW, OTHER = "promoted_vs_other/P", "a_vs_b/all/A"


def with_verdict(lock: Lock, name: str, verdict: Verdict) -> Lock:
    rows = {**lock.rows, name: replace(lock.rows[name], verdict=verdict)}
    return replace(lock, rows=rows)


def test_the_file_keeps_everything(copy: Copy, tmp_path: Path) -> None:
    lock = copy.lock
    row = lock.rows[ROW]
    endless = replace(row, numbers={**row.numbers, "low": -math.inf, "high": math.inf})
    lock = replace(lock, rows={**lock.rows, ROW: endless})
    write_lock(lock, tmp_path / "lock.json")
    assert read_lock(tmp_path / "lock.json") == lock
    json.loads(to_text(lock), parse_constant=pytest.fail)


def test_a_changed_row_is_one_line(copy: Copy) -> None:
    before = to_text(copy.lock).splitlines()
    after = to_text(with_verdict(copy.lock, ROW, Verdict.LOWERED)).splitlines()
    (changed,) = [line for line in after if line not in before]
    assert f'"row": "{ROW}", "verdict": "lowered"' in changed
    assert len(before) == len(after)


def test_two_branches_that_accept_different_rows_merge(copy: Copy, tmp_path: Path) -> None:
    """By git's own merge of three texts, and the result is a lock that nobody edited."""
    texts = {
        "ours": to_text(with_verdict(copy.lock, ROW, Verdict.LOWERED)),
        "base": to_text(copy.lock),
        "theirs": to_text(with_verdict(copy.lock, OTHER, Verdict.LOWERED)),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    merged = subprocess.run(
        ["git", "merge-file", "-p", *(str(tmp_path / name) for name in texts)],
        capture_output=True,
        text=True,
        check=True,
    )
    (tmp_path / "merged").write_text(merged.stdout, "utf-8")
    lock = read_lock(tmp_path / "merged")
    assert lock is not None
    assert lock.edited == ()
    assert [lock.rows[name].verdict for name in (ROW, OTHER)] == [Verdict.LOWERED] * 2


def test_a_newer_schema_asks_for_a_newer_program(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text('{"schema_version": 99}', "utf-8")
    with pytest.raises(LockError, match="use the evaluator that wrote it"):
        read_lock(tmp_path / "lock.json")


@pytest.mark.parametrize("text", ["", "[]", '{"schema_version": 1}', '{"schema_version": 1, '])
def test_what_is_no_lock(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock.json").write_text(text, "utf-8")
    with pytest.raises(LockError, match="is not a lock"):
        read_lock(tmp_path / "lock.json")


# ── accepting ─────────────────────────────────────────────────────────────────────────────


def test_accepting_one_row_leaves_the_others(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wave moved by a day: its row is accepted, with a reason, and the rest still fails."""
    monkeypatch.setenv("GIT_AUTHOR_NAME", "A. Reviewer")
    copy.declare("start = 2023-08-14\nend = 2023-08-27", "start = 2023-08-15\nend = 2023-08-28")
    before = copy.lock
    copy.accept("the wave began on\na Tuesday", only="channels/all/ads")
    after = copy.lock
    changed = {name for name, row in after.rows.items() if row != before.rows[name]}
    assert changed == {"channels/all/ads"}
    assert after.parts == before.parts, "the rest still rests on what it was approved on"
    (log,) = [own for own in after.accepted if own.what == "channels/all/ads"]
    assert (log.author, log.reason) == ("A. Reviewer", "the wave began on a Tuesday")
    failed = {item.name for item in copy.check(anew=False).items if item.stops()}
    assert failed
    assert "channels/all/ads" not in failed
    assert all(name.startswith("channels/") for name in failed)


def test_accepting_everything(copy: Copy) -> None:
    copy.declare("start = 2023-08-14\nend = 2023-08-27", "start = 2023-08-15\nend = 2023-08-28")
    copy.accept("the plan was changed")
    checked = copy.check(anew=False)
    assert not [item for item in checked.items if item.stops()]
    assert [log.reason for log in copy.lock.accepted] == ["first", "the plan was changed"]


@pytest.mark.parametrize(
    ("reason", "only", "told"),
    [
        (" ", "", "wants to know why"),
        ("so", "promoted_vs_other/X", 'there is no row "promoted_vs_other/X"'),
        ("so", "P", '"P" names'),
    ],
)
def test_what_cannot_be_accepted(copy: Copy, reason: str, only: str, told: str) -> None:
    before = copy.lock
    with pytest.raises(UsageError, match=told):
        copy.accept(reason, only=only)
    assert copy.lock == before


def test_an_edit_by_hand_is_not_accepted_along_the_way(copy: Copy) -> None:
    row = copy.lock.rows[ROW]
    copy.edit_lock(f'"{ROW}", "verdict": "{row.verdict}"', f'"{ROW}", "verdict": "lowered"')
    with pytest.raises(UsageError, match="edited by hand in other lines"):
        copy.accept("so", only=OTHER)
    copy.accept("so it is", only=ROW)
    assert copy.lock.edited == ()


def test_one_row_needs_a_lock(copy: Copy) -> None:
    (copy.folder / "lock.json").unlink()
    with pytest.raises(UsageError, match="accept everything first"):
        copy.accept("so", only=ROW)
