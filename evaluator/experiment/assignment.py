"""How the parts of a design came about: what was drawn, by which rule, within which groups."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AssignmentRule(StrEnum):
    """How a part of the design was decided."""

    SIMPLE = "simple"
    """Drawn among all, so many of each."""
    STRATIFIED = "stratified"
    """Drawn within each group."""
    MATCHED_PAIRS = "matched pairs"
    """Drawn within each pair."""
    RE_RANDOMISED = "re-randomised"
    """Drawn again until a declared balance was reached."""
    NONE = "none"
    """Not drawn: somebody chose."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How one part of the design was assigned; what came out is in the waves and the arms."""

    rule: AssignmentRule
    groups: tuple[tuple[str, ...], ...] = ()
    """Strata or pairs within which it was drawn; none: all together."""
    criterion: str = ""
    """The balance at which redrawing stopped, in words."""
    network: str = ""
    """Of an order: the network on which it was drawn; empty: all that have both orders."""

    @property
    def random(self) -> bool:
        return self.rule is not AssignmentRule.NONE

    def group_of(self, name: str) -> int:
        """Position of the group that holds a name; −1 where none does."""
        return next((i for i, group in enumerate(self.groups) if name in group), -1)


@dataclass(frozen=True, slots=True)
class Assignment:
    """What was assigned, each part with its rule; None: nothing is declared of it."""

    seed: int | None = None
    """From which all draws can be made again."""
    courses: Drawn | None = None
    """Which of the courses are promoted, which left out."""
    countries: Drawn | None = None
    """Which of the countries are arm A."""
    order: Drawn | None = None
    """Which of the promoted courses have paid promotion first, and which organic."""
    weeks: Drawn | None = None
    """Which weeks are promoted."""
