"""Secondary outcomes: what else became of the people who enrolled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SecondaryKind(StrEnum):
    """What makes an enrolment count."""

    NEW_LEARNERS = "new_learners"
    """The learner had enrolled in nothing before."""
    FOLLOW_UP = "follow_up"
    """The learner enrols again, in any course."""
    FEE_BASED = "fee_based"
    """The learner appears in a source of kind `conversions`."""


@dataclass(frozen=True, slots=True)
class Secondary:
    """A secondary outcome: the enrolments after which something else happened, or new ones."""

    name: str
    kind: SecondaryKind
    days: int | None = None
    """Within how many days after the enrolment, that day left out; None for new learners, who
    are known as such at once."""
    source: str | None = None
    """Name of the source of conversions."""
