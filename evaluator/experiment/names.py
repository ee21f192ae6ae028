"""Names that one table of a file gives and another uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluator.errors import did_you_mean
from evaluator.experiment.assignment_rules import left_out_courses
from evaluator.experiment.faults import Fault, dotted, wrong
from evaluator.experiment.positions import Keys
from evaluator.experiment.tables import Document, tables, texts_of, value_of

GIVEN = {
    "courses": "code",
    "channels": "name",
    "waves": "id",
    "country_groups": "name",
    "secondary": "name",
    "negative_controls": "name",
    "claims": "name",
    "interventions": "name",
    "sources": "name",
}
EVENTS = ("previous_campaigns", "incidents", "deadlines")


def name_faults(document: Document) -> Iterator[Fault]:
    """Names given twice, and names used that nobody gives."""
    for name, key in GIVEN.items():
        yield from _given_twice(document, name, key)
    for use in _uses(document):
        if use.name not in use.declared:
            yield _unknown(use)
    for keys, name, kind in _source_uses(document):
        yield from _source_fault(document, keys, name, kind)


@dataclass(frozen=True, slots=True)
class _Use:
    """A place where a name is used, and the names that are given for it."""

    keys: Keys
    name: str
    what: str
    declared: Sequence[str]
    is_key: bool = False


def _given(document: Document, name: str) -> list[str]:
    found = (value_of(table, GIVEN[name], str) for _, table in tables(document, name))
    return list(dict.fromkeys(given for given in found if given is not None))


def _given_twice(document: Document, name: str, key: str) -> Iterator[Fault]:
    first: dict[str, Keys] = {}
    for keys, table in tables(document, name):
        given = value_of(table, key, str)
        if given is not None and first.setdefault(given, keys) != keys:
            rule = f"each {key} is given once; {dotted(first[given])} has this one"
            yield wrong((*keys, key), given, f"is given twice among the {name}", rule)


def _uses(document: Document) -> Iterator[_Use]:
    channels, courses = _given(document, "channels"), _given(document, "courses")
    left_out = left_out_courses(document)
    for keys, wave in tables(document, "waves"):
        for place, name in texts_of(keys, wave, "channel"):
            yield _Use(place, name, "channel", channels)
        for place, name in texts_of(keys, wave, "courses"):
            if name not in left_out:  # of these, `left_out_faults` says more
                yield _Use(place, name, "promoted course", courses)
    for keys, group in tables(document, "country_groups"):
        for place, name in texts_of(keys, group, "claimed_weak"):
            yield _Use(place, name, "channel", channels)
    for keys, figure in tables(document, "kpis", "channel"):
        for place, name in texts_of(keys, figure, "name"):
            yield _Use(place, name, "channel", channels)
        for place, name in texts_of(keys, figure, "courses"):
            yield _Use(place, name, "promoted course", courses)
    for keys, design in tables(document, "claims", "design"):
        for place, name in texts_of(keys, design, "apart"):
            yield _Use(place, name, "channel", channels)
    for table_names in (("kpis",), ("arms", "listed")):
        for keys, table in tables(document, *table_names):
            for name in value_of(table, "by_course", dict) or {}:
                yield _Use((*keys, "by_course", name), name, "promoted course", courses, True)
    yield from _uses_of_any_course(document, courses)


def _uses_of_any_course(document: Document, promoted: Sequence[str]) -> Iterator[_Use]:
    # A catalogue's courses are known only with the data.
    others = [
        name for keys, o in tables(document, "others") for _, name in texts_of(keys, o, "codes")
    ]
    if any("catalogue" in table for _, table in tables(document, "others")):
        return
    places = [(table_name, "courses") for table_name in EVENTS] + [("sources", "course")]
    for table_name, key in places:
        for keys, table in tables(document, table_name):
            for place, name in texts_of(keys, table, key):
                yield _Use(place, name, "course", [*promoted, *others])


def _unknown(use: _Use) -> Fault:
    known = f"declared: {', '.join(use.declared)}" if use.declared else "none is declared"
    hint = did_you_mean(use.name, use.declared)
    if use.is_key:
        return Fault(use.keys, f"{dotted(use.keys)} names no declared {use.what}", known, hint)
    return wrong(use.keys, use.name, f"is not a declared {use.what}", known, hint)


def _source_uses(document: Document) -> Iterator[tuple[Keys, str, str]]:
    """Key, name and wanted kind of each source that a rule reads."""
    rules = (
        (("arms", "top"), "source", "participants"),
        (("others",), "catalogue", "courses"),
        (("secondary",), "source", "conversions"),
        (("negative_controls",), "source", "negative_control"),
        (("exposure",), "source", "arms"),
        (("targeting",), "source", "contacts"),
        (("targeting",), "next", "contacts"),
    )
    for names, key, kind in rules:
        for keys, table in tables(document, *names):
            name = value_of(table, key, str)
            if name is not None:
                yield (*keys, key), name, kind


def _source_fault(document: Document, keys: Keys, name: str, kind: str) -> Iterator[Fault]:
    kinds = {
        value_of(s, "name", str): value_of(s, "kind", str) for _, s in tables(document, "sources")
    }
    fitting = [str(source) for source, its_kind in kinds.items() if its_kind == kind]
    listed = f'sources of kind "{kind}": {", ".join(fitting) or "none"}'
    if name not in kinds:
        declared = [source for source in kinds if source]
        hint = did_you_mean(name, fitting) or did_you_mean(name, declared)
        yield wrong(keys, name, "is not a declared source", listed, hint)
    elif kinds[name] is not None and kinds[name] != kind:
        problem = f'is a source of kind "{kinds[name]}", not "{kind}"'
        yield wrong(keys, name, problem, listed)
