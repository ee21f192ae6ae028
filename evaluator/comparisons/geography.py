"""Geography: the lift of a channel's paid waves in one group of countries, and elsewhere.

A course's window is its own wave on the channel; its base is the reference, or, for a course
without a base free of its own launch, its campaign days without a paid wave. Courses are summed
and deleted one at a time: what one did everywhere alike is no difference between groups.

Measured on 300 free worlds of the flagship, where .95 is claimed: COVERAGE.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evaluator.comparisons.design import (
    ALL,
    WINDOW,
    Codes,
    Comparison,
    Planned,
    coded_days,
    course_days,
    period_days,
    span_days,
)
from evaluator.comparisons.references import in_launch
from evaluator.comparisons.within import campaign_codes
from evaluator.estimators.arrays import Array, Flags
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.protocol import Channel, Question
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.GEOGRAPHY.value
EVERYWHERE = "all groups"


def planned(resolved: Resolved) -> Iterator[Planned]:
    """Each paid channel over all groups, then each group: its lift, and that against the rest."""
    groups = resolved.protocol.country_groups
    whole = CountryGroup(EVERYWHERE, tuple(c for group in groups for c in group.countries))
    for channel in resolved.protocol.channels:
        if channel.kind != "paid":
            continue
        key = RowKey(QUESTION, ALL, channel.name, method="group_lift")
        yield _row(resolved, key, RowRole.HEADLINE, channel, whole)
        for group in groups:
            for method in ("group_lift", "group_against_rest"):
                key = RowKey(QUESTION, ALL, channel.name, arm_of(group), method)
                yield _row(resolved, key, RowRole.EXPLORATORY, channel, group)


def arm_of(group: CountryGroup) -> str:
    """How a row's key names a group."""
    return f"group: {group.name}"


def _row(
    resolved: Resolved, key: RowKey, role: RowRole, channel: Channel, group: CountryGroup
) -> Planned:
    against = key.method == "group_against_rest"
    estimand = against_rest_estimand(group) if against else group_estimand(resolved, group)
    built = comparison(resolved, channel, group, estimand)
    return Planned(key, role, estimand, built, descriptive=not against)


def comparison(
    resolved: Resolved, channel: Channel, group: CountryGroup, estimand: Estimand
) -> Comparison | NotRun:
    """Daily outcomes of the courses with a wave on the channel, in the group and in the rest."""
    courses = [
        c for c in resolved.promoted if _wave_days(resolved, c).get(channel.name) is not None
    ]
    inside = np.isin(resolved.panel.countries, group.countries)
    if not courses:
        return NotRun("no wave of the channel names a promoted course in the window")
    if not inside.any():
        return NotRun(f"nothing was ever counted in {', '.join(group.countries)}")
    return Comparison(
        estimand,
        tuple(courses),
        _in_and_out(course_days(resolved, courses, units=True), inside),
        _in_and_out(course_days(resolved, resolved.others, units=True), inside),
        np.stack([wave_codes(resolved, course, channel.name) for course in courses]),
        resolved.panel.start,
        period_days(resolved),
        in_a=np.tile([True, False], (len(courses), 1)),
    )


def wave_codes(resolved: Resolved, course: str, channel: str) -> Codes:
    """The course's wave days on the channel against its reference, or its days between waves."""
    marks = _wave_days(resolved, course)
    base = resolved.reference(course, resolved.protocol.reference.weeks)
    if base is None or in_launch(resolved, course):
        return campaign_codes(resolved, course, marks, channel)
    codes = coded_days(resolved, course, base)
    codes[codes == WINDOW] = 0
    codes[marks[channel] == 1] = WINDOW
    return codes


def _wave_days(resolved: Resolved, course: str) -> dict[str, Codes]:
    """Paid channel → (D,) 1 on the days of its waves for the course, inside the window."""
    window = span_days(resolved, [resolved.protocol.window])
    marks: dict[str, Codes] = {}
    for channel in resolved.protocol.channels:
        spans = [
            wave.span
            for wave in resolved.protocol.waves
            if wave.channel == channel.name and course in wave.courses
        ]
        days = span_days(resolved, spans) * window
        if channel.kind == "paid" and days.any():
            marks[channel.name] = days
    return marks


def _in_and_out(daily: Array, inside: Flags) -> Array:
    """(courses, 2, D) of (courses, countries, D): in the group, in the rest."""
    both: Array = np.stack([daily[:, inside].sum(axis=1), daily[:, ~inside].sum(axis=1)], axis=1)
    return both


def group_estimand(resolved: Resolved, group: CountryGroup) -> Estimand:
    """Log lift of a channel's waves in a group of countries, the courses summed."""
    outcome = resolved.protocol.outcome
    return Estimand(
        name="log lift in the waves, the courses summed",
        compares=f"{outcome} of the promoted courses, each in its own wave, in {group.name} with"
        " its weeks before the campaign (without these, its campaign days between paid waves),"
        " and the same of the other courses in the same countries and days",
        identifies="a paid wave relative to weeks before, or to other weeks of the campaign",
        needs=(
            "promoted and other courses would have moved in parallel in these countries",
            "launch interest and other waves weigh alike on a course's wave and its base",
        ),
        not_identified="a lift against no promotion, for courses without weeks before",
    )


def against_rest_estimand(group: CountryGroup) -> Estimand:
    """The same, less that in all other countries."""
    return Estimand(
        name=f"log lift in {group.name} − log lift in the rest of the world",
        compares=f"the lift of the same waves in {group.name} with that in all other countries",
        identifies="how much more the same waves moved these countries than the rest",
        needs=(
            "no shock to these countries that the other courses do not share",
            "a base that errs alike everywhere (it cancels)",
        ),
        not_identified="why: delivery, audience and topic differ between countries too",
    )
