"""Secondary outcomes, counted in the engine: the learner key goes no further than these queries.

An outcome is counted on the day, course, country and tag of the enrolment that it began with, and
only for enrolments whose follow-up is over by `as_of`: a follow-up of 30 days ends the panel 30
days earlier, or the last weeks would look worse than the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from evaluator.errors import DataError, Problem
from evaluator.experiment.protocol import Protocol, Source
from evaluator.experiment.secondary import Secondary, SecondaryKind
from evaluator.panel import Index, Panel, panel_from_codes
from evaluator.results import Finding, Status
from evaluator.sources.calendar import mixed_zones
from evaluator.sources.checks import RULES, Bounds, Rule, row_problems, yes_or_no
from evaluator.sources.columns import Layout, column_names, missing_columns
from evaluator.sources.counted import coded_labels
from evaluator.sources.days import instants, local_day
from evaluator.sources.files import ROW, open_files
from evaluator.sources.loaded import Outcome
from evaluator.sources.rows import text

CONVERSIONS = Layout(("day", "learner"))
CELL = ("course", "country", "tag", "day")
EPOCH = date(1970, 1, 1)


def read_conversions(
    connection: Any, protocol: Protocol
) -> tuple[dict[str, ir.Table], tuple[Problem, ...]]:
    """Learner and day of every conversion, by source, and what is wrong with them."""
    found = {
        source.name: _conversions(connection, source, protocol)
        for source in protocol.source("conversions")
    }
    tables = {name: table for name, (table, _) in found.items() if table is not None}
    return tables, tuple(problem for _, problems in found.values() for problem in problems)


def count_outcomes(
    connection: Any,
    protocol: Protocol,
    panel: Panel,
    people: Sequence[ir.Table],
    conversions: Mapping[str, ir.Table],
) -> tuple[dict[str, Outcome], tuple[Finding, ...]]:
    """Every secondary outcome on the axes of the panel, by name, and what was noticed.

    Parameters
    ----------
    people : rows of each source of events, with their learners
    conversions : of each source of conversions, learner and day

    Raises
    ------
    DataError : a follow-up that is over for no day, or keys that the sources do not share
    """
    if not protocol.secondary:
        return {}, ()
    enrolments = _enrolments(connection, people)
    problems = [*_too_long(protocol, panel), *_strangers(protocol, enrolments, conversions)]
    if problems:
        raise DataError(problems)
    outcomes = {}
    for secondary in protocol.secondary:
        last = protocol.as_of - timedelta(secondary.days or 0)
        flagged = _flagged(enrolments, secondary, conversions)
        outcomes[secondary.name] = _outcome(flagged.filter(flagged.day <= last), panel, last)
    return outcomes, tuple(_findings(protocol, enrolments))


def _conversions(
    connection: Any, source: Source, protocol: Protocol
) -> tuple[ir.Table | None, tuple[Problem, ...]]:
    files, unreadable = open_files(connection, source, protocol.path.parent)
    missing = missing_columns(files, source, CONVERSIONS)
    if unreadable or missing:
        return None, (*unreadable, *missing)
    parts = []
    for index, file in enumerate(files):
        names = column_names(file, source, CONVERSIONS)
        written = text(file.table[names["day"]])
        parts.append(
            file.table.select(
                file=ibis.literal(index),
                row=file.table[ROW],
                written=written,
                day=local_day(written, protocol.timezone),
                instant=instants(written),
                learner=text(file.table[names["learner"]]),
            )
        )
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    rows = connection.create_table(ibis.util.gen_name("conversions"), rows, temp=True)
    called, shown = dict(source.columns), [file.name for file in files]
    rules = (*(rule for rule in RULES if rule.column == "day"), NO_LEARNER)
    limits = Bounds((), {}, protocol.history_from, protocol.as_of)
    problems = row_problems(rows, shown, called, limits, rules)
    zones = mixed_zones(rows, shown, called.get("day", "day"), protocol.timezone)
    return rows.select("learner", "day").distinct(), (*problems, *zones)


def _enrolments(connection: Any, people: Sequence[ir.Table]) -> ir.Table:
    """Rows of all sources: cell, learner, whether they returned, whether this is the first of them.

    A first contact is a learner's first row, unless it says that they came before the data.
    """
    parts = [
        rows.select(
            *CELL,
            "learner",
            source=ibis.literal(index),
            file=rows.file,
            row=rows.row,
            returning=yes_or_no(rows.returning),
        )
        for index, rows in enumerate(people)
    ]
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    order = ibis.window(group_by="learner", order_by=["day", "source", "file", "row"])
    first = rows.learner.notnull() & (ibis.row_number().over(order) == 0)
    first &= ~rows.returning.fill_null(False)
    rows = rows.select(*CELL, "learner", "returning", first=first)
    return connection.create_table(ibis.util.gen_name("enrolments"), rows, temp=True)


def _flagged(
    enrolments: ir.Table, secondary: Secondary, conversions: Mapping[str, ir.Table]
) -> ir.Table:
    """Cell of each enrolment, whether it counts, and whether it is a trial of a share."""
    if secondary.kind is SecondaryKind.NEW_LEARNERS:
        counts = (~enrolments.returning).fill_null(False)
        return enrolments.select(*CELL, counts=counts, trial=enrolments.returning.notnull())
    known = enrolments.filter(enrolments.learner.notnull())
    contacts = known.select("learner", "day").distinct()
    later = contacts.view() if secondary.source is None else conversions[secondary.source]
    pairs = contacts.join(later, contacts.learner == later.learner, rname="later_{name}")
    within = pairs.later_day <= pairs.day + ibis.interval(days=secondary.days)
    hits = pairs.filter(pairs.later_day > pairs.day, within).select("learner", "day").distinct()
    hits = hits.mutate(hit=True)
    joined = enrolments.left_join(hits, ["learner", "day"])
    return joined.select(*CELL, counts=joined.hit.fill_null(False), trial=joined.first)


def _outcome(flagged: ir.Table, panel: Panel, last: date) -> Outcome:
    """What is flagged as panels on the axes of the one of all enrolments."""
    sums = {
        "counted": flagged.counts,
        "trials": flagged.trial,
        "successes": flagged.counts & flagged.trial,
    }
    totals = {name: flag.cast("int64").sum() for name, flag in sums.items()}
    table = flagged.group_by(*CELL).aggregate(**totals).to_pyarrow()
    axes = [_positions(table[axis], panel.labels(axis)) for axis in CELL[:3]]
    days = table["day"].cast("int32").to_numpy() - (panel.start - EPOCH).days
    codes = np.array([*axes, days], dtype=np.intp)
    labels, span = (panel.courses, panel.countries, panel.tags), (panel.start, last)
    panels = []
    for name in sums:
        values = table[name].to_numpy().astype(float)
        kept = values > 0
        panels.append(panel_from_codes(labels, codes[:, kept], values[kept], span=span))
    return Outcome(*panels)


def _positions(column: Any, labels: Sequence[str]) -> Index:
    """Position of each row's label among those of the panel, which has them all."""
    found, codes = coded_labels(column)
    return np.searchsorted(labels, found).astype(np.intp)[codes]


