"""The rules meeting the data, on panels made by hand.

Eight weeks from 5 September 2022; the window is the last three, 10 – 30 October. Every course
has one enrolment a day in each of four countries unless a test takes it away.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from evaluator.errors import DataError
from evaluator.experiment.protocol import (
    Arms,
    Course,
    DataKind,
    Listed,
    Others,
    Protocol,
    Question,
    Reference,
    Span,
    TopCountries,
)
from evaluator.panel import panel_from_cells
from evaluator.resolve import Resolved, resolve
from evaluator.results import Finding, Status
from evaluator.sources import Loaded

FIRST, LAST = date(2022, 9, 5), date(2022, 10, 30)
DAYS = [FIRST + timedelta(i) for i in range((LAST - FIRST).days + 1)]
NOTICED = Finding("identical events", Status.PASS, "no two events are identical")
PARTICIPANTS = {"KE": 9.0, "UG": 8.0, "IN": 4.0, "IT": 3.0}

Keep = Callable[[date, str, str], bool]


def load(keep: Keep = lambda *_: True, **tables: pd.DataFrame) -> Loaded:
    """Courses P, N, Q1 and Q2 in four countries, where `keep(day, course, country)`."""
    cells = [
        (course, country, "all", day, 1.0)
        for course in ("P", "N", "Q1", "Q2")
        for country in PARTICIPANTS
        for day in DAYS
        if keep(day, course, country)
    ]
    panel = panel_from_cells(*zip(*cells, strict=True), span=(FIRST, LAST))
    return Loaded(panel, tables, (NOTICED,), "fingerprint")


def declare(**changes: Any) -> Protocol:
    protocol = Protocol(
        name="tiny",
        title="A tiny experiment",
        path=Path("experiment.toml"),
        as_of=LAST,
        timezone="UTC",
        data_kind=DataKind.SYNTHETIC,
        seed=1,
        window=Span(date(2022, 10, 10), LAST),
        courses=(Course("P", "Promoted"), Course("N", "Newer")),
        others=Others(codes=("Q2", "Q1")),
        arms=None,
        channels=(),
        waves=(),
        sources=(),
        questions=(Question.PROMOTED_VS_OTHER,),
    )
    return dataclasses.replace(protocol, **changes)


def participants(source: str = "map", /, **totals: float) -> pd.DataFrame:
    rows = [
        {"course": course, "country": country, "participants": n, "source": source}
        for course in ("P", "N")
        for country, n in (PARTICIPANTS | totals).items()
    ]
    return pd.DataFrame(rows)


def top(n: int) -> Arms:
    return Arms(TopCountries(n, "map"))


def catalogue(*codes: str) -> pd.DataFrame:
    return pd.DataFrame({"code": codes, "title": codes, "source": "catalogue"})


def warnings(resolved: Resolved) -> dict[str, str]:
    return {f.name: f.sentence for f in resolved.findings if f.status is Status.WARN}


def test_courses_in_declared_order_and_others_by_code() -> None:
    resolved = resolve(declare(), load())
    assert resolved.promoted == ("P", "N")
    assert resolved.others == ("Q1", "Q2")
    assert resolved.arm_a == {}
    assert resolved.findings == (NOTICED,)


def test_others_of_the_catalogue_are_those_with_data() -> None:
    protocol = declare(others=Others(catalogue="catalogue"))
    resolved = resolve(protocol, load(courses=catalogue("Q2", "P", "Q1", "Q9")))
    assert resolved.others == ("Q1", "Q2")
    assert "1 of 3 other courses" in warnings(resolved)["courses without data"]
    assert "Q9" in warnings(resolved)["courses without data"]


# (course available from, weeks asked for) → days of the reference; the window starts 10 October
REFERENCES = {
    "as many as asked for": (None, 4, Span(date(2022, 9, 12), date(2022, 10, 9))),
    "all of history": (None, None, Span(date(2022, 9, 5), date(2022, 10, 9))),
    "no more than there is": (None, 26, Span(date(2022, 9, 5), date(2022, 10, 9))),
    "own availability": (date(2022, 9, 26), 4, Span(date(2022, 9, 26), date(2022, 10, 9))),
    "whole weeks only": (date(2022, 9, 27), 4, Span(date(2022, 10, 3), date(2022, 10, 9))),
    "not one whole week": (date(2022, 10, 4), 4, None),
    "open on the first day": (date(2022, 10, 10), None, None),
    "open in the window": (date(2022, 10, 12), 4, None),
}


@pytest.mark.parametrize(("opened", "weeks", "span"), REFERENCES.values(), ids=REFERENCES)
def test_reference(opened: date | None, weeks: int | None, span: Span | None) -> None:
    courses = (Course("P", "Promoted"), Course("N", "Newer", available_from=opened))
    loaded = load(lambda day, course, _: course != "N" or opened is None or day >= opened)
    resolved = resolve(declare(courses=courses), loaded)
    assert resolved.first_day == {"P": FIRST, "N": opened or FIRST}
    assert resolved.reference("N", weeks) == span


# n of arm A, changed participants → arm A of P
TOPS: dict[str, tuple[int, dict[str, float], tuple[str, ...]]] = {
    "most participants first": (2, {}, ("KE", "UG")),
    "figures, not the alphabet": (2, {"IT": 99}, ("IT", "KE")),
    "a tie inside is no tie": (2, {"UG": 9}, ("KE", "UG")),
    "a country not given is none": (2, {"unknown": 99}, ("KE", "UG")),
}


@pytest.mark.parametrize(("n", "totals", "expected"), TOPS.values(), ids=TOPS)
def test_top_countries(n: int, totals: dict[str, float], expected: tuple[str, ...]) -> None:
    loaded = load(participants=participants(**totals))
    resolved = resolve(declare(arms=top(n)), loaded)
    assert resolved.arm_a == {"P": expected, "N": expected}
    assert warnings(resolved) == {}


def test_activities_of_one_country_are_added_and_other_sources_left_alone() -> None:
    extra = pd.DataFrame(
        {"course": ["P", "P"], "country": "IT", "participants": [3.0, 4.0], "source": "map"}
    )
    table = pd.concat([participants(), extra, participants("elsewhere", IN=1000.0)])
    assert resolve(declare(arms=top(2)), load(participants=table)).arm_a["P"] == ("IT", "KE")


def test_a_tie_for_the_last_place_goes_by_the_alphabet_and_is_reported() -> None:
    resolved = resolve(declare(arms=top(2)), load(participants=participants(IN=8.0)))
    assert resolved.arm_a["P"] == ("KE", "IN")
    sentence = warnings(resolved)["tie for the last place in arm A: P"]
    assert sentence == "IN, UG have 8 participants each; taken by the alphabet: IN"


def test_countries_without_data_are_reported() -> None:
    resolved = resolve(declare(arms=top(2)), load(participants=participants(PE=99.0)))
    assert resolved.arm_a["P"] == ("PE", "KE")
    assert "PE" in warnings(resolved)["countries without data: P"]


def test_listed_countries_by_course_or_for_all() -> None:
    rule = Listed(("KE",), (("N", ("IT", "IN")),))
    assert resolve(declare(arms=Arms(rule)), load()).arm_a == {"P": ("KE",), "N": ("IT", "IN")}


def test_an_arm_without_counts_in_one_course_is_reported() -> None:
    loaded = load(lambda _, course, country: (course, country) != ("N", "KE"))
    found = warnings(resolve(declare(arms=Arms(Listed(("KE",)))), loaded))
    assert list(found) == ["empty arm: N, A, reference", "empty arm: N, A, window"]


def test_a_course_first_counted_late_is_reported() -> None:
    loaded = load(lambda day, course, _: course != "N" or day >= date(2022, 9, 26))
    found = warnings(resolve(declare(), loaded))
    assert "on 26 Sep 2022, 21 days later" in found["late first day: N"]


def in_window(day: date) -> bool:
    return day >= date(2022, 10, 10)


BAD: dict[str, tuple[dict[str, Any], Loaded, list[str]]] = {
    "promoted course without data": (
        {"courses": (Course("P", "Promoted"), Course("NN", "Newer"))},
        load(),
        ["course NN: declared as promoted", 'did you mean "N"?'],
    ),
    "other course without data": (
        {"others": Others(codes=("Q1", "Q22"))},
        load(),
        ["course Q22: declared as other", 'did you mean "Q2"?'],
    ),
    "empty reference": (
        {"reference": Reference(weeks=2)},
        load(lambda day, course, _: course != "N" or in_window(day)),
        ["course N: empty reference", "26 Sep 2022 – 9 Oct 2022", "available_from"],
    ),
    "no history": (
        {"window": Span(date(2022, 9, 7), LAST)},
        load(lambda _day, course, _country: course != "N"),
        ["course N: declared as promoted"],
    ),
    "not a whole week of history": (
        {"window": Span(date(2022, 9, 7), LAST), "courses": (Course("P", "Promoted"),)},
        load(),
        ["course P: empty reference: the data begin on 2022-09-05, the window on 2022-09-07"],
    ),
    "window not over": (
        {"window": Span(date(2022, 10, 10), date(2022, 11, 2))},
        load(),
        ["as_of: the data read end on 2022-10-30, the window on 2022-11-02"],
    ),
    "listed country without data": (
        {"arms": Arms(Listed(("KE", "UGA"), (("N", ("XX",)),)))},
        load(),
        ["arm A, country UGA", 'did you mean "UG"?', 'nothing was ever counted in "XX"'],
    ),
    "too few countries": (
        {"arms": top(5)},
        load(participants=participants()),
        ['source "map", course P: 4 countries have participants', "arm A is the first 5"],
    ),
    "countries written differently": (
        {"arms": top(2)},
        load(participants=participants(Kenya=99.0, Uganda=98.0)),
        ["nothing was ever counted in arm A: Kenya, Uganda", "in the data: IN, IT, KE, UG"],
    ),
    "nothing in arm A before the window": (
        {"arms": Arms(Listed(("KE",)))},
        load(lambda day, _, country: country != "KE" or in_window(day)),
        ["arm A: nothing was counted for any promoted course in the reference"],
    ),
    "nothing in arm B in the window": (
        {"arms": Arms(Listed(("KE",)))},
        load(lambda day, _, country: country == "KE" or not in_window(day)),
        ["arm B: nothing was counted for any promoted course in the window"],
    ),
}


@pytest.mark.parametrize(("changes", "loaded", "fragments"), BAD.values(), ids=BAD)
def test_data_that_do_not_fit_the_protocol(
    changes: dict[str, Any], loaded: Loaded, fragments: list[str]
) -> None:
    with pytest.raises(DataError) as caught:
        resolve(declare(**changes), loaded)
    for fragment in fragments:
        assert fragment in str(caught.value)


def test_all_problems_are_listed() -> None:
    protocol = declare(
        courses=(Course("NN", "Newer"),),
        others=Others(codes=("Q9",)),
        arms=Arms(Listed(("XX",))),
    )
    with pytest.raises(DataError) as caught:
        resolve(protocol, load())
    assert [p.where for p in caught.value.problems] == [
        "course NN",
        "course Q9",
        "arm A, country XX",
    ]


def test_the_second_hash_follows_what_the_rules_became() -> None:
    protocol = declare(arms=top(2), others=Others(catalogue="catalogue"))
    courses = catalogue("Q1", "Q2")
    known = resolve(protocol, load(courses=courses, participants=participants())).hash
    again = load(courses=courses, participants=participants(IT=3.5))
    assert resolve(protocol, again).hash == known
    other_arm = load(courses=courses, participants=participants(IT=99.0))
    other_course = load(courses=catalogue("Q1"), participants=participants())
    assert (
        len({known, resolve(protocol, other_arm).hash, resolve(protocol, other_course).hash}) == 3
    )
    assert resolve(dataclasses.replace(protocol, seed=2), again).hash != known


def test_courses_left_out_of_every_promotion_are_not_among_the_others() -> None:
    protocol = declare(others=Others(codes=("Q2", "Q1"), left_out=("Q1",)))
    resolved = resolve(protocol, load())
    assert (resolved.others, resolved.left_out) == (("Q2",), ("Q1",))
    assert resolved.hash != resolve(declare(), load()).hash


def test_a_course_left_out_that_no_catalogue_has_is_told() -> None:
    protocol = declare(others=Others(codes=("Q2",), left_out=("Q3",)))
    with pytest.raises(DataError, match='"Q3" is no other course that was ever counted'):
        resolve(protocol, load())
