"""From the declared sources of events and counts to daily cells, checked on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from evaluator.errors import Problem
from evaluator.experiment.protocol import Protocol, Source
from evaluator.panel import Index, Panel, panel_from_codes
from evaluator.results import Finding, Status
from evaluator.sources.calendar import gaps, mixed_zones, overlaps, repeated_cells
from evaluator.sources.checks import RETURNING, RULES, Bounds, row_problems
from evaluator.sources.columns import missing_columns
from evaluator.sources.files import open_files
from evaluator.sources.loaded import UNKNOWN
from evaluator.sources.rows import COUNTING, KINDS, counted_rows, layout_of


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What the sources count, what was noticed, and what is wrong."""

    cells: tuple[ir.Table, ...] = ()
    """One table a source: course, country, tag, day, value; each cell once."""
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    people: tuple[ir.Table, ...] = ()
    """One table a source, in the engine: who the rows are about (see `outcomes.py`)."""


def read_counted(connection: Any, protocol: Protocol, courses: Sequence[str]) -> Counted:
    """Daily cells of every source of events or counts, what was noticed, and what is wrong.

    Parameters
    ----------
    courses : every course that data may name; empty where that is not known
    """
    sources = [source for source in protocol.sources if source.kind in COUNTING]
    if not sources and protocol.of_claims_alone:
        return Counted()
    if not sources:
        rule = "an experiment has at least one source of kind events or counts"
        what = "no source counts anything"
        return Counted(problems=(Problem(protocol.path.name, what, rule),))
    parts = [read_source(connection, source, protocol, courses) for source in sources]
    return Counted(
        tuple(cells for part in parts for cells in part.cells),
        tuple(finding for part in parts for finding in part.findings),
        tuple(problem for part in parts for problem in part.problems),
        tuple(people for part in parts for people in part.people),
    )


def panel_of(cells: Sequence[ir.Table], last: date) -> Panel:
    """Panel from the first day in the cells to `last`; equal cells of two sources are added.

    Without cells, of claims alone, it is empty: one day on which nothing was counted.
    """
    if not cells:
        return Panel((), (), (), last, 1, np.zeros((4, 0), dtype=np.intp), np.zeros(0))
    # Source by source, so that sums are the same to the last bit whatever the engine's threads do.
    table = pa.concat_tables([part.to_pyarrow() for part in cells])
    coded = [coded_labels(table[axis]) for axis in ("course", "country", "tag")]
    labels, codes = zip(*coded, strict=True)
    days = table["day"].cast("int32").to_numpy()
    first = date(1970, 1, 1) + timedelta(int(days.min()))
    positions = np.array([*codes, days - days.min()], dtype=np.intp)
    return panel_from_codes(labels, positions, table["value"].to_numpy(), span=(first, last))


def coded_labels(column: Any) -> tuple[tuple[str, ...], Index]:
    """Sorted labels of a text column, and the position of each row's label among them."""
    encoded = column.combine_chunks().dictionary_encode()
    found = encoded.dictionary.to_pylist()
    labels = sorted(found)
    rank = {label: i for i, label in enumerate(labels)}
    position = np.array([rank[label] for label in found], dtype=np.intp)
    return tuple(labels), position[encoded.indices.to_numpy()]


