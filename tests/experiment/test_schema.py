"""The committed schema is the model, and rejects what the model rejects."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from evaluator.experiment.schema import json_schema
from evaluator.experiment.spec import Spec

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
FLAGSHIP = EXPERIMENTS / "itcilo-2022/experiment.toml"

Edit = Callable[[dict[str, Any]], Any]
EDITS: dict[str, Edit] = {
    "unknown table": lambda document: document.update(chanels=[]),
    "unknown key": lambda document: document["window"].update(ende=1),
    "unknown key in a list": lambda document: document["waves"][3].update(chanel="x"),
    "missing table": lambda document: document.pop("experiment"),
    "missing key": lambda document: document["sources"][0].pop("path"),
    "wrong type": lambda document: document["courses"][0].update(code=3),
    "text for a list": lambda document: document["waves"][0].update(courses="ODPS"),
    "out of range": lambda document: document["decision"].update(level=1.5),
    "below the least": lambda document: document["courses"][0].update(published_total=-1),
    "unknown question": lambda document: document["experiment"].update(questions=["why"]),
    "unknown arm": lambda document: document["arms"].update(exposed=["C"]),
    "neither weeks nor all": lambda document: document["reference"].update(weeks="al"),
    "no weeks": lambda document: document["reference"].update(weeks=0),
    "no path": lambda document: document["sources"][0].update(path=[]),
    "no course": lambda document: document.update(courses=[]),
    "name that is a path": lambda document: document["experiment"].update(name="../x"),
}


def test_the_committed_schema_is_the_model() -> None:
    committed = json.loads((EXPERIMENTS / "experiment.schema.json").read_text("utf-8"))
    assert committed == json_schema(), "write it anew: evaluator schema > experiments/…"


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_the_flagship_names_its_schema() -> None:
    first = FLAGSHIP.read_text("utf-8").splitlines()[0]
    named = FLAGSHIP.parent / first.removeprefix("#:schema ")
    assert named.resolve() == EXPERIMENTS / "experiment.schema.json"


def test_admits_the_flagship() -> None:
    assert _errors(_flagship()) == []


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_rejects_what_the_model_rejects(edit: Edit) -> None:
    document = _flagship()
    edit(document)
    with pytest.raises(ValidationError):
        Spec.model_validate(document)
    assert _errors(document)


def test_every_key_is_described() -> None:
    schema = json_schema()
    for name, table in {"Experiment": schema, **schema["$defs"]}.items():
        for key, value in table.get("properties", {}).items():
            assert "description" in value or "$ref" in value, f"{name}.{key}"


def _flagship() -> dict[str, Any]:
    return tomllib.loads(FLAGSHIP.read_text("utf-8"))


def _errors(document: dict[str, Any]) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema())
    return [error.message for error in validator.iter_errors(_as_json(document))]


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
