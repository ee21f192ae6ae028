"""GitLab's code-quality JSON: shown beside the lines of a merge request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from evaluator.gate.items import Checked, FailOn, Item
from evaluator.report.checked.order import place, to_be_read, told


def to_code_quality(checked: Sequence[Checked], fail_on: FailOn) -> str:
    """An issue for each item that did not pass."""
    issues = [_issue(each, item, fail_on) for each in checked for item in to_be_read(each, fail_on)]
    return json.dumps(issues, indent=1, ensure_ascii=False) + "\n"


def _issue(checked: Checked, item: Item, fail_on: FailOn) -> dict[str, Any]:
    file, line = place(item)
    # The same item is the same issue in the next pipeline, whatever its numbers then.
    identity = "\0".join((checked.experiment, item.gate, item.name))
    return {
        "description": told(item),
        "check_name": f"{checked.experiment}: {item.gate}[{item.name}]",
        "fingerprint": hashlib.sha256(identity.encode()).hexdigest(),
        "severity": "major" if item.stops(fail_on) else "minor",
        # GitLab shows no issue without a file.
        "location": {"path": file or "experiment.toml", "lines": {"begin": line}},
    }
