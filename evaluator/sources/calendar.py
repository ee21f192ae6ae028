"""Rules that rows break together: time zones, repeated cells, overlapping exports, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import ibis.expr.types as ir

from evaluator.errors import Problem
from evaluator.experiment.protocol import Protocol, Span
from evaluator.sources.checks import SHOWN
from evaluator.sources.loaded import ALL
from evaluator.sources.rows import Kind


def mixed_zones(
    rows: ir.Table, files: Sequence[str], column: str, timezone: str
) -> Iterator[Problem]:
    """Some values say which instant they mean, others do not."""
    dated = rows.filter(rows.day.notnull())
    if dated.instant.nunique().to_pyarrow().as_py() < 2:
        return
    instant, local = (
        dated.filter(dated.instant == kind)
        .order_by("file", "row")
        .limit(1)
        .to_pyarrow()
        .to_pylist()[0]
        for kind in (True, False)
    )
    yield Problem(
        f"{files[instant['file']]}, row {instant['row']}, column {column}",
        f'mixed time zones: "{instant["written"]}" has an offset, "{local["written"]}" '
        f"in {files[local['file']]}, row {local['row']} has none",
        f"a source is all instants or all local times ({timezone})",
        "export every time with its offset, or every time without",
    )


def repeated_cells(
    rows: ir.Table, files: Sequence[str], column: str, kind: Kind
) -> Iterator[Problem]:
    """A table of counts that gives two rows to one unit and day."""
    cells = rows.group_by("file", *kind.unit, "day").aggregate(
        n=rows.count(), row=rows.row.min(), last=rows.row.max()
    )
    twice = cells.filter(cells.n > 1)
    for index, name in enumerate(files):
        mine = twice.filter(twice.file == index)
        listed = mine.order_by("row").limit(SHOWN).to_pyarrow().to_pylist()
        if not listed:
            continue
        more = mine.count().to_pyarrow().as_py() - len(listed)
        examples = [
            f"{_unit(cell, kind)} on {_day(cell['day'])} in rows {cell['row']} and {cell['last']}"
            for cell in listed
        ]
        yield Problem(
            f"{name}, row {listed[0]['row']}, column {column}",
            f"more than one value for a unit and day: {_list(examples, more)}",
            "a table of counts has one row for each unit and day",
            "add them up, or map the column that tells them apart (country, tag)",
        )


def overlaps(cells: ir.Table, files: Sequence[str], kind: Kind) -> Iterator[Problem]:
    """Two files of one source that share days of the same unit."""
    if len(files) < 2:
        return
    seen = cells.select("file", *kind.unit, "day").distinct()
    other = seen.view()
    same = [seen[column] == other[column] for column in (*kind.unit, "day")]
    pairs = seen.join(other, [*same, seen.file < other.file], rname="other_{name}")
    shared = pairs.group_by("file", "other_file").aggregate(
        first=pairs.day.min(),
        last=pairs.day.max(),
        days=pairs.day.nunique(),
        courses=pairs.course.nunique(),
        course=pairs.course.min(),
    )
    for pair in shared.order_by("file", "other_file").to_pyarrow().to_pylist():
        courses = f'"{pair["course"]}"'
        more = pair["courses"] - 1
        courses += f" and {more} more course{'s' * (more > 1)}" if more else ""
        yield Problem(
            f"{files[pair['file']]} and {files[pair['other_file']]}",
            f"both count {courses} on {_days(pair['first'], pair['last'])} "
            f"({pair['days']} day{'s' * (pair['days'] > 1)})",
            "the exports of one source do not overlap",
            "keep one or cut one short; if they count different people, declare two sources",
        )


def gaps(cells: ir.Table, where: str, kind: Kind, protocol: Protocol) -> Iterator[Problem]:
    """Days between the first and `as_of` for which the source has nothing.

    Events are few on many days, so only a day on which a source has none at all is a gap; a
    table of counts writes its zeros, so each unit has every day once it has begun.
    """
    unit = kind.unit if kind.writes_zeros else ()
    open_days = cells.filter(cells.day.notin(protocol.closed_days or [date.max]))
    seen = open_days.select(*unit, "day").distinct()
    grouped = seen.group_by(*unit) if unit else seen
    spans = grouped.aggregate(first=seen.day.min(), n=seen.count()).to_pyarrow().to_pylist()
    short = [span for span in spans if span["n"] < len(_expected(span["first"], protocol))]
    short.sort(key=lambda span: [span[column] for column in unit])
    for span in short[:SHOWN]:
        mine = seen.filter([seen[column] == span[column] for column in unit]) if unit else seen
        missing = _expected(span["first"], protocol) - set(mine.day.to_pyarrow().to_pylist())
        yield _gap(where, _unit(span, kind) if unit else "", sorted(missing), protocol)
    if len(short) > SHOWN:
        yield Problem(where, f"{len(short) - SHOWN} more units have gaps")


def _expected(first: date, protocol: Protocol) -> set[date]:
    days = {first + timedelta(i) for i in range((protocol.as_of - first).days + 1)}
    return days - set(protocol.closed_days)


def _gap(where: str, unit: str, missing: Sequence[date], protocol: Protocol) -> Problem:
    runs = list(_runs(missing))
    listed = _list([f"{_days(*run)}" for run in runs[:SHOWN]], len(runs) - SHOWN)
    subject = f"{unit}: " if unit else ""
    if missing[-1] == protocol.as_of and len(runs) == 1:
        what = f"{subject}the data end before as_of, nothing on {listed}"
        hint = f"export up to {_day(protocol.as_of)}, or set as_of to the last day exported"
    else:
        what = f"{subject}gap in the calendar, nothing on {listed}"
        hint = "export the days again, or list them in closed_days where nothing could be counted"
    rule = "every day from the first to as_of was counted"
    return Problem(where, what, rule, hint)


def _runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """First and last day of each unbroken run of sorted days."""
    first = days[0]
    for day, after in zip(days, [*days[1:], None], strict=True):
        if after is None or after - day > timedelta(1):
            yield first, day
            first = after or first


def _unit(cell: Mapping[str, Any], kind: Kind) -> str:
    return " · ".join(cell[column] for column in kind.unit if cell[column] != ALL)


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"


def _days(first: date, last: date) -> str:
    return _day(first) if first == last else str(Span(first, last))


def _list(examples: Sequence[str], more: int) -> str:
    return ", ".join([*examples, *([f"and {more} more"] if more > 0 else [])])
