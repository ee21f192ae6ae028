"""One entry: from a past experiment and a plan to the design of the next one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from evaluator.errors import DataError, Problem
from evaluator.experiment.planned import Plan, PlannedChannel
from evaluator.experiment.protocol import Protocol, Question
from evaluator.planning.assignment import Assigned
from evaluator.planning.exchange import scheduled, switched
from evaluator.planning.groups import (
    ORGANIC_FIRST,
    PAID_FIRST,
    TRACKS,
    country_arms,
    left_out_courses,
    orders,
    promoted_courses,
)
from evaluator.planning.next import template
from evaluator.planning.priced import Prices, prices_of
from evaluator.planning.schedule import Schedule, Wanted
from evaluator.planning.search import ByPower, Candidate, Judge, Scored, searched
from evaluator.planning.separability import Separability, separability
from evaluator.planning.successor import Parts, following
from evaluator.planning.unanswered import named, unanswered
from evaluator.resolve import Resolved

MOST_COHORTS = 4
WORLDS = 200
EQUAL_SHARE = 0.5
"""Of the information that a week would carry if all weeks carried alike: from here on a week
identifies a contrast."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the schedule, and what it is good for."""

    start: date
    closed: str
    """What closes it to waves; empty where it is open."""
    waves: tuple[str, ...]
    """Running in it, by id."""
    identifies: tuple[str, ...]
    """Contrasts of which it carries a good part of the information."""


@dataclass(frozen=True, slots=True)
class Designed:
    """The next experiment, why it is as it is, and what else was considered."""

    protocol: Protocol
    assigned: Mapping[str, Assigned]
    """Part (`countries`, `courses`, `left out`, `order`) → what chance decided."""
    schedule: Schedule
    separability: Separability
    weeks: tuple[Week, ...]
    winner: Scored
    """With its score of the search and the one on fresh worlds."""
    alternatives: tuple[Scored, ...]
    cost: float
    remarks: tuple[str, ...]
    """Candidates that were left aside, costs that are not known, and other things to read."""


def design(
    past: Resolved, plan: Plan, judge: Judge | None = None, *, worlds: int = WORLDS
) -> Designed:
    """The design of the next experiment.

    Chance divides countries and courses; the schedule is searched; schedules that tell most
    apart are judged by power, and the winner again on fresh worlds.

    Parameters
    ----------
    judge : scores a protocol; by default its power at the smallest lift worth finding
    worlds : campaigns of each score

    Raises
    ------
    DataError : too few courses, countries or money for what is wanted
    NotIdentified : the open weeks do not hold the waves
    """
    judge = judge or ByPower(past, plan.smallest_lift, worlds, past.protocol.decision.level)
    prices = prices_of(past, plan)
    afforded, remarks = _affordable(plan, prices)
    countries = country_arms(past, plan)
    chosen = promoted_courses(past, plan, countries, afforded)
    left_out = left_out_courses(past, plan, chosen.courses)
    drawn = {"countries": countries, "courses": chosen.assigned, "left out": left_out}
    made = list(_candidates(past, plan, prices, chosen.courses, drawn))
    winner, *rest = searched([candidate for candidate, _ in made], judge, plan.seed)
    best = winner.candidate
    drawn["order"] = next(order for candidate, order in made if candidate is best)
    return Designed(
        best.protocol,
        {name: own for name, own in drawn.items() if own is not None},
        best.schedule,
        best.separability,
        tuple(_weeks(best)),
        winner,
        tuple(rest),
        best.cost,
        (*remarks, *chosen.remarks, *best.schedule.remarks, *_unanswered(past, best.protocol)),
    )


def _candidates(
    past: Resolved,
    plan: Plan,
    prices: Prices,
    promoted: tuple[str, ...],
    drawn: Mapping[str, Assigned | None],
) -> Iterator[tuple[Candidate, Assigned | None]]:
    """Every schedule with courses drawn onto it, and the draw of their orders."""
    kinds = {channel.name: channel.kind for channel in plan.channels}
    ads = ("A",) if drawn["countries"] is not None else ("A", "B")
    wanted = _wanted(past, plan, len(promoted))
    paid = wanted.swapped[0] if wanted.swapped else None
    network = next((c.network for c in plan.channels if c.name == paid), "")
    for name, schedule in _schedules(plan, prices, wanted):
        courses, order = _on_tracks(past, plan, promoted, schedule)
        parts = Parts(
            promoted,
            schedule.waves(courses, kinds, ads),
            drawn["countries"],
            drawn["courses"],
            drawn["left out"],
            order,
            network,
            tuple(tuple(_days(schedule, own)) for own in schedule.couples),
        )
        protocol = following(past, plan, parts)
        found = separability(template(past, protocol))
        yield Candidate(name, protocol, schedule, found, prices.of(protocol)), order


