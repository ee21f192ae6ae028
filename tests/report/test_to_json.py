import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from scipy import stats

from evaluator import Result
from evaluator.evaluation import Evaluation
from evaluator.report.tables import records
from evaluator.report.to_json import SCHEMA_VERSION, to_dict, to_json
from evaluator.results import Extra, Row


def strict(text: str) -> Any:
    """Parse as JSON has it: NaN and Infinity are no numbers."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_the_text_is_the_dictionary(evaluation: Evaluation) -> None:
    text = to_json(evaluation)
    assert text.endswith("}\n")
    assert strict(text) == to_dict(evaluation) == Result(evaluation).to_dict()


def test_what_the_numbers_rest_on_is_named(evaluation: Evaluation) -> None:
    content = to_dict(evaluation)
    assert content["schema_version"] == SCHEMA_VERSION
    assert content["data_kind"] == "synthetic"
    about = content["experiment"]
    assert about["protocol_hash"] == evaluation.protocol.hash
    assert (about["resolved_hash"], about["data_fingerprint"]) == ("b" * 64, "c" * 64)
    assert about["window"] == ["2022-01-03", "2022-03-27"]
    assert content["arm_a"] == {"OLD": ["KE"]}


def test_rows_say_what_the_table_says_with_findings_in_full(evaluation: Evaluation) -> None:
    rows = to_dict(evaluation)["rows"]
    for row, record in zip(rows, records(evaluation), strict=True):
        assert {n: row[n] for n in record if n != "findings"} == {
            n: value for n, value in record.items() if n != "findings"
        }
        assert row["needs"] == ["parallel trends"]
    assert rows[1]["findings"] == [
        {
            "name": "calendar",
            "status": "warn",
            "sentence": "the other courses peak",
            "todo": "declare it",
            "margin": -0.5,
            "power": None,
        }
    ]


def test_what_was_looked_at_is_told_in_lifts(evaluation: Evaluation, believed: Row) -> None:
    """Log lift .7, interval .7 ± .1 t(.975, 10), stretched by 1.5; nothing twice, nothing left."""
    (row,) = to_dict(replace(evaluation, rows=(believed,)))["rows"]
    reach = 0.1 * stats.t.ppf(0.975, 10)
    stretched, bounded = row["beside"]
    assert stretched["lift_low"] == pytest.approx(math.exp(0.7 - 1.5 * reach))
    assert bounded["lift_low"] == pytest.approx(math.exp(-0.05))
    assert row["lift_low_beside"] == bounded["lift_low"]
    assert row["lift_high_beside"] == pytest.approx(math.exp(1.2))
    assert (row["breakdown"], row["coverage"], row["coverage_se"]) == (1.4, 0.946, 0.012)
    evidence = row["evidence"]
    study = evidence["event_study"]
    assert [week["week"] for week in study["weeks"]] == list(range(-8, 4))
    assert study["weeks"][0]["lift_high_sim"] == pytest.approx(math.exp(0.3))
    assert study["overturning_slope"] == 0.05
    relative, smooth = evidence["bounds"]
    assert [one["size"] for one in relative["intervals"]] == [0.0, 1.0, 2.0]
    assert smooth["breakdown"] == "inf"
    in_space = evidence["placebos"][0]
    assert (in_space["kind"], len(in_space["lifts"])) == ("in space", 20)
    assert evidence["without"][0]["lift"] == pytest.approx(math.exp(0.5))
    assert [one["found"] for one in evidence["measured"]] == [0.05, 0.31]


def test_an_interval_without_an_end_is_null(
    evaluation: Evaluation, make_row: Callable[..., Row]
) -> None:
    row = make_row(scale=1000.0)
    assert row.extra is not None
    boundless = replace(
        row.extra.realised, interval=replace(row.extra.realised.interval, low=-math.inf)
    )
    row = replace(row, extra=Extra(boundless, row.extra.expected))
    content = strict(to_json(replace(evaluation, rows=(row,))))
    assert content["rows"][0]["lift_high"] is None
    assert content["rows"][0]["extra_realised_low"] is None
    assert content["rows"][0]["extra_realised_high"] == 1456.8


def test_series_have_a_value_for_every_period(flagship: Result) -> None:
    series = flagship.to_dict()["series"]
    assert series
    for one in series:
        lengths = {len(one[name]) for name in ("start", "observed", "counterfactual", "window")}
        assert len(lengths) == 1
        assert any(one["window"])
        assert not all(one["window"])
