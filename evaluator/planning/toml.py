"""A document as TOML that people read: tables in order, short ones on a line, comments beside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from evaluator.experiment.faults import dotted
from evaluator.experiment.positions import Keys

Notes = Mapping[str, str]
"""Key as people write it (`waves`, `waves[0]`, `experiment.seed`) → comment on it."""

WIDTH = 100
BESIDE = 29
"""Column from which the comment on a key stands."""


def to_toml(document: Mapping[str, Any], notes: Notes | None = None) -> str:
    """The text of a document; `tomllib` reads the same document from it.

    Parameters
    ----------
    document : tables, lists, texts, numbers, dates; no null
    notes : of a table above it, of a key beside or above it; a list `[[name]]` has the note of
        `name` above its first item
    """
    told = notes or {}
    # A header begins a table that runs to the next: what has none comes first.
    names = sorted(
        document, key=lambda name: _is_table(document[name]) or _is_tables(document[name])
    )
    lines = [line for name in names for line in _top((name,), document[name], told)]
    return "\n".join(lines).lstrip("\n") + "\n"


def commented(text: str) -> str:
    """A text as lines of comment; an empty line of it is an empty comment."""
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


def _top(keys: Keys, value: Any, notes: Notes) -> Iterator[str]:
    if _is_tables(value):
        for position, item in enumerate(value):
            first = notes.get(dotted(keys), "") if position == 0 else ""
            own = notes.get(dotted((*keys, position)), "")
            yield from ["", *_above("\n".join(filter(None, (first, own)))), f"[[{_header(keys)}]]"]
            yield from _body((*keys, position), item, notes)
    elif _is_table(value):
        yield from ["", *_above(notes.get(dotted(keys), "")), f"[{_header(keys)}]"]
        yield from _body(keys, value, notes)
    else:
        yield from _pair(keys, value, notes)


def _body(keys: Keys, table: Mapping[str, Any], notes: Notes) -> Iterator[str]:
    """Its own keys first: a header inside begins a table that runs to the next."""
    apart = [name for name, value in table.items() if _stands_apart((*keys, name), value)]
    for name, value in table.items():
        if name not in apart:
            yield from _pair((*keys, name), value, notes)
    for name in apart:
        yield from _top((*keys, name), table[name], notes)


def _stands_apart(keys: Keys, value: Any) -> bool:
    """Whether a value is a table that is too long for a line, or a list of tables."""
    if _is_tables(value):
        return True
    return _is_table(value) and len(f"{_key(keys[-1])} = {_inline(value)}") > WIDTH


def _pair(keys: Keys, value: Any, notes: Notes) -> Iterator[str]:
    note = notes.get(dotted(keys), "")
    line = f"{_key(keys[-1])} = {_inline(value)}"
    if len(line) > WIDTH:
        yield from _above(note)
        yield from _wrapped(keys, value, line)
    elif note and "\n" not in note and max(len(line) + 1, BESIDE) + len(note) + 2 <= WIDTH:
        yield f"{line:<{BESIDE - 1}} # {note}"
    else:
        yield from [*_above(note), line]


def _wrapped(keys: Keys, value: Any, line: str) -> Iterator[str]:
    if isinstance(value, str) and "\n" not in value:
        yield f'{_key(keys[-1])} = """'
        *parts, last = _parts(_text(value)[1:-1])
        yield from (f"{part}\\" for part in parts)
        yield f'{last}"""'
    elif isinstance(value, list):
        yield f"{_key(keys[-1])} = ["
        row = "   "
        for item in map(_inline, value):
            if len(row) + len(item) + 2 > WIDTH and row.strip():
                yield row
                row = "   "
            row += f" {item},"
        yield from [row, "]"]
    else:
        yield line


def _parts(text: str) -> list[str]:
    """Pieces that end in a space: what follows a line that ends in `\\` has its spaces trimmed."""
    parts, row = list[str](), ""
    for word in re.findall(r"\S+ *", text) or [text]:
        if row and len(row) + len(word) > WIDTH - 1:
            parts.append(row)
            row = ""
        row += word
    return [*parts, row]


def _above(note: str) -> list[str]:
    return commented(note).split("\n") if note else []


def _header(keys: Keys) -> str:
    """Name of a table, without the positions in lists around it."""
    return ".".join(_key(key) for key in keys if isinstance(key, str))


def _key(key: str | int) -> str:
    bare = re.fullmatch(r"[A-Za-z0-9_-]+", str(key))
    return str(key) if bare else _text(str(key))


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_table, value))


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(name)} = {_inline(item)}" for name, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return repr(value)


def _text(value: str) -> str:
    """As JSON writes it, and DEL too, which TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
