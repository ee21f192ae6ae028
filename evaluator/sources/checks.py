"""Rules that a single row can break, as one table: each a query for the rows that break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from evaluator.errors import Problem, did_you_mean
from evaluator.experiment.protocol import Protocol
from evaluator.sources.days import WRITTEN

SHOWN = 5
"""Offending values shown per rule and file; the others are counted."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the protocol says of the rows it can use."""

    courses: tuple[str, ...]
    """Every course that is declared or in the catalogue; empty: not known, any will do."""
    available: Mapping[str, date]
    """First day on which a course could be enrolled in, where declared."""
    first: date | None
    last: date

    def inside(self, rows: ir.Table) -> ir.BooleanValue:
        """Rows of the days the experiment reads; all of them in a table without days."""
        if "day" not in rows.columns:
            return ibis.literal(True)
        upper = rows.day <= self.last
        return upper if self.first is None else upper & (rows.day >= self.first)

    @classmethod
    def of(cls, protocol: Protocol, courses: Sequence[str]) -> Bounds:
        available = {c.code: c.available_from for c in protocol.courses if c.available_from}
        return cls(tuple(courses), available, protocol.history_from, protocol.as_of)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a row must not be, the value to show for it, and what to do about it."""

    column: str
    offends: Callable[[ir.Table, Bounds], ir.BooleanValue]
    shown: Callable[[ir.Table], ir.StringValue]
    what: str
    rule: str
    hint: Callable[[Sequence[str], Bounds], str]


def row_problems(
    rows: ir.Table,
    files: Sequence[str],
    names: Mapping[str, str],
    limits: Bounds,
    rules: Sequence[Rule] | None = None,
) -> tuple[Problem, ...]:
    """Every rule that rows break, per file, with the first rows that break it.

    Parameters
    ----------
    rows : counted rows of one source
    files : names of its files, by the number in `file`
    names : what the source calls the columns, where it says so
    rules : all of `RULES` unless the table has fewer columns
    """
    rules = RULES if rules is None else rules
    broken = {f"n{i}": rule.offends(rows, limits) for i, rule in enumerate(rules)}
    totals = {key: offends.fill_null(False).sum() for key, offends in broken.items()}
    counts = rows.group_by("file").aggregate(**totals).order_by("file").to_pyarrow().to_pylist()
    return tuple(
        _problem(rows.filter(broken[f"n{i}"], rows.file == count["file"]), rule, where, limits)
        for count in counts
        for i, rule in enumerate(rules)
        if count[f"n{i}"]
        for where in [f"{files[count['file']]}, column {names.get(rule.column, rule.column)}"]
    )


def _problem(offending: ir.Table, rule: Rule, where: str, limits: Bounds) -> Problem:
    values = offending.group_by(shown=rule.shown(offending)).aggregate(
        row=offending.row.min(), rows=offending.count()
    )
    listed = values.order_by("row").limit(SHOWN).to_pyarrow().to_pylist()
    more = values.count().to_pyarrow().as_py() - len(listed)
    examples = [*_examples(listed), *([f"and {more} more values"] if more else [])]
    hint = rule.hint([value["shown"] or "" for value in listed], limits)
    first = listed[0]["row"]
    return Problem(
        where.replace(", column", f", row {first}, column"),
        f"{rule.what}: {', '.join(examples)}",
        rule.rule,
        hint,
    )


def _examples(listed: Sequence[Mapping[str, object]]) -> Iterator[str]:
    for value in listed:
        more = int(str(value["rows"])) - 1
        shown = "" if value["shown"] is None else f'"{value["shown"]}" in '
        others = f" and {more:,} more row{'s' * (more > 1)}" if more else ""
        yield f"{shown}row {value['row']}{others}"


def _early(rows: ir.Table, limits: Bounds) -> ir.BooleanValue:
    tests = [(rows.course == code) & (rows.day < day) for code, day in limits.available.items()]
    return limits.inside(rows) & reduce(or_, tests, ibis.literal(False))


def _unknown(rows: ir.Table, limits: Bounds) -> ir.BooleanValue:
    # Where the courses are not known, each is one, and a blank stays blank.
    known = rows.course.isin(limits.courses) if limits.courses else rows.course == rows.course
    return limits.inside(rows) & ~known


def _near_courses(values: Sequence[str], limits: Bounds) -> str:
    near = {value: did_you_mean(value, limits.courses) for value in values}
    found = [f"{value}: {hint}" for value, hint in near.items() if hint]
    declare = "correct it, or declare the course (in the catalogue or under [others])"
    return "\n  ".join([*found, declare])


def _always(sentence: str) -> Callable[[Sequence[str], Bounds], str]:
    return lambda _values, _limits: sentence


def yes_or_no(written: ir.StringValue) -> ir.BooleanValue:
    """Whether a text says yes; null where it says neither."""
    lowered = written.lower()
    return ibis.cases(
        (lowered.isin(["true", "yes", "1"]), ibis.literal(True)),
        (lowered.isin(["false", "no", "0"]), ibis.literal(False)),
    )


RULES = (
    Rule(
        "day",
        lambda rows, _: rows.written.isnull(),
        lambda rows: rows.written,
        "no day",
        "every row has a day",
        _always("export it again, or leave the rows out"),
    ),
    Rule(
        "day",
        lambda rows, _: rows.written.notnull() & rows.day.isnull(),
        lambda rows: rows.written,
        "not a day",
        f"a day is written {WRITTEN}",
        _always("export the column in one of these forms"),
    ),
    Rule(
        "course",
        lambda rows, limits: limits.inside(rows) & rows.course.isnull(),
        lambda rows: rows.course,
        "no course",
        "every row has a course",
        _always("export it again, or leave the rows out"),
    ),
    Rule(
        "course",
        _unknown,
        lambda rows: rows.course,
        "unknown course",
        "a course is declared as promoted or other, or listed in the catalogue",
        _near_courses,
    ),
    Rule(
        "day",
        _early,
        lambda rows: rows.course + " on " + rows.day.cast("string"),
        "counted before the course was available",
        "nobody can enrol before the declared available_from",
        _always("correct available_from, or leave out test enrolments"),
    ),
    Rule(
        "value",
        lambda rows, _: rows.amount.isnull(),
        lambda rows: rows.amount,
        "no value",
        "every row has a value; write 0 where nothing was counted",
        _always("export it again"),
    ),
    Rule(
        "value",
        lambda rows, _: rows.amount.notnull() & rows.value.isnull(),
        lambda rows: rows.amount,
        "not a number",
        "a value is written 12 or 12.5",
        _always("write it without thousands separators, units and decimal commas"),
    ),
    Rule(
        "value",
        lambda rows, _: (rows.value < 0) | rows.value.isnan() | rows.value.isinf(),
        lambda rows: rows.amount,
        "negative or not finite",
        "a count is a number from 0 up",
        _always("write corrections into the day they correct"),
    ),
)

RETURNING = Rule(
    "returning",
    lambda rows, limits: (
        limits.inside(rows) & rows.returning.notnull() & yes_or_no(rows.returning).isnull()
    ),
    lambda rows: rows.returning,
    "neither yes nor no",
    "whether a learner returned is written true or false, yes or no, 1 or 0",
    _always("export the column in one of these forms"),
)
