"""What the next experiment may cost and use, and which questions it is to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluator.experiment.protocol import Course, Event, Protocol, Question, Span


@dataclass(frozen=True, slots=True)
class PlannedChannel:
    """A channel that the next experiment may use, and what it costs there."""

    name: str
    kind: str
    """`paid`, `organic`, `email` or `page`."""
    network: str = ""
    tag: str | None = None
    per_wave: float | None = None
    """Cost of one wave of one course; None: not known, or free."""
    per_enrolment: float | None = None
    """Cost of one enrolment that the channel is credited with; None: not known."""
    assumed: bool = False
    """Whether the cost is assumed rather than quoted or paid before."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """A mailing list of which chance is to hold a part out."""

    recipients: int
    holdout: float = 0.2
    """Share of the list that is sent nothing, 0 to 1."""
    response: float | None = None
    """Share of those held out who are expected to enrol all the same; None: not known."""
    assumed: bool = False
    """Whether `response` is assumed rather than counted."""


@dataclass(frozen=True, slots=True)
class PlannedMarkets:
    """Countries of which some are to be chosen: to promote in these alone."""

    sizes: tuple[int, ...]
    """Numbers of countries to promote in."""
    weeks: tuple[int, ...]
    """Lengths of the campaign."""
    lifts: tuple[float, ...]
    """Multiplicative lifts to try; below 1 where promotion is taken away."""
    include: tuple[str, ...] = ()
    """In every set."""
    exclude: tuple[str, ...] = ()
    """In none; they are compared with."""
    cost_per_extra: float | None = None
    """Money for one extra enrolment; with it, sets beyond the budget are left out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The next experiment before it has a design: questions, means and constraints."""

    name: str
    """Of the next experiment."""
    questions: tuple[Question, ...]
    start: date
    """First day of its window."""
    weeks: int
    """Length of its window."""
    channels: tuple[PlannedChannel, ...]
    courses: int
    """How many courses are to be promoted individually."""
    candidates: tuple[str, ...]
    """Codes among which they are chosen; they need history."""
    new_courses: tuple[Course, ...] = ()
    """Courses without history that are promoted whatever is chosen."""
    budget: float | None = None
    """For all channels; None: no limit."""
    currency: str = ""
    left_out: int = 0
    """Other courses that are left out of every promotion, of the portfolio too."""
    no_ads: float = 0.0
    """Share of the units (countries) that see no paid advertisement, 0 to 1."""
    mailing: Mailing | None = None
    markets: PlannedMarkets | None = None
    """A selection of countries to promote in; None: none is asked for."""
    blackouts: tuple[Span, ...] = ()
    """Days on which nothing can be promoted."""
    holidays: tuple[Event, ...] = ()
    """Days unlike others: no wave runs on them either, and readers are told which they are."""
    minimum_cell: int = 0
    """Expected enrolments in the window that a course needs in each arm to be used."""
    power: float = 0.8
    """Chance of finding the smallest lift worth having that each question should have."""
    smallest_lift: float = 1.1
    """Smallest multiplicative lift worth finding."""
    washout_weeks: int = 1
    """Whole weeks between two waves of one course, in which the first wears off."""
    seed: int = 1
    """Of the assignment, and of every draw that plans it."""

    @property
    def end(self) -> date:
        """Last day of the window."""
        return self.start + timedelta(7 * self.weeks - 1)


def plan_of(protocol: Protocol) -> Plan:
    """The declared plan; without one, the same experiment once more, with chance assigning."""
    return protocol.plan or Plan(
        name=next_name(protocol),
        questions=protocol.questions,
        start=next_start(protocol, washout_weeks=1),
        weeks=next_weeks(protocol),
        channels=tuple(PlannedChannel(c.name, c.kind, c.network, c.tag) for c in protocol.channels),
        courses=len(protocol.courses),
        candidates=tuple(course.code for course in protocol.courses),
        minimum_cell=protocol.sharing.minimum_cell,
        smallest_lift=protocol.decision.smallest_lift,
        seed=protocol.seed + 1,
    )


def next_name(protocol: Protocol) -> str:
    """Name of the experiment after this one, where none is given."""
    return f"{protocol.name}-next"


def next_start(protocol: Protocol, washout_weeks: int) -> date:
    """First Monday after everything known and run, and so many whole weeks to wear off."""
    last = max([protocol.as_of, protocol.window.end, *(w.span.end for w in protocol.waves)])
    rested = last + timedelta(1 + 7 * washout_weeks)
    return rested + timedelta(-rested.weekday() % 7)


def next_weeks(protocol: Protocol) -> int:
    """Whole weeks of this experiment's window, at least one."""
    return max(protocol.window.days // 7, 1)
