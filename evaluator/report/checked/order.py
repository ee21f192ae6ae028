"""What is said first, and where an item is declared: shared by the renderings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluator.gate.items import Checked, FailOn, Item
from evaluator.results import Status

WORDS = {
    Status.PASS: "passes",
    Status.WARN: "warns",
    Status.FAIL: "fails",
    Status.NOT_RUN: "was not run",
}


def to_be_read(checked: Checked, fail_on: FailOn) -> Sequence[Item]:
    """What did not pass: what stops first, each in the order of the gates."""
    noted = [item for item in checked.items if item.status is not Status.PASS]
    return sorted(noted, key=lambda item: not item.stops(fail_on))


def place(item: Item) -> tuple[str, int]:
    """File, relative to the current folder where it is inside, and line of an item's declaration.

    >>> from evaluator.gate.items import Gate
    >>> place(Item(Gate.DATA, "stale", Status.WARN, "old", where="experiments/x.toml:12"))
    ('experiments/x.toml', 12)
    """
    name, _, line = item.where.rpartition(":")
    if not line.isdigit():
        name, line = item.where, "1"
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return (path.as_posix() if name else "", int(line))


def told(item: Item) -> str:
    """An item in full: its sentence, as approved and now, and what to do; a line each."""
    change = f"as approved: {item.old}\nnow: {item.new}" if item.old or item.new else ""
    return "\n".join(part for part in (item.sentence, change, item.todo) if part)


def what_moved(checked: Checked) -> str:
    """Which of the parts that a result rests on moved, and which did not.

    >>> from evaluator.gate.items import Part
    >>> what_moved(Checked("x", (Part("data", True, "ODPS"), Part("code", False)), ()))
    'moved: data (ODPS); unmoved: code'
    """
    moved = [f"{p.name} ({p.what})" if p.what else p.name for p in checked.parts if p.moved]
    still = [part.name for part in checked.parts if not part.moved]
    said = (("moved", moved), ("unmoved", still))
    return "; ".join(f"{word}: {', '.join(names)}" for word, names in said if names)
