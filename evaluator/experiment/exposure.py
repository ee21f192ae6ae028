"""Two arms without weeks before: successes and trials of each, with exposure by chance or not."""

from __future__ import annotations

from dataclasses import dataclass

TREATED, OTHER = "treated", "other"


@dataclass(frozen=True, slots=True)
class Invariant:
    """A number that the exposure cannot have moved: it shows whether the split was as planned."""

    name: str
    column: str | None = None
    """Of the source; None: the counts are declared."""
    treated: float | None = None
    other: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A proportion of each arm, and its difference, treated less other."""

    name: str
    successes: str | None = None
    trials: str | None = None
    """Columns of the source; None: the counts are declared."""
    treated: tuple[float, float] | None = None
    other: tuple[float, float] | None = None
    """(successes, trials)."""
    smallest: float | None = None
    """Smallest difference worth having, in either direction, where somebody declared one."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Two arms, who was put in which, and what is counted in each."""

    randomised: bool
    """Whether chance put each unit into an arm."""
    share: float
    """Of the units that chance was to put into the treated arm."""
    unit: str
    """What was put into an arm, singular, for sentences."""
    treated: str
    """What the treated arm is called."""
    other: str
    source: str | None
    """Name of the source (kind `arms`, a row a day and arm); None: the counts are declared."""
    invariants: tuple[Invariant, ...]
    proportions: tuple[Compared, ...]
