"""Geography: the lift of a channel's paid waves in one group of countries, and elsewhere.

A course's window is its own wave on the channel; its base is the reference, or, for a course
without a base free of its own launch, its campaign days without a paid wave. Courses are summed
and deleted one at a time: what one did everywhere alike is no difference between groups.

Measured on 300 free worlds of the flagship, where .95 is claimed: a group against the rest covers
.94 to .98 with the flagship's lifts planted (mean .955 over 19 groups and channels) and .90 to .96
with none (mean .943). A group's own lift covers .93 to 1.00 and .92 to .97; it is descriptive all
the same, because most courses have no base but their other campaign weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from evaluator.comparisons.design import (
    ALL,
    LEFT_OUT,
    WINDOW,
    Codes,
    Comparison,
    Planned,
    coded_days,
    course_days,
    moved_span,
    period_days,
    span_days,
)
from evaluator.comparisons.references import in_launch
from evaluator.comparisons.within import campaign_codes
from evaluator.comparisons.wording import LIKE_OTHERS, moved_more, moved_with
from evaluator.estimators.arrays import Array, Flags
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.protocol import Question, Wave
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.GEOGRAPHY.value
LIFT, AGAINST = "group_lift", "group_against_rest"
EVERYWHERE = "all groups"


def planned(resolved: Resolved) -> Iterator[Planned]:
    """Each paid channel over all groups, then each group: its lift, and that against the rest."""
    groups = resolved.protocol.country_groups
    whole = CountryGroup(EVERYWHERE, tuple(c for group in groups for c in group.countries))
    for channel in resolved.protocol.channels:
        if channel.kind != "paid":
            continue
        key = RowKey(QUESTION, ALL, channel.name, method=LIFT)
        yield _row(resolved, key, RowRole.HEADLINE, whole)
        yield from _shifted(resolved, key, whole)
        for group in groups:
            key = replace(key, arm=arm_of(group))
            against = replace(key, method=AGAINST)
            yield _row(resolved, key, RowRole.EXPLORATORY, group)
            yield _row(resolved, against, RowRole.EXPLORATORY, group)
            if channel.name in group.claimed_weak:
                yield from _shifted(resolved, against, group)


def arm_of(group: CountryGroup) -> str:
    """How a row's key names a group."""
    return f"group: {group.name}"


def waves_of(resolved: Resolved, channel: str) -> list[Wave]:
    """Waves of a channel that name promoted courses."""
    return [wave for wave in resolved.protocol.waves if wave.channel == channel and wave.courses]


def _shifted(resolved: Resolved, key: RowKey, group: CountryGroup) -> Iterator[Planned]:
    """The same with its assumed waves a week earlier and later, where their bounds allow it."""
    waves = waves_of(resolved, key.channel)
    if not any(wave.assumed for wave in waves):
        return
    for days in (-7, 7):
        moved = replace(key, variant=f"waves {days // 7:+d} week")
        free = any(moved_span(resolved, wave, days) for wave in waves)
        yield _row(resolved, moved, RowRole.SENSITIVITY, group, days if free else None)


def _row(
    resolved: Resolved, key: RowKey, role: RowRole, group: CountryGroup, days: int | None = 0
) -> Planned:
    against = key.method == AGAINST
    estimand = against_rest_estimand(group) if against else group_estimand(resolved, group)
    built: Comparison | NotRun
    if days is None:
        built = NotRun("no wave may move: the published bounds hold them all")
    else:
        built = comparison(resolved, {key.channel: days}, group, estimand)
    return Planned(key, role, estimand, built, descriptive=not against)


def comparison(
    resolved: Resolved, moved: Mapping[str, int], group: CountryGroup, estimand: Estimand
) -> Comparison | NotRun:
    """Daily outcomes of the courses with a wave on a channel, in the group and in the rest.

    Parameters
    ----------
    moved : the channel → days by which its assumed waves are moved
    """
    (channel,) = moved
    marks = {course: _wave_days(resolved, course, moved) for course in resolved.promoted}
    courses = [course for course, own in marks.items() if channel in own]
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
        np.stack([_codes(resolved, course, marks[course], channel) for course in courses]),
        resolved.panel.start,
        period_days(resolved),
        in_a=np.tile([True, False], (len(courses), 1)),
    )


def _codes(resolved: Resolved, course: str, marks: dict[str, Codes], channel: str) -> Codes:
    """The course's wave days on the channel against its reference, or its days between waves."""
    base = resolved.reference(course, resolved.protocol.reference.weeks)
    if base is None or in_launch(resolved, course):
        return campaign_codes(resolved, course, marks, channel)
    codes = coded_days(resolved, course, base)
    codes[codes == WINDOW] = LEFT_OUT
    codes[marks[channel] == 1] = WINDOW
    return codes


def _wave_days(resolved: Resolved, course: str, moved: Mapping[str, int]) -> dict[str, Codes]:
    """Paid channel → (D,) 1 on the days of its waves for the course, inside the window."""
    window = span_days(resolved, [resolved.protocol.window])
    marks: dict[str, Codes] = {}
    for channel in resolved.protocol.channels:
        spans = [
            moved_span(resolved, wave, moved.get(channel.name, 0)) or wave.span
            for wave in waves_of(resolved, channel.name)
            if course in wave.courses
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
        wording=moved_with(f"the paid waves, in {group.name}", LIKE_OTHERS),
    )


def against_rest_estimand(group: CountryGroup) -> Estimand:
    """The same, less that in all other countries."""
    return Estimand(
        name="log lift in the group − log lift in the rest of the world",
        compares=f"the lift of a course's wave in {group.name} with that of the same wave in all"
        " other countries, the courses summed",
        identifies="how much more the same waves moved these countries than the rest",
        needs=(
            "no shock to these countries that the other courses do not share",
            "a base that errs alike everywhere (it cancels)",
        ),
        not_identified="why: delivery, audience and topic differ between countries too",
        wording=moved_more(
            f"in the paid waves in {group.name} than in the rest of the world",
            f"what they would have been in {group.name} had they moved as in the rest of the world",
        ),
    )
