"""Rules that rows break together."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest

from evaluator.sources import load


def test_mixed_time_zones(tiny: Any) -> None:
    lines = tiny.events
    lines[9] = "2022-10-03T09:00:00+02:00,P,KE,none,x"
    tiny.write("export.csv", lines)
    (problem,) = tiny.problems({"kind": "events", "paths": ["export.csv"]})
    assert "export.csv, row 10, column day: mixed time zones" in problem
    assert '"2022-10-03T09:00:00+02:00" has an offset, "2022-10-01" in export.csv, row 2' in problem
    assert "Europe/Rome" in problem


GAPS = {
    "a day": (["2022-10-09"], "gap in the calendar, nothing on 9 Oct 2022"),
    "two runs": (
        ["2022-10-09", "2022-10-10", "2022-10-20"],
        "nothing on 9 Oct 2022 – 10 Oct 2022, 20 Oct 2022",
    ),
    "the end": (
        ["2022-10-30", "2022-10-31"],
        "the data end before as_of, nothing on 30 Oct 2022 – 31 Oct 2022",
    ),
}


@pytest.mark.parametrize(("days", "fragment"), GAPS.values(), ids=GAPS)
def test_days_without_any_event(tiny: Any, days: list[str], fragment: str) -> None:
    lines = [line for line in tiny.events if line[:10] not in days]
    tiny.write("export.csv", lines)
    source = {"kind": "events", "paths": ["export.csv"]}
    (problem,) = tiny.problems(source)
    assert problem.startswith("export.csv, column day: ")
    assert fragment in problem

    closed = tuple(date.fromisoformat(day) for day in days)
    panel = load(tiny.protocol(source, closed_days=closed)).panel
    assert panel.end == date(2022, 10, 31)
    assert panel.array("day")[panel.day(closed[0])] == 0


def test_a_unit_without_a_day_in_a_table_of_counts(tiny: Any) -> None:
    lines = [line for line in tiny.counts if not line.startswith("2022-10-09,Q,NA")]
    tiny.write("counts.csv", lines)
    (problem,) = tiny.problems({"kind": "counts", "paths": ["counts.csv"]})
    assert "counts.csv, column day: Q · NA: gap in the calendar, nothing on 9 Oct 2022" in problem


def test_a_unit_may_begin_late_in_a_table_of_counts(tiny: Any) -> None:
    early = {f"2022-10-{day:02},Q,NA" for day in range(1, 9)}
    lines = [line for line in tiny.counts if line.rpartition(",")[0] not in early]
    assert tiny.load("counts.csv", lines, "counts").panel.days == 31


def test_no_row_inside_the_days_read(tiny: Any) -> None:
    tiny.write("export.csv", tiny.events)
    source = {"kind": "events", "paths": ["export.csv"]}
    (problem,) = tiny.problems(source, as_of=date(2022, 9, 30))
    assert problem.startswith("export.csv, column day: no row up to as_of (2022-09-30)")


OVERLAPS = {
    "events": (
        slice(1, 41),
        slice(33, None),
        'both count "P" and 1 more course on 9 Oct 2022 – 10 Oct 2022 (2 days)',
    ),
    "counts": (slice(1, 40), slice(40 - 1, None), 'both count "Q" on 10 Oct 2022 (1 day)'),
}


@pytest.mark.parametrize(
    ("kind", "first", "second", "fragment"), [(k, *v) for k, v in OVERLAPS.items()], ids=OVERLAPS
)
def test_two_exports_that_overlap(
    tiny: Any, kind: str, first: slice, second: slice, fragment: str
) -> None:
    header, *_ = lines = tiny.events if kind == "events" else tiny.counts
    tiny.write("a.csv", [header, *lines[first]])
    tiny.write("b.csv", [header, *lines[second]])
    (problem,) = tiny.problems({"kind": kind, "paths": ["a.csv", "b.csv"]})
    assert problem.startswith("a.csv and b.csv: ")
    assert fragment in problem


def test_exports_that_follow_each_other_are_one_table(tiny: Any) -> None:
    header, *rows = tiny.events
    whole = tiny.load("whole.csv", [header, *rows])
    (tiny.folder / "[2022] exports").mkdir()
    tiny.write("[2022] exports/part-1.csv", [header, *rows[:40]])
    tiny.write("[2022] exports/part-2.csv", [header, *rows[40:]])
    (tiny.folder / "[2022] exports" / "plan").mkdir()
    beside = dataclasses.replace(tiny, folder=tiny.folder / "[2022] exports" / "plan")
    parts = load(beside.protocol({"kind": "events", "paths": ["../part-*.csv"]}))
    assert parts.fingerprint == whole.fingerprint


def test_two_values_for_a_unit_and_day(tiny: Any) -> None:
    tiny.write("counts.csv", [*tiny.counts, "2022-10-09,Q,KE,7"])
    (problem,) = tiny.problems({"kind": "counts", "paths": ["counts.csv"]})
    assert "counts.csv, row 36, column day" in problem
    assert "Q · KE on 9 Oct 2022 in rows 36 and 126" in problem


def test_tables_of_one_unit_each_do_not_overlap(tiny: Any) -> None:
    header, *rows = tiny.counts
    for country in ("KE", "NA"):
        tiny.write(f"{country}.csv", [header, *(row for row in rows if f",{country}," in row)])
    panel = load(tiny.protocol({"kind": "counts", "paths": ["*.csv"]})).panel
    assert panel.countries == ("KE", "NA")
    assert panel.array("country").tolist() == [2 * sum(range(32)), 0]
