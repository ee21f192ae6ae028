"""The protocol: what was planned, in concrete terms, frozen and hashed.

`Spec` (see `spec`) is the file as written; a `Protocol` is what it means: every date a
`datetime.date`, every rule explicit, every default filled in. It knows nothing of data: the
countries of arm A may still be a rule (`TopCountries`), which `evaluator.resolve` applies.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from evaluator.experiment.assignment import Assignment
from evaluator.experiment.budget import Budget
from evaluator.experiment.exposure import Exposure
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.kpi import Kpi
from evaluator.experiment.limits import Gate, Sharing
from evaluator.experiment.negative import NegativeControl
from evaluator.experiment.planned import Plan
from evaluator.experiment.published import Intervention, Published
from evaluator.experiment.secondary import Secondary
from evaluator.experiment.targeting import Targeting


class DataKind(StrEnum):
    """Whether the numbers were observed or made."""

    OBSERVED = "observed"
    SYNTHETIC = "synthetic"


class Bin(StrEnum):
    """Length of a period of the weekly-series comparisons."""

    WEEK = "week"
    DAY = "day"


class Quoted(StrEnum):
    """Which of two estimates of arm A against arm B a row quotes."""

    WIDER = "wider"
    UNITS = "units"
    SERIES = "series"


class Question(StrEnum):
    """The questions a protocol can ask; each becomes rows."""

    PROMOTED_VS_OTHER = "promoted_vs_other"
    A_VS_B = "a_vs_b"
    PRE_VS_CAMPAIGN = "pre_vs_campaign"
    CHANNELS = "channels"
    GEOGRAPHY = "geography"
    PORTFOLIO = "portfolio"
    ORDER = "order"
    SECONDARY = "secondary"
    WEEKDAYS = "weekdays"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def shifted(self, days: int) -> Span:
        return Span(self.start + timedelta(days), self.end + timedelta(days))

    def overlaps(self, other: Span) -> bool:
        return self.start <= other.end and other.start <= self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        return f"{self.start:%-d %b %Y} – {self.end:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class Course:
    """One promoted course."""

    code: str
    title: str
    available_from: date | None = None
    """First day on which anybody could enrol; None: before the data begin."""
    published_total: int | None = None
    """Enrolments published for the window, where somebody published them."""
    assumed: bool = False
    """Whether `available_from` is assumed rather than published."""
    own_deadlines: bool = False
    """Whether the course has a deadline calendar of its own (placebo comparison refused)."""
    status: str = "existing"
    """What the course was before: `existing`, `newly published` or `new`."""
    outcome: str | None = None
    """What is counted of it, plural, where that is not the experiment's outcome."""


@dataclass(frozen=True, slots=True)
class Others:
    """The courses that nobody promoted individually: listed, or named by a catalogue table."""

    codes: tuple[str, ...] = ()
    catalogue: str | None = None
    """Name of the source (kind `courses`) that lists them."""
    left_out: tuple[str, ...] = ()
    """Which of them no promotion reaches, not even that of the whole portfolio."""


@dataclass(frozen=True, slots=True)
class TopCountries:
    """Arm A = the `n` countries with most participants in the topic of the course."""

    n: int
    source: str
    """Name of the source (kind `participants`)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Arm A = these countries; a course not named in `by_course` takes `countries`."""

    countries: tuple[str, ...] = ()
    by_course: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Arms:
    """How the units (countries) split into arm A and arm B (all the rest)."""

    rule: TopCountries | Listed
    exposed: tuple[str, ...] = ("A", "B")
    """Arms that saw the campaign."""
    persona: tuple[str, ...] = ("A", "B")
    """Arms to which the persona targeting applied."""
    reading: str = ""
    """Which reading of the source the declaration takes, in words."""
    quoted: Quoted = Quoted.WIDER
    """Which estimate of one course's A against B is quoted; the others stand beside it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A medium with waves."""

    name: str
    kind: str
    """`paid`, `organic`, `email` or `page`."""
    network: str = ""
    tag: str | None = None
    """Last-touch label of this channel on an enrolment."""


@dataclass(frozen=True, slots=True)
class Wave:
    """One burst of promotion on one channel."""

    id: str
    channel: str
    courses: tuple[str, ...]
    """Promoted courses it advertises; empty: the whole portfolio."""
    portfolio: bool
    """Whether it also advertises the courses that nobody promoted individually."""
    span: Span
    arms: tuple[str, ...] = ("A", "B")
    assumed: bool = False
    """Whether the dates are assumed rather than published."""
    bounds: Span | None = None
    """Published bounds that assumed dates respect."""
    budget: Budget | None = None
    """How its money was to be split between the arms, where somebody planned that."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something else that happened: a previous campaign, an incident, a deadline."""

    name: str
    span: Span
    courses: tuple[str, ...] = ()
    """Courses concerned; empty: not published, so possibly all."""
    note: str = ""
    left_out: bool = False
    """Whether its days are no days of a series that has only its own past to compare with."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The weeks before the window that are used as base."""

    weeks: int | None = 8
    """None: all of history."""
    sensitivity: tuple[int | None, ...] = (4, None)
    its_weeks: int = 26
    """Reference of the interrupted time series, at most."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The rule that turns an interval into a verdict."""

    level: float = 0.95
    smallest_lift: float = 1.1
    """Smallest multiplicative lift worth having."""
    precision: float = 1.5
    """A size is reported as known when lift / low and high / lift are at most this factor."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Which of the longer looks at assumptions are taken."""

    causal_graph: bool = True
    """Whether DoWhy reads the causal graph, in a process beside the estimation."""


