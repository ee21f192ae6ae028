"""Side tables: the catalogue and the participants, and tables that stay as they are."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.experiment.protocol import Others
from evaluator.sources import load

CATALOGUE = ["code,title", "P,Promoted", "Q,Other"]
PARTICIPANTS = ["course,country,participants", "P,KE,12", "P,NA,7"]


def sources(tiny: Any, **tables: list[str]) -> list[dict[str, Any]]:
    tiny.write("export.csv", tiny.events)
    for kind, lines in tables.items():
        tiny.write(f"{kind}.csv", lines)
    return [{"kind": kind, "paths": [f"{kind}.csv"]} for kind in tables] + [
        {"kind": "events", "paths": ["export.csv"]}
    ]


def test_tables_keep_their_text_and_name_their_source(tiny: Any) -> None:
    delivery = ["wave,arm,spend", "w1,A,12.50", "w1,B,"]
    asked = sources(tiny, courses=CATALOGUE, participants=PARTICIPANTS, delivery=delivery)
    tables = load(tiny.protocol(*asked, others=Others(catalogue="courses-0"))).tables
    assert tables["courses"].to_dict("list") == {
        "code": ["P", "Q"],
        "title": ["Promoted", "Other"],
        "source": ["courses-0"] * 2,
    }
    assert tables["participants"]["country"].tolist() == ["KE", "NA"]
    assert tables["participants"]["participants"].tolist() == [12.0, 7.0]
    assert tables["delivery"]["spend"][0] == "12.50"
    assert tables["delivery"]["spend"].isna().tolist() == [False, True]


BAD = {
    "unknown course": ("participants", [*PARTICIPANTS, "R,KE,3"], "row 4, column course: unknown"),
    "negative": ("participants", [*PARTICIPANTS, "P,UG,-3"], "row 4, column participants: negat"),
    "not a number": ("participants", [*PARTICIPANTS, "P,UG,many"], '"many" in row 4'),
    "listed twice": ("courses", [*CATALOGUE, "Q,Again"], 'row 3, column code: "Q" is listed 2'),
    "no code": ("courses", [*CATALOGUE, ",Nameless"], "row 4, column code: no code"),
    "no column": ("delivery", ["wave,spend", "w1,3"], "column arm: no such column"),
}


@pytest.mark.parametrize(("kind", "lines", "fragment"), BAD.values(), ids=BAD)
def test_bad_tables(tiny: Any, kind: str, lines: list[str], fragment: str) -> None:
    (problem,) = tiny.problems(*sources(tiny, **{kind: lines}))
    assert problem.startswith(f"{kind}.csv, ")
    assert fragment in problem


def test_a_catalogue_that_cannot_be_read_does_not_make_every_course_unknown(tiny: Any) -> None:
    asked = sources(tiny, courses=CATALOGUE)
    (tiny.folder / "courses.csv").unlink()
    (problem,) = tiny.problems(*asked, others=Others(catalogue="courses-0"))
    assert problem.startswith("courses.csv: no such file")
