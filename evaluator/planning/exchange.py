"""The weeks in which channels are told apart best: exchange of sequences, cohort by cohort."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

import numpy as np

from evaluator.comparisons.waves import WEEKS_AFTER
from evaluator.errors import NotIdentified
from evaluator.estimators.arrays import Array
from evaluator.experiment.planned import Plan
from evaluator.planning.assignment import Units, switchback
from evaluator.planning.schedule import (
    Calendar,
    Schedule,
    Slot,
    Track,
    Wanted,
    calendar_of,
    distance_remarks,
    too_few_weeks,
)

REFERENCE_WEEKS = 8
MOST_SEQUENCES = 6000
"""Sequences of one cohort that are compared; more than these are thinned evenly."""
SWEEPS = 12
SWITCHED = 7
"""Number of this part in the seeds."""
CLEAR = 1e3
"""What a course is worth, in logs of information, on whose own days a portfolio wave stands clear:
more than any schedule differs by, because without such a course its channel has no row."""


def scheduled(plan: Plan, wanted: Wanted, cohorts: int) -> Schedule:
    """The schedule of so many cohorts that tells the channels apart best.

    Raises
    ------
    NotIdentified : the open weeks do not hold the waves of a course with their washout
    """
    calendar = calendar_of(plan)
    # Where one wave stands in the second week after another the estimator has one column for both:
    # more weeks apart than the declared washout, where the window holds them.
    apart = list(sequences(calendar, wanted, max(wanted.washout, WEEKS_AFTER)))
    every = _thinned(apart or list(sequences(calendar, wanted, wanted.washout)))
    if not every:
        raise NotIdentified(too_few_weeks(calendar, wanted))
    weights = cohort_sizes(wanted, cohorts)
    best = _exchanged(Information(calendar, wanted, every), weights)
    tracks = [
        Track(_swapped(every[choice], wanted) if late else every[choice], cohort, first)
        for cohort, (choice, own) in enumerate(zip(best.chosen, weights, strict=True))
        for late, count in enumerate(own)
        for first in [None if wanted.swapped is None else not late] * count
    ]
    portfolio = tuple(Slot(channel, week) for channel, week in best.portfolio)
    remarks = tuple(distance_remarks(wanted, apart=bool(apart)))
    return Schedule(calendar, tuple(tracks), portfolio, remarks=remarks)


def switched(plan: Plan, wanted: Wanted) -> Schedule | None:
    """One channel on and off: of every two weeks one, by chance for each course.

    Between any two of these weeks lies the washout, so that none holds what another left. None
    where the window holds no two.
    """
    calendar, (channel,) = calendar_of(plan), wanted.channels
    taken: list[int] = []
    for week in calendar.open:
        rested = not taken or week - taken[-1] > wanted.washout
        if rested and week < calendar.weeks - wanted.washout:
            taken.append(week)
    weeks = np.array(taken[: len(taken) // 2 * 2])
    if not len(weeks):
        return None
    units = Units(tuple(map(str, range(wanted.courses))))
    on = switchback(units, len(weeks), (plan.seed, SWITCHED))
    tracks = tuple(
        Track(tuple(Slot(channel, int(week)) for week in weeks[own]), 0, None) for own in on
    )
    couples = tuple(tuple(couple) for couple in weeks.reshape(-1, 2).tolist())
    return Schedule(calendar, tracks, couples=couples)


def sequences(calendar: Calendar, wanted: Wanted, apart: int) -> Iterator[tuple[Slot, ...]]:
    """Every way to lay the waves of a course into open weeks, whole weeks `apart`.

    Of a swapped pair paid comes first and organic next, with no wave between them.
    """
    last = calendar.weeks - wanted.washout
    orders = [order for order in permutations(wanted.channels) if _side_by_side(order, wanted)]
    for weeks in combinations([w for w in calendar.open if w < last], len(wanted.channels)):
        if all(b - a > apart for a, b in pairwise(weeks)):
            yield from (tuple(map(Slot, order, weeks)) for order in orders)


def _side_by_side(order: tuple[str, ...], wanted: Wanted) -> bool:
    if wanted.swapped is None:
        return True
    paid, organic = map(order.index, wanted.swapped)
    return organic == paid + 1


def _swapped(slots: tuple[Slot, ...], wanted: Wanted) -> tuple[Slot, ...]:
    """The same weeks with the two channels of the pair the other way round."""
    if wanted.swapped is None:
        return slots
    paid, organic = wanted.swapped
    other = {paid: organic, organic: paid}
    return tuple(Slot(other.get(slot.channel, slot.channel), slot.week) for slot in slots)


def _thinned(every: list[tuple[Slot, ...]]) -> list[tuple[Slot, ...]]:
    if len(every) <= MOST_SEQUENCES:
        return every
    kept = np.linspace(0, len(every) - 1, MOST_SEQUENCES).astype(int)
    return [every[position] for position in kept]


def cohort_sizes(wanted: Wanted, cohorts: int) -> list[tuple[int, int]]:
    """Of each cohort: courses with its sequence, and with the two channels swapped."""
    sizes = [
        wanted.courses // cohorts + (number < wanted.courses % cohorts) for number in range(cohorts)
    ]
    if wanted.swapped is None:
        return [(size, 0) for size in sizes]
    # The odd one of a cohort is paid first in one cohort, organic first in the next.
    odd = np.cumsum([size % 2 for size in sizes])
    return [
        ((size + size % 2 * int(odd[n] % 2)) // 2, (size + size % 2 * int(1 - odd[n] % 2)) // 2)
        for n, size in enumerate(sizes)
    ]


@dataclass(slots=True)
class _Best:
    value: float
    chosen: list[int]
    portfolio: tuple[tuple[str, int], ...]


class Information:
    """log det of the channels' information, course and week effects and weeks after taken out.

    Courses × weeks, every course alike: then two-way effects go out by means, and the
    information of a schedule is a sum over courses less that of their total.
    """

    def __init__(
        self, calendar: Calendar, wanted: Wanted, every: Sequence[tuple[Slot, ...]]
    ) -> None:
        self.calendar, self.wanted, self.every = calendar, wanted, every
        # Where nobody is left out of it a wave of the portfolio is its days, whenever it runs.
        self.names = (*wanted.channels, *(wanted.portfolio if wanted.left_out else ()))
        self.columns = len(self.names) * (WEEKS_AFTER + 1)
        self.units = wanted.courses + wanted.others
        plain = np.stack([self.marks_of(slots) for slots in every])
        other = np.stack([self.marks_of(_swapped(slots, wanted)) for slots in every])
        self.marks = (plain, other)
        self.weeks = np.array([[slot.week for slot in slots] for slots in every])

    def marks_of(self, slots: Sequence[Slot]) -> Array:
        """(weeks, columns) of one course, each column centred over the weeks."""
        marks = np.zeros((REFERENCE_WEEKS + self.calendar.weeks, self.columns))
        for slot in slots:
            for later in range((WEEKS_AFTER + 1) * (slot.channel in self.names)):
                if slot.week + later < self.calendar.weeks:
                    column = self.names.index(slot.channel) * (WEEKS_AFTER + 1) + later
                    marks[REFERENCE_WEEKS + slot.week + later, column] = 1.0
        return np.asarray(marks - marks.mean(axis=0))

    def value(
        self, weights: Sequence[tuple[int, int]], chosen: Sequence[int], portfolio: Sequence[Slot]
    ) -> float:
        """What the search makes largest: clear courses first, then information."""
        clear = self.clear(portfolio)[list(chosen)] @ [sum(own) for own in weights]
        return float(self.log_det(*self.of(weights, chosen, portfolio)) + CLEAR * clear)

    def clear(self, portfolio: Sequence[Slot]) -> Array:
        """(sequences,) waves of the portfolio outside the waves of a course and their weeks after.

        Elsewhere the joint daily model of the course has one column for both.
        """
        after = np.array([slot.week for slot in portfolio])[:, None, None] - self.weeks
        return np.asarray(np.all((after < 0) | (after > WEEKS_AFTER), axis=-1).sum(axis=0), float)

    def of(
        self, weights: Sequence[tuple[int, int]], chosen: Sequence[int], portfolio: Sequence[Slot]
    ) -> tuple[Array, Array]:
        """Sum over courses of their information, and their total (weeks, columns)."""
        everywhere = self.marks_of(portfolio)
        reached = self.units - self.wanted.left_out
        information = np.zeros((self.columns, self.columns))
        total = np.zeros_like(everywhere)
        for own, choice in zip(weights, chosen, strict=True):
            for count, marks in zip(own, self.marks, strict=True):
                one = marks[choice] + everywhere
                information += count * one.T @ one
                total += count * one
        rest = reached - sum(map(sum, weights))
        information += rest * everywhere.T @ everywhere
        return information, total + rest * everywhere

    def log_det(self, information: Array, total: Array) -> Array:
        """Of the waves themselves, given the weeks after: (...,); −∞ where one is aliased."""
        left = information - np.swapaxes(total, -1, -2) @ total / self.units
        waves = np.arange(self.columns) % (WEEKS_AFTER + 1) == 0
        # A week after that falls outside the window leaves an empty column: it is held apart.
        empty = np.diagonal(left, axis1=-2, axis2=-1) < 1e-9
        left = left + np.eye(self.columns) * np.where(empty & ~waves, 1.0, 0.0)[..., None, :]
        later = left[..., ~waves, :][..., :, ~waves]
        whole, rest = np.linalg.slogdet(left), np.linalg.slogdet(later)
        fine = (whole.sign > 0) & (rest.sign > 0)
        given = np.where(fine, rest.logabsdet, 0.0)
        return np.asarray(np.where(fine, whole.logabsdet, -np.inf) - given, dtype=float)


def _exchanged(information: Information, weights: Sequence[tuple[int, int]]) -> _Best:
    """Exchange the sequence of one cohort at a time, then the portfolio's week, till none helps.

    References
    ----------
    Fedorov (1972); Meyer & Nachtsheim (1995), coordinate exchange.
    """
    open_weeks, channels = information.calendar.open, information.wanted.portfolio
    middle = open_weeks[len(open_weeks) // 2]
    count = len(information.marks[0])
    spread = [count * (2 * n + 1) // (2 * len(weights)) for n in range(len(weights))]
    best = _Best(-np.inf, spread, tuple((channel, middle) for channel in channels))
    for _ in range(SWEEPS):
        before = best.value
        for cohort in range(len(weights)):
            _exchange_cohort(information, weights, best, cohort)
        _exchange_portfolio(information, weights, best)
        if best.value <= before + 1e-9:
            break
    return best


def _exchange_cohort(
    information: Information, weights: Sequence[tuple[int, int]], best: _Best, cohort: int
) -> None:
    """Every sequence in the place of one cohort's, in one batch."""
    slots = [Slot(channel, week) for channel, week in best.portfolio]
    everywhere = information.marks_of(slots)
    held = [own if n != cohort else (0, 0) for n, own in enumerate(weights)]
    base, total = information.of(held, best.chosen, slots)
    size = sum(weights[cohort])
    base = base - size * everywhere.T @ everywhere
    total = total - size * everywhere
    sums = np.broadcast_to(base, (len(information.marks[0]), *base.shape)).copy()
    totals = np.broadcast_to(total, (len(sums), *total.shape)).copy()
    for count, marks in zip(weights[cohort], information.marks, strict=True):
        if count:
            one = marks + everywhere
            sums += count * (np.swapaxes(one, -1, -2) @ one)
            totals += count * one
    clear = size * information.clear(slots)
    for n, own in enumerate(held):
        clear = clear + sum(own) * information.clear(slots)[best.chosen[n]]
    values = information.log_det(sums, totals) + CLEAR * clear
    found = int(np.argmax(values))
    if values[found] > best.value + 1e-9:
        best.value, best.chosen[cohort] = float(values[found]), found


def _exchange_portfolio(
    information: Information, weights: Sequence[tuple[int, int]], best: _Best
) -> None:
    """Of the weeks clear of most courses' waves the quietest; of these the most informative."""
    for place, (channel, _) in enumerate(best.portfolio):
        found = []
        for week in _usable(information):
            tried = (*best.portfolio[:place], (channel, week), *best.portfolio[place + 1 :])
            slots = [Slot(name, own) for name, own in tried]
            value = information.value(weights, best.chosen, slots)
            quiet = -_taken(information, best.chosen, week)
            found.append((np.rint(value / CLEAR), quiet, value, tried))
        *_, best.value, best.portfolio = max(found, key=lambda own: own[:3])


def _usable(information: Information) -> list[int]:
    last = information.calendar.weeks - information.wanted.washout
    return [week for week in information.calendar.open if week < last]


def _taken(information: Information, chosen: Sequence[int], week: int) -> int:
    """Cohorts with a wave in a week."""
    return int(np.sum(information.weeks[list(chosen)] == week))
