"""Waves in weeks: a schedule that tells channels apart, with time to wear off between them.

Courses of a *cohort* have their waves in the same weeks; where the order of paid and organic is
asked, half of a cohort has the two the other way round, so that the order is not the calendar.
Which weeks those are is searched in `exchange`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evaluator.comparisons.waves import WEEKS_AFTER
from evaluator.experiment.planned import Plan
from evaluator.experiment.protocol import Span, Wave


@dataclass(frozen=True, slots=True)
class Calendar:
    """The weeks of a window, and why some are closed to waves."""

    start: date
    closed: tuple[str, ...]
    """Of each week: what closes it; empty where it is open."""

    @property
    def weeks(self) -> int:
        return len(self.closed)

    @property
    def open(self) -> tuple[int, ...]:
        return tuple(week for week, why in enumerate(self.closed) if not why)

    def week(self, number: int) -> Span:
        first = self.start + timedelta(7 * number)
        return Span(first, first + timedelta(6))


@dataclass(frozen=True, slots=True)
class Slot:
    """A wave of one channel in one week of the window."""

    channel: str
    week: int


@dataclass(frozen=True, slots=True)
class Track:
    """The waves of one course."""

    slots: tuple[Slot, ...]
    cohort: int
    paid_first: bool | None
    """None where no order is asked."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Tracks to which chance assigns the courses, and the waves of the whole portfolio."""

    calendar: Calendar
    tracks: tuple[Track, ...]
    portfolio: tuple[Slot, ...] = ()
    couples: tuple[tuple[int, ...], ...] = ()
    """Weeks of which chance promotes one, course by course; empty where waves are fixed."""
    remarks: tuple[str, ...] = ()
    """What the window did not hold."""

    def waves(
        self, courses: Sequence[str], kinds: dict[str, str], ads: tuple[str, ...]
    ) -> tuple[Wave, ...]:
        """The waves of a protocol, in the order of their days.

        An e-mail is one message to the courses of one week; all else is a wave a course.

        Parameters
        ----------
        courses : of the tracks, in their order
        kinds : channel → `paid`, `organic`, `email`
        ads : arms that see what is paid for
        """
        whom: dict[tuple[int, str, str], list[str]] = {}
        for course, track in zip(courses, self.tracks, strict=True):
            for slot in track.slots:
                alone = "" if kinds[slot.channel] == "email" else course
                whom.setdefault((slot.week, slot.channel, alone), []).append(course)
        found = [
            self._wave(Slot(channel, week), tuple(sorted(named)), kinds[channel], ads)
            for (week, channel, _), named in whom.items()
        ]
        found += [self._wave(slot, (), kinds[slot.channel], ads) for slot in self.portfolio]
        return tuple(sorted(found, key=lambda wave: (wave.span.start, wave.id)))

    def _wave(self, slot: Slot, courses: tuple[str, ...], kind: str, ads: tuple[str, ...]) -> Wave:
        week = self.calendar.week(slot.week)
        one_day = kind == "email" or not courses
        name = "-".join([slot.channel, *map(str.lower, courses if kind != "email" else ())])
        return Wave(
            id=f"{name}-week-{slot.week + 1}",
            channel=slot.channel,
            courses=courses,
            portfolio=not courses,
            span=Span(week.start, week.start) if one_day else week,
            arms=ads if kind == "paid" else ("A", "B"),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a schedule is to hold."""

    channels: tuple[str, ...]
    """With a wave for every promoted course."""
    portfolio: tuple[str, ...]
    """With one wave for all but the courses left out."""
    swapped: tuple[str, str] | None
    """Paid and organic channel of one network whose order is asked."""
    courses: int
    others: int
    """Other courses, those left out included."""
    left_out: int
    washout: int
    """Whole weeks after a wave in which its course has no other, inside the window."""


def calendar_of(plan: Plan) -> Calendar:
    """Weeks from the first day of the window; one closed day closes its week."""
    closed = []
    for number in range(plan.weeks):
        first = plan.start + timedelta(7 * number)
        week = Span(first, first + timedelta(6))
        why = [event.name for event in plan.holidays if event.span.overlaps(week)]
        why += ["blackout" for span in plan.blackouts if span.overlaps(week)]
        closed.append(", ".join(dict.fromkeys(why)))
    return Calendar(plan.start, tuple(closed))


def distance_remarks(wanted: Wanted, *, apart: bool) -> Iterator[str]:
    """What is to be said where waves stand further apart than was declared, or no further."""
    if len(wanted.channels) < 2 or wanted.washout >= WEEKS_AFTER:
        return
    if apart:
        yield (
            f"two waves of a course have {WEEKS_AFTER} weeks between them at least, more than the"
            f" {wanted.washout} of plan.washout_weeks: for so long the estimator hears a wave"
        )
        return
    yield (
        f"the open weeks hold no more than the declared washout between two waves of a course:"
        f" {wanted.washout}, where the estimator hears a wave for {WEEKS_AFTER} weeks; with more"
        " weeks, or fewer channels, they would be told apart better"
    )


def too_few_weeks(calendar: Calendar, wanted: Wanted) -> str:
    """Why no sequence of a course fits."""
    washout = wanted.washout
    needed = len(wanted.channels) * (washout + 1)
    closed = {why for why in calendar.closed if why}
    shut = f", of which {', '.join(sorted(closed))} close some" if closed else ""
    return (
        f"{len(calendar.open)} open weeks of {calendar.weeks}{shut}: one wave of each of"
        f" {', '.join(wanted.channels)} with {washout} weeks after each takes {needed};"
        " plan more weeks, fewer channels or a shorter washout"
    )
