"""JSON: everything that was checked, in plain types."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evaluator.gate.items import Checked, FailOn, Item
from evaluator.report.checked.order import place

SCHEMA_VERSION = 1
"""Raised when a reader of an earlier file would misread a later one; new keys do not raise it."""


def to_json(checked: Sequence[Checked], fail_on: FailOn) -> str:
    content = {
        "schema_version": SCHEMA_VERSION,
        "fail_on": fail_on.value,
        "fails": any(each.fails(fail_on) for each in checked),
        "experiments": [
            {
                "experiment": each.experiment,
                "fails": each.fails(fail_on),
                "findings_not_run": each.not_run,
                "parts": [asdict(part) for part in each.parts],
                "items": [_item(item, fail_on) for item in each.items],
            }
            for each in checked
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _item(item: Item, fail_on: FailOn) -> dict[str, Any]:
    file, line = place(item)
    return {
        "gate": item.gate.value,
        "name": item.name,
        "status": item.status.value,
        "stops": item.stops(fail_on),
        "sentence": item.sentence,
        "old": item.old,
        "new": item.new,
        "todo": item.todo,
        "file": file or None,
        "line": line if file else None,
        "row": asdict(item.row) if item.row else None,
    }