def read_source(
    connection: Any, source: Source, protocol: Protocol, courses: Sequence[str]
) -> Counted:
    """The same of one source of any kind that gives a value, or an event, a course and day."""
    kind = KINDS[source.kind]
    files, unreadable = open_files(connection, source, protocol.path.parent)
    secondary = protocol.secondary if source.kind in COUNTING else ()
    layout = layout_of(source, secondary)
    problems = [*unreadable, *missing_columns(files, source, layout)]
    if problems:
        return Counted(problems=tuple(problems))
    names = [file.name for file in files]
    called = dict(source.columns)
    day = called.get("day", "day")
    follow = bool(secondary)
    rows = counted_rows(connection, files, source, protocol.timezone, people=follow)
    limits = Bounds.of(protocol, courses)
    rules = (*RULES, RETURNING) if follow else RULES
    problems += row_problems(rows, names, called, limits, rules)
    problems += mixed_zones(rows, names, day, protocol.timezone)
    if kind.writes_zeros:
        problems += repeated_cells(rows, names, day, kind)
    inside = rows.filter(limits.inside(rows), rows.course.notnull(), rows.value.notnull())
    by_file = inside.group_by("file", "course", "country", "tag", "day")
    cells = by_file.aggregate(value=inside.value.sum())
    cells = connection.create_table(ibis.util.gen_name("cells"), cells, temp=True)
    problems += overlaps(cells, names, kind)
    if not problems:
        where = f"{_listed(names)}, column {day}"
        empty = cells.count().to_pyarrow().as_py() == 0
        sparse = replace(kind, writes_zeros=kind.writes_zeros and not source.absent_is_zero)
        if empty:
            problems += _nothing_inside(where, limits)
        elif source.kind in COUNTING or not source.absent_is_zero:
            problems += gaps(cells, where, sparse, protocol)
    if problems:
        return Counted(problems=tuple(problems))
    findings = tuple(_findings(rows, source, limits))
    return Counted((cells.drop("file"),), findings, people=(inside,) if follow else ())


def _nothing_inside(where: str, limits: Bounds) -> Iterator[Problem]:
    since = f"from history_from ({limits.first}) " if limits.first else ""
    what = f"no row {since}up to as_of ({limits.last})"
    yield Problem(where, what, "the experiment reads only these days", "check both, or export more")


def _listed(names: Sequence[str], shown: int = 3) -> str:
    more = [f"{len(names) - shown} more files"] if len(names) > shown else []
    return ", ".join([*names[:shown], *more])


def _findings(rows: ir.Table, source: Source, limits: Bounds) -> Iterator[Finding]:
    inside = limits.inside(rows)
    seen = rows.aggregate(
        rows=rows.copies.sum(),
        identical=(rows.copies - 1).sum(),
        keyless=rows.keyed.ifelse(0, 1).sum(),
        outside=inside.ifelse(0, rows.copies).sum(),
        unknown=(inside & (rows.country == UNKNOWN)).ifelse(rows.value, 0.0).sum(),
    )
    total = seen.to_pyarrow().to_pylist()[0]
    yield _identical(total, source)
    if total["outside"]:
        before = f"before {limits.first} or " if limits.first else ""
        yield Finding(
            f"days left out: {source.name}",
            Status.PASS,
            f"{total['outside']:,} of {total['rows']:,} {KINDS[source.kind].noun} are {before}"
            f"after {limits.last} and are not read",
        )
    if total["unknown"]:
        yield Finding(
            f"country not given: {source.name}",
            Status.WARN,
            f"{total['unknown']:,.0f} counted in rows without a country; they are in no arm A",
            "fill the country in the export",
        )


def _identical(total: dict[str, int], source: Source) -> Finding:
    kind = KINDS[source.kind]
    name = f"identical {kind.noun}: {source.name}"
    if total["keyless"] == total["rows"]:
        return Finding(
            name,
            Status.NOT_RUN,
            f"without a column {kind.key} nothing can be called identical: "
            "rows that look alike may be different people",
            f"export a pseudonymous {kind.key} key",
        )
    without = f" ({total['keyless']:,} have no {kind.key} key)" if total["keyless"] else ""
    if total["identical"] == 0:
        sentence = f"no two of {total['rows']:,} {kind.noun} are identical{without}"
        return Finding(name, Status.PASS, sentence)
    sentence = (
        f"{total['identical']:,} of {total['rows']:,} {kind.noun} repeat another in every "
        f"column and were counted once{without}"
    )
    return Finding(name, Status.WARN, sentence, "find out why the export repeats them")
