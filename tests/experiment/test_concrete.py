"""What a file means: defaults filled in, dates and paths explicit, one hash for one meaning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from evaluator.experiment import load_protocol
from evaluator.experiment.budget import Budget
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.kpi import Counted, Mailed, OfChannel, Posted
from evaluator.experiment.protocol import (
    Arms,
    Bin,
    Course,
    DataKind,
    Decision,
    Listed,
    Others,
    Protocol,
    Question,
    Reference,
    Source,
    Span,
    TopCountries,
    Wave,
)
from evaluator.experiment.secondary import Secondary, SecondaryKind

Load = Callable[[str], Protocol]

MINIMAL = """\
[experiment]
name = "cities"
as_of = 2021-04-15
data_kind = "synthetic"
questions = ["a_vs_b"]
bin = "day"

[window]
start = 2021-04-01
end = 2021-04-15

[reference]
weeks = "all"

[[courses]]
code = "sales"

[arms.listed]
countries = ["chicago", "portland"]

[[sources]]
name = "daily sales"
kind = "counts"
path = "sales.csv"
course = "sales"
columns = { country = "location", day = "date", value = "Y" }
"""


def test_a_small_experiment_is_a_short_file(load: Load, tmp_path: Path) -> None:
    assert len([line for line in MINIMAL.splitlines() if line]) <= 25
    protocol = load(MINIMAL)
    assert protocol == Protocol(
        name="cities",
        title="cities",
        path=tmp_path / "experiment.toml",
        as_of=date(2021, 4, 15),
        timezone="UTC",
        data_kind=DataKind.SYNTHETIC,
        seed=1,
        window=Span(date(2021, 4, 1), date(2021, 4, 15)),
        courses=(Course("sales", "sales"),),
        others=Others(),
        arms=Arms(Listed(("chicago", "portland"))),
        channels=(),
        waves=(),
        sources=(
            Source(
                "daily sales",
                "counts",
                (tmp_path / "sales.csv",),
                (("country", "location"), ("day", "date"), ("value", "Y")),
                "sales",
            ),
        ),
        questions=(Question.A_VS_B,),
        bin=Bin.DAY,
        reference=Reference(weeks=None),
    )


def test_what_is_written_is_what_it_means(load: Load, spring: str, tmp_path: Path) -> None:
    protocol = load(spring)
    assert protocol.reference == Reference(6, (3, None), 26)
    assert protocol.decision == Decision(0.9)
    assert protocol.others == Others(("TAX", "ART"))
    assert protocol.arms == Arms(TopCountries(10, "participants"), exposed=("A",))
    ads, mail = protocol.waves
    assert ads == Wave(
        id="ads",
        channel="facebook_ads",
        courses=("LAW",),
        portfolio=False,
        span=Span(date(2024, 3, 4), date(2024, 3, 10)),
        arms=("A",),
        assumed=True,
        bounds=Span(date(2024, 3, 1), date(2024, 3, 31)),
    )
    assert mail.span == Span(date(2024, 4, 3), date(2024, 4, 3))
    budget = "assumed = true\nbudget = { A = 1, B = 0, assumed = true }"
    assert load(spring.replace("assumed = true", budget, 1)).waves[0].budget == Budget(1.0, True)
    assert protocol.incidents[0].span.days == 1
    assert protocol.country_groups == (
        CountryGroup("east", ("KE", "UG"), ("facebook_ads",)),
        CountryGroup("west", ("GH",)),
    )
    assert protocol.kpis[0].by_course == (("LAW", 12), ("OSH", 7))
    assert protocol.kpis[0].result is None
    assert protocol.sources[0].paths == (tmp_path / "2023.csv", tmp_path / "data/2024-*.csv")
    assert protocol.facts == (("audience", "everybody"),)
    assert protocol.secondary == (
        Secondary("new learners", SecondaryKind.NEW_LEARNERS),
        Secondary("fee-based in 60 days", SecondaryKind.FEE_BASED, 60, "fees"),
    )


def test_arm_a_can_differ_by_course(load: Load) -> None:
    listed = 'countries = ["chicago", "portland"]'
    protocol = load(MINIMAL.replace(listed, 'by_course = { sales = ["chicago"] }'))
    assert protocol.arms == Arms(Listed(by_course=(("sales", ("chicago",)),)))


COUNTED = "[kpis.counted]\nper = 'month'\nbaseline_span = { start = 2023-01-01, end = 2023-06-30 }"
SOURCE = "[[sources]]\nname = 'side'\npath = 'side.csv'\nkind = "


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("", None),
        (COUNTED, Counted("month", baseline_span=Span(date(2023, 1, 1), date(2023, 6, 30)))),
        (
            f"posts = {{ figure = 'reach', definition = ['likes'] }}\n{SOURCE}'posts'",
            Posted("reach", definition=("likes",)),
        ),
        (f"email = {{ figure = 'opens' }}\n{SOURCE}'email'", Mailed("opens")),
    ],
)
def test_a_kpi_is_recomputed_in_one_way_or_in_none(
    load: Load, spring: str, text: str, measure: object
) -> None:
    unit = 'unit = "a month"'
    assert load(spring.replace(unit, f"{unit}\n{text}")).kpis[0].measure == measure


def test_a_figure_of_a_channel_and_a_contradiction(load: Load, spring: str) -> None:
    protocol = load(f"""{spring}
[contradictions]
ten = "regions and countries"

[[kpis]]
name = "Cost"
result = 0.5
unit = "EUR"
channel = {{ name = "newsletter", count = "spend", per = ["clicks"], courses = ["LAW"] }}
""")
    assert protocol.kpis[1].measure == OfChannel("newsletter", "spend", ("clicks",), ("LAW",))
    assert protocol.contradictions == (("ten", "regions and countries"),)


def test_the_hash_stays_when_the_meaning_does(load: Load, spring: str, tmp_path: Path) -> None:
    protocol = load(spring)
    elsewhere = tmp_path / "else/where/experiment.toml"
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_text(
        "# a comment\n" + spring.replace("weeks = 6", "weeks  =  6 # six"), "utf-8"
    )
    assert load_protocol(elsewhere).path != protocol.path
    assert load_protocol(elsewhere).hash == protocol.hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("as_of = 2024-06-30", "as_of = 2024-06-29"),
        ("weeks = 6", "weeks = 7"),
        ("assumed = true", "assumed = false"),
        ("published_total = 250", "published_total = 251"),
        ('path = "participants.csv"', 'path = "participants2.csv"'),
        ('code = "LAW"\n', 'code = "LAW"\nstatus = "new"\n'),
        ("LAW = 12", "LAW = 13"),
        ("days = 60", "days = 61"),
        ('audience = "everybody"', 'audience = "nobody"'),
    ],
)
def test_the_hash_changes_with_any_fact(load: Load, spring: str, old: str, new: str) -> None:
    assert old in spring
    assert load(spring.replace(old, new)).hash != load(spring).hash