def _too_long(protocol: Protocol, panel: Panel) -> Iterator[Problem]:
    for secondary in protocol.secondary:
        if secondary.days and panel.start > protocol.as_of - timedelta(secondary.days):
            what = f"no enrolment was {secondary.days} days old on {protocol.as_of}"
            rule = f"the data begin on {panel.start}"
            yield Problem(f'secondary "{secondary.name}"', what, rule, "declare fewer days")


def _strangers(
    protocol: Protocol, enrolments: ir.Table, conversions: Mapping[str, ir.Table]
) -> Iterator[Problem]:
    """Conversions of nobody who ever enrolled: the keys are not the same."""
    for name, table in conversions.items():
        known = table.semi_join(enrolments, "learner").count().to_pyarrow().as_py()
        if known == 0 and any(secondary.source == name for secondary in protocol.secondary):
            what = "no learner in it ever enrolled"
            rule = "conversions and enrolments call a learner by the same pseudonymous key"
            yield Problem(f'source "{name}"', what, rule, "export both with one key")


def _findings(protocol: Protocol, enrolments: ir.Table) -> Iterator[Finding]:
    kinds = {secondary.kind is SecondaryKind.NEW_LEARNERS for secondary in protocol.secondary}
    earlier = ibis.window(group_by="learner", order_by="day", following=0)
    again = enrolments.learner.notnull() & (enrolments.day > enrolments.day.min().over(earlier))
    rows = enrolments.mutate(again=again)
    seen = rows.aggregate(
        rows=rows.count(),
        keyless=rows.learner.isnull().sum(),
        unsaid=rows.returning.isnull().sum(),
        denied=(rows.again & ~rows.returning).fill_null(False).sum(),
    )
    total = seen.to_pyarrow().to_pylist()[0]
    if False in kinds and total["keyless"]:
        yield Finding(
            "learners without a key",
            Status.WARN,
            f"{total['keyless']:,} of {total['rows']:,} enrolments have no learner key: what became"
            " of these people is not known, and counts as nothing",
            "fill the key in the export",
        )
    if True in kinds and total["unsaid"]:
        yield Finding(
            "new or returning not said",
            Status.WARN,
            f"{total['unsaid']:,} of {total['rows']:,} enrolments do not say whether the learner"
            " returned; they are not counted as new",
            "fill the column in the export",
        )
    if True in kinds:
        yield Finding(
            "new learners seen before",
            Status.WARN if total["denied"] else Status.PASS,
            f"{total['denied']:,} enrolments are said to be of new learners whose key enrolled on"
            " an earlier day"
            if total["denied"]
            else "no learner said to be new had enrolled on an earlier day",
            "find out which of the two is right" if total["denied"] else "",
        )


NO_LEARNER = Rule(
    "learner",
    lambda rows, limits: limits.inside(rows) & rows.learner.isnull(),
    lambda rows: rows.written,
    "no learner",
    "every conversion names its learner by a pseudonymous key",
    lambda _values, _limits: "export it again, or leave the rows out",
)