@dataclass(frozen=True, slots=True)
class Source:
    """One table: where it lies and what its columns are called."""

    name: str
    kind: str
    """`events` (a row an enrolment), `counts` (unit, day, value), `courses`, `participants`,
    `delivery`, `posts`, `email`, `conversions` (day, learner), `contacts` (a row a person),
    `negative_control` (course, day, value), `arms` (a row a day and arm)."""
    paths: tuple[Path, ...]
    """Absolute; patterns expanded by the reader."""
    columns: tuple[tuple[str, str], ...] = ()
    """(what the program calls it, what the file calls it)."""
    course: str | None = None
    """Course of every row, for tables without a course column."""
    absent_is_zero: bool = False
    """Whether a table of counts leaves out its zeros, so that a missing cell is no gap."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A declared experiment, concrete and hashed."""

    name: str
    title: str
    path: Path
    as_of: date
    timezone: str
    data_kind: DataKind
    seed: int
    window: Span
    courses: tuple[Course, ...]
    others: Others
    arms: Arms | None
    channels: tuple[Channel, ...]
    waves: tuple[Wave, ...]
    sources: tuple[Source, ...]
    questions: tuple[Question, ...]
    bin: Bin = Bin.WEEK
    outcome: str = "enrolments"
    """What is counted, plural, for sentences."""
    unit: str = "country"
    """What the units of an arm are, singular, for sentences."""
    series: str = "course"
    """What is called a course here, singular, for sentences."""
    history_from: date | None = None
    """First day to read; None: the first day in the data."""
    closed_days: tuple[date, ...] = ()
    """Days on which nothing could be counted: a gap there is no error."""
    reference: Reference = field(default_factory=Reference)
    decision: Decision = field(default_factory=Decision)
    assumptions: Assumptions = field(default_factory=Assumptions)
    gate: Gate = field(default_factory=Gate)
    sharing: Sharing = field(default_factory=Sharing)
    previous_campaigns: tuple[Event, ...] = ()
    incidents: tuple[Event, ...] = ()
    deadlines: tuple[Event, ...] = ()
    country_groups: tuple[CountryGroup, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    secondary: tuple[Secondary, ...] = ()
    negative_controls: tuple[NegativeControl, ...] = ()
    targeting: Targeting | None = None
    """Of a list of contacts, where one is declared."""
    assignment: Assignment | None = None
    """How courses, countries, order or weeks were decided, where that is declared."""
    facts: tuple[tuple[str, str], ...] = ()
    """Declared facts that no estimate uses (audience, order under test): shown by `explain`."""
    claims: tuple[Published, ...] = ()
    """What somebody published."""
    interventions: tuple[Intervention, ...] = ()
    exposure: Exposure | None = None
    """Two arms without weeks before, where they are declared."""
    contradictions: tuple[tuple[str, str], ...] = ()
    """Where the source says two things of one, in words: shown among the published figures."""
    plan: Plan | None = None
    """Of the next experiment, where one is declared: no part of this one, nor of its hash."""

    @property
    def of_claims_alone(self) -> bool:
        """Whether it asks nothing of a panel of courses and lists nobody: claims are audited."""
        return not self.questions and self.targeting is None

    @property
    def hash(self) -> str:
        """SHA-256 of the protocol, independent of where the file lies."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Plain types only; paths relative to the experiment file; without the plan."""
        return {
            f.name: _plain(getattr(self, f.name), self.path.parent)
            for f in dataclasses.fields(self)
            if f.name not in ("path", "plan")
        }

    def course(self, code: str) -> Course:
        return next(course for course in self.courses if course.code == code)

    def outcome_of(self, code: str) -> str:
        """What is counted of a course, plural; of several together what they have in common."""
        own = next((course.outcome for course in self.courses if course.code == code), None)
        return own or self.outcome

    @property
    def alike(self) -> bool:
        """Whether all courses count the same thing: unlike things are never added up."""
        return len({self.outcome_of(course.code) for course in self.courses}) <= 1

    def source(self, kind: str) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.kind == kind)


def _plain(value: Any, base: Path) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _plain(getattr(value, f.name), base) for f in dataclasses.fields(value)}
        return {"type": type(value).__name__} | fields
    if isinstance(value, tuple | list):
        return [_plain(item, base) for item in value]
    if isinstance(value, Path):
        return Path(_relative(value, base)).as_posix()
    return value.isoformat() if isinstance(value, date) else value


def _relative(path: Path, base: Path) -> str:
    import os

    return os.path.relpath(path, base)
