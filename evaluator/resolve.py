"""The rules met the data: which courses are there, which countries are arm A, which days count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from evaluator.errors import DataError, Problem, did_you_mean
from evaluator.experiment.protocol import Course, Listed, Protocol, Span, TopCountries
from evaluator.panel import Array, Panel
from evaluator.results import Finding, Status
from evaluator.sources import UNKNOWN, Loaded, Outcome

if TYPE_CHECKING:
    import pandas as pd

LATE_DAYS = 14
"""A course first counted later than this after it opened is worth a look."""


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """A protocol with the countries, courses and days that the data gave its rules."""

    protocol: Protocol
    panel: Panel
    promoted: tuple[str, ...]
    """In declared order."""
    others: tuple[str, ...]
    """Other courses that the data hold, by code."""
    arm_a: Mapping[str, tuple[str, ...]]
    """Promoted course → its countries of arm A, most participants first; empty without arms."""
    first_day: Mapping[str, date]
    """Promoted course → first day on which it could be counted."""
    findings: tuple[Finding, ...]
    """What was noticed about the data, then about how they meet the protocol."""
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Side tables by kind of source: delivery, posts, e-mail."""
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    """Declared secondary outcomes, by name."""
    negative: Mapping[str, Panel] = field(default_factory=dict)
    """Negative-control outcomes, by name, on the courses and days of the panel."""
    left_out: tuple[str, ...] = ()
    """Other courses left out of every promotion, by code; they are not among `others`."""
    fingerprint: str = ""
    """SHA-256 of all that was read: panel, side tables, secondary and negative-control
    outcomes."""

    @property
    def hash(self) -> str:
        """SHA-256 of the protocol's hash and of everything its rules became."""
        parts = {
            "protocol": self.protocol.hash,
            "promoted": self.promoted,
            "others": self.others,
            "left_out": self.left_out,
            "arm_a": dict(self.arm_a),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def reference(self, course: str, weeks: int | None) -> Span | None:
        """The last whole weeks before the window in which a course could be counted.

        Parameters
        ----------
        weeks : at most so many; None: all of history

        Returns
        -------
        None where there is no whole week
        """
        start = self.protocol.window.start
        whole = (start - self.first_day[course]).days // 7
        used = whole if weeks is None else min(weeks, whole)
        return Span(start - timedelta(7 * used), start - timedelta(1)) if used > 0 else None


def resolve(protocol: Protocol, loaded: Loaded) -> Resolved:
    """Apply the rules of a protocol to the data it names.

    Raises
    ------
    DataError : a declared course or country that the data do not hold, an empty reference, an
        arm in which nothing was counted; all problems are listed
    """
    noticed = _Noticed([], list(loaded.findings))
    panel = loaded.panel
    promoted = tuple(course.code for course in protocol.courses)
    noticed.problems.extend(_missing_courses(protocol, panel))
    if panel.end < protocol.window.end:
        what = f"the data read end on {panel.end}, the window on {protocol.window.end}"
        noticed.problems.append(Problem("as_of", what, "the whole window is read"))
    every = _others(protocol, loaded, noticed)
    left_out = _left_out(protocol, every, noticed)
    others = tuple(code for code in every if code not in left_out)
    arm_a = _arm_a(protocol, loaded, noticed)
    noticed.stop()
    first_day = {c.code: max(panel.start, c.available_from or date.min) for c in protocol.courses}
    resolved = Resolved(protocol, panel, promoted, others, arm_a, first_day, ())
    _check_references(resolved, noticed)
    _check_arms(resolved, noticed)
    noticed.stop()
    findings = tuple(noticed.findings)
    return replace(
        resolved,
        findings=findings,
        left_out=left_out,
        tables=loaded.tables,
        outcomes=loaded.outcomes,
        negative=loaded.negative,
        fingerprint=loaded.fingerprint,
    )


@dataclass(frozen=True, slots=True)
class _Noticed:
    problems: list[Problem]
    findings: list[Finding]

    def warn(self, name: str, sentence: str, todo: str = "") -> None:
        self.findings.append(Finding(name, Status.WARN, sentence, todo))

    def stop(self) -> None:
        if self.problems:
            raise DataError(self.problems)


def _missing_courses(protocol: Protocol, panel: Panel) -> Iterator[Problem]:
    declared = [(course.code, "promoted") for course in protocol.courses]
    declared += [(code, "other") for code in protocol.others.codes]
    for code, role in declared:
        if code not in panel.courses:
            what = f'declared as {role}, but nothing was counted for "{code}"'
            rule = f"a declared course has rows between {panel.start} and {panel.end}"
            yield Problem(f"course {code}", what, rule, did_you_mean(code, panel.courses))


def _others(protocol: Protocol, loaded: Loaded, noticed: _Noticed) -> tuple[str, ...]:
    listed = set(protocol.others.codes)
    catalogue = loaded.tables.get("courses")
    if protocol.others.catalogue is not None and catalogue is not None:
        listed |= set(catalogue["code"][catalogue["source"] == protocol.others.catalogue])
    listed -= {course.code for course in protocol.courses}
    silent = sorted(listed - set(loaded.panel.courses) - set(protocol.others.codes))
    if silent:
        noticed.warn(
            "courses without data",
            f"{len(silent)} of {len(listed)} other courses in the catalogue were never counted: "
            f"{_some(silent)}",
            "leave them out of the catalogue, or export their rows",
        )
    return tuple(sorted(listed & set(loaded.panel.courses)))


def _left_out(protocol: Protocol, every: Sequence[str], noticed: _Noticed) -> tuple[str, ...]:
    """Other courses that no promotion reaches; listed ones without data are told of already."""
    declared = protocol.others.left_out
    for code in sorted(set(declared) - set(every) - set(protocol.others.codes)):
        what = f'declared as left out, but "{code}" is no other course that was ever counted'
        rule = "a course left out of every promotion is in the catalogue, and has rows"
        noticed.problems.append(Problem(f"course {code}", what, rule, did_you_mean(code, every)))
    return tuple(code for code in every if code in declared)


def _arm_a(protocol: Protocol, loaded: Loaded, noticed: _Noticed) -> dict[str, tuple[str, ...]]:
    if protocol.arms is None:
        return {}
    rule = protocol.arms.rule
    if isinstance(rule, TopCountries):
        return {c.code: _top(rule, c.code, loaded, noticed) for c in protocol.courses}
    noticed.problems.extend(_never_counted(rule, loaded.panel, protocol.unit))
    by_course = dict(rule.by_course)
    return {c.code: by_course.get(c.code, rule.countries) for c in protocol.courses}


def _top(rule: TopCountries, course: str, loaded: Loaded, noticed: _Noticed) -> tuple[str, ...]:
    """The `n` countries with most participants; a tie at the last place goes by the alphabet."""
    totals = _participants(rule, course, loaded)
    ranked = sorted(totals, key=lambda country: (-totals[country], country))
    chosen = tuple(ranked[: rule.n])
    if len(chosen) < rule.n:
        what = f"{len(chosen)} countries have participants"
        where = f'source "{rule.source}", course {course}'
        noticed.problems.append(Problem(where, what, f"arm A is the first {rule.n}"))
        return chosen
    tied = [country for country in ranked if totals[country] == totals[chosen[-1]]]
    if set(tied) - set(chosen):
        taken = ", ".join(country for country in tied if country in chosen)
        noticed.warn(
            f"tie for the last place in arm A: {course}",
            f"{', '.join(tied)} have {totals[tied[0]]:g} participants each; "
            f"taken by the alphabet: {taken}",
            "declare the countries of the arm if another choice was made",
        )
    _check_names(rule, course, chosen, loaded.panel, noticed)
    return chosen


def _participants(rule: TopCountries, course: str, loaded: Loaded) -> dict[str, float]:
    table = loaded.tables["participants"]
    mine = table[(table["source"] == rule.source) & (table["course"] == course)]
    totals = mine.groupby("country")["participants"].sum()
    return {str(c): float(n) for c, n in totals.items() if n > 0 and c != UNKNOWN}


def _check_names(
    rule: TopCountries, course: str, chosen: Sequence[str], panel: Panel, noticed: _Noticed
) -> None:
    """The table that ranks countries and the one that counts write them alike."""
    absent = [country for country in chosen if country not in panel.countries]
    if len(absent) == len(chosen):
        where = f'source "{rule.source}", course {course}'
        what = f"nothing was ever counted in arm A: {_some(chosen)}"
        known = f"in the data: {_some(panel.countries)}"
        noticed.problems.append(Problem(where, what, known, "write countries alike in both tables"))
    elif absent:
        sentence = f"nothing was ever counted in {_some(absent)}, in arm A of {course}"
        noticed.warn(f"countries without data: {course}", sentence)


def _never_counted(rule: Listed, panel: Panel, unit: str) -> Iterator[Problem]:
    named = {country for _, countries in rule.by_course for country in countries}
    for country in sorted((named | set(rule.countries)) - set(panel.countries)):
        what = f'nothing was ever counted in "{country}"'
        known = f"in the data: {_some(panel.countries)}"
        yield Problem(
            f"arm A, {unit} {country}", what, known, did_you_mean(country, panel.countries)
        )


def _check_references(resolved: Resolved, noticed: _Noticed) -> None:
    """Courses with history have some in the reference, and opened about when they were to."""
    daily = resolved.panel.array("course", "day", course=resolved.promoted)
    for course, counts in zip(resolved.protocol.courses, daily, strict=True):
        span = resolved.reference(course.code, resolved.protocol.reference.weeks)
        if course.available_from is None:
            noticed.problems.extend(_empty_reference(resolved, course, span, counts))
        elif span is not None and _total(resolved, counts, span) == 0:
            sentence = f"nothing was counted for {course.code} in its reference, {span}"
            noticed.warn(f"empty reference: {course.code}", sentence, "check available_from")
        first = resolved.panel.start + timedelta(int(np.flatnonzero(counts)[0]))
        opened = resolved.first_day[course.code]
        if (first - opened).days > LATE_DAYS:
            noticed.warn(
                f"late first day: {course.code}",
                f"{course.code} could be counted from {opened:%-d %b %Y}, and was first counted "
                f"on {first:%-d %b %Y}, {(first - opened).days} days later",
                "check available_from",
            )


def _empty_reference(
    resolved: Resolved, course: Course, span: Span | None, counts: Array
) -> Iterator[Problem]:
    if span is not None and _total(resolved, counts, span) > 0:
        return
    panel, window = resolved.panel, resolved.protocol.window
    what = (
        f"empty reference: nothing was counted on {span}"
        if span is not None
        else f"empty reference: the data begin on {panel.start}, the window on {window.start}"
    )
    yield Problem(
        f"course {course.code}",
        what,
        "a course without available_from has history before the window",
        "declare available_from if the course is new, or export its history",
    )


def _check_arms(resolved: Resolved, noticed: _Noticed) -> None:
    """Something was counted in both arms, before the window and in it."""
    if not resolved.arm_a:
        return
    counted: dict[tuple[str, str], list[float]] = {}
    for course, when, span in _bases(resolved):
        counts = resolved.panel.array("country", "day", course=[course])
        in_a = np.isin(resolved.panel.countries, resolved.arm_a[course])
        for arm, units in (("A", in_a), ("B", ~in_a)):
            counted.setdefault((arm, when), []).append(_total(resolved, counts[units], span))
            if counted[arm, when][-1] == 0:
                sentence = f"nothing was counted for {course} in arm {arm} in the {when}, {span}"
                noticed.warn(f"empty arm: {course}, {arm}, {when}", sentence)
    for (arm, when), totals in counted.items():
        if sum(totals) == 0:
            what = f"nothing was counted for any promoted course in the {when}"
            rule = "both arms have counts before the window and in it"
            hint = f"check how each {resolved.protocol.unit} is written"
            noticed.problems.append(Problem(f"arm {arm}", what, rule, hint))


def _bases(resolved: Resolved) -> Iterator[tuple[str, str, Span]]:
    """Promoted course, "reference" or "window", and its days."""
    for course in resolved.promoted:
        reference = resolved.reference(course, resolved.protocol.reference.weeks)
        if reference is not None:
            yield course, "reference", reference
        yield course, "window", resolved.protocol.window


def _total(resolved: Resolved, daily: Array, span: Span) -> float:
    first, last = resolved.panel.day(span.start), resolved.panel.day(span.end)
    return float(daily[..., max(first, 0) : max(last + 1, 0)].sum())


def _some(names: Sequence[str], shown: int = 8) -> str:
    more = [f"and {len(names) - shown} more"] if len(names) > shown else []
    return ", ".join([*names[:shown], *more])
