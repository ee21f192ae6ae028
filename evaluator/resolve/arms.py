"""Which countries are arm A of each course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.errors import Problem, did_you_mean
from evaluator.experiment.protocol import Listed, Protocol, TopCountries
from evaluator.panel import Panel
from evaluator.resolve.noticed import Noticed, some
from evaluator.sources import UNKNOWN, Loaded


def arm_a_of(protocol: Protocol, loaded: Loaded, noticed: Noticed) -> dict[str, tuple[str, ...]]:
    """Promoted course → its countries of arm A; empty without arms."""
    if protocol.arms is None:
        return {}
    rule = protocol.arms.rule
    if isinstance(rule, TopCountries):
        return {c.code: _top(rule, c.code, loaded, noticed) for c in protocol.courses}
    noticed.problems.extend(_never_counted(rule, loaded.panel, protocol.unit))
    by_course = dict(rule.by_course)
    return {c.code: by_course.get(c.code, rule.countries) for c in protocol.courses}


def _top(rule: TopCountries, course: str, loaded: Loaded, noticed: Noticed) -> tuple[str, ...]:
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
    rule: TopCountries, course: str, chosen: Sequence[str], panel: Panel, noticed: Noticed
) -> None:
    """The table that ranks countries and the one that counts write them alike."""
    absent = [country for country in chosen if country not in panel.countries]
    if len(absent) == len(chosen):
        where = f'source "{rule.source}", course {course}'
        what = f"nothing was ever counted in arm A: {some(chosen)}"
        known = f"in the data: {some(panel.countries)}"
        noticed.problems.append(Problem(where, what, known, "write countries alike in both tables"))
    elif absent:
        sentence = f"nothing was ever counted in {some(absent)}, in arm A of {course}"
        noticed.warn(f"countries without data: {course}", sentence)


def _never_counted(rule: Listed, panel: Panel, unit: str) -> Iterator[Problem]:
    named = {country for _, countries in rule.by_course for country in countries}
    for country in sorted((named | set(rule.countries)) - set(panel.countries)):
        what = f'nothing was ever counted in "{country}"'
        known = f"in the data: {some(panel.countries)}"
        yield Problem(
            f"arm A, {unit} {country}", what, known, did_you_mean(country, panel.countries)
        )
