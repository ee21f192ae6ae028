"""What is wrong with a list is named, all of it at once."""

from collections.abc import Callable, Sequence
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from evaluator.errors import DataError
from evaluator.experiment.protocol import Protocol
from evaluator.targeting.contacts import read_contacts, read_next

Edit = Callable[[pd.DataFrame], pd.DataFrame]
Build = Callable[..., Protocol]


def problems(protocol: Protocol, **options: bool) -> Sequence[str]:
    with pytest.raises(DataError) as raised:
        read_contacts(protocol, **options)
    return [str(problem) for problem in raised.value.problems]


def twice(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table.iloc[[3]]])


def clicked(table: pd.DataFrame) -> pd.DataFrame:
    """Set after the sending: only who was contacted can click."""
    contacted = table["arm"] != "none"
    return table.assign(opens=np.where(contacted, table["opens"] + 3, table["opens"]))


def enrolled_too(table: pd.DataFrame) -> pd.DataFrame:
    """Set after the window: one course more for who enrolled."""
    enrolled = table["enrolled_on"] != ""
    return table.assign(months_since=np.where(enrolled, 0, table["months_since"] + 1))


CASES: dict[str, tuple[Edit, str, str]] = {
    "the same person twice": (twice, "is in rows 5 and 2402", "keep one row a person"),
    "an address as key": (
        lambda table: table.assign(contact=table["contact"] + "@example.org"),
        "looks like an address or a name (in 2,400 rows)",
        "pseudonymous key",
    ),
    "a blank key": (
        lambda table: table.assign(contact=["", *table["contact"][1:]]),
        "no key (in 1 row)",
        "a key of its own",
    ),
    "an arm missing": (
        lambda table: table[table["arm"] != "none"],
        'nobody is in arm "none"',
        "those held out are half of the comparison",
    ),
    "an arm unknown": (
        lambda table: table.assign(arm=table["arm"].replace("portfolio", "portfoglio")),
        'not a declared arm: "portfoglio"',
        'did you mean "portfolio"?',
    ),
    "an arm without outcomes": (
        lambda table: table.assign(
            enrolled_on=table["enrolled_on"].where(table["arm"] != "none", "")
        ),
        'nobody in arm "none"',
        "of those held out as well",
    ),
    "an outcome that is no day": (
        lambda table: table.assign(enrolled_on=["soon", *table["enrolled_on"][1:]]),
        'not an outcome: "soon" (in 1 row)',
        "an outcome is a day",
    ),
    "a constant feature": (
        lambda table: table.assign(language="en"),
        'is "en" for everybody',
        "leave the feature out",
    ),
    "a number that is none": (
        lambda table: table.assign(opens=["many", *table["opens"][1:]]),
        'row 2, column opens: not a number: "many"',
        "12 or 12.5",
    ),
    "addresses in a feature": (
        lambda table: table.assign(persona=table["persona"] + "@x"),
        "column persona: holds addresses",
        "leave the feature out",
    ),
    "a leak of the outcome": (
        enrolled_too,
        "column months_since: predicts the outcome near perfectly",
        "months_since was probably set after the sending",
    ),
    "a leak of the arm": (
        clicked,
        "column opens: differs between the arms",
        "opens was set after the sending",
    ),
    "twenty recipients": (
        lambda table: table.iloc[:20],
        "people",
        "send to a longer list",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_named(people: pd.DataFrame, with_list: Build, name: str) -> None:
    edit, what, advice = CASES[name]
    found = problems(with_list(edit(people)))
    assert any(what in problem and advice in problem for problem in found), found
    assert all("contacts.csv" in problem for problem in found)


def test_all_problems_at_once(people: pd.DataFrame, with_list: Build) -> None:
    table = twice(people.assign(language="en", opens="?"))
    found = problems(with_list(table[table["arm"] != "portfolio"]))
    for what in ("is in rows", '"portfolio"', "column language", "column opens"):
        assert any(what in problem for problem in found), what


def test_a_key_is_named_and_nothing_more(people: pd.DataFrame, with_list: Build) -> None:
    (problem,) = problems(with_list(twice(people)))
    assert str(people["persona"].iloc[3]) not in problem


def test_arms_that_chance_did_not_draw_may_differ(people: pd.DataFrame, with_list: Build) -> None:
    assert read_contacts(with_list(clicked(people)), randomised=False).people == 2400


def test_outcomes_count_inside_the_window(people: pd.DataFrame, with_list: Build) -> None:
    days = pd.to_datetime(people["enrolled_on"])
    inside = days.between("2022-12-07", "2023-01-03")
    late = int((days > pd.Timestamp("2023-01-03")).sum())
    assert late > 0
    found = read_contacts(with_list(people))
    assert found.outcome.tolist() == inside.astype(float).tolist()


def test_a_missing_column_is_named(people: pd.DataFrame, with_list: Build) -> None:
    (problem,) = problems(with_list(people.rename(columns={"persona": "personas"})))
    assert 'did you mean "personas"?' in problem


def test_an_unseen_category(people: pd.DataFrame, with_list: Build, make: ModuleType) -> None:
    upcoming = make.drawn(np.random.default_rng(9), planted=True, people=50).table
    contacts = read_contacts(with_list(people))
    known = read_next(with_list(people, upcoming), contacts)
    assert known.people == 50
    assert [own.levels for own in known.columns] == [own.levels for own in contacts.columns]
    with pytest.raises(DataError) as raised:
        read_next(with_list(people, upcoming.replace({"country": {"Kenya": "Kenia"}})), contacts)
    (problem,) = raised.value.problems
    assert 'unseen category: "Kenia"' in str(problem)
    assert 'did you mean "Kenya"?' in str(problem)
