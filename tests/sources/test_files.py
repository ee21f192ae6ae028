"""Files that are not there, not readable, or not tables."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

GOOD = {"kind": "events"}


def test_missing_files_are_all_named_with_what_lies_there(tiny: Any) -> None:
    tiny.write("enrolments.csv", tiny.events)
    missing, pattern, folder = tiny.problems(
        {**GOOD, "paths": ["enrolment.csv", "2023-*.csv", "."]}
    )
    assert missing.startswith("enrolment.csv: no such file")
    assert 'did you mean "enrolments.csv"?' in missing
    assert pattern.startswith("2023-*.csv: no file matches this pattern")
    assert "is a folder" in folder


CONTENTS = {
    "empty": (b"", "bad.csv: is empty"),
    "header only": (b"day,course\n", "bad.csv: holds no data"),
    "twice": (b"day,course,Day\n2022-10-01,P,x\n", 'row 1: columns named twice: "Day", "day"'),
    "cp1252": (
        "day,course\n2022-10-01,P\n2022-10-02,é\n".encode("cp1252"),
        "row 3: is not written",
    ),
    "utf-16": ("day,course\n2022-10-01,P\n".encode("utf-16"), "row 1: is not written in UTF-8"),
    "short row": (b"day,course\n2022-10-01,P\n2022-10-02\n", "row 3: 1 fields where the header"),
    "long row": (b"day,course\n2022-10-01,P,x\n", "row 2: 3 fields where the header has 2"),
    "open quote": (b'day,course\n2022-10-01,"P\n', "row 2: a quotation mark that never closes"),
}


@pytest.mark.parametrize(("content", "fragment"), CONTENTS.values(), ids=CONTENTS)
def test_files_that_are_no_tables(tiny: Any, content: bytes, fragment: str) -> None:
    (tiny.folder / "bad.csv").write_bytes(content)
    (problem,) = tiny.problems({**GOOD, "paths": ["bad.csv"]})
    assert problem.startswith("bad.csv")
    assert fragment in problem


DISGUISED = {
    "table.csv.gz": (b"day,course\n", "table.csv.gz: "),
    "table.parquet": (b"day,course\n2022-10-01,P\n", "not a Parquet file, whatever its name says"),
    "table.xlsx": (b"PK", "is not a format this program reads"),
    "cut.csv.gz": (gzip.compress(b"day,course\n" * 1000)[:-20], "cut.csv.gz: "),
}


@pytest.mark.parametrize("name", DISGUISED)
def test_files_that_are_not_what_they_are_called(tiny: Any, name: str) -> None:
    content, fragment = DISGUISED[name]
    (tiny.folder / name).write_bytes(content)
    (problem,) = tiny.problems({**GOOD, "paths": [name]})
    assert problem.startswith(name)
    assert fragment in problem


def test_a_bad_file_does_not_hide_the_problems_of_another_source(tiny: Any) -> None:
    tiny.write("counts.csv", [*tiny.counts, "2022-10-09,Q,KE,-7"])
    found = tiny.problems(
        {**GOOD, "paths": ["gone.csv"]}, {"kind": "counts", "paths": ["counts.csv"]}
    )
    assert ["gone.csv" in found[0], "row 126, column value" in found[1]] == [True, True]


def test_no_source_counts_anything(tiny: Any) -> None:
    (problem,) = tiny.problems()
    assert "no source counts anything" in problem
