"""Read a misspelt key as the one it is taken for, so that it costs one error and no more."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from evaluator.experiment.faults import Fault
from evaluator.experiment.positions import Keys, Lines


def respelt(
    document: dict[str, Any], lines: Lines, misspelt: Iterable[Fault]
) -> tuple[dict[str, Any], Lines]:
    """Document and lines in which each misspelt key has moved to the one it is taken for.

    What stands under the right key already stays: a misspelt `[[wave]]` comes after the others.
    """
    document = copy.deepcopy(document)
    for fault in misspelt:
        *outer, wrong = fault.keys
        table: Any = document
        for name in outer:
            table = table[name]
        right, value = str(fault.meant), table.pop(wrong)
        there = table.get(right)
        before = len(there) if isinstance(there, list) and isinstance(value, list) else 0
        table[right] = _joined(there, value) if right in table else value
        moved = {
            (*outer, right, *_later(keys[len(fault.keys) :], before)): line
            for keys, line in lines.items()
            if keys[: len(fault.keys)] == fault.keys
        }
        lines = moved | dict(lines)
    return document, lines


def _joined(there: Any, value: Any) -> Any:
    if isinstance(there, list) and isinstance(value, list):
        return there + value
    if isinstance(there, dict) and isinstance(value, dict):
        return value | there
    return there


def _later(inner: Keys, before: int) -> Keys:
    if inner and isinstance(inner[0], int):
        return (inner[0] + before, *inner[1:])
    return inner
