"""The protocol of the next experiment, once it is known who has what and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.planned import Plan
from evaluator.experiment.protocol import (
    Arms,
    Channel,
    Course,
    Event,
    Listed,
    Others,
    Protocol,
    Question,
    Span,
    Wave,
)
from evaluator.planning.assignment import Assigned
from evaluator.resolve import Resolved

READING = (
    "Chance divided the countries: those of arm A see the advertisements, those of arm B see none,"
    " and everything else reaches both. A against B is the effect of advertising."
)


KEPT = (
    *("timezone", "data_kind", "sources", "bin", "outcome", "unit", "series", "history_from"),
    *("closed_days", "reference", "assumptions", "gate", "sharing", "negative_controls"),
)
"""What the next protocol has of this one, as it is."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What chance and the search decided."""

    courses: tuple[str, ...]
    waves: tuple[Wave, ...]
    countries: Assigned | None
    drawn_courses: Assigned | None
    left_out: Assigned | None
    order: Assigned | None
    network: str = ""
    """On which the order was drawn."""
    weeks: tuple[tuple[str, ...], ...] = ()
    """Couples of weeks, by first day, of which chance promotes one."""


def following(past: Resolved, plan: Plan, parts: Parts) -> Protocol:
    """The next experiment, analysed as the past one, whose window is a previous campaign of it.

    What was published or claimed of the past one, and its contacts, stay behind.
    """
    own = past.protocol
    return Protocol(
        **{name: getattr(own, name) for name in KEPT},
        name=plan.name,
        title=f"After {own.title}",
        path=own.path,
        as_of=plan.end,
        seed=plan.seed,
        window=Span(plan.start, plan.end),
        courses=tuple(_courses(past, plan, parts.courses)),
        others=_others(past, parts),
        arms=_arms(own, parts.countries),
        channels=tuple(Channel(c.name, c.kind, c.network, c.tag) for c in plan.channels),
        waves=parts.waves,
        questions=plan.questions,
        decision=replace(own.decision, smallest_lift=plan.smallest_lift),
        previous_campaigns=(*_of(own.previous_campaigns, parts), Event(own.title, own.window)),
        deadlines=tuple(_of(own.deadlines, parts)),
        country_groups=tuple(_groups(own, plan)),
        secondary=own.secondary if Question.SECONDARY in plan.questions else (),
        assignment=_assignment(plan, parts),
        facts=tuple(_facts(plan)),
    )


def _courses(past: Resolved, plan: Plan, codes: tuple[str, ...]) -> Iterator[Course]:
    known = {course.code: course for course in past.protocol.courses}
    new = {course.code: course for course in plan.new_courses}
    for code in codes:
        if code in new:
            yield new[code]
        else:
            yield replace(known.get(code, Course(code, code)), published_total=None)


def _of(events: tuple[Event, ...], parts: Parts) -> Iterator[Event]:
    """Events that concern a course of the next experiment, or all."""
    for event in events:
        courses = tuple(code for code in event.courses if code in parts.courses)
        if courses or not event.courses:
            yield replace(event, courses=courses)


def _groups(own: Protocol, plan: Plan) -> Iterator[CountryGroup]:
    """Groups of countries, with what was claimed of channels that are used again."""
    names = {channel.name for channel in plan.channels}
    for group in own.country_groups:
        weak = tuple(name for name in group.claimed_weak if name in names)
        yield replace(group, claimed_weak=weak)


def _others(past: Resolved, parts: Parts) -> Others:
    own = past.protocol.others
    left_out = parts.left_out.members("left out") if parts.left_out else ()
    # A catalogue names what was promoted before and no longer is; a list has to.
    listed = {*own.codes, *past.promoted} if own.codes else set()
    codes = tuple(sorted(listed - set(parts.courses)))
    return Others(codes, own.catalogue, tuple(sorted(left_out)))


def _arms(own: Protocol, countries: Assigned | None) -> Arms | None:
    if countries is None:
        return own.arms
    rule = Listed(tuple(sorted(countries.members("A"))))
    before = own.arms or Arms(rule)
    return replace(before, rule=rule, exposed=("A",), persona=("A",), reading=READING)


def _assignment(plan: Plan, parts: Parts) -> Assignment | None:
    of_courses = [own for own in (parts.drawn_courses, parts.left_out) if own is not None]
    if not of_courses and parts.countries is None and parts.order is None and not parts.weeks:
        return None
    return Assignment(
        seed=plan.seed,
        courses=_together(of_courses),
        countries=parts.countries.drawn if parts.countries else None,
        order=replace(parts.order.drawn, network=parts.network) if parts.order else None,
        weeks=Drawn(AssignmentRule.STRATIFIED, parts.weeks) if parts.weeks else None,
    )


def _together(drawn: list[Assigned]) -> Drawn | None:
    """One declaration of two draws: among the candidates, then among those to be left out.

    Within groups, even of all that were drawn among: not every course was.
    """
    if not drawn:
        return None
    if len(drawn) < 2:
        (own,) = drawn
        return replace(own.drawn, groups=own.drawn.groups or (own.units.names,))
    groups = [own.drawn.groups or (own.units.names,) for own in drawn]
    said = "; then ".join(own.drawn.criterion for own in drawn)
    return Drawn(AssignmentRule.RE_RANDOMISED, (*groups[0], *groups[1]), said)


def _facts(plan: Plan) -> Iterator[tuple[str, str]]:
    for event in plan.holidays:
        yield f"holiday: {event.name}", str(event.span)
    if plan.mailing is not None:
        held = round(plan.mailing.recipients * plan.mailing.holdout)
        yield (
            "newsletter hold-out",
            f"{held:,} of {plan.mailing.recipients:,} recipients are sent nothing until the window"
            f" is over: those with the smallest keyed hash (SHA-256) of seed {plan.seed} and"
            " contact key",
        )
