"""Rules that a single row can break: each case spoils row 6 of a good file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evaluator.experiment.protocol import Course

EVENTS = {
    "no day": (",P,KE,none,x", ["row 6, column day", "no day"]),
    "blank day": ("  ,P,KE,none,x", ["row 6, column day", "no day"]),
    "day first": ("31/10/2022,P,KE,none,x", ["column day", 'not a day: "31/10/2022" in row 6']),
    "no such day": ("2022-02-30,P,KE,none,x", ['not a day: "2022-02-30" in row 6', "2022-10-31"]),
    "no such hour": ("2022-10-02 25:00,P,KE,none,x", ['not a day: "2022-10-02 25:00" in row 6']),
    "no offset known": ("2022-10-02 09:00:00 CET,P,KE,none,x", ["not a day", "CET"]),
    "a word that engines take for a day": ("infinity,P,KE,none,x", ['not a day: "infinity"']),
    "no course": ("2022-10-02,,KE,none,x", ["row 6, column course", "no course"]),
    "unknown course": (
        "2022-10-02,PP,KE,none,x",
        ["row 6, column course", 'unknown course: "PP" in row 6', 'did you mean "P"', "declare"],
    ),
}

COUNTS = {
    "negative": ("2022-10-02,P,KE,-3", ["row 6, column value", '"-3" in row 6']),
    "not a number": ("2022-10-02,P,KE,12 people", ["not a number", '"12 people" in row 6']),
    "decimal comma": ('2022-10-02,P,KE,"1,5"', ["not a number", '"1,5" in row 6', "commas"]),
    "infinite": ("2022-10-02,P,KE,inf", ["negative or not finite", '"inf" in row 6']),
    "nan": ("2022-10-02,P,KE,nan", ["negative or not finite", '"nan" in row 6']),
    "no value": ("2022-10-02,P,KE,", ["no value: row 6", "write 0"]),
}

CASES = [("events", *case) for case in EVENTS.values()]
CASES += [("counts", *case) for case in COUNTS.values()]


@pytest.mark.parametrize(("kind", "line", "fragments"), CASES, ids=[*EVENTS, *COUNTS])
def test_a_bad_row_is_named(tiny: Any, kind: str, line: str, fragments: list[str]) -> None:
    lines = tiny.events if kind == "events" else tiny.counts
    lines[5] = line
    tiny.write("export.csv", lines)
    problem = tiny.problems({"kind": kind, "paths": ["export.csv"]})[0]
    for fragment in ("export.csv", *fragments):
        assert fragment in problem


def test_all_rules_report_at_once_and_say_how_often(tiny: Any) -> None:
    lines = tiny.events
    lines[4:12] = [f"day {i},P,KE,none,x" for i in range(8)]
    lines[20:24] = ["2022-10-02,Z,KE,none,x"] * 4
    tiny.write("export.csv", lines)
    days, courses = tiny.problems({"kind": "events", "paths": ["export.csv"]})
    assert '"day 4" in row 9, and 3 more values' in days
    assert "day 5" not in days
    # Four identical events are one.
    assert 'unknown course: "Z" in row 21' in courses


def test_the_files_own_name_of_a_column_is_shown(tiny: Any) -> None:
    lines = tiny.events
    lines[0] = lines[0].replace("day", "Enrolled on")
    lines[7] = "soon,P,KE,none,x"
    tiny.write("export.csv", lines)
    source = {"kind": "events", "paths": ["export.csv"], "columns": {"day": "Enrolled on"}}
    assert "export.csv, row 8, column Enrolled on" in tiny.problems(source)[0]


def test_counted_before_the_course_was_available(tiny: Any) -> None:
    tiny.write("export.csv", tiny.events)
    courses = (Course("P", "Promoted", available_from=date(2022, 10, 2)),)
    (problem,) = tiny.problems({"kind": "events", "paths": ["export.csv"]}, courses=courses)
    assert "export.csv, row 2, column day" in problem
    assert '"P on 2022-10-01" in row 2 and 1 more row\n' in problem
    assert "available_from" in problem


def test_rows_outside_the_days_read_break_no_rule_of_courses(tiny: Any) -> None:
    lines = [*tiny.events, "2022-11-01,withdrawn,KE,none,x", "2021-01-01,older,KE,none,x"]
    loaded = tiny.load("export.csv", lines, history_from=date(2022, 10, 1))
    assert loaded.panel.courses == ("P", "Q")
    (left_out,) = [f for f in loaded.findings if f.name.startswith("days left out")]
    assert left_out.sentence.startswith("2 of 126 events are before 2022-10-01 or after 2022-10-31")
