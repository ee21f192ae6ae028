"""Read a document that may be wrong anywhere: what is not of the wanted type is passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from evaluator.experiment.positions import Keys

Document = Mapping[str, Any]
Kind = TypeVar("Kind")


def tables(document: Document, *names: str) -> Iterator[tuple[Keys, Document]]:
    """Tables under these names with their keys: one of `[name]`, each of `[[name]]`.

    >>> [keys for keys, _ in tables({"waves": [{}, {"bounds": {}}]}, "waves", "bounds")]
    [('waves', 1, 'bounds')]
    """
    found: list[tuple[Keys, Document]] = [((), document)]
    for name in names:
        found = [inner for keys, table in found for inner in _children((*keys, name), table)]
    yield from found


def value_of(table: Document, key: str, kind: type[Kind]) -> Kind | None:
    """Value of a key, if it is of this kind."""
    value = table.get(key)
    right = isinstance(value, kind) and not isinstance(value, bool | datetime)
    return value if right else None


def texts_of(keys: Keys, table: Document, key: str) -> Iterator[tuple[Keys, str]]:
    """Texts of a list, or the one text, under a key."""
    value = table.get(key)
    if isinstance(value, str):
        yield (*keys, key), value
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, str):
            yield (*keys, key, index), item


def _children(keys: Keys, table: Document) -> Iterator[tuple[Keys, Document]]:
    value = table.get(str(keys[-1]))
    if isinstance(value, dict):
        yield keys, value
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict):
            yield (*keys, index), item
