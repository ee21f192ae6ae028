"""The verbs that write: `init` and `seal`, as people call them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from evaluator import cli


def called(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["evaluator", *arguments])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    shown = capsys.readouterr()
    return int(exit_.value.code or 0), shown.out, shown.err


def test_from_a_template_to_a_seal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        return called(monkeypatch, capsys, *arguments)

    code, shown, _ = call("init", "--list")
    assert (code, len(shown.split("\n\n")[0].splitlines())) == (0, 14)
    code, _, wrong = call("init")
    assert (code, wrong.splitlines()[0]) == (2, "init: says nowhere to put it")
    code, shown, _ = call("init", "--template", "order", "mine", "--start", "2028-02-07")
    assert code == 0
    assert "written: experiment.toml, experiment.schema.json" in shown
    code, _, wrong = call("init", "mine")
    assert code == 2
    assert "--force" in wrong
    code, shown, _ = call("seal", "mine", "--date", "2028-02-01", "--by", "Ada")
    assert (code, shown.splitlines()[0]) == (0, "order: sealed on 1 Feb 2028 by Ada")
    code, _, wrong = call("seal", "mine", "--date", "2028-02-02")
    assert code == 2
    assert "is sealed since 2028-02-01" in wrong
    assert Path("mine/seal.json").exists()
