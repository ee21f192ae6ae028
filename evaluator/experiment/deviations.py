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
MOST, LEAD = 120, 20
"""Letters of a value that are shown, and of them before the first that differs."""
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
            return f"{self.what} was added" + self._unless_named(f": {self.now}")
        if self.now == NOTHING:
            return f"{self.what} was taken out" + self._unless_named(f"; sealed as {self.sealed}")
        return f"{self.what} is {self.now}; sealed as {self.sealed}"

    def _unless_named(self, words: str) -> str:
        """Nothing where the value is the name itself: an item of a list of texts."""
        value = self.now if self.sealed == NOTHING else self.sealed
        return "" if self.what.endswith(f".{value}") else words


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
            *_shown(change),
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
    elif _came_and_went(before, after):
        yield from (_named(place, name, None, name) for name in after if name not in before)
        yield from (_named(place, name, name, None) for name in before if name not in after)
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
            yield _named(place, name, before[name], None)
    if list(before) != list(after) and set(before) == set(after):
        yield _Change(place, list(before), list(after))


def _named(place: _Place, name: str, before: Any, after: Any) -> _Change:
    """An item of a list by its name; what is gone has no place but the list's."""
    return _Change(_Place(place.keys, f"{place.name}.{name}"), before, after)


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


def _came_and_went(before: Any, after: Any) -> bool:
    """Whether two lists of texts differ by what is in them; of one alone it is the value."""
    lists = [own for own in (before, after) if isinstance(own, list) and _are_texts(own)]
    return len(lists) == 2 and set(before) != set(after) and len(before) + len(after) > 2


def _are_texts(value: list[Any]) -> bool:
    return all(isinstance(item, str) for item in value) and len(set(value)) == len(value) > 0


def _about(place: _Place) -> About:
    keys = [key for key in place.keys if key != "experiment"]
    if keys[0] in OF_DATA:
        return About.DATA
    return About.WORDS if keys[0] in OF_WORDS or keys[-1] in OF_WORDS else About.DESIGN


def _shown(change: _Change) -> tuple[str, str]:
    """What was and what is, for a sentence: where they are long, from where they differ."""
    before, after = _text(change.before), _text(change.after)
    pairs = enumerate(zip(before, after, strict=False))
    differs = next((place for place, (old, new) in pairs if old != new), 0)
    first = max(differs - LEAD, 0) if max(len(before), len(after)) > MOST else 0
    return _cut(before, first), _cut(after, first)


def _cut(text: str, first: int) -> str:
    begun = f"…{text[first:]}" if first else text
    return begun if len(begun) <= MOST else f"{begun[: MOST - 1]}…"


def _text(value: Any) -> str:
    if _is_empty(value):
        return NOTHING
    if isinstance(value, Mapping):
        told = (f"{key} {_text(own)}" for key, own in value.items() if key != "type" and own)
        return ", ".join(told)
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
