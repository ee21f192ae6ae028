"""Counted rows: the one shape that exports of events and tables of counts are brought to.

| column | |
|---|---|
| `file`, `row` | position among the source's files, number in the file |
| `written`, `day`, `instant` | the day as written, as a local day, whether it had an offset |
| `course`, `country`, `tag` | labels; blank stays blank for a course, becomes `UNKNOWN` otherwise |
| `amount`, `value` | the value as written (an event is 1) and as a number |
| `copies`, `keyed` | identical rows counted as this one, and whether they could be told apart |
| `learner`, `returning` | as written; only where a secondary outcome follows people |

The learner key decides which events are identical, and who comes back (`outcomes.py`). It stays
in the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from evaluator.experiment.protocol import Source
from evaluator.experiment.secondary import Secondary, SecondaryKind
from evaluator.sources.columns import Layout, column_names
from evaluator.sources.days import instants, local_day
from evaluator.sources.files import ROW, File
from evaluator.sources.loaded import ALL, UNKNOWN


@dataclass(frozen=True, slots=True)
class Kind:
    """How the rows of one kind of table are counted."""

    layout: Layout
    noun: str
    """What a row is, plural, for sentences."""
    unit: tuple[str, ...]
    """Two files overlap where they share a day of the same unit."""
    key: str | None = None
    """Column without which two rows that look alike may be two people."""
    writes_zeros: bool = False
    """Whether nothing counted is a row too, so that each unit has every day."""


KINDS: Mapping[str, Kind] = {
    "events": Kind(
        Layout(("course", "day"), ("country", "tag", "learner", "returning")),
        "events",
        ("course",),
        "learner",
    ),
    "counts": Kind(
        Layout(("course", "day", "value"), ("country", "tag")),
        "rows",
        ("course", "country", "tag"),
        writes_zeros=True,
    ),
    "negative_control": Kind(
        Layout(("course", "day", "value"), ("country",)),
        "rows",
        ("course", "country"),
        writes_zeros=True,
    ),
}
COUNTING = ("events", "counts")
"""Kinds of which the outcome is counted."""


def layout_of(source: Source, secondary: Sequence[Secondary]) -> Layout:
    """Columns of a source: those by which secondary outcomes follow people are needed then."""
    layout = KINDS[source.kind].layout
    new = {outcome.kind is SecondaryKind.NEW_LEARNERS for outcome in secondary}
    asked = [name for name, is_new in (("returning", True), ("learner", False)) if is_new in new]
    return Layout((*layout.needed, *asked), tuple(c for c in layout.optional if c not in asked))


def counted_rows(
    connection: Any,
    files: tuple[File, ...],
    source: Source,
    timezone: str,
    *,
    people: bool = False,
) -> ir.Table:
    """Rows of all files of a source, identical ones once; see the module for the columns.

    Parameters
    ----------
    people : whether to keep, in the engine, who the rows are about
    """
    kind = KINDS[source.kind]
    parts = []
    for index, file in enumerate(files):
        names = column_names(file, source, kind.layout)
        once = _identical_once(file, names.get(kind.key) if kind.key else None, kind)
        who = _people(once, names) if people else {}
        parts.append(_shaped(once, index, names, source, timezone, who))
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return connection.create_table(ibis.util.gen_name("rows"), rows, temp=True)


def labels(table: ir.Table, names: Mapping[str, str], source: Source) -> dict[str, ir.StringValue]:
    """Course, country and tag of each row: from its column, or one label for the whole table."""
    course = text(table[names["course"]]) if "course" in names else ibis.literal(source.course)
    rest = {
        role: text(table[names[role]]).fill_null(UNKNOWN) if role in names else ibis.literal(ALL)
        for role in ("country", "tag")
    }
    return {"course": course} | rest


def text(column: ir.Value) -> ir.StringValue:
    """Without blanks around it; null where nothing is left."""
    return column.strip().nullif("")


def _identical_once(file: File, key: str | None, kind: Kind) -> ir.Table:
    """One row for rows that are equal in every column; without a key each stands alone."""
    table = file.table
    if kind.key is not None and key is None:
        return table.mutate(copies=ibis.literal(1), keyed=ibis.literal(False))
    keyed = ibis.literal(True) if key is None else text(table[key]).notnull()
    if _all_differ(file):
        return table.mutate(copies=ibis.literal(1), keyed=keyed)
    alone = ibis.ifelse(keyed, 0, table[ROW])
    grouped = table.group_by(*file.columns, keyed=keyed, alone=alone)
    return grouped.aggregate(copies=table.count(), **{ROW: table[ROW].min()})


def _shaped(
    table: ir.Table,
    index: int,
    names: Mapping[str, str],
    source: Source,
    timezone: str,
    who: Mapping[str, ir.StringValue],
) -> ir.Table:
    written = text(table[names["day"]])
    amount = text(table[names["value"]]) if "value" in names else ibis.literal("1")
    return table.select(
        file=ibis.literal(index),
        row=table[ROW],
        written=written,
        day=local_day(written, timezone),
        instant=instants(written),
        **labels(table, names, source),
        amount=amount,
        value=amount.try_cast("float64"),
        copies=table["copies"],
        keyed=table["keyed"],
        **who,
    )


def _people(table: ir.Table, names: Mapping[str, str]) -> dict[str, ir.StringValue]:
    return {
        role: text(table[names[role]]) if role in names else ibis.null("string")
        for role in ("learner", "returning")
    }


def _all_differ(file: File) -> bool:
    """Whether no two rows can be identical: cheaper by far than to group them.

    Rows with different hashes differ; should two different rows share one, grouping finds out.
    """
    hashes = ibis.struct({name: file.table[name] for name in file.columns}).hash()
    seen = file.table.aggregate(rows=file.table.count(), hashes=hashes.nunique())
    counted = seen.to_pyarrow().to_pylist()[0]
    return bool(counted["rows"] == counted["hashes"])
