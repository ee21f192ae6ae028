"""A protocol as the document of an experiment file: the inverse of `experiment.concrete`."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import GenericAlias
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from evaluator.experiment.budget import Budget
from evaluator.experiment.exposure import Compared
from evaluator.experiment.kpi import Counted, Kpi, Mailed, OfChannel, Posted
from evaluator.experiment.protocol import (
    Arms,
    Event,
    Listed,
    Protocol,
    Reference,
    Source,
    Span,
    Wave,
)
from evaluator.experiment.published import (
    Arithmetic,
    OfCounts,
    OfDesign,
    OfExposure,
    OfRow,
    Proportion,
    Published,
)
from evaluator.experiment.spec import Spec
from evaluator.experiment.spec.published import WEEKDAYS
from evaluator.experiment.targeting import Targeting

Table = dict[str, Any]

SPELT_OUT = ("reference", "decision")
"""Tables of which the defaults are written too: a reader asks what the rule is."""
MEASURES = {Counted: "counted", Posted: "posts", Mailed: "email", OfChannel: "channel"}
"""What recomputes an indicator → the key under which it stands."""
RECOMPUTED = {
    Proportion: "proportion",
    Arithmetic: "arithmetic",
    OfCounts: "counts",
    OfRow: "row",
    OfDesign: "design",
    OfExposure: "exposed",
}
"""What recomputes a published claim → the key under which it stands."""


def document_of(protocol: Protocol) -> Table:
    """Tables, keys and values that load to an equal protocol; what is as by default is left out.

    Paths of sources are relative to the folder of `protocol.path`.
    """
    own = {
        name: getattr(protocol, name)
        for name in Spec.model_fields
        if name not in ("experiment", "sources", "facts", "contradictions")
    }
    folder = protocol.path.parent
    return _without_defaults(
        {
            "experiment": _experiment(protocol),
            **{name: _plain(value) for name, value in own.items()},
            "sources": [_source(source, folder) for source in protocol.sources],
            "facts": dict(protocol.facts),
            "contradictions": dict(protocol.contradictions),
        },
        Spec,
    )


def _experiment(protocol: Protocol) -> Table:
    fields = Spec.model_fields["experiment"].annotation
    assert isinstance(fields, type)
    assert issubclass(fields, BaseModel)
    return {name: _plain(getattr(protocol, name)) for name in fields.model_fields}


def _plain(value: Any) -> Any:
    """A value in the types of TOML; of most dataclasses the tables have the same keys."""
    for kind, shaped in SHAPES.items():
        if isinstance(value, kind):
            return shaped(value)
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, StrEnum) else value


def _span(span: Span) -> Table:
    return {"start": span.start, "end": span.end}


def _days(span: Span) -> Table:
    """First and last day; of one day the first alone."""
    return {"start": span.start, "end": None if span.end == span.start else span.end}


def _reference(reference: Reference) -> Table:
    return {
        "weeks": reference.weeks or "all",
        "sensitivity": [weeks or "all" for weeks in reference.sensitivity],
        "its_weeks": reference.its_weeks,
    }


def _arms(arms: Arms) -> Table:
    rule = "listed" if isinstance(arms.rule, Listed) else "top"
    return _fields(arms, "rule") | {rule: _plain(arms.rule)}


def _listed(rule: Listed) -> Table:
    by_course = {course: list(units) for course, units in rule.by_course}
    return {"countries": list(rule.countries), "by_course": by_course}


def _wave(wave: Wave) -> Table:
    budget = _plain(wave.budget) if wave.budget else None
    return _fields(wave, "span") | _days(wave.span) | {"budget": budget}


def _budget(budget: Budget) -> Table:
    return {"A": budget.a, "B": round(1 - budget.a, 12), "assumed": budget.assumed}


def _event(event: Event) -> Table:
    return {"name": event.name, **_days(event.span), **_fields(event, "name", "span")}


def _kpi(kpi: Kpi) -> Table:
    table = _fields(kpi, "measure") | {"by_course": dict(kpi.by_course)}
    if kpi.measure is not None:
        table[MEASURES[type(kpi.measure)]] = _plain(kpi.measure)
    return table


def _claim(claim: Published) -> Table:
    table = _fields(claim, "recompute")
    if claim.recompute is not None:
        table[RECOMPUTED[type(claim.recompute)]] = _plain(claim.recompute)
    return table


def _of_counts(counts: OfCounts) -> Table:
    return _fields(counts) | {"weekdays": [WEEKDAYS[day] for day in counts.weekdays]}


def _compared(compared: Compared) -> Table:
    counts = {
        name: {"successes": given[0], "trials": given[1]}
        for name, given in (("treated", compared.treated), ("other", compared.other))
        if given
    }
    return _fields(compared, "treated", "other") | counts


def _targeting(targeting: Targeting) -> Table:
    holdout = _fields(targeting.holdout, "cost")
    return _fields(targeting, "holdout") | {"holdout": holdout}


def _source(source: Source, folder: Path) -> Table:
    paths = [Path(os.path.relpath(path, folder)).as_posix() for path in source.paths]
    return _fields(source, "paths", "columns") | {
        "path": paths[0] if len(paths) == 1 else paths,
        "columns": dict(source.columns),
    }


def _fields(value: Any, *but: str) -> Table:
    names = (f.name for f in dataclasses.fields(value) if f.name not in but)
    return {name: _plain(getattr(value, name)) for name in names}


SHAPES: Mapping[type, Callable[[Any], Any]] = {
    Span: _span,
    Reference: _reference,
    Arms: _arms,
    Listed: _listed,
    Wave: _wave,
    Budget: _budget,
    Event: _event,
    Kpi: _kpi,
    Published: _claim,
    OfCounts: _of_counts,
    Compared: _compared,
    Targeting: _targeting,
}
"""Where the tables have other keys than the dataclass has fields."""


def _without_defaults(table: Table, model: type[BaseModel], *, spelt_out: bool = False) -> Table:
    """The keys that say something, in the order in which the model declares them."""
    kept: Table = {}
    for name, field in model.model_fields.items():
        value = _inside(table.get(name), field, spelt_out=name in SPELT_OUT)
        if value is not None and (spelt_out or not _is_default(value, field)):
            kept[name] = value
    return kept


def _is_default(value: Any, field: FieldInfo) -> bool:
    if field.is_required():
        return False
    if isinstance(field.default, BaseModel):
        return bool(value == {})
    # An empty table that need not be there says that it is there.
    return bool(value == field.default) or (field.default is None and value in ([], ""))


def _inside(value: Any, field: FieldInfo, *, spelt_out: bool) -> Any:
    inner = _model(field.annotation)
    if inner is None:
        return value
    if isinstance(value, list):
        return [_without_defaults(item, inner) for item in value]
    return None if value is None else _without_defaults(value, inner, spelt_out=spelt_out)


def _model(annotation: Any) -> type[BaseModel] | None:
    """The model of a table, of an optional one, or of a list of them."""
    if isinstance(annotation, type) and not isinstance(annotation, GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    return next(filter(None, map(_model, get_args(annotation))), None)
