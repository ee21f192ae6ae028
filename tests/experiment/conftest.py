"""A valid experiment file in which every table occurs, short enough to be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol

SPRING = """\
[experiment]
name = "spring"
as_of = 2024-06-30
timezone = "Europe/Rome"
data_kind = "observed"
questions = ["portfolio", "geography", "promoted_vs_other", "a_vs_b", "secondary"]
history_from = 2023-01-01

[window]
start = 2024-03-01
end = 2024-05-31

[reference]
weeks = 6
sensitivity = [3, "all"]

[decision]
level = 0.9

[[courses]]
code = "LAW"
title = "Labour law"

[[courses]]
code = "OSH"
available_from = 2024-02-01
published_total = 250

[others]
codes = ["TAX", "ART"]

[arms]
exposed = ["A"]

[arms.top]
n = 10
source = "participants"

[[channels]]
name = "facebook_ads"
kind = "paid"

[[channels]]
name = "newsletter"
kind = "email"
tag = "mail"

[[waves]]
id = "ads"
channel = "facebook_ads"
courses = ["LAW"]
start = 2024-03-04
end = 2024-03-10
arms = ["A"]
assumed = true
bounds = { start = 2024-03-01, end = 2024-03-31 }

[[waves]]
id = "mail"
channel = "newsletter"
courses = ["LAW", "OSH"]
portfolio = true
start = 2024-04-03
arms = ["A"]

[[country_groups]]
name = "east"
countries = ["KE", "UG"]
claimed_weak = ["facebook_ads"]

[[country_groups]]
name = "west"
countries = ["GH"]

[[previous_campaigns]]
name = "Autumn"
start = 2023-10-01
end = 2023-10-31

[[incidents]]
name = "Site down"
start = 2024-04-09
courses = ["OSH"]

[[deadlines]]
name = "Grant"
start = 2024-05-15

[[kpis]]
name = "Enrolments"
baseline = 10
target = 20.5
by_course = { LAW = 12, OSH = 7 }
unit = "a month"

[[secondary]]
name = "new learners"
kind = "new_learners"

[[secondary]]
name = "fee-based in 60 days"
kind = "fee_based"
days = 60
source = "fees"

[[sources]]
name = "enrolments"
kind = "events"
path = ["2023.csv", "data/2024-*.csv"]
columns = { day = "Date" }

[[sources]]
name = "participants"
kind = "participants"
path = "participants.csv"

[[sources]]
name = "fees"
kind = "conversions"
path = "fees.csv"

[facts]
audience = "everybody"
"""


@pytest.fixture
def spring() -> str:
    return SPRING


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Protocol]:
    """Load a text as an experiment file."""

    def load_text(text: str) -> Protocol:
        path = tmp_path / "experiment.toml"
        path.write_text(text, "utf-8")
        return load_protocol(path)

    return load_text
