"""The next experiment before it has any data: its protocol, on the history that there is.

A next experiment is a `Protocol` and nothing else. What it would find is computed on a *template*:
the history of the past panel, moved to end where the next window begins, and through the window
weeks of it once more: the same weeks of another year, the last ones where there are none. The
template has the days, courses and arms from which the rows of the next protocol are planned; its
window is only where drawn outcomes will stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from evaluator.comparisons.references import LAUNCH_WEEKS
from evaluator.errors import DataError, Problem, did_you_mean
from evaluator.experiment.protocol import Course, Listed, Protocol, Question
from evaluator.panel import Array, Index, Panel, panel_from_codes
from evaluator.resampling.shocks import launched
from evaluator.resampling.worlds import Launch
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

NO_HISTORY = "courses without history"
YEAR = 364
"""Days of a year in whole weeks: the same weekdays."""
FEWEST_WEEKS = 8
"""Of history, without which nothing says how courses move by themselves."""


def template(past: Resolved, following: Protocol) -> Resolved:
    """The next protocol on the history of a past experiment, as if its window were ordinary.

    Weekdays stay what they are. A promoted course that has no history of its own, or one so
    short that it is a launch, is given that of the other course of median size from the day it
    opens, with the burst of a launch; a finding says so. Nothing says what became of learners
    who have not enrolled yet: secondary outcomes and negative controls are left out.

    Parameters
    ----------
    past : its weeks before its own window are the history
    following : any declaration; its window may lie anywhere in time

    Raises
    ------
    DataError : an other course or a country that the past panel does not hold, or too little
        history; all problems are listed
    """
    history = _history(past, following)
    missing = [c for c in following.courses if not history.is_known(c)]
    others, left_out = _others(past, following)
    problems = [*_problems(past, following, history), *_empty((*others, *left_out), history)]
    if problems:
        raise DataError(problems)
    daily = {course: history.daily(course) for course in (*others, *left_out)}
    for course in following.courses:
        known = course not in missing
        daily[course.code] = (
            history.daily(course.code) if known else _stand_in(course, daily, others, history)
        )
    questions = tuple(q for q in following.questions if q is not Question.SECONDARY)
    start = history.start
    return Resolved(
        protocol=replace(following, questions=questions, negative_controls=()),
        panel=_panel(daily, history),
        promoted=tuple(course.code for course in following.courses),
        others=others,
        left_out=left_out,
        arm_a=_arm_a(past, following, history),
        first_day={c.code: max(start, c.available_from or date.min) for c in following.courses},
        findings=tuple(_flagged(missing)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Whole weeks of the past panel before its window, and where they lie in the next one."""

    panel: Panel
    first_day: Mapping[str, date]
    stop: int
    """Day of the past panel after the last that is used."""
    start: date
    """Day of the next calendar that its first day becomes."""
    window: int
    """Days of the next window."""

    def daily(self, course: str) -> Array:
        """(U, D) counts: history, then weeks of it once more."""
        counts = self.panel.array("country", "day", course=[course])[:, : self.stop]
        return np.concatenate([counts, counts[:, self._again()]], axis=1)

    def is_known(self, course: Course) -> bool:
        """Whether the weeks of a course before the past window are more than its launch."""
        if course.code not in self.panel.courses:
            return False
        opened = max(self.panel.day(self.first_day.get(course.code, self.panel.start)), 0)
        return not opened or self.stop - opened >= 7 * LAUNCH_WEEKS

    def total(self, course: str) -> float:
        if course not in self.panel.courses:
            return 0.0
        return float(self.panel.array("day", course=[course])[: self.stop].sum())

    def _again(self) -> Index:
        """(window,) days of the past panel that stand in for those of the window.

        The season and its holidays are in the same weeks of a year before, if history holds them.
        """
        ahead = (self.start - self.panel.start).days + self.stop
        weeks = np.arange(-(-self.window // 7))
        years = np.maximum(-(-(ahead + 7 * weeks + 7 - self.stop) // YEAR), 0)
        first = ahead + 7 * weeks - YEAR * years
        last = min(len(weeks), self.stop // 7)
        first = np.where(first >= 0, first, self.stop - 7 * last + 7 * (weeks % last))
        return np.asarray((first[:, None] + np.arange(7)).ravel()[: self.window])


def _history(past: Resolved, following: Protocol) -> History:
    begins, next_begins = past.protocol.window.start, following.window.start
    stop = past.panel.day(begins) - (begins.weekday() - next_begins.weekday()) % 7
    start = next_begins - timedelta(max(stop, 0))
    return History(past.panel, past.first_day, max(stop, 0), start, following.window.days)


def _others(past: Resolved, following: Protocol) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those listed; of a catalogue those of the past, with who is no longer promoted.

    Apart from them those that are left out of every promotion.
    """
    promoted = {course.code for course in following.courses}
    codes = set(following.others.codes)
    if following.others.catalogue is not None:
        known = {c for c in past.promoted if past.first_day[c] <= past.panel.start}
        codes |= set(past.others) | set(past.left_out) | known
    codes -= promoted
    left_out = codes & set(following.others.left_out)
    return tuple(sorted(codes - left_out)), tuple(sorted(left_out))


def _problems(past: Resolved, following: Protocol, history: History) -> Iterator[Problem]:
    if history.stop < 7 * FEWEST_WEEKS:
        weeks = history.stop // 7
        what = f"{weeks} weeks before the window of {past.protocol.name}"
        rule = f"{FEWEST_WEEKS} weeks of history show how courses move by themselves"
        yield Problem("history", what, rule, "export more of it")
    rule_of_a = following.arms.rule if following.arms is not None else None
    if isinstance(rule_of_a, Listed):
        named = {c for _, countries in rule_of_a.by_course for c in countries}
        for country in sorted((named | set(rule_of_a.countries)) - set(past.panel.countries)):
            what = f'nothing was ever counted in "{country}"'
            hint = did_you_mean(country, past.panel.countries)
            yield Problem(f"arm A, {following.unit} {country}", what, "", hint)


def _empty(others: tuple[str, ...], history: History) -> Iterator[Problem]:
    for code in others:
        if not history.total(code):
            what = f'nothing was counted for the other course "{code}" before the past window'
            hint = did_you_mean(code, history.panel.courses)
            yield Problem(f"course {code}", what, "an other course has history", hint)


def _stand_in(
    course: Course, daily: Mapping[str, Array], others: tuple[str, ...], history: History
) -> Array:
    """The other course of median size, from the day that this one opens, as a launch."""
    if not others:
        what = "it has no history, and there is no other course to take one from"
        raise DataError(Problem(f"course {course.code}", what))
    ranked = sorted(others, key=lambda code: (daily[code].sum(), code))
    counts = daily[ranked[len(ranked) // 2]]
    opened = max(((course.available_from or history.start) - history.start).days, 0)
    # A burst that is over by the window would be read as a trend, and as unrest.
    over = history.stop - opened >= 7 * LAUNCH_WEEKS
    launch = Launch(peak=1.0) if over else Launch()
    factor = launched(np.array([opened], dtype=np.intp), counts.shape[1], launch)[0]
    return np.asarray(np.rint(counts * factor))


def _panel(daily: Mapping[str, Array], history: History) -> Panel:
    courses, countries = tuple(daily), history.panel.countries
    dense = np.stack(list(daily.values()))
    course, country, day = np.nonzero(dense)
    codes = np.array([course, country, np.zeros_like(course), day], dtype=np.intp)
    span = history.start, history.start + timedelta(dense.shape[-1] - 1)
    values = dense[course, country, day]
    return panel_from_codes((courses, countries, ("all",)), codes, values, span=span)


def _arm_a(past: Resolved, following: Protocol, history: History) -> Mapping[str, tuple[str, ...]]:
    """Arm A of each course: as listed, or the first of its ranking."""
    if following.arms is None:
        return {}
    rule = following.arms.rule
    if isinstance(rule, Listed):
        by_course = dict(rule.by_course)
        return {c.code: by_course.get(c.code, rule.countries) for c in following.courses}
    return {c.code: _ranked(past, c.code, history)[: rule.n] for c in following.courses}


def arm_a_of(past: Resolved, following: Protocol, countries: int) -> dict[str, tuple[str, ...]]:
    """The first so many countries of each course's ranking.

    Those of its past arm A first; then by participants, where the past experiment had a table of
    them; then by what was counted, before the past window, in all courses.
    """
    history = _history(past, following)
    return {c.code: _ranked(past, c.code, history)[:countries] for c in following.courses}


def _ranked(past: Resolved, course: str, history: History) -> tuple[str, ...]:
    counted = history.panel.array("country", "day")[:, : history.stop].sum(axis=1)
    totals = dict(zip(history.panel.countries, counted.tolist(), strict=True))
    participants: dict[str, float] = {}
    table = past.tables.get("participants")
    if table is not None:
        mine = table[table["course"] == course].groupby("country")["participants"].sum()
        participants = {str(country): float(n) for country, n in mine.items()}
    first = [country for country in past.arm_a.get(course, ()) if country in totals]
    rest = sorted(
        set(totals) - set(first), key=lambda c: (-participants.get(c, 0.0), -totals[c], c)
    )
    return (*first, *rest)


def _flagged(missing: list[Course]) -> Iterator[Finding]:
    if missing:
        codes = ", ".join(course.code for course in missing)
        yield Finding(
            NO_HISTORY,
            Status.WARN,
            f"{codes}: no history of more than a launch; planned as an other course of median size",
            "plan again when there are weeks without promotion to learn from",
        )
