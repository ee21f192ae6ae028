"""The planning page, the terminal and plan.json say the same of one plan."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from evaluator.planning.prospect import Prospect
from evaluator.planning.separability import ARM_A
from evaluator.report import numbers
from evaluator.report.planning.assembled import assembled
from evaluator.report.planning.document import Document
from evaluator.report.planning.page import to_html
from evaluator.report.planning.terminal import render
from evaluator.report.planning.to_json import to_dict, to_json
from evaluator.results import NotRun

Plan = dict[str, Any]
NUMBER = re.compile(r"−?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)")


@pytest.fixture(scope="module")
def plan(prospect: Prospect) -> Plan:
    return to_dict(prospect)


@pytest.fixture(scope="module")
def document(plan: Plan) -> Document:
    return assembled(plan)


def test_the_same_plan_gives_the_same_bytes(prospect: Prospect, plan: Plan) -> None:
    again = to_dict(prospect)
    assert to_json(again) == to_json(plan)
    assert to_html(assembled(again)) == to_html(assembled(plan))
    assert json.loads(to_json(plan)) == plan


def test_the_page_stands_alone(document: Document) -> None:
    page = to_html(document)
    assert len(page.encode()) < 500_000
    assert "SYNTHETIC RECONSTRUCTION" in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!#|data:,)", page)
    assert page.count("<h1") == 1


def test_it_has_all_that_a_plan_asks_for(document: Document) -> None:
    anchors = [section.anchor for section in document.sections]
    assert anchors == [
        *("curves", "power", "schedule", "identified", "along-1", "trades", "budget", "markets"),
        *("alternatives", "assignment", "remarks"),
    ]


def test_every_number_is_in_plan_json(plan: Plan, document: Document) -> None:
    """Tables, sentences and what drawings say; weeks and days of the calendar aside."""
    known = in_print(plan)
    looked_at = 0
    for said in told(document):
        found = set(NUMBER.findall(said))
        assert found <= known, said
        looked_at += len(found)
    assert looked_at > 300


def test_a_number_of_the_page_alone_would_be_found(plan: Plan) -> None:
    assert not set(NUMBER.findall("power is .123456")) <= in_print(plan)


def test_drawings_say_their_findings(document: Document) -> None:
    for section in document.sections:
        for panel in section.panels:
            assert len(panel.finding) > 30, panel.title
            assert NUMBER.search(panel.finding)
    schedule = next(own for own in document.sections if own.anchor == "schedule")
    assert "no wave in week 1" in schedule.panels[0].finding


def test_the_terminal_answers_first(document: Document) -> None:
    lines = render(document).splitlines()
    assert all(len(line) <= 80 for line in lines)
    first = next(n for n, line in enumerate(lines) if line.startswith("This design would notice"))
    assert first < 8
    assert any("What it tells apart" in line for line in lines)


def test_what_is_new_is_named(plan: Plan) -> None:
    new = [own["name"] for own in plan["identified"] if own["after"] and not own["before"]]
    assert ARM_A in new


def test_a_row_that_concludes_of_nothing_is_not_quoted(plan: Plan) -> None:
    rows = [{**row, "concludes_of_nothing": True, "false_positive": 0.4} for row in plan["power"]]
    document = assembled({**plan, "power": rows})
    assert "could campaigns be drawn" in document.lead
    assert all("noticed from" not in said for said in document.sentences)
    assert any("rely on no power" in said for said in document.sentences)


def test_what_is_not_known_is_said(prospect: Prospect) -> None:
    bare = replace(prospect, bought=NotRun("nobody counted"), markets=NotRun("too few"), curves=())
    document = assembled(to_dict(bare))
    notes = {section.anchor: section.note for section in document.sections}
    assert "nobody counted" in notes["budget"]
    assert "too few" in notes["markets"]
    assert "<h1" in to_html(document)


def told(document: Document) -> Iterator[str]:
    yield document.lead
    yield from document.sentences[1:]  # the first has the days of the window
    for section in document.sections:
        if section.anchor in ("schedule", "curves"):
            continue
        for panel in section.panels:
            yield panel.finding
        yield from section.below if section.anchor != "remarks" else ()
        for _, rows in section.table.groups if section.table else ():
            for row in rows:
                yield from row


def in_print(value: Any) -> set[str]:
    """Every way in which a number of the plan may look; numbers of its texts."""
    if isinstance(value, Mapping):
        return set().union(*map(in_print, value.values())) | in_print(list(value))
    if isinstance(value, list):
        return set().union({str(len(value))}, *map(in_print, value))
    if isinstance(value, str):
        return set(NUMBER.findall(value))
    if isinstance(value, bool) or value is None or not math.isfinite(value):
        return set()
    looks = {f"{value:g}", f"{value:.1f}", f"{value:.2f}", str(value), numbers.count(value)}
    looks |= {numbers.factor(value), numbers.probability(abs(value)), f"{100 * value:.0f}"}
    looks |= {numbers.probability(abs(value)).replace(".", "−.", 1), numbers.p_value(abs(value))}
    return {look for own in looks for look in NUMBER.findall(own)}
