"""The small frozen types every room speaks: what a number is, not how it was made."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, SupportsFloat


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends, and the level at which it was asked for."""

    low: float
    high: float
    level: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def exp(self) -> Interval:
        return Interval(_exp(self.low), _exp(self.high), self.level)


class Distribution(Protocol):
    """A confidence distribution: one object gives the interval and the p-value.

    `cdf(x)` is the one-sided p-value of the hypothesis "effect ≥ …" read as a function of x;
    `quantile` is its inverse.
    """

    def cdf(self, x: float) -> SupportsFloat: ...

    def quantile(self, probability: float) -> SupportsFloat: ...


@dataclass(frozen=True, slots=True)
class Estimand:
    """What a number compares, and what that identifies."""

    name: str
    """Short, in formulas' words: `log lift A − log lift B`."""
    compares: str
    identifies: str
    needs: tuple[str, ...] = ()
    not_identified: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """A log-scale effect with the one distribution that gives its interval and its p-value."""

    log_lift: float
    distribution: Distribution
    estimand: Estimand

    @property
    def lift(self) -> float:
        return _exp(self.log_lift)

    def interval(self, level: float = 0.95) -> Interval:
        """Equal-tailed interval of the log lift."""
        tail = (1 - level) / 2
        low, high = (float(self.distribution.quantile(p)) for p in (tail, 1 - tail))
        return Interval(low, high, level)

    def p_value(self, null: float = 0.0) -> float:
        """Two-sided; at most 1 − level exactly when `interval(level)` excludes `null`."""
        below = float(self.distribution.cdf(null))
        return min(1.0, 2 * min(below, 1 - below))


@dataclass(frozen=True, slots=True)
class Simultaneous:
    """An effect at the level at which its family of rows decides.

    `divisor` ≥ 1 is what multiplicity costs this row: the interval at level 1 − α is the
    effect's own at 1 − α / divisor, and `p_adjusted` is at most α exactly when that excludes
    no effect, at the declared α.
    """

    effect: Effect
    divisor: float
    p_adjusted: float

    def interval(self, level: float = 0.95) -> Interval:
        own = self.effect.interval(1 - (1 - level) / self.divisor)
        return Interval(own.low, own.high, level)


@dataclass(frozen=True, slots=True)
class Amount:
    """An absolute number (extra enrolments) with its interval and the p-value that goes with it."""

    value: float
    interval: Interval
    p: float


@dataclass(frozen=True, slots=True)
class Extra:
    """Extra enrolments: what happened against what would have (realised), and its expectation."""

    realised: Amount
    expected: Amount


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A cell drawn towards the mean of its kind: exploratory, with the weight shown."""

    log_lift: float
    interval: Interval
    """Of the log lift."""
    weight_on_own: float
    """Share of the cell's own estimate; the rest is the mean."""
    extra: Interval | None = None
    """Of the realised extra at the shrunk lift, in counts; its middle is `extra_value`."""
    extra_value: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one channel of an overlap is credited with, by a convention."""

    channel: str
    alone: float
    """Extra if the other had not run: the smallest reading."""
    last: float
    """Extra added to the other: the largest reading."""
    shapley: float
    """Their average."""


@dataclass(frozen=True, slots=True)
class Share:
    """A proportion with its interval, and how many it is a share of."""

    value: float
    interval: Interval
    of: float


@dataclass(frozen=True, slots=True)
class NotRun:
    """A value that says why there is no number."""

    reason: str


class Status(StrEnum):
    """Of a finding. *Not run* is never a pass."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Finding:
    """An assumption or a property of the data, looked at."""

    name: str
    status: Status
    sentence: str
    todo: str = ""
    margin: float | None = None
    """Signed distance to the rule's boundary, in the rule's own unit; positive is inside."""


class Verdict(StrEnum):
    """The only words in which a conclusion is drawn."""

    RAISED = "raised"
    LOWERED = "lowered"
    RAISED_UNCERTAIN = "raised, size uncertain"
    LOWERED_UNCERTAIN = "lowered, size uncertain"
    NO_EFFECT = "no effect worth having"
    NOT_PRECISE = "not precise enough"
    DESCRIPTIVE = "descriptive"
    REFUSED = "refused"


class RowStatus(StrEnum):
    """What kind of answer a row is."""

    ESTIMATED = "estimated"
    DESCRIPTIVE = "descriptive"
    REFUSED = "refused"
    SUPPRESSED = "suppressed"


class RowRole(StrEnum):
    """Why a row stands in the table."""

    HEADLINE = "headline"
    ROBUSTNESS = "robustness"
    SENSITIVITY = "sensitivity"
    EXPLORATORY = "exploratory"
    """One of many cells, looked at together under false-discovery control."""


@dataclass(frozen=True, slots=True)
class RowKey:
    """What a row is about; unique in an evaluation."""

    question: str
    course: str
    channel: str = "all"
    arm: str = "all"
    method: str = ""
    variant: str = "default"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result: an effect, a descriptive number, or a refusal with its reason."""

    key: RowKey
    role: RowRole
    status: RowStatus
    estimand: Estimand
    verdict: Verdict
    level: float
    effect: Effect | None = None
    simultaneous: Simultaneous | None = None
    extra: Extra | None = None
    extra_simultaneous: Interval | None = None
    """Of the realised extra, at the level at which `simultaneous` decides."""
    shrunk: Shrunk | None = None
    parts: tuple[Part, ...] = ()
    """Conventional split of a joint effect over the channels of an overlap."""
    attributed: float | None = None
    """Last-touch count of the row's channel and courses: beside the effect, never mixed."""
    spend: float | None = None
    """Delivered spend of the row's channel and courses, in the currency of the table."""
    cost_per_attributed: float | None = None
    cost_per_extra: float | None = None
    cost_per_extra_interval: Interval | None = None
    """From the realised extra; the upper end is infinite where no extra is not excluded."""
    cost_note: str = ""
    """What the interval of the cost leaves open."""
    share: Share | None = None
    """Where the row is about a share: of those concerned, how many have the outcome."""
    reason: str = ""
    observed: float | None = None
    """Outcome counted in the window for the treated units of this row."""
    n_reference: int | None = None
    n_window: int | None = None
    coverage: float | None = None
    coverage_se: float | None = None
    findings: tuple[Finding, ...] = field(default=())


def _exp(x: float) -> float:
    return math.exp(x) if x < 700 else math.inf
