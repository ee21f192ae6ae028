"""JUnit XML: a suite an experiment, a case an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from evaluator.gate.items import Checked, FailOn, Item
from evaluator.report.checked.order import place, told, what_moved
from evaluator.results import Status

UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def to_junit(checked: Sequence[Checked], fail_on: FailOn) -> str:
    """What fails is a `failure`; what was not run an `error`, so that no reader takes it for a
    pass; what warns and does not stop a passed case that says so in its output."""
    suites = ET.Element("testsuites", name="evaluator check")
    for each in checked:
        suites.append(_suite(each, fail_on))
    _count(suites)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="utf-8"?>\n', "\n")
    )


def _suite(checked: Checked, fail_on: FailOn) -> ET.Element:
    suite = ET.Element("testsuite", name=_clean(checked.experiment))
    properties = ET.SubElement(suite, "properties")
    for part in checked.parts:
        value = (f"moved: {part.what}" if part.what else "moved") if part.moved else "unmoved"
        ET.SubElement(properties, "property", name=_clean(part.name), value=_clean(value))
    quiet = str(checked.not_run)
    ET.SubElement(properties, "property", name="findings not run, as approved", value=quiet)
    for item in checked.items:
        suite.append(_case(item, checked, fail_on))
    _count(suite)
    return suite


def _case(item: Item, checked: Checked, fail_on: FailOn) -> ET.Element:
    case = ET.Element(
        "testcase", classname=_clean(f"{checked.experiment}.{item.gate}"), name=_clean(item.name)
    )
    file, line = place(item)
    if file:
        case.set("file", _clean(file))
        case.set("line", str(line))
    if item.stops(fail_on):
        kind = "error" if item.status is Status.NOT_RUN else "failure"
        said = ET.SubElement(
            case, kind, message=_clean(item.sentence), type=item.status.value.replace(" ", "_")
        )
        said.text = _clean("\n".join(line for line in (told(item), what_moved(checked)) if line))
    elif item.status is not Status.PASS:
        ET.SubElement(case, "system-out").text = _clean(told(item))
    return case


def _count(suite: ET.Element) -> None:
    counted = {"tests": "testcase", "failures": "failure", "errors": "error"}
    for attribute, tag in counted.items():
        suite.set(attribute, str(sum(1 for _ in suite.iter(tag))))


def _clean(text: str) -> str:
    return UNWRITABLE.sub("�", text)
