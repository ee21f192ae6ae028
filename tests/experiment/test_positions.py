from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluator.experiment.positions import Keys, key_lines, line_of

FLAGSHIP = Path(__file__).parents[2] / "experiments/itcilo-2022/experiment.toml"

TEXT = """\
# a comment
top = 1
a.b."c d" = 2 # another

[table] # after a header
plain = [
  "one", # after an item
  { x = 1, y = 2 },
]

[table.inner]
z = '''
two lines'''

[[rows]]
id = 1
[rows.under]
u = 1
[[rows.list]]
l = 1
[[rows.list]]
l = 2
[[rows]]
# nothing but a comment
[rows.under]
u = 2
[implied.by.name]
"""

LINES: dict[Keys, int] = {
    ("top",): 2,
    ("a",): 3,
    ("a", "b"): 3,
    ("a", "b", "c d"): 3,
    ("table",): 5,
    ("table", "plain"): 6,
    ("table", "plain", 0): 7,
    ("table", "plain", 1): 8,
    ("table", "plain", 1, "y"): 8,
    ("table", "inner"): 11,
    ("table", "inner", "z"): 12,
    ("rows",): 15,
    ("rows", 0): 15,
    ("rows", 0, "id"): 16,
    ("rows", 0, "under"): 17,
    ("rows", 0, "under", "u"): 18,
    ("rows", 0, "list", 0, "l"): 20,
    ("rows", 0, "list", 1): 21,
    ("rows", 0, "list", 1, "l"): 22,
    ("rows", 1): 23,
    ("rows", 1, "under", "u"): 26,
    ("implied",): 27,
    ("implied", "by", "name"): 27,
}


@pytest.mark.parametrize(("keys", "line"), LINES.items())
def test_finds_every_kind_of_key(keys: Keys, line: int) -> None:
    assert key_lines(TEXT)[keys] == line


def test_a_missing_key_is_looked_for_in_the_table_around_it() -> None:
    lines = key_lines(TEXT)
    assert line_of(("rows", 1, "under", "v"), lines) == 25
    assert line_of(("rows", 1, "id"), lines) == 23
    assert line_of(("nowhere",), lines) == 1


@pytest.mark.parametrize("text", [TEXT, FLAGSHIP.read_text("utf-8")], ids=["small", "flagship"])
def test_has_a_line_for_every_key_that_tomllib_reads(text: str) -> None:
    assert set(_keys((), tomllib.loads(text))) == set(key_lines(text))


def _keys(outer: Keys, value: Any) -> Iterator[Keys]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*outer, key)
        if isinstance(item, dict | list):
            yield from _keys((*outer, key), item)
