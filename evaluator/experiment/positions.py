"""Where each key of a TOML text stands: `tomllib` gives values without line numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

Keys = tuple[str | int, ...]
Lines = Mapping[Keys, int]


def key_lines(text: str) -> Lines:
    """Line, from 1, of every key and list item of a TOML text that `tomllib` can read.

    Items of `[[name]]` and of lists are counted from 0: `("waves", 2, "channel")`.
    """
    import tree_sitter
    import tree_sitter_toml

    language = tree_sitter.Language(tree_sitter_toml.language())
    root = tree_sitter.Parser(language).parse(text.encode()).root_node
    lines: dict[Keys, int] = {}
    for keys, node in _statements(root):
        for length in range(1, len(keys) + 1):
            lines.setdefault(keys[:length], node.start_point[0] + 1)
    return lines


def line_of(keys: Keys, lines: Lines) -> int:
    """Line of a key, or of the innermost table or list around it that the text holds."""
    around = (keys[:length] for length in range(len(keys), 0, -1))
    return next((lines[outer] for outer in around if outer in lines), 1)


def _statements(root: Node) -> Iterator[tuple[Keys, Node]]:
    newest: dict[Keys, int] = {}  # of each [[name]], the item last begun
    for node in root.named_children:
        if node.type == "pair":
            yield from _pair((), node)
        elif node.type in ("table", "table_array_element"):
            key, *pairs = (child for child in node.named_children if child.type != "comment")
            keys = _table_keys(_names(key), newest, begins=node.type == "table_array_element")
            yield keys, node
            for pair in pairs:
                yield from _pair(keys, pair)


def _table_keys(names: Keys, newest: dict[Keys, int], *, begins: bool) -> Keys:
    keys: Keys = ()
    for position, name in enumerate(names, start=1):
        keys = (*keys, name)
        if begins and position == len(names):
            newest[keys] = newest.get(keys, -1) + 1
        if keys in newest:
            keys = (*keys, newest[keys])
    return keys


def _pair(outer: Keys, pair: Node) -> Iterator[tuple[Keys, Node]]:
    key, value = (child for child in pair.named_children if child.type != "comment")
    keys = outer + _names(key)
    yield keys, key
    yield from _inside(keys, value)


def _inside(keys: Keys, value: Node) -> Iterator[tuple[Keys, Node]]:
    children = [child for child in value.named_children if child.type != "comment"]
    if value.type == "inline_table":
        for pair in children:
            yield from _pair(keys, pair)
    elif value.type == "array":
        for index, item in enumerate(children):
            yield (*keys, index), item
            yield from _inside((*keys, index), item)


def _names(key: Node) -> Keys:
    # `a."b c".d` is split, and its quotes are read, by the parser that reads the values.
    inner: object = tomllib.loads(f"{(key.text or b'').decode()} = 0")
    names: list[str] = []
    while isinstance(inner, dict):
        ((name, inner),) = inner.items()
        names.append(name)
    return tuple(names)
