"""Published indicators, as published, and what in the data recomputes each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluator.experiment.protocol import Span


@dataclass(frozen=True, slots=True)
class Counted:
    """Recomputed from the counts of the outcome: a mean over the promoted courses."""

    per: str
    """Unit of time of KPI baseline and target: `day`, `week`, `month` or `year`."""
    result_days: float | None = None
    """Days over which the published result was counted; None: one `per`."""
    increase_percent: float | None = None
    """Increase over the KPI baseline, as the target was worded."""
    baseline_span: Span | None = None
    """Days over which the KPI baseline was counted."""
    baseline_courses: str = "promoted"
    """Courses of which the KPI baseline is the mean: `promoted` or `all`."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Recomputed from a table of posts: the figure of a post, or its mean over posts."""

    figure: str
    """Column of the figure."""
    of: str = "courses"
    """Posts concerned: of the promoted `courses`, or of the `portfolio` (all others)."""
    page: str | None = None
    """Page the posts were on; None: any."""
    shown: str | None = None
    """Column of the same figure as it was published a second time."""
    definition: tuple[str, ...] = ()
    """Columns that, by the published definition, add up to the figure."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """Recomputed from a table of e-mails: a share of the recipients."""

    figure: str
    """`opens` or `clicks`."""


@dataclass(frozen=True, slots=True)
class OfChannel:
    """Recomputed from last-touch tags and the table of delivery: a number, or so many per one."""

    name: str
    """Of the channel."""
    count: str
    """What is counted: `attributed`, `spend` or `reach`."""
    per: tuple[str, ...] = ()
    """What it is divided by: `attributed`, `clicks` or `reach`. None: it is a number. Several: the
    source does not settle which, so that each is shown and none can be compared."""
    courses: tuple[str, ...] = ()
    """Promoted courses concerned; empty: all."""
    at_least: bool = False
    """Whether the figure was published as "more than"."""
    definition: str = ""
    """What the source says that it is, or leaves unsaid, in words."""

    @property
    def is_rate(self) -> bool:
        """Whether it is a share, published as 0 to 1."""
        return bool(self.per) and self.count != "spend"


@dataclass(frozen=True, slots=True)
class Kpi:
    """A published indicator with its own unit, window and population."""

    name: str
    baseline: float | None
    target: float | None
    result: float | None
    """Each None where nobody published it."""
    unit: str
    note: str = ""
    by_course: tuple[tuple[str, float], ...] = ()
    """Results published course by course."""
    measure: Counted | Posted | Mailed | OfChannel | None = None
    """What in the data recomputes it; None: nothing."""
