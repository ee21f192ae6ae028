"""What a schedule can tell apart: rank, variance inflation, D-efficiency, washout, by week.

A contrast is a column of zeros and ones on days; what it has to be told from are the fixed
effects and the other columns. It is identified where something is left of it without them. Three
views, because three things are compared:

- *channels*: courses × days, with course and day effects. A wave that reaches every course on
  the same days is its days.
- *advertisements in arm A*: courses × arms × days, with effects of course and arm and of course
  and day. Advertisements that reach both arms alike are their days.
- *order*: courses × networks, with an effect of each network and week. One order on a network is
  the network; an order with weeks of its own is its weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.comparisons.channels import seen_by
from evaluator.comparisons.left_out import without_promotion
from evaluator.comparisons.order import Order, not_identified, orders_on
from evaluator.comparisons.waves import channel_of, course_waves, wave_marks
from evaluator.effects.waves import daily_columns
from evaluator.estimators.arrays import Array
from evaluator.estimators.poisson import ALIASED, variance_inflation
from evaluator.experiment.protocol import Channel, Protocol, Wave
from evaluator.planning.columns import Columns, Contrast, Index, without_effects
from evaluator.resolve import Resolved

ORDER, ARM_A = "order of paid and organic", "advertisements in arm A"
REFERENCE_WEEKS = 8
WITH_DAYS = "it reaches every course on the same days: aliased with the days themselves"
BOTH_ARMS = "no wave reaches arm A alone: aliased with each course's days"


@dataclass(frozen=True, slots=True)
class Separability:
    """What the days of a design identify, before anybody is counted."""

    contrasts: tuple[Contrast, ...]
    columns: int
    """Of all waves and the weeks after them, over courses and days."""
    rank: int
    """Of these, once course and day effects are out."""
    efficiency: float
    """D-efficiency of the channels: 1 where none is like another, 0 where one is aliased."""
    washout: float
    """Share of the days of waves that lie in no other wave of the course, nor in the two weeks
    after one."""

    def contrast(self, name: str) -> Contrast | None:
        return next((own for own in self.contrasts if own.name == name), None)

    def identifies(self, *names: str) -> bool:
        found = [self.contrast(name) for name in names]
        return all(own is not None and own.identified for own in found)


def separability(resolved: Resolved) -> Separability:
    """What the schedule of a protocol tells apart; counts are not looked at.

    Parameters
    ----------
    resolved : a past experiment, or a following one on its template
    """
    view = _channels(resolved)
    worst = inflation_by_channel(resolved)
    channels = view.contrasts([name for name in view.names if name == channel_of(name)])
    kept = tuple(replace(own, in_daily_model=worst.get(own.name, np.nan)) for own in channels)
    return Separability(
        (*kept, *_in_arm_a(resolved), *_order(resolved)),
        len(view.names),
        view.rank,
        view.efficiency([own.name for own in channels]),
        washout(resolved),
    )


def inflation_by_channel(resolved: Resolved) -> Mapping[str, float]:
    """Channel → variance inflation in the joint daily model, of the worst course that has it.

    In the model in which the channel's row stands: what also went to the portfolio is compared
    with courses left out, and is a wave of every promoted course there.
    """
    worst: dict[str, float] = {}
    for seen, names in _models(resolved):
        for course in resolved.promoted:
            base = course_waves(seen, course)
            days, X, columns = daily_columns(base)
            inflation = dict(zip(columns, variance_inflation(X, np.ones(len(days))), strict=True))
            for name in names & {name for name, _ in base.waves}:
                own = float(inflation.get(name, np.inf))
                worst[name] = max(worst.get(name, 1.0), own if own < ALIASED else np.inf)
    return worst


def _models(resolved: Resolved) -> Iterator[tuple[Resolved, set[str]]]:
    """The data as the rows of channels see them, and of which channels these are."""
    channels = {channel.name: seen_by(resolved, channel) for channel in resolved.protocol.channels}
    alone = {name for name, seen in channels.items() if seen is resolved}
    yield resolved, alone
    if len(alone) < len(channels):
        yield without_promotion(resolved), set(channels) - alone


def washout(resolved: Resolved) -> float:
    """Share of the wave days of promoted courses that no other wave has touched for two weeks."""
    free = total = 0
    for course in resolved.promoted:
        marks = wave_marks(resolved, course)
        for name, mark in marks.items():
            if name == channel_of(name):
                others = [own for key, own in marks.items() if channel_of(key) != name]
                touched = np.any(np.stack(others), axis=0) if others else np.zeros(len(mark), bool)
                total += int(mark.sum())
                free += int((mark * ~touched).sum())
    return free / total if total else 1.0


def _channels(resolved: Resolved) -> Columns:
    """Courses × days: every course that was counted, with what reached it."""
    protocol, panel = resolved.protocol, resolved.panel
    left_out = set(protocol.others.left_out)
    courses = (*resolved.promoted, *resolved.others, *resolved.left_out)
    reached = replace(
        resolved, protocol=replace(protocol, waves=_as_they_reach(resolved, courses, left_out))
    )
    first, last = _used_days(resolved)
    marks = {course: wave_marks(reached, course) for course in courses}
    names = tuple(dict.fromkeys(name for own in marks.values() for name in own))
    course, day, columns = [], [], []
    for number, code in enumerate(courses):
        opened = panel.day(resolved.first_day[code]) if code in resolved.first_day else 0
        days = np.arange(max(first, opened), last)
        course.append(np.full(len(days), number))
        day.append(days)
        none = np.zeros(panel.days, dtype=np.int8)
        own = [marks[code].get(name, none)[days] for name in names]
        columns.append(np.array(own, dtype=float).reshape(len(names), len(days)).T)
    rows = np.concatenate(columns)
    days = np.concatenate(day)
    return _view(names, rows, (np.concatenate(course), days), days, resolved, WITH_DAYS)


def _in_arm_a(resolved: Resolved) -> tuple[Contrast, ...]:
    """Courses × arms × days: whether advertisements reached arm A and not arm B."""
    protocol = resolved.protocol
    if protocol.arms is None or not _paid(protocol):
        return ()
    first, last = _used_days(resolved)
    rows, course, arm, day = [], [], [], []
    for number, code in enumerate(resolved.promoted):
        days = np.arange(max(first, resolved.panel.day(resolved.first_day[code])), last)
        for position, label in enumerate(("A", "B")):
            waves = tuple(w for w in protocol.waves if label in w.arms)
            seen = waves if label in protocol.arms.exposed else ()
            marks = wave_marks(replace(resolved, protocol=replace(protocol, waves=seen)), code)
            own = [marks[name] for name in _paid(protocol) if name in marks]
            rows.append(np.any(np.stack(own), axis=0)[days] if own else np.zeros(len(days)))
            course.append(np.full(len(days), number))
            arm.append(np.full(len(days), 2 * number + position))
            day.append(days)
    days = np.concatenate(day)
    cell = np.concatenate(course) * (resolved.panel.days + 1) + days
    groups = (np.concatenate(arm), cell)
    column = np.concatenate(rows).astype(float)[:, None]
    view = _view((ARM_A,), column, groups, days, resolved, BOTH_ARMS)
    return view.contrasts((ARM_A,))


def _order(resolved: Resolved) -> tuple[Contrast, ...]:
    """Courses × networks: whether both orders ran on one network in the same weeks."""
    protocol = resolved.protocol
    paid = [channel for channel in protocol.channels if channel.kind == "paid"]
    orders = {channel.network or channel.name: orders_on(resolved, channel) for channel in paid}
    value, cell, week = [], [], []
    for channel, (network, by_course) in zip(paid, orders.items(), strict=True):
        waves = [w for w in protocol.waves if w.channel in _on_network(protocol, channel)]
        for code, order in by_course.items():
            own = [_week(protocol, wave) for wave in waves if code in wave.courses]
            for number in own:
                value.append({Order.PAID_FIRST: 1.0, Order.ORGANIC_FIRST: 0.0}.get(order, 0.5))
                cell.append(f"{network} {min(own)}")
                week.append(number)
    if not value:
        return ()
    groups = np.unique(cell, return_inverse=True)[1]
    first = (protocol.window.start - resolved.panel.start).days
    days = first + 7 * np.array(week)
    why = not_identified(orders).reason
    view = _view((ORDER,), np.array(value)[:, None], (groups,), days, resolved, why)
    return view.contrasts((ORDER,))


def _view(
    names: tuple[str, ...],
    raw: Array,
    groups: Sequence[Index],
    days: Index,
    resolved: Resolved,
    aliased: str,
) -> Columns:
    window = resolved.protocol.window
    weeks = -(-window.days // 7)
    week = np.floor_divide(days - resolved.panel.day(window.start), 7)
    left = without_effects(raw, groups)
    return Columns(names, raw, left, np.asarray(week, dtype=np.intp), weeks, aliased)


def _as_they_reach(
    resolved: Resolved, courses: Sequence[str], left_out: set[str]
) -> tuple[Wave, ...]:
    """Waves with every course they reach by name: of the portfolio too, not those left out."""
    every = tuple(course for course in courses if course not in left_out)
    promoted = set(resolved.promoted)
    return tuple(
        replace(
            wave,
            courses=tuple(
                course
                for course in every
                if (course in wave.courses or (course in promoted and not wave.courses))
                or (wave.portfolio and course not in promoted)
            ),
        )
        for wave in resolved.protocol.waves
    )


def _on_network(protocol: Protocol, paid: Channel) -> set[str]:
    """The paid channel and the organic ones of its network."""
    pages = [c for c in protocol.channels if c.kind == "organic" and paid.network]
    return {paid.name, *(c.name for c in pages if paid.network.casefold() in c.network.casefold())}


def _week(protocol: Protocol, wave: Wave) -> int:
    return (wave.span.start - protocol.window.start).days // 7


def _used_days(resolved: Resolved) -> tuple[int, int]:
    """First day of the reference, and the day after the window."""
    panel, protocol = resolved.panel, resolved.protocol
    weeks = protocol.reference.weeks or REFERENCE_WEEKS
    start, stop = panel.day(protocol.window.start), panel.day(protocol.window.end) + 1
    return max(start - 7 * weeks, 0), stop


def _paid(protocol: Protocol) -> list[str]:
    return [channel.name for channel in protocol.channels if channel.kind == "paid"]
