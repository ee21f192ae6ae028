"""Changes by weekday: one day of each week against the same day of the weeks before.

A weekday is a series of its own with one value a week, so a week that is cut short and the
quarter's number of Mondays cannot move it. The weekdays of a course share their autocorrelation:
what lasts from week to week reaches all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from evaluator.comparisons import alone
from evaluator.comparisons.campaign import series_of
from evaluator.comparisons.design import Comparison, Planned
from evaluator.experiment.protocol import Question
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole

QUESTION = Question.WEEKDAYS.value
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ARM = "weekday: "
"""Before the name of the weekday, where a row says what it is about."""


def planned(resolved: Resolved) -> Iterator[Planned]:
    """Each weekday of each course."""
    for course in resolved.promoted:
        built = series_of(resolved, (course,), resolved.protocol.reference.its_weeks)
        if isinstance(built, Comparison):
            built = alone.on_used_days(resolved, built, course)
        by_day = _weekdays(built) if isinstance(built, Comparison) else (built,) * len(NAMES)
        for name, own in zip(NAMES, by_day, strict=True):
            key = RowKey(QUESTION, course, arm=f"{ARM}{name}", method="weekday_its")
            estimand = weekday_estimand(resolved, course, name)
            yield Planned(key, RowRole.HEADLINE, estimand, own, descriptive=True)


def of_weekday(built: Comparison, weekday: int) -> Comparison:
    """The same question about one day of each week, Monday being 0."""
    first = (weekday - built.start.weekday()) % 7
    days = slice(first, None, 7)
    return replace(
        built,
        treated=built.treated[..., days],
        other=built.other[..., days],
        codes=built.codes[:, days],
        start=built.start + timedelta(first),
        grain=7,
        period_days=7,
    )


def weekday_estimand(resolved: Resolved, course: str, name: str) -> Estimand:
    own = alone.single_estimand(resolved, course)
    outcome, skipped = resolved.protocol.outcome_of(course), alone.without(resolved, course)
    return replace(
        own,
        name="log(observed / forecast from its own past), one weekday",
        compares=f"{outcome} on the {name}s of the window with those on the {name}s before"
        f"{skipped}",
        identifies="a change on that weekday at the start of the window, season and all included"
        f"{skipped}",
    )


def _weekdays(built: Comparison) -> Iterator[Comparison | NotRun]:
    each = [of_weekday(built, weekday) for weekday in range(len(NAMES))]
    for weekday, own in enumerate(each):
        others = (*each[:weekday], *each[weekday + 1 :])
        yield replace(own, companions=others)
