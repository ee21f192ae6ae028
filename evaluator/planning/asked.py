"""What is asked of the next experiment: the rows of one question, the lifts, how many worlds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.calibration.rows import Kind
from evaluator.comparisons import Comparison, Planned
from evaluator.effects import Setting
from evaluator.resolve import Resolved
from evaluator.results import RowKey


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The rows of one question in a template, and what is to be simulated."""

    resolved: Resolved
    rows: tuple[Planned, ...]
    """Headline rows with a comparison: they are concluded together."""
    lifts: tuple[float, ...]
    worlds: int
    setting: Setting
    kind: Kind

    @property
    def comparisons(self) -> list[Comparison]:
        return [row.comparison for row in self.rows if isinstance(row.comparison, Comparison)]

    def stream(self, what: str) -> np.random.Generator:
        """Random numbers of their own for every purpose, whatever else is drawn."""
        question = self.rows[0].key.question
        variant = f"{self.kind.value}: {what}"
        return self.setting.generator(RowKey(question, "", method="power", variant=variant))
