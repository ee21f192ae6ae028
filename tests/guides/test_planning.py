"""The guide of `plan`: its examples run, and it names the options and keys that there are."""

import doctest
import re
import sys
from pathlib import Path

import pytest

from evaluator import cli
from evaluator.experiment.spec.planned import PlanTable

FILE = Path(__file__).parents[2] / "evaluator" / "guides" / "planning.md"
GUIDE = FILE.read_text("utf-8")


def test_its_examples_run() -> None:
    found = doctest.testfile(str(FILE), module_relative=False)
    assert found.attempted == 10
    assert not found.failed


def test_every_key_of_a_plan_is_told() -> None:
    table = GUIDE.split("## What is declared")[1].split("##")[0]
    assert set(PlanTable.model_fields) - {"name"} <= set(re.findall(r"`(\w+)`", table))


def test_every_option_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["evaluator", "plan", "--help"])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        cli.main()
    options = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}
    assert {"--out", "--write", "--curve"} <= options
    assert {own for own in options if own not in GUIDE} == set()


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)", GUIDE):
        assert (FILE.parent / target).exists(), target
