"""What every design of a template begins with: its words, days, units, and chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from evaluator.experiment.protocol import Span
from evaluator.planning.templates import Template

_LISTED = "KE NG IN PH IT FR MX SN ET GH ZA TZ UG PK BD EG ID TR PE CO BR US GB DE"
COUNTRIES = tuple(_LISTED.split())


@dataclass(frozen=True, slots=True)
class Frame:
    """What every design begins with."""

    template: Template
    start: date
    seed: int
    path: Path
    simulated: bool

    def week(self, number: int, weeks: int = 1) -> Span:
        """Days of a week of the window, or of several from it on."""
        first = self.start + timedelta(7 * number)
        return Span(first, first + timedelta(7 * weeks - 1))

    def draw(self, names: Sequence[str], groups: Mapping[str, int]) -> dict[str, str]:
        """Chance divides units into groups of these sizes: unit → group.

        Without NumPy, which takes longer to import than all else of a file to begin with.
        """
        labels = [group for group, size in groups.items() for _ in range(size)]
        Random(self.seed).shuffle(labels)
        return dict(zip(names, labels, strict=True))

    def units(self) -> tuple[str, ...]:
        """Countries, or whatever stands in the column `country`."""
        if self.template.unit == "country":
            return COUNTRIES
        return tuple(f"{self.template.unit}-{number:02d}" for number in range(1, 25))

    def file(self, name: str) -> Path:
        """Of an export, or of what is simulated in its place."""
        return self.path.parent / (f"{name}.simulated.csv.gz" if self.simulated else f"{name}.csv")


def members(drawn: Mapping[str, str], group: str) -> tuple[str, ...]:
    """Units that chance put in a group."""
    return tuple(unit for unit, own in drawn.items() if own == group)
