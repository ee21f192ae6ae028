"""What is written loads to what was written: on every shipped experiment, and on generated ones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.experiment import load_protocol
from evaluator.experiment.concrete import concrete
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.rules import rule_faults
from evaluator.experiment.spec import Spec
from evaluator.planning.document import document_of
from evaluator.planning.toml import to_toml

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.parent.name for path in ROOT.glob("experiments/*/experiment.toml"))


def written_and_read(protocol: Protocol) -> Protocol:
    text = to_toml(document_of(protocol))
    document = tomllib.loads(text)
    assert document == document_of(protocol)
    assert rule_faults(document) == []
    return concrete(Spec.model_validate(document), protocol.path)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_experiment_is_read_as_it_was_written(name: str, tmp_path: Path) -> None:
    protocol = load_protocol(ROOT / "experiments" / name)
    assert written_and_read(protocol) == protocol
    moved = replace(protocol, path=tmp_path / "deep" / "experiment.toml")
    assert written_and_read(moved) == moved
    assert [source.paths for source in moved.sources] == [s.paths for s in protocol.sources]


DAYS = st.dates(date(2020, 1, 6), date(2030, 1, 1))
TEXTS = st.text(min_size=1, max_size=140)
SHARES = st.floats(0.01, 0.99)
LIFTS = st.floats(1.001, 9)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents that break no rule, with texts of every kind."""
    start = draw(DAYS)
    end = start + timedelta(draw(st.integers(0, 200)))
    codes = draw(st.lists(TEXTS, min_size=1, max_size=4, unique=True))
    others = [f"other {number}" for number in range(3)]
    document: dict[str, Any] = {
        "experiment": {
            "name": "drawn",
            "title": draw(st.text(max_size=140)),
            "as_of": end + timedelta(60),
            "data_kind": draw(st.sampled_from(["observed", "synthetic"])),
            "questions": draw(st.sampled_from([["a_vs_b"], ["channels", "pre_vs_campaign"]])),
            "bin": draw(st.sampled_from(["week", "day"])),
        },
        "window": {"start": start, "end": end},
        "reference": {"weeks": draw(st.sampled_from([3, "all"])), "sensitivity": []},
        "decision": {"level": draw(st.floats(0.51, 0.999)), "smallest_lift": draw(LIFTS)},
        "courses": [{"code": code, "title": draw(st.text(max_size=40))} for code in codes],
        "others": {"codes": [code for code in others if code not in codes]},
        "arms": _arms(draw, codes),
        "channels": [{"name": "ads", "kind": "paid"}],
        "waves": [_wave(draw, number, codes, start, end) for number in range(draw(WAVES))],
        "kpis": [{"name": "k", "unit": draw(TEXTS), "result": draw(st.floats(-1e9, 1e9))}],
        "plan": {"budget": draw(st.floats(1, 1e9)), "no_ads": draw(st.floats(0, 0.9))},
        "sources": [{"name": "s", "kind": "events", "path": "data/s.csv"}],
        "facts": draw(st.dictionaries(st.text(max_size=9), TEXTS, max_size=3)),
    }
    return document


WAVES = st.integers(0, 3)


def _arms(draw: st.DrawFn, codes: list[str]) -> Mapping[str, Any]:
    countries = draw(st.lists(TEXTS, min_size=1, max_size=12, unique=True))
    by_course = dict.fromkeys(codes[1:], countries[:1])
    exposed = draw(st.sampled_from([["A", "B"], ["A"], []]))
    listed = {"countries": countries, "by_course": by_course}
    return {"listed": listed, "exposed": exposed, "reading": draw(st.text(max_size=300))}


def _wave(
    draw: st.DrawFn, number: int, codes: list[str], start: date, end: date
) -> Mapping[str, Any]:
    first = start + timedelta(draw(st.integers(0, (end - start).days)))
    wave: dict[str, Any] = {"id": f"w{number}", "channel": "ads", "start": first}
    wave["courses"] = draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))
    wave["arms"] = ["A"]
    if draw(st.booleans()):
        wave["end"] = first + timedelta(draw(st.integers(0, 9)))
        wave["bounds"] = {"start": first, "end": wave["end"]}
        wave["budget"] = {"A": 1.0, "B": 0.0}
    return wave


@settings(max_examples=100, deadline=None)
@given(documents())
def test_what_is_drawn_is_read_as_it_was_written(document: dict[str, Any]) -> None:
    if document["arms"]["exposed"] == []:
        document["waves"] = []
    assert rule_faults(document) == []
    protocol = concrete(Spec.model_validate(document), ROOT / "drawn" / "experiment.toml")
    assert written_and_read(protocol) == protocol


@given(
    st.recursive(
        st.text() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | DAYS
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, dict))
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_any_document_is_the_toml_that_it_is_written_as(document: dict[str, Any]) -> None:
    """Also what no experiment holds: tables in lists in lists, empty keys, long texts."""
    assert tomllib.loads(to_toml(document)) == document
