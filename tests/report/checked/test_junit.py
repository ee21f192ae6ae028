from xml.etree import ElementTree as ET

import pytest

from evaluator.gate.items import Checked, FailOn
from evaluator.report.checked import to_junit

ALLOWED: dict[str, tuple[set[str], set[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"properties", "testcase"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": (
        {"classname", "name", "file", "line"},
        {"failure", "error", "system-out"},
    ),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "system-out": (set(), set()),
}
"""Element → its attributes and children, of those that the readers' schemas know."""


@pytest.mark.parametrize("fail_on", FailOn)
def test_holds_to_the_schema_and_counts_right(
    checked: Checked, sound: Checked, fail_on: FailOn
) -> None:
    root = ET.fromstring(to_junit([checked, sound], fail_on).encode())
    for element in root.iter():
        attributes, children = ALLOWED[element.tag]
        assert set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
    for suite in root.iter("testsuite"):
        for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert int(suite.get(attribute, "")) == len(list(suite.iter(tag)))
    assert root.get("tests") == "5"
    quiet = root.findall(".//property[@name='findings not run, as approved']")
    assert [each.get("value") for each in quiet] == ["7", "0"]


@pytest.mark.parametrize(
    ("fail_on", "said"),
    [
        (FailOn.FAIL, ["system-out", None, "failure", "error", None]),
        (FailOn.WARN, ["failure", None, "failure", "error", None]),
    ],
)
def test_what_was_not_run_never_reads_as_a_pass(
    checked: Checked, sound: Checked, fail_on: FailOn, said: list[str | None]
) -> None:
    root = ET.fromstring(to_junit([checked, sound], fail_on).encode())
    assert [next((e.tag for e in case), None) for case in root.iter("testcase")] == said


def test_a_failure_says_all_of_it(checked: Checked) -> None:
    root = ET.fromstring(to_junit([checked], FailOn.FAIL).encode())
    failure = root.find(".//failure")
    assert failure is not None
    text = failure.text or ""
    for part in ("]]>\n::error::g� ×2.43", "as approved: ×2.96", "now: ×1.80", "--only ODPS/ads"):
        assert part in text
    assert text.endswith("moved: data (ODPS: the week of 3 Oct 2022); unmoved: protocol")
    case = root.find(".//testcase[@name='ODPS/ads']")
    assert case is not None
    assert case.get("classname") == "spring.results"
    assert (case.get("file"), case.get("line")) == ("spring/a:b, c.toml", "12")
