"""Who is in which group of the next experiment: countries, courses, courses left out, orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.errors import DataError, Problem
from evaluator.estimators.arrays import Array
from evaluator.experiment.assignment import AssignmentRule
from evaluator.experiment.planned import Plan
from evaluator.planning.assignment import (
    Assigned,
    Rule,
    Units,
    assign,
    matched_pairs,
    shares,
    strata,
)
from evaluator.resolve import Resolved
from evaluator.sources import UNKNOWN

COUNTRIES, COURSES, LEFT_OUT, ORDER, TRACKS = range(1, 6)
"""Number of a part in the seeds: parts draw from streams of their own."""
WEEKS_SEEN = 26
"""Last weeks of which the size and the growth of courses and countries are taken."""
ORDINARY_WEEKS = 8
"""Fewest weeks before the past window that say how big a course is without promotion."""
SMALLEST_STRATUM = 8
"""Units of a stratum of courses: among fewer, strata cost more allocations than they balance."""
PAID_FIRST, ORGANIC_FIRST = "paid first", "organic first"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The promoted courses, and what was done about the candidates that are not."""

    courses: tuple[str, ...]
    assigned: Assigned | None
    """None where every candidate that can be used is promoted."""
    remarks: tuple[str, ...]


def country_arms(past: Resolved, plan: Plan) -> Assigned | None:
    """Countries with advertisements (A) and without (B), alike in size and growth.

    Halves are drawn within matched pairs, other shares within strata of like size. None where
    the plan leaves no country without advertisements.
    """
    if not plan.no_ads:
        return None
    names = tuple(c for c in past.panel.countries if c != UNKNOWN)
    known = _size_and_growth(past, "country", names)
    without, with_ads = shares(len(names), plan.no_ads)
    even = without == len(names) // 2
    smallest = min(without, with_ads) / len(names)
    blocks = matched_pairs(known) if even else strata(known[:, 0], round(2 / smallest))
    kind = AssignmentRule.MATCHED_PAIRS if even else AssignmentRule.STRATIFIED
    groups = (("B", without), ("A", with_ads))
    return assign(_units(names, known, blocks), Rule(kind, groups, (plan.seed, COUNTRIES)))


def promoted_courses(past: Resolved, plan: Plan, arms: Assigned | None, wanted: int) -> Chosen:
    """The courses that are promoted individually.

    Where there are more candidates than wanted, chance chooses among those large enough: what
    it leaves is compared with what it takes.

    Parameters
    ----------
    wanted : how many, the new ones included

    Raises
    ------
    DataError : fewer candidates than wanted are large enough
    """
    new = tuple(course.code for course in plan.new_courses)
    small = {code: why for code in plan.candidates if (why := _too_small(past, plan, arms, code))}
    usable = tuple(code for code in plan.candidates if code not in small)
    number = wanted - len(new)
    if number > len(usable) or number < 0:
        what = f"{wanted} courses are wanted, {len(usable)} candidates can be used"
        rule = f"each has {plan.minimum_cell} expected enrolments in every arm: minimum_cell"
        hint = "; ".join(small.values()) or "name more candidates"
        raise DataError(Problem("plan.courses", what, rule, hint))
    if number == len(usable) or number == 0:
        return Chosen(usable[:number] + new, None, tuple(small.values()))
    known = _size_and_growth(past, "course", usable)
    blocks = strata(known[:, 0], _per_stratum(len(usable), number))
    groups = (("promoted", number), ("other", len(usable) - number))
    rule_ = Rule(AssignmentRule.STRATIFIED, groups, (plan.seed, COURSES))
    drawn = assign(_units(usable, known, blocks), rule_)
    return Chosen((*drawn.members("promoted"), *new), drawn, tuple(small.values()))


def left_out_courses(past: Resolved, plan: Plan, promoted: Sequence[str]) -> Assigned | None:
    """Other courses that no promotion reaches, drawn within strata of like size.

    Candidates that were not chosen are not among them: they are what the chosen are compared
    with.

    Raises
    ------
    DataError : as many are to be left out as there are
    """
    names = tuple(sorted({*past.others, *past.left_out} - {*promoted, *plan.candidates}))
    if not plan.left_out:
        return None
    if plan.left_out >= len(names):
        what = f"{plan.left_out} of {len(names)} other courses are to be left out"
        raise DataError(Problem("plan.left_out", what, "some other courses are not"))
    known = _size_and_growth(past, "course", names)
    rest = len(names) - plan.left_out
    blocks = strata(known[:, 0], _per_stratum(len(names), rest))
    groups = (("left out", plan.left_out), ("other", rest))
    return assign(
        _units(names, known, blocks), Rule(AssignmentRule.STRATIFIED, groups, (plan.seed, LEFT_OUT))
    )


