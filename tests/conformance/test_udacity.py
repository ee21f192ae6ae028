"""Udacity's free-trial screener: two arms without weeks before, declared in an experiment file.

Published: P7 of ruimaranhao/DataAnalystNanodegree (sanity intervals, differences, standard
errors, intervals, sign tests); the figures with more digits are those of the specification beside
the data.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import evaluator
from evaluator.cli import app

DATA = Path(__file__).parents[3] / "shared/data"
TABLE = DATA / "edu_udacity_ab/udacity_ab_long.csv"

pytestmark = pytest.mark.skipif(
    not TABLE.is_file(), reason="not run: ../shared/data/edu_udacity_ab is not there"
)

PUBLISHED = (
    ("pageviews", "low", ".49882"),
    ("pageviews", "high", ".50118"),
    ("clicks", "low", ".495884"),
    ("clicks", "high", ".504116"),
    ("gross conversion", "difference", "-0.02055"),
    ("gross conversion", "se", "0.004372"),
    ("gross conversion", "low", "-0.0291"),
    ("gross conversion", "high", "-0.0120"),
    ("gross conversion", "sign_days", "4"),
    ("gross conversion", "sign_p", "0.0026"),
    ("net conversion", "difference", "-0.00487"),
    ("net conversion", "se", "0.003434"),
    ("net conversion", "low", "-0.0116"),
    ("net conversion", "high", "0.0019"),
    ("net conversion", "sign_days", "10"),
    ("net conversion", "sign_p", "0.6776"),
)

HEAD = """\
[experiment]
name = "screener"
as_of = 2014-11-16
data_kind = "observed"
questions = []

[exposure]
randomised = {randomised}
unit = "cookie"
treated = "experiment"
other = "control"
source = "screener"

[[exposure.invariants]]
name = "pageviews"
column = "pageviews"

[[exposure.invariants]]
name = "clicks"
column = "clicks"

[[exposure.proportions]]
name = "gross conversion"
successes = "enrollments"
trials = "clicks"
smallest = 0.01

[[exposure.proportions]]
name = "net conversion"
successes = "payments"
trials = "clicks"
smallest = 0.0075

[[sources]]
name = "screener"
kind = "arms"
path = "{path}"
columns = {{ day = "date", arm = "group" }}
"""
CLAIM = """
[[claims]]
name = "{figure} of {name}"
value = "{value}"
source = "P7"
exposed = {{ name = "{name}", figure = "{figure}" }}
"""


def written(folder: Path, *, randomised: bool = True) -> Path:
    """An experiment file that reads the data where they lie."""
    path = Path("../" * len(folder.parts[1:]), *TABLE.resolve().parts[1:]).as_posix()
    text = HEAD.format(randomised=str(randomised).lower(), path=path)
    for name, figure, value in PUBLISHED:
        text += CLAIM.format(name=name, figure=figure, value=value)
    (folder / "experiment.toml").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = written(tmp_path_factory.mktemp("screener"))
    run = CliRunner().invoke(app, ["run", str(folder), "--out", str(folder / "out"), "--json"])
    assert run.exit_code == 0, run.output
    found: dict[str, Any] = json.loads((folder / "out/results.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize(("name", "figure", "value"), PUBLISHED)
def test_published_to_the_printed_digit(
    results: dict[str, Any], name: str, figure: str, value: str
) -> None:
    claims = {claim["name"]: claim for claim in results["claims"]}
    claim = claims[f"{figure} of {name}"]
    assert claim["holds"] == "holds", (claim["recomputed"], value)


@pytest.mark.parametrize(("position", "id"), [(0, "udacity_gross"), (1, "udacity_net")])
def test_reference_values(results: dict[str, Any], position: int, id: str) -> None:
    every = json.loads((DATA / "reference_values.json").read_text("utf-8"))
    wanted = next(own for own in every if own["id"] == id)
    found = results["exposed"]["proportions"][position]
    assert found["difference"] == pytest.approx(wanted["b"], abs=wanted["tol"])
    assert found["standard_error"] == pytest.approx(wanted["se_pooled"], abs=wanted["tol"])
    ends = (found["pooled_low"], found["pooled_high"])
    assert ends == pytest.approx(wanted["ci"], abs=wanted["tol"])


def test_counts_of_all_days_for_the_split_and_of_23_for_the_outcomes(
    results: dict[str, Any],
) -> None:
    pageviews, clicks = results["exposed"]["splits"]
    assert (pageviews["other"], pageviews["treated"]) == (345543, 344660)
    assert (clicks["other"], clicks["treated"]) == (28378, 28325)
    assert pageviews["as_planned"]
    assert clicks["as_planned"]
    gross = results["exposed"]["proportions"][0]
    assert (gross["other_trials"], gross["treated_trials"]) == (17293, 17260)
    assert gross["days_above"] + gross["days_below"] == 23


def test_verdicts_need_every_interval_and_the_smallest_difference(
    results: dict[str, Any],
) -> None:
    """Gross: down, and by 1 point in the published interval, not by day; net: .75 points may be."""
    gross, net = results["exposed"]["proportions"]
    assert gross["verdict"] == "lowered, size uncertain"
    assert gross["pooled_high"] < -0.01 < gross["by_day_high"] < 0
    # Worked out apart from the package: sum(((x1 − p1·n1)/N1 − (x0 − p0·n0)/N0)²) · 23/22, t(22).
    assert (gross["by_day_low"], gross["by_day_high"]) == pytest.approx(
        (-0.03192, -0.00919), abs=5e-6
    )
    assert (net["by_day_low"], net["by_day_high"]) == pytest.approx((-0.01815, 0.00840), abs=5e-6)
    assert net["verdict"] == "not precise enough"
    assert "0.75 points is not excluded" in net["why"]


def test_exposure_that_chance_did_not_decide_only_describes(tmp_path: Path) -> None:
    found = evaluator.evaluate(
        evaluator.load_experiment(written(tmp_path, randomised=False))
    ).to_dict()
    for own in found["exposed"]["proportions"]:
        assert own["verdict"] == "descriptive"
        assert "association" in own["why"]