def _schedules(plan: Plan, prices: Prices, wanted: Wanted) -> Iterator[tuple[str, Schedule]]:
    """By the number of cohorts; a single channel can also be switched on and off.

    With one cohort alone, what a week did to all promoted courses would pass for its wave.
    """
    for cohorts in range(min(2, wanted.courses), min(MOST_COHORTS, wanted.courses) + 1):
        yield f"{cohorts} cohort{'s' if cohorts > 1 else ''}", scheduled(plan, wanted, cohorts)
    alone = len(wanted.channels) == 1 and not wanted.portfolio
    on_and_off = switched(plan, wanted) if alone else None
    if on_and_off is None:
        return
    cost = prices.course * len(on_and_off.couples) * wanted.courses
    if plan.budget is None or cost <= plan.budget:
        yield "switchback", on_and_off


def _unanswered(past: Resolved, protocol: Protocol) -> Iterator[str]:
    """Rows that the winner will not answer, and why: what days tell apart is not yet a row."""
    for reason, keys in unanswered(template(past, protocol)):
        yield f"not answered: {', '.join(map(named, keys))}: {reason}"


def _affordable(plan: Plan, prices: Prices) -> tuple[int, list[str]]:
    """How many courses the budget pays for, and what is to be said of it."""
    remarks, each = list(prices.remarks), prices.course
    if plan.budget is None or not each:
        return plan.courses, remarks
    paid_for = int(plan.budget // each)
    if paid_for < 1:
        what = f"one course costs {each:,.2f} {plan.currency}, the budget is {plan.budget:,.2f}"
        raise DataError(Problem("plan.budget", what, "one course at least is promoted"))
    if paid_for < plan.courses:
        remarks.append(
            f"{plan.budget:,.0f} {plan.currency} pay for {paid_for} of {plan.courses} courses,"
            f" {each:,.0f} each"
        )
    return min(paid_for, plan.courses), remarks


def _wanted(past: Resolved, plan: Plan, courses: int) -> Wanted:
    everywhere = _portfolio_channels(past, plan)
    own = [c for c in plan.channels if c.kind != "page" and c.name not in everywhere]
    swapped = _same_network(own) if Question.ORDER in plan.questions else None
    others = len(past.others) + len(past.left_out) + len(past.promoted) - courses
    return Wanted(
        tuple(channel.name for channel in own),
        everywhere if Question.PORTFOLIO in plan.questions or plan.left_out else (),
        swapped,
        courses,
        max(others, 1),
        plan.left_out,
        plan.washout_weeks,
    )


def _portfolio_channels(past: Resolved, plan: Plan) -> tuple[str, ...]:
    """Channels whose waves of the past named no course: they promote the whole portfolio."""
    waves = past.protocol.waves
    return tuple(
        channel.name
        for channel in plan.channels
        if channel.kind != "page"
        and (own := [w for w in waves if w.channel == channel.name])
        and all(wave.portfolio and not wave.courses for wave in own)
    )


def _same_network(channels: list[PlannedChannel]) -> tuple[str, str] | None:
    """A paid and an organic channel of one network: there both orders can be run."""
    for paid in channels:
        for organic in channels:
            if paid.kind == "paid" and organic.kind == "organic" and paid.network:
                if paid.network.casefold() in organic.network.casefold():
                    return paid.name, organic.name
    return None


def _on_tracks(
    past: Resolved, plan: Plan, courses: tuple[str, ...], schedule: Schedule
) -> tuple[tuple[str, ...], Assigned | None]:
    """Courses in the order of the tracks: chance gives the order, then the cohort."""
    rng = np.random.default_rng([plan.seed, TRACKS])
    if all(track.paid_first is None for track in schedule.tracks):
        return tuple(courses[i] for i in rng.permutation(len(courses))), None
    first = sum(bool(track.paid_first) for track in schedule.tracks)
    drawn = orders(past, plan, courses, first)
    waiting = {
        group: [drawn.members(group)[i] for i in rng.permutation(len(drawn.members(group)))]
        for group in (PAID_FIRST, ORGANIC_FIRST)
    }
    names = [PAID_FIRST if track.paid_first else ORGANIC_FIRST for track in schedule.tracks]
    return tuple(waiting[name].pop() for name in names), drawn


def _days(schedule: Schedule, weeks: tuple[int, ...]) -> Iterator[str]:
    return (schedule.calendar.week(number).start.isoformat() for number in weeks)


def _weeks(best: Candidate) -> Iterator[Week]:
    calendar = best.schedule.calendar
    for number in range(calendar.weeks):
        span = calendar.week(number)
        running = [wave.id for wave in best.protocol.waves if wave.span.overlaps(span)]
        good = [
            contrast.name
            for contrast in best.separability.contrasts
            if contrast.by_week[number] > EQUAL_SHARE / calendar.weeks
        ]
        yield Week(span.start, calendar.closed[number], tuple(running), tuple(good))
