"""What is asked of the next experiment: rows drawn together, the lifts, how many worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.calibration.rows import Kind
from evaluator.comparisons import ALL, Comparison, Planned
from evaluator.effects import Setting
from evaluator.resolve import Resolved
from evaluator.results import RowKey


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Rows of one question in a template, and what is to be simulated."""

    resolved: Resolved
    """As these rows see it."""
    rows: tuple[Planned, ...]
    """Headline rows with a comparison, see `drawn_together`."""
    lifts: tuple[float, ...]
    worlds: int
    setting: Setting
    kind: Kind
    group: int = 0
    """Which of the groups of its question."""

    @property
    def comparisons(self) -> list[Comparison]:
        return [row.comparison for row in self.rows if isinstance(row.comparison, Comparison)]

    def stream(self, what: str) -> np.random.Generator:
        """Random numbers of their own for every purpose, whatever else is drawn."""
        question, group = self.rows[0].key.question, f"group {self.group}" if self.group else ALL
        variant = f"{self.kind.value}: {what}"
        key = RowKey(question, "", group, method="power", variant=variant)
        return self.setting.generator(key)


def drawn_together(rows: Sequence[Planned]) -> list[tuple[Planned, ...]]:
    """Rows of a question by how they are drawn; those that are concluded together stay so.

    By country or not, day by day for channels, and by the courses that they are compared with:
    some rows see those left out of every promotion.
    """
    groups: dict[tuple[bool, bool, int], list[Planned]] = {}
    for row in rows:
        own = row.comparison
        if isinstance(own, Comparison):
            by_channel = row.key.method == "channel_mean"
            group = by_channel, own.in_a is not None, own.other.shape[-3]
            groups.setdefault(group, []).append(row)
    return [tuple(own) for own in groups.values()]
