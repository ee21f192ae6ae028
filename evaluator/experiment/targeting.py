"""Whom to contact next: people of whom chance held some out, and what a contact is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class OutcomeKind(StrEnum):
    """How the list says what became of a person."""

    DAY = "day"
    """The day it happened, or blank: it counts inside the window."""
    NUMBER = "number"
    """A number from 0 up, as a count or an amount."""


class FeatureKind(StrEnum):
    """What the values of a feature are."""

    CATEGORY = "category"
    NUMBER = "number"


class Role(StrEnum):
    """What a feature says of a person; effects are shown by the groups it makes."""

    PERSONA = "persona"
    COUNTRY = "country"
    """Its groups are the declared country groups, where there are any."""
    LANGUAGE = "language"
    BEHAVIOUR = "behaviour"


@dataclass(frozen=True, slots=True)
class ContactArm:
    """What one part of the list was sent, or that it was held out."""

    name: str
    """As the list writes it."""
    share: float | None = None
    """Probability with which chance put a person here; None: chance did not decide."""
    cost: float = 0.0
    """Of one contact."""


@dataclass(frozen=True, slots=True)
class Feature:
    """What was known of a person before anything was sent."""

    name: str
    kind: FeatureKind
    known: date
    """Day on which it was known."""
    role: Role
    cuts: tuple[float, ...] = ()
    """Where the groups of a number begin, after the lowest."""


@dataclass(frozen=True, slots=True)
class Targeting:
    """A contact list, its arms, and the worth of an outcome."""

    source: str
    """Name of the source (kind `contacts`)."""
    outcome: OutcomeKind
    value: float
    """Of one outcome, in the currency of the costs."""
    holdout: ContactArm
    arms: tuple[ContactArm, ...]
    features: tuple[Feature, ...]
    currency: str = ""
    next: str | None = None
    """Name of the source that lists whom to choose from next; None: the same list."""
    smallest_group: int = 50
    """Groups of fewer people are shown as suppressed."""

    @property
    def randomised(self) -> bool:
        """Whether chance decided, with known probabilities, who was sent what."""
        return self.holdout.share is not None
