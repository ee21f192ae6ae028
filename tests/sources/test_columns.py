"""Columns by the program's names and the files' own."""

from __future__ import annotations

from typing import Any

from evaluator.sources import load


def test_missing_columns_are_named_with_the_near_miss(tiny: Any) -> None:
    header, *rows = tiny.events
    tiny.write("export.csv", [header.replace("day", "Days").replace("course", "klass"), *rows])
    course, day = tiny.problems({"kind": "events", "paths": ["export.csv"]})
    assert course.startswith("export.csv, column course: no such column")
    assert "the columns are: Days, klass, country, tag, learner" in course
    assert "course = … for the whole table" in course
    assert 'did you mean "Days"?' in day
    assert 'columns = { day = "…" }' in day


def test_a_declared_column_must_be_there_even_if_it_is_optional(tiny: Any) -> None:
    tiny.write("export.csv", tiny.events)
    source = {"kind": "events", "paths": ["export.csv"], "columns": {"country": "Country name"}}
    (problem,) = tiny.problems(source)
    assert problem.startswith("export.csv, column Country name: no such column")


def test_a_name_that_the_program_does_not_know(tiny: Any) -> None:
    tiny.write("export.csv", tiny.events)
    source = {"kind": "events", "paths": ["export.csv"], "columns": {"county": "country"}}
    (problem,) = tiny.problems(source)
    assert problem.startswith('source "events-0", columns.county: a table of kind events has no')
    assert 'did you mean "country"?' in problem


def test_an_optional_column_in_one_file_is_needed_in_all(tiny: Any) -> None:
    header, *rows = tiny.events
    tiny.write("a.csv", [header, *rows[:40]])
    tiny.write("b.csv", ["day,course,tag,learner", "2022-10-11,P,none,x"])
    (problem,) = tiny.problems({"kind": "events", "paths": ["a.csv", "b.csv"]})
    assert problem.startswith("b.csv, column country: no such column")


def test_one_course_and_one_label_for_a_whole_table(tiny: Any) -> None:
    lines = ["when,n", *(f"2022-10-{day:02},{day}" for day in range(1, 32))]
    tiny.write("counts.csv", lines)
    source = {"kind": "counts", "paths": ["counts.csv"], "columns": {"day": "when", "value": "n"}}
    panel = load(tiny.protocol({**source, "course": "P"})).panel
    assert (panel.courses, panel.countries, panel.tags) == (("P",), ("all",), ("all",))
    assert panel.array("day").tolist() == list(range(1, 32))
