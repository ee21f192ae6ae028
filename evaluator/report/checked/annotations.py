"""Annotations: GitHub shows each at its line of the declaration, in the pull request's diff."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.gate.items import Checked, FailOn, Item
from evaluator.report.checked.order import place, to_be_read, told, what_moved

OF_MESSAGES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
OF_PROPERTIES = OF_MESSAGES | str.maketrans({":": "%3A", ",": "%2C"})


def to_annotations(checked: Sequence[Checked], fail_on: FailOn) -> str:
    """A workflow command for each item that did not pass."""
    return "".join(
        _command(each, item, fail_on) for each in checked for item in to_be_read(each, fail_on)
    )


def _command(checked: Checked, item: Item, fail_on: FailOn) -> str:
    file, line = place(item)
    properties = {"file": file, "line": str(line)} if file else {}
    properties["title"] = f"{checked.experiment}: {item.gate}[{item.name}]"
    listed = ",".join(f"{name}={v.translate(OF_PROPERTIES)}" for name, v in properties.items())
    message = "\n".join(part for part in (told(item), what_moved(checked)) if part)
    kind = "error" if item.stops(fail_on) else "warning"
    return f"::{kind} {listed}::{message.translate(OF_MESSAGES)}\n"
