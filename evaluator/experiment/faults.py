"""What is wrong with the tables, keys, types and ranges of a file, in the file's own words."""

from __future__ import annotations

import json
import re
import types
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from evaluator.errors import did_you_mean, nearest
from evaluator.experiment.positions import Keys
from evaluator.experiment.spec import Spec
from evaluator.experiment.tables import Document

TYPES = {
    "bool_type": ("is not true or false", ""),
    "date_type": ("is not a date", "a date is written as 2022-10-31, without quotes"),
    "dict_type": ("is not a table", ""),
    "float_type": ("is not a number", ""),
    "int_from_float": ("is not a whole number", ""),
    "int_type": ("is not a whole number", ""),
    "list_type": ("is not a list", ""),
    "model_type": ("is not a table", ""),
    "string_type": ("is not text", "text is written in quotes"),
    "string_pattern_mismatch": (
        "is not a plain name",
        "letters, digits, and - . _ after the first",
    ),
    "string_too_short": ("is empty", ""),
    "too_short": ("is empty", ""),
}

FIGURE = ("float", "constrained-str")
"""What pydantic adds to the place of a key that takes a number or text, once for each."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A `Problem` whose place is still a key: what is wrong, the rule, what to do."""

    keys: Keys
    what: str
    rule: str = ""
    hint: str = ""
    meant: str | None = None
    """For an unknown key: the known one that it is taken for."""


def structural_faults(document: Document) -> list[Fault]:
    """Every key that is unknown or missing, and every value of a wrong type or range."""
    try:
        Spec.model_validate(document)
    except ValidationError as error:
        return list(dict.fromkeys(map(_fault, error.errors(include_url=False))))
    return []


def wrong(keys: Keys, value: object, problem: str, rule: str = "", hint: str = "") -> Fault:
    """Fault of a value: `waves[2].channel = "facebok_ads" is not a declared channel`."""
    return Fault(keys, f"{dotted(keys)} = {written(value)} {problem}", rule, hint)


def missing(keys: Keys) -> Fault:
    """Fault of a table or key that has to be there."""
    return Fault(keys, f"{_header(keys)} is missing", description(keys))


def dotted(keys: Keys) -> str:
    """A key as people write it.

    >>> dotted(("waves", 2, "channel"))
    'waves[2].channel'
    """
    name = ""
    for key in keys:
        if isinstance(key, int):
            name += f"[{key}]"
        else:
            bare = re.fullmatch(r"[\w-]+", key, re.ASCII)
            name += ("." if name else "") + (key if bare else written(key))
    return name


def written(value: object) -> str:
    """A value as the file writes it; of tables and long lists only the shape."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[]" if not value else "[…]"
    return "{…}" if isinstance(value, dict) else str(value)


def description(keys: Keys) -> str:
    """What a key says, in the words of the JSON Schema; empty for an unknown one."""
    names = [key for key in keys if isinstance(key, str)]
    table = _table(tuple(names[:-1]))
    field = table.model_fields.get(names[-1]) if table else None
    return (field.description or "") if field else ""


def _fault(detail: ErrorDetails) -> Fault:
    keys, value, kind = detail["loc"], detail["input"], detail["type"]
    if keys[-1] in FIGURE:
        return _no_figure(keys[:-1], value)
    if kind == "extra_forbidden":
        return _unknown(keys)
    if kind == "missing":
        return missing(keys)
    if kind in ("enum", "literal_error"):
        known = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return wrong(keys, value, "is not known", _listed("known", known), _near(value, known))
    if kind in TYPES:
        problem, rule = TYPES[kind]
        return wrong(keys, value, problem, rule or description(keys), _brackets(keys, value, kind))
    problem = detail["msg"].replace("Input should be", "must be")
    problem = problem.replace("greater than or equal to", "at least")
    return wrong(keys, value, problem, description(keys))


def _no_figure(keys: Keys, value: object) -> Fault:
    """Of a key that takes a number or text: one fault, not one for each."""
    if isinstance(value, float):
        problem = "is no finite number"
    else:
        problem = "is empty" if value == "" else "is neither a number nor text"
    return wrong(keys, value, problem, description(keys))


def _unknown(keys: Keys) -> Fault:
    *outer, key = keys
    table = _table(tuple(outer))
    known = list(table.model_fields) if table else []
    meant = nearest(key, known)
    hint = did_you_mean(key, known) or _home(str(key))
    return Fault(keys, f"{dotted(keys)} is not a known key", _listed("known", known), hint, meant)


def _home(key: str) -> str:
    """Hint for a key that stands in the wrong table: a TOML table runs to the next header."""
    tables = {name: _table((name,)) for name in Spec.model_fields}
    homes = [f"[{name}]" for name, table in tables.items() if table and key in table.model_fields]
    return f"it is a key of {' and of '.join(homes)}" if homes else ""


def _header(keys: Keys) -> str:
    if len(keys) > 1 or not isinstance(name := keys[0], str):
        return dotted(keys)
    repeated = get_origin(Spec.model_fields[name].annotation) is list
    return f"[[{name}]]" if repeated else f"[{name}]"


def _brackets(keys: Keys, value: object, kind: str) -> str:
    name = dotted(keys)
    if kind == "list_type" and isinstance(value, dict):
        return f"write [[{name}]], once for each"
    if kind == "model_type" and isinstance(value, list):
        return f"write [{name}], once"
    return ""


def _table(keys: Keys) -> type[BaseModel] | None:
    """Model of the table at these keys."""
    table: type[BaseModel] | None = Spec
    for key in keys:
        if table and isinstance(key, str):
            field = table.model_fields.get(key)
            table = _model(field.annotation) if field else None
    return table


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    return next(filter(None, map(_model, get_args(annotation))), None)


def _listed(word: str, names: list[str]) -> str:
    return f"{word}: {', '.join(names)}" if names else ""


def _near(value: object, known: list[str]) -> str:
    return did_you_mean(value, known) if isinstance(value, str) else ""
