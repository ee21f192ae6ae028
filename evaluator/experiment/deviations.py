"""What a protocol says otherwise than the one that was sealed, thing by thing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from evaluator.experiment.faults import description
from evaluator.experiment.load import shown_path
from evaluator.experiment.positions import Keys, key_lines, line_of
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.seal import Seal, Seals, read_seals, seal_path
from evaluator.experiment.spec.judged import ExperimentTable

NOTHING = "—"
"""Stands for the value of what was not there."""
MOST = 60
"""Letters of a value that are shown."""
NAMES = ("id", "code", "name")
"""Keys by which the items of a list are known."""
PAIRS = ("facts", "contradictions", "by_course", "columns")
"""Lists of (key, value): tables whose keys are anybody's."""
OF_DATA = ("as_of", "data_kind", "sources", "closed_days", "incidents")
OF_WORDS = (
    *("title", "facts", "contradictions", "kpis", "claims", "interventions", "gate", "sharing"),
    *("note", "reading", "network", "published_total"),
)


class About(StrEnum):
    """What a deviation touches."""

    DESIGN = "design"
    """What is compared, when, and how it is judged."""
    DATA = "data"
    """Where the data lie, up to when they are read, what went wrong: known only afterwards."""
    WORDS = "words"
    """Titles, facts, published figures, limits of the gate: no estimate uses them."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as it was sealed."""

    what: str
    """Key as the file writes it, items of a list by their names: `waves.ads-1.start`."""
    sealed: str
    """Its value then."""
    now: str
    about: About
    file: str
    line: int
    """Of the declaration, or of the table around what is gone."""
    meaning: str = ""
    """What the key says, in the words of its description."""

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def sentence(self) -> str:
        """In plain words: what, what it is now, as what it was sealed."""
        if self.sealed == NOTHING:
            return f"{self.what} was added: {self.now}"
        if self.now == NOTHING:
            return f"{self.what} was taken out; sealed as {self.sealed}"
        return f"{self.what} is {self.now}; sealed as {self.sealed}"


@dataclass(frozen=True, slots=True)
class Registered:
    """A sealed experiment: its seals, and in what it differs from the one that counts."""

    seals: Seals
    deviations: tuple[Deviation, ...]

    @property
    def seal(self) -> Seal:
        """The one against which the experiment is held."""
        return self.seals.registered

    def about(self, what: About) -> tuple[Deviation, ...]:
        return tuple(own for own in self.deviations if own.about is what)


def registered(protocol: Protocol) -> Registered | None:
    """What was sealed of a protocol; None where nothing was.

    Raises
    ------
    SealError : there is a seal that cannot be read
    """
    seals = read_seals(seal_path(protocol.path))
    return Registered(seals, deviations(seals.registered, protocol)) if seals else None


def deviations(seal: Seal, protocol: Protocol) -> tuple[Deviation, ...]:
    """Every difference between a sealed protocol and the one that is declared now.

    Parameters
    ----------
    protocol : read from its file, of which the lines are given
    """
    sealed, now = seal.protocol, protocol.to_dict()
    found: list[_Change] = []
    for name in dict.fromkeys((*now, *sealed)):
        if name in sealed or not _is_default(name, now[name]):
            keys = ("experiment", name) if name in ExperimentTable.model_fields else (name,)
            here = _Place(keys, ".".join(keys))
            found += _changes(here, sealed.get(name), now.get(name))
    if not found:
        return ()
    text = protocol.path.read_text("utf-8-sig").replace("\r\n", "\n")
    lines, file = key_lines(text), shown_path(protocol.path)
    return tuple(
        Deviation(
            change.place.name,
            _shown(change.before),
            _shown(change.after),
            _about(change.place),
            file,
            line_of(change.place.keys, lines),
            description(change.place.keys),
        )
        for change in found
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something is declared now, and what people call it."""

    keys: Keys
    name: str

    def inside(self, key: str | int, called: str = "") -> _Place:
        return _Place((*self.keys, key), f"{self.name}.{called or key}")


@dataclass(frozen=True, slots=True)
class _Change:
    place: _Place
    before: Any
    after: Any


def _is_default(name: str, value: Any) -> bool:
    """Whether an evaluator that did not know of a key yet meant the same."""
    field = next(f for f in dataclasses.fields(Protocol) if f.name == name)
    return _is_empty(value) or value == field.default


def _is_empty(value: Any) -> bool:
    return value is None or value in ([], {}, "")


def _changes(place: _Place, before: Any, after: Any) -> Iterator[_Change]:
    if before == after:
        return
    if place.keys[-1] in PAIRS:
        before, after = dict(before or ()), dict(after or ())
    if _is_table(before) and _is_table(after) and before.get("type") == after.get("type"):
        for key in dict.fromkeys((*after, *before)):
            old, new = before.get(key), after.get(key)
            # An evaluator that did not know of a key yet had nothing to say by it.
            if key != "type" and (key in before or not _is_empty(new)):
                yield from _changes(_inside(place, key, new), old, new)
    elif _by_name(before) and _by_name(after):
        yield from _of_items(place, _by_name(before), _by_name(after))
    else:
        yield _Change(place, before, after)


def _of_items(
    place: _Place, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[_Change]:
    """Items of two lists that are known by their names; where all are equal, their order."""
    for number, name in enumerate(after):
        yield from _changes(place.inside(number, name), before.get(name), after[name])
    for name in before:
        if name not in after:
            yield _Change(_Place(place.keys, f"{place.name}.{name}"), before[name], None)
    if list(before) != list(after) and set(before) == set(after):
        yield _Change(place, list(before), list(after))


def _inside(place: _Place, key: str, value: Any) -> _Place:
    """The days of a wave and the rule of arm A stand under other keys in the file."""
    if key == "span":
        return place
    if key == "rule" and place.keys == ("arms",) and _is_table(value):
        return place.inside("listed" if value["type"] == "Listed" else "top")
    return place.inside(key)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _by_name(value: Any) -> dict[str, Any]:
    """Items of a list by the names they are known by; empty where they have none."""
    items = value if isinstance(value, list) and all(map(_is_table, value)) else []
    names = [next((str(item[key]) for key in NAMES if key in item), "") for item in items]
    is_known = all(names) and len(set(names)) == len(names)
    return dict(zip(names, items, strict=True)) if is_known else {}


def _about(place: _Place) -> About:
    keys = [key for key in place.keys if key != "experiment"]
    if keys[0] in OF_DATA:
        return About.DATA
    return About.WORDS if keys[0] in OF_WORDS or keys[-1] in OF_WORDS else About.DESIGN


def _shown(value: Any) -> str:
    """A value for a sentence, cut where it is too long to be read."""
    if _is_empty(value):
        return NOTHING
    if isinstance(value, Mapping):
        told = (f"{key} {_shown(own)}" for key, own in value.items() if key != "type" and own)
        text = ", ".join(told)
    elif isinstance(value, list):
        text = ", ".join(map(_shown, value))
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= MOST else f"{text[: MOST - 1]}…"
