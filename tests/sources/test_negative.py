"""Negative-control outcomes: the same road and the same errors as tables of counts."""

from dataclasses import replace
from typing import Any

import pytest

from evaluator.experiment.negative import NegativeControl
from evaluator.experiment.protocol import Protocol
from evaluator.sources import Loaded, load

ROWS = ["day,course,value", "2022-10-03,P,2", "2022-10-03,Q,5", "2022-10-20,P,1.5"]


def declared(tiny: Any, lines: list[str], **source: Any) -> Protocol:
    tiny.write("export.csv", tiny.events)
    tiny.write("certificates.csv", lines)
    protocol: Protocol = tiny.protocol(
        {"kind": "events", "paths": ["export.csv"]},
        {"kind": "negative_control", "paths": ["certificates.csv"], "absent_is_zero": True}
        | source,
    )
    return replace(
        protocol,
        negative_controls=(NegativeControl("certificates", protocol.sources[1].name),),
    )


def read(tiny: Any, lines: list[str], **source: Any) -> Loaded:
    return load(declared(tiny, lines, **source))


def test_it_has_the_courses_and_days_of_the_panel(tiny: Any) -> None:
    loaded = read(tiny, ROWS)
    panel = loaded.negative["certificates"]
    assert (panel.courses, panel.countries) == (("P", "Q"), ("all",))
    assert (panel.start, panel.days) == (loaded.panel.start, loaded.panel.days)
    counts = panel.array("course", "day")
    assert counts[:, 2].tolist() == [2, 5]
    assert counts.sum() == 8.5
    assert loaded.panel.values.sum() == 124


def test_it_may_be_counted_by_country(tiny: Any) -> None:
    lines = ["day,course,country,value", "2022-10-03,P,KE,2", "2022-10-03,P,NA,5"]
    panel = read(tiny, lines).negative["certificates"]
    assert panel.countries == ("KE", "NA")
    assert panel.array("country").tolist() == [2, 5]


def test_a_changed_count_changes_the_fingerprint(tiny: Any) -> None:
    changed = [*ROWS[:3], "2022-10-20,P,1"]
    prints = {read(tiny, lines).fingerprint for lines in (ROWS, changed)}
    tiny.write("export.csv", tiny.events)
    prints.add(load(tiny.protocol({"kind": "events", "paths": ["export.csv"]})).fingerprint)
    assert len(prints) == 3


@pytest.mark.parametrize(
    ("lines", "source", "what"),
    [
        ([*ROWS, "2022-10-03,R,1"], {}, "unknown course"),
        ([*ROWS, "2022-10-04,P,-1"], {}, "negative or not finite"),
        ([*ROWS, "2022-10-03,P,1"], {}, "more than one value for a unit and day"),
        (["day,course,number", *ROWS[1:]], {}, "no such column"),
        (ROWS, {"absent_is_zero": False}, "gap in the calendar"),
        ([*ROWS[:1], "2023-01-03,P,1"], {}, "no row up to as_of"),
    ],
)
def test_what_is_wrong_with_it_is_said(
    tiny: Any, lines: list[str], source: dict[str, Any], what: str
) -> None:
    protocol = declared(tiny, lines, **source)
    problems = tiny.problems(
        {"kind": "events", "paths": ["export.csv"]},
        {"kind": "negative_control", "paths": ["certificates.csv"], "absent_is_zero": True}
        | source,
        negative_controls=protocol.negative_controls,
    )
    assert any(what in problem for problem in problems), problems
    assert all("certificates.csv" in problem for problem in problems)