def orders(past: Resolved, plan: Plan, promoted: Sequence[str], paid_first: int) -> Assigned:
    """Which promoted courses have paid promotion first; courses without history are a stratum."""
    known = _size_and_growth(past, "course", promoted)
    per_block = len(promoted)
    groups = ((PAID_FIRST, paid_first), (ORGANIC_FIRST, len(promoted) - paid_first))
    blocks = strata(known[:, 0], per_block)
    kind = AssignmentRule.STRATIFIED if len(set(blocks)) > 1 else AssignmentRule.SIMPLE
    return assign(_units(tuple(promoted), known, blocks), Rule(kind, groups, (plan.seed, ORDER)))


def weekly_rate(past: Resolved, course: str, countries: Sequence[str] | None = None) -> float:
    """Enrolments in an ordinary week: before the past window, or in it where there is no before.

    NaN for a course that was never counted.
    """
    panel, window = past.panel, past.protocol.window
    if course not in panel.courses:
        return float("nan")
    only = {} if countries is None else {"country": list(countries)}
    daily = panel.array("day", course=[course], **only)
    first, stop = _opened(past, course), panel.day(window.start)
    if stop - first < 7 * ORDINARY_WEEKS:
        stop = panel.days
    first = max(first, stop - 7 * WEEKS_SEEN)
    return float(daily[first:stop].sum()) / max((stop - first) / 7, 1)


def _too_small(past: Resolved, plan: Plan, arms: Assigned | None, course: str) -> str:
    """Why a candidate cannot be used; empty where it can."""
    groups: dict[str, Sequence[str] | None] = {"": None}
    if arms is not None:
        groups = {f" in arm {label}": arms.members(label) for label in ("A", "B")}
    elif past.arm_a:
        in_a = past.arm_a.get(course, ())
        rest = [c for c in past.panel.countries if c not in in_a]
        groups = {" in arm A": in_a, " in arm B": rest} if in_a else groups
    for where, countries in groups.items():
        expected = weekly_rate(past, course, countries) * plan.weeks
        if np.isnan(expected):
            return f"{course} was never counted: name it under new_courses"
        if expected < plan.minimum_cell:
            return f"{course}: {expected:.0f} expected{where} in {plan.weeks} weeks"
    return ""


def _size_and_growth(past: Resolved, axis: str, names: Sequence[str]) -> Array:
    """(n, 2) log weekly rate over the last weeks, and its change between their two halves.

    Everything that is known of them when the plan is made may be used: what is balanced need
    not be free of an earlier promotion. NaN for a course that was never counted.
    """
    found = np.full((len(names), 2), np.nan)
    for row, name in enumerate(names):
        if name not in past.panel.labels(axis):
            continue
        daily = past.panel.array("day", **{axis: [name]})
        first = _opened(past, name) if axis == "course" else 0
        seen = daily[max(first, past.panel.days - 7 * WEEKS_SEEN) :]
        half = len(seen) // 2
        rates = [np.log((part.sum() + 0.5) / len(part) * 7) for part in (seen[:half], seen[half:])]
        found[row] = np.log((seen.sum() + 0.5) / len(seen) * 7), rates[1] - rates[0]
    return found


def _per_stratum(units: int, taken: int) -> int:
    """Units of a stratum: one or more of the smaller group each, and not too few to draw among."""
    return max(round(units / min(taken, units - taken)), SMALLEST_STRATUM)


def _opened(past: Resolved, course: str) -> int:
    return max(past.panel.day(past.first_day.get(course, past.panel.start)), 0)


def _units(names: Sequence[str], known: Array, blocks: tuple[int, ...]) -> Units:
    rows = tuple(tuple(float(value) for value in row) for row in known)
    return Units(tuple(names), rows, blocks)
