"""The renderings without a page of their own: JSON, annotations, code quality; and writing."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator.errors import UsageError
from evaluator.gate.items import Checked, FailOn
from evaluator.report.checked import (
    to_annotations,
    to_code_quality,
    to_json,
    to_junit,
    write_checked,
)


def test_json_holds_every_item(checked: Checked, sound: Checked) -> None:
    content = json.loads(to_json([checked, sound], FailOn.FAIL))
    assert (content["schema_version"], content["fail_on"], content["fails"]) == (1, "fail", True)
    spring, autumn = content["experiments"]
    assert (spring["fails"], autumn["fails"]) == (True, False)
    assert (spring["findings_not_run"], autumn["findings_not_run"]) == (7, 0)
    assert [item["status"] for item in spring["items"]] == ["warn", "pass", "fail", "not run"]
    assert [item["stops"] for item in spring["items"]] == [False, False, True, True]
    failing = spring["items"][2]
    assert (failing["file"], failing["line"]) == ("spring/a:b, c.toml", 12)
    assert failing["row"]["channel"] == "ads"
    assert failing["sentence"] == checked.items[2].sentence
    assert spring["items"][1]["line"] is None
    assert spring["parts"][1]["what"] == "ODPS: the week of 3 Oct 2022"


def test_an_annotation_is_one_line_at_its_place(checked: Checked, sound: Checked) -> None:
    failing, not_run, warning = to_annotations([checked, sound], FailOn.FAIL).splitlines()
    place = "file=spring/a%3Ab%2C c.toml,line=12"
    assert failing.startswith(f"::error {place},title=spring%3A results[ODPS/ads]::a|b <c>")
    assert "100%25: *e*" in failing
    assert "%0Aas approved: ×2.96" in failing
    assert not_run.startswith("::error title=spring%3A calibration[ODPS]::no bits in the lock%0A")
    assert warning.startswith("::warning file=spring/experiment.toml,line=7,title=spring%3A data")
    assert to_annotations([checked], FailOn.WARN).count("::error ") == 3


def test_code_quality_keeps_an_issue_the_same(checked: Checked) -> None:
    issues = json.loads(to_code_quality([checked], FailOn.FAIL))
    assert [issue["severity"] for issue in issues] == ["major", "major", "minor"]
    assert issues[0]["location"] == {"path": "spring/a:b, c.toml", "lines": {"begin": 12}}
    assert all(re.fullmatch("[0-9a-f]{64}", issue["fingerprint"]) for issue in issues)
    assert len({issue["fingerprint"] for issue in issues}) == 3
    other = replace(checked, items=tuple(replace(i, sentence="other") for i in checked.items))
    again = json.loads(to_code_quality([other], FailOn.FAIL))
    assert [i["fingerprint"] for i in again] == [i["fingerprint"] for i in issues]


def test_a_place_is_said_from_the_current_folder(
    checked: Checked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inside = replace(checked.items[0], where=f"{tmp_path}/spring/experiment.toml:3")
    text = to_annotations([replace(checked, items=(inside,))], FailOn.FAIL)
    assert text.startswith("::warning file=spring/experiment.toml,line=3,")


def test_files_are_written_where_they_are_asked_for(checked: Checked, tmp_path: Path) -> None:
    wanted = tmp_path / "new" / "junit.xml"
    write_checked([checked], FailOn.FAIL, {to_junit: wanted, to_json: None})
    assert wanted.read_text("utf-8") == to_junit([checked], FailOn.FAIL)
    assert list(tmp_path.rglob("*.*")) == [wanted]
    with pytest.raises(UsageError, match="cannot be written"):
        write_checked([checked], FailOn.FAIL, {to_json: tmp_path})
