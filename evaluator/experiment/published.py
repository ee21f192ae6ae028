"""Published claims: what somebody printed, of whom and when, and what recomputes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from evaluator.experiment.printed import Printed, read_printed

if TYPE_CHECKING:
    from datetime import date

    from evaluator.experiment.protocol import Span


class Obtained(StrEnum):
    """How whoever published a figure came by it: what it can be compared with follows."""

    COUNTED = "counted"
    """A number of what happened, of nobody's doing."""
    LAST_TOUCH = "last_touch"
    """Enrolments that carry a channel's tag, or that a platform counts as its own."""
    BEFORE_AFTER = "before_after"
    """The same series before and during, and nothing else."""
    OBSERVATIONAL = "observational"
    """Those who did something beside those who did not, as they chose."""
    COMPARISON = "comparison"
    """Against what would have been, by a design: an effect."""


class Operation(StrEnum):
    """Arithmetic on published figures."""

    SAME = "same"
    """The same thing published elsewhere."""
    SUM = "sum"
    MEAN = "mean"
    DIFFERENCE = "difference"
    """The first less the second."""
    RATIO = "ratio"
    """The first over the second; in per cent where the unit of the claim begins with %."""
    FACTOR = "factor"
    """A change in per cent as a factor: +266% is ×3.66."""
    PERCENT = "percent"
    """A factor as a change in per cent: ×3 is +200%."""
    PER_DAY = "per_day"
    """A change in per cent between two windows, brought from totals to a day of each."""


class Untouched(StrEnum):
    """What may have been left alone by every promotion."""

    ARM_B = "arm_b"
    OTHER_COURSES = "other_courses"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of those asked: how far so many leave it open, and whether so many can give it."""

    of: str | float | None = None
    """How many were asked, as printed, where the source says it."""
    random: bool = False
    """Whether chance drew them, as the source says."""
    against: str | None = None
    """Name of another claim: a share that this one is set beside."""

    @property
    def asked(self) -> Printed | None:
        return None if self.of is None else read_printed(self.of)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Recomputed from other published figures."""

    operation: Operation
    of: tuple[str, ...]
    """Names of the claims."""


@dataclass(frozen=True, slots=True)
class OfCounts:
    """Recomputed from the counts of the outcome.

    Over the window of the claim: their number, or, where the claim says `before`, how much more
    they are than then: in per cent, or as a factor where the unit begins with ×.
    """

    courses: tuple[str, ...]
    weekdays: tuple[int, ...] = ()
    """Monday is 0; empty: all days."""
    per_day: bool = False
    """Whether means a day are compared, not totals."""
    by_weekday: bool = False
    """Whether it is the mean of the changes by weekday, each alike."""


@dataclass(frozen=True, slots=True)
class OfRow:
    """Set beside a row of the evaluation."""

    question: str
    course: str = "all"
    channel: str = "all"
    arm: str = "all"
    method: str = ""
    """Of a row; empty: the headline row."""
    figure: str = "extra"
    """`extra`: extra enrolments; `lift`: a factor; `percent`: the lift as a change in per cent."""


@dataclass(frozen=True, slots=True)
class OfDesign:
    """A statement about the design, recomputed from waves, arms and previous campaigns."""

    untouched: tuple[Untouched, ...] = ()
    """Said to be left alone."""
    apart: tuple[str, ...] = ()
    """Channels whose effects are said, or read, one by one."""


@dataclass(frozen=True, slots=True)
class OfExposure:
    """A figure of two arms whose exposure is declared under `[exposure]`."""

    name: str
    """Of the proportion, or of what is invariant."""
    figure: str
    """`difference`, `se`, `low`, `high`, `p`, `sign_days`, `sign_p`, `share` …: see `exposed`."""


Recomputed = Proportion | Arithmetic | OfCounts | OfRow | OfDesign | OfExposure


@dataclass(frozen=True, slots=True)
class Published:
    """What somebody published. What is empty or None, the source does not say."""

    name: str
    value: str | float | None = None
    """As printed; None: it is in words only."""
    unit: str = ""
    window: Span | None = None
    before: Span | None = None
    """Where it is a change: the days that it is a change from."""
    population: str = ""
    definition: str = ""
    obtained: Obtained = Obtained.COUNTED
    effect: bool = False
    """Whether it is said as the effect of something, however it was obtained."""
    source: str = ""
    quote: str = ""
    published: date | None = None
    """Day on which it was published."""
    recompute: Recomputed | None = None
    """None: nothing recomputes it."""

    @property
    def printed(self) -> Printed | None:
        """The numbers that would print so."""
        return None if self.value is None else read_printed(self.value, self.unit)


@dataclass(frozen=True, slots=True)
class Intervention:
    """Advice that can be tested: what is changed, what it is to move, and what would tell."""

    name: str
    change: str
    outcome: str
    comparison: str
    """What is compared with what."""
    template: str
    """Name of the experiment file that `evaluator init` writes for it."""
