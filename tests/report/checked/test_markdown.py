import dataclasses

from evaluator.gate.items import Checked, FailOn
from evaluator.report.checked import to_markdown
from evaluator.report.checked.markdown import SHOWN


def table(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ") and "checked" not in line]


def test_what_failed_is_first(checked: Checked, sound: Checked) -> None:
    text = to_markdown([sound, checked], FailOn.FAIL)
    assert text.startswith("### spring: 2 of 4 checks failed or not run, 1 worth reading\n")
    assert "\n### autumn: no failure in 1 check\n" in text
    assert "Moved: data (ODPS: the week of 3 Oct 2022); unmoved: protocol; 7 findings not" in text
    assert [line.split(" | ")[:3] for line in table(text)] == [
        ["| fails", "results", "ODPS/ads"],
        ["| was not run", "calibration", "ODPS"],
        ["| warns", "data", "stale"],
    ]
    assert '```text\nevaluator accept spring --only ODPS/ads --reason "…"\n```' in text


def test_a_warning_stops_where_that_was_asked_for(checked: Checked) -> None:
    text = to_markdown([checked], FailOn.WARN)
    assert text.startswith("### spring: 3 of 4 checks failed or not run\n")


def test_no_sign_breaks_the_table(checked: Checked) -> None:
    line = table(to_markdown([checked], FailOn.FAIL))[0]
    assert line.replace("\\|", "").count("|") == 7
    assert "<c>" not in line


def test_stays_small(checked: Checked) -> None:
    failing = checked.items[2]
    many = tuple(dataclasses.replace(failing, name=str(number)) for number in range(SHOWN + 30))
    text = to_markdown([dataclasses.replace(checked, items=many)], FailOn.FAIL)
    assert len(table(text)) == SHOWN
    assert "… and 30 more." in text
    assert text.count("evaluator accept") == 1
