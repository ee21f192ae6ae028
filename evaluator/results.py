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
class Wording:
    """How a verdict about an estimand is said: by as much as the estimand identifies, no more.

    The sentence is "{what is counted} {verb} {up or down} {by}". Left as it is, it only describes.
    """

    by: str = "together with the campaign"
    verb: str = ""
    up: str = "rose"
    down: str = "fell"
    base: str = "what they would have been had they gone on as before"
    """What a lift is a multiple of."""


@dataclass(frozen=True, slots=True)
class Estimand:
    """What a number compares, and what that identifies."""

    name: str
    """Short, in formulas' words: `log lift A − log lift B`."""
    compares: str
    identifies: str
    needs: tuple[str, ...] = ()
    not_identified: str = ""
    wording: Wording = field(default=Wording())


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
    power: float | None = None
    """Chance with which the look notices a departure that moves the estimate by one standard
    error, where that is known."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A week of an event study: how far the comparison moved there from its reference."""

    week: int
    """Weeks from the window's first: −1 is the last week before it, 0 the first inside."""
    log_lift: float
    interval: Interval
    """Of this week alone."""
    simultaneous: Interval
    """Holds together with those of all other weeks before the window."""


@dataclass(frozen=True, slots=True)
class EventStudy:
    """A comparison week by week, before the window and in it."""

    weeks: tuple[Lead, ...]
    p: float
    """Of no departure in any week before the window (sup-t)."""
    slope: float
    """Differential log trend a week before the window."""
    slope_interval: Interval
    overturning: float
    """The differential trend a week that would bring the interval's nearer end to no effect."""
    power: float
    """Chance that the look at the weeks before the window notices `overturning`."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Intervals that hold under bounded departures from parallel trends (Rambachan & Roth)."""

    kind: str
    """`relative magnitudes` or `smoothness`."""
    at: tuple[float, ...]
    """Sizes of the departure allowed, ascending from 0."""
    intervals: tuple[Interval, ...]
    """Of the log lift, one for each size."""
    breakdown: float
    """Smallest size at which no effect is inside; 0 where it always is, infinite if never."""


@dataclass(frozen=True, slots=True)
class Placebos:
    """The same estimate where nothing was promoted."""

    kind: str
    """`in space`: other courses; `in time`: earlier weeks; `permuted`: labels redrawn."""
    log_lifts: tuple[float, ...]
    """Ascending."""
    p: float
    """Share, its own one included, at least as far from no effect as the row's estimate."""


@dataclass(frozen=True, slots=True)
class Without:
    """The estimate without one course, country or week."""

    kind: str
    left_out: str
    log_lift: float


@dataclass(frozen=True, slots=True)
class Measured:
    """How often a row's interval held what was planted, over campaigns of one kind."""

    world: str
    """`placebo`: held-out other courses and weeks; `fitted`: worlds fitted to the promoted
    courses' own reference; otherwise the name of a planted violation."""
    lift: float
    """Planted, multiplicative."""
    campaigns: int
    coverage: float
    coverage_se: float
    """Clustered by course and window, where campaigns share them."""
    found: float
    """Share with p ≤ 1 − level: size where the lift is 1, power elsewhere."""
    half_width: float
    """Mean half-width of the interval, log scale."""
    stretch: float
    """Factor on the half-width at which the interval would have covered as often as it says."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A wider interval that what was measured or found calls for: it can weaken a verdict."""

    name: str
    """What it is, for a column or a line: `stretched to its measured coverage`."""
    stretch: float = 1.0
    """Factor on both half-widths of the interval that decides."""
    interval: Interval | None = None
    """Of the log lift, where it is no stretched one."""

    def around(self, log_lift: float, own: Interval) -> Interval:
        """The wider interval beside `own`, which it always holds."""
        low, high = own.low, own.high
        if self.interval is not None:
            low, high = min(low, self.interval.low), max(high, self.interval.high)
        reach = max(self.stretch, 1.0)
        low, high = log_lift - reach * (log_lift - low), log_lift + reach * (high - log_lift)
        return Interval(low, high, own.level)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was looked at for a row, in numbers: behind its findings and its figures."""

    event_study: EventStudy | None = None
    bounds: tuple[Bounds, ...] = ()
    placebos: tuple[Placebos, ...] = ()
    without: tuple[Without, ...] = ()
    measured: tuple[Measured, ...] = ()


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
    """Measured on placebo campaigns of this panel, at no lift."""
    coverage_se: float | None = None
    beside: tuple[Beside, ...] = ()
    """Wider intervals that the verdict has to hold in as well."""
    breakdown: float | None = None
    """Departure from parallel trends, relative to the largest before the window, from which on
    no effect is not excluded."""
    findings: tuple[Finding, ...] = field(default=())
    evidence: Evidence = field(default=Evidence())


def _exp(x: float) -> float:
    return math.exp(x) if x < 700 else math.inf
