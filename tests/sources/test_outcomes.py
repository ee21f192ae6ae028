"""Secondary outcomes: against a plain recomputation, their censoring, what is wrong with data."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd
import pytest

from evaluator.experiment.secondary import Secondary, SecondaryKind
from evaluator.panel import Panel
from evaluator.results import Status
from evaluator.sources import Loaded, load

NEW = Secondary("new", SecondaryKind.NEW_LEARNERS)
AGAIN = Secondary("again", SecondaryKind.FOLLOW_UP, 5)
FEES = Secondary("fees", SecondaryKind.FEE_BASED, 7, "conversions-1")
FIRST, LAST = date(2022, 10, 1), date(2022, 10, 31)


class Event(NamedTuple):
    day: date
    course: str
    country: str
    tag: str
    returning: str
    learner: str


HEADER = ",".join(Event._fields)


def people(seed: int = 7, size: int = 400) -> list[Event]:
    """Enrolments of few people, some of them without a key, days in no order, none empty."""
    rng = random.Random(seed)
    rows = [
        Event(
            FIRST + timedelta(i if i < 31 else rng.randrange(31)),
            rng.choice("PQ"),
            rng.choice(["KE", "NA"]),
            rng.choice(["ads", "mail", "none"]),
            rng.choice(["true", "false", "false", ""]),
            f"secret{rng.randrange(120)}" if rng.random() < 0.95 else "",
        )
        for i in range(size)
    ]
    distinct = list(dict.fromkeys(rows))
    rng.shuffle(distinct)
    return distinct


def conversions(seed: int = 8, size: int = 300) -> list[tuple[date, str]]:
    rng = random.Random(seed)
    return [
        (FIRST + timedelta(rng.randrange(31)), f"secret{rng.randrange(200)}") for _ in range(size)
    ]


def load_people(tiny: Any, *secondary: Secondary, until: tuple[date, ...] = (LAST,)) -> Loaded:
    """Load people from one export for each of the days up to which exports reach."""
    names = [f"export-{end}.csv" for end in until]
    for name, start, end in zip(names, (date.min, *until), until, strict=False):
        mine = [",".join(map(str, row)) for row in people() if start < row.day <= end]
        tiny.write(name, [HEADER, *mine])
    tiny.write("fees.csv", ["day,learner", *(f"{day},{who}" for day, who in conversions())])
    sources = [
        {"kind": "events", "paths": names},
        {"kind": "conversions", "paths": ["fees.csv"]},
    ]
    return load(tiny.protocol(*sources, secondary=secondary))


def plainly(secondary: Secondary) -> dict[str, dict[tuple[Any, ...], int]]:
    """The same three counts, row by row."""
    rows = people()
    in_order = sorted((row for row in rows if row.learner), key=lambda row: row.day)
    first = {row.learner: row for row in reversed(in_order)}
    later = [(row.day, row.learner) for row in rows]
    later = conversions() if secondary.source else later
    counts: dict[str, dict[tuple[Any, ...], int]] = {"counted": {}, "trials": {}, "successes": {}}
    for row in rows:
        if secondary.days is None:
            counted, trial = row.returning == "false", row.returning != ""
        else:
            gaps = [(day - row.day).days for day, who in later if who == row.learner != ""]
            counted = any(0 < gap <= secondary.days for gap in gaps)
            trial = row is first.get(row.learner) and row.returning != "true"
        if row.day + timedelta(secondary.days or 0) <= LAST:
            found = {"counted": counted, "trials": trial, "successes": counted and trial}
            for name in (name for name, there in found.items() if there):
                cell = (row.course, row.country, row.tag, row.day)
                counts[name][cell] = counts[name].get(cell, 0) + 1
    return counts


def cells(panel: Panel) -> dict[tuple[Any, ...], float]:
    course, country, tag, day = panel.cells
    return {
        (panel.courses[c], panel.countries[u], panel.tags[t], panel.start + timedelta(int(d))): n
        for c, u, t, d, n in zip(course, country, tag, day, panel.values, strict=True)
    }


@pytest.mark.parametrize("secondary", [NEW, AGAIN, FEES], ids=lambda own: own.name)
def test_counts_are_those_of_a_plain_recomputation(tiny: Any, secondary: Secondary) -> None:
    loaded = load_people(tiny, secondary)
    expected = plainly(secondary)
    assert all(len(own) > 10 for own in expected.values())
    for name, own in expected.items():
        assert cells(getattr(loaded.outcomes[secondary.name], name)) == own, name


def test_an_outcome_stands_on_the_axes_of_the_panel_and_ends_when_its_follow_up_does(
    tiny: Any,
) -> None:
    loaded = load_people(tiny, NEW, AGAIN, FEES)
    for name, end in (("new", LAST), ("again", date(2022, 10, 26)), ("fees", date(2022, 10, 24))):
        for panel in (loaded.outcomes[name].counted, loaded.outcomes[name].trials):
            assert (panel.start, panel.end) == (loaded.panel.start, end)
            assert (panel.courses, panel.countries, panel.tags) == (
                *(loaded.panel.courses, loaded.panel.countries, loaded.panel.tags),
            )


def test_a_follow_up_is_not_cut_short_by_the_end_of_the_data(tiny: Any) -> None:
    """Everybody enrols again three days later: until the last three days, then nobody can."""
    days = [FIRST + timedelta(i) for i in range(31)]
    lines = [f"{d},P,KE,none,false,k{i % 3}" for i, d in enumerate(days)]
    tiny.write("export.csv", [HEADER, *lines, f"{FIRST},Q,KE,none,false,x"])
    source = {"kind": "events", "paths": ["export.csv"]}
    secondary = Secondary("again", SecondaryKind.FOLLOW_UP, 3)
    outcome = load(tiny.protocol(source, secondary=(secondary,))).outcomes["again"]
    assert outcome.counted.array("day", course=["P"]).tolist() == [1.0] * 28
    assert outcome.counted.array("day", course=["Q"]).tolist() == [0.0] * 28
    assert outcome.trials.array() == 4


def test_the_same_day_is_no_follow_up(tiny: Any) -> None:
    both = [f"2022-10-02,{course},KE,none,false,x" for course in "PQ"]
    rows = [line.replace(",none,", ",none,false,") for line in tiny.events[1:]]
    tiny.write("export.csv", [HEADER, *rows, *both])
    source = {"kind": "events", "paths": ["export.csv"]}
    loaded = load(tiny.protocol(source, secondary=(AGAIN,)))
    assert loaded.outcomes["again"].counted.array() == 0


def test_exports_in_parts_and_in_one_are_the_same(tiny: Any) -> None:
    whole = load_people(tiny, NEW, AGAIN, FEES)
    parts = load_people(tiny, NEW, AGAIN, FEES, until=(date(2022, 10, 9), LAST))
    assert parts.fingerprint == whole.fingerprint


def test_no_learner_key_leaves_the_query(tiny: Any) -> None:
    loaded = load_people(tiny, NEW, AGAIN, FEES)
    assert "secret" not in "".join(_texts(loaded))
    assert "learner" not in {column for table in loaded.tables.values() for column in table}
    assert set(loaded.tables) == set()


def test_outcomes_are_part_of_the_fingerprint(tiny: Any) -> None:
    known = {load_people(tiny, *own).fingerprint for own in ((), (AGAIN,), (FEES,), (NEW,))}
    assert len(known) == 4


def test_what_is_not_known_of_people_is_reported(tiny: Any) -> None:
    found = {f.name: f for f in load_people(tiny, NEW, AGAIN).findings}
    assert found["learners without a key"].status is Status.WARN
    assert found["new or returning not said"].status is Status.WARN
    assert found["new learners seen before"].status is Status.WARN
    rows = people()
    keyless, unsaid = (
        sum(not text for text in own)
        for own in zip(*[(r.learner, r.returning) for r in rows], strict=True)
    )
    assert f"{keyless} of {len(rows)} enrolments" in found["learners without a key"].sentence
    assert f"{unsaid} of {len(rows)} enrolments" in found["new or returning not said"].sentence


PLAIN = [f"{FIRST + timedelta(i)},P,KE,none,false,k{i}" for i in range(31)]
PLAIN += [line.replace(",P,", ",Q,") for line in PLAIN]
FEE_LINES = ["day,learner", "2022-10-05,k1"]
BAD: dict[str, tuple[Secondary, list[str], list[str], list[str]]] = {
    "no column of learners": (
        AGAIN,
        [line.rpartition(",")[0] for line in (HEADER, *PLAIN)],
        FEE_LINES,
        ["export.csv, column learner: no such column", "columns = { learner ="],
    ),
    "no column of returning": (
        NEW,
        [line.replace(",returning", "").replace(",false", "") for line in (HEADER, *PLAIN)],
        FEE_LINES,
        ["export.csv, column returning: no such column"],
    ),
    "neither yes nor no": (
        NEW,
        [HEADER, *PLAIN[:-1], PLAIN[-1].replace("false", "perhaps")],
        FEE_LINES,
        ['row 63, column returning: neither yes nor no: "perhaps" in row 63'],
    ),
    "conversion without a day": (
        FEES,
        [HEADER, *PLAIN],
        [*FEE_LINES, ",k2"],
        ["fees.csv, row 3, column day: no day"],
    ),
    "conversion on no day": (
        FEES,
        [HEADER, *PLAIN],
        [*FEE_LINES, "5.10.2022,k2"],
        ['fees.csv, row 3, column day: not a day: "5.10.2022"'],
    ),
    "conversion of nobody": (
        FEES,
        [HEADER, *PLAIN],
        [*FEE_LINES, "2022-10-05,"],
        ["fees.csv, row 3, column learner: no learner"],
    ),
    "conversions of strangers": (
        FEES,
        [HEADER, *PLAIN],
        ["day,learner", "2022-10-05,somebody"],
        ['source "conversions-1": no learner in it ever enrolled', "the same pseudonymous key"],
    ),
    "conversions with another key column": (
        FEES,
        [HEADER, *PLAIN],
        ["day,contact", "2022-10-05,k1"],
        ["fees.csv, column learner: no such column"],
    ),
    "followed for longer than the data": (
        Secondary("again", SecondaryKind.FOLLOW_UP, 31),
        [HEADER, *PLAIN],
        FEE_LINES,
        ['secondary "again": no enrolment was 31 days old on 2022-10-31', "fewer days"],
    ),
}


@pytest.mark.parametrize(("secondary", "events", "fees", "fragments"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_named(
    tiny: Any, secondary: Secondary, events: list[str], fees: list[str], fragments: list[str]
) -> None:
    tiny.write("export.csv", events)
    tiny.write("fees.csv", fees)
    sources = [
        {"kind": "events", "paths": ["export.csv"]},
        {"kind": "conversions", "paths": ["fees.csv"]},
    ]
    (problem,) = tiny.problems(*sources, secondary=(secondary,))
    for fragment in fragments:
        assert fragment in problem


def _texts(value: Any) -> list[str]:
    """Every text inside an object, however deep."""
    if isinstance(value, pd.DataFrame):
        return [value.to_csv()]
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in _texts(item)]
    if isinstance(value, tuple | list):
        return [text for item in value for text in _texts(item)]
    if hasattr(value, "__dataclass_fields__"):
        return [
            text for name in value.__dataclass_fields__ for text in _texts(getattr(value, name))
        ]
    return [str(value)]
