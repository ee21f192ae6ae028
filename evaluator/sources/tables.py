"""Small tables beside the counts: the catalogue, participants, delivery, posts, e-mail.

Cells stay text, and whoever uses a figure casts it, except the participants of a course by
country: they decide arm A and are checked and cast here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ibis
import pandas as pd

from evaluator.errors import Problem
from evaluator.experiment.protocol import Protocol, Source
from evaluator.sources.checks import RULES, Bounds, row_problems
from evaluator.sources.columns import Layout, column_names, missing_columns
from evaluator.sources.files import ROW, File, open_files
from evaluator.sources.rows import labels, text

SOURCE = "source"
"""Column of a side table that names the declared source a row comes from."""

LAYOUTS: Mapping[str, Layout] = {
    "courses": Layout(("code",), ("title",)),
    "participants": Layout(("course", "participants"), ("country",)),
    "delivery": Layout(("wave", "arm")),
    "posts": Layout(("date", "course")),
    "email": Layout(("sent",)),
    "arms": Layout(("day", "arm")),
}


def read_tables(
    connection: Any, protocol: Protocol
) -> tuple[dict[str, pd.DataFrame], tuple[Problem, ...]]:
    """Side tables by kind, and what is wrong with them.

    Sources of one kind stand below each other and are told apart by the column `SOURCE`. The
    program's names of columns replace the files' where the layout has them; other columns keep
    their own. A kind with a problem is left out.
    """
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for kind in LAYOUTS:
        frames = []
        found: list[Problem] = []
        for source in protocol.source(kind):
            files, wrong = _open_table(connection, source, protocol, tables)
            frames += [_frame(file, source) for file in files]
            found += wrong
        problems += found
        if frames and not found:
            tables[kind] = pd.concat(frames, ignore_index=True)
    return tables, tuple(problems)


def known_courses(protocol: Protocol, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Every course declared or in the catalogue; empty where the catalogue cannot be read."""
    listed = tables.get("courses")
    if listed is None and protocol.source("courses"):
        return ()
    codes = [course.code for course in protocol.courses] + [*protocol.others.codes]
    codes += [] if listed is None else list(listed["code"])
    return tuple(sorted(set(codes)))


def _open_table(
    connection: Any, source: Source, protocol: Protocol, tables: Mapping[str, pd.DataFrame]
) -> tuple[tuple[File, ...], list[Problem]]:
    files, unreadable = open_files(connection, source, protocol.path.parent)
    missing = missing_columns(files, source, LAYOUTS[source.kind])
    problems = [*unreadable, *missing]
    if problems:
        return (), problems
    for file in files:
        if source.kind == "courses":
            problems += _catalogue_problems(file, source)
        if source.kind == "participants":
            known = known_courses(protocol, tables)
            problems += _participant_problems(file, source, Bounds.of(protocol, known))
    return files, problems


def _catalogue_problems(file: File, source: Source) -> Iterator[Problem]:
    name = column_names(file, source, LAYOUTS["courses"])["code"]
    code = text(file.table[name])
    codes = file.table.group_by(code=code).aggregate(row=file.table[ROW].min(), n=code.count())
    wrong = codes.filter(codes.code.isnull() | (codes.n > 1)).order_by("row")
    for found in wrong.limit(5).to_pyarrow().to_pylist():
        what = f'"{found["code"]}" is listed {found["n"]} times' if found["code"] else "no code"
        rule = "a catalogue lists each course once, by its code"
        yield Problem(f"{file.name}, row {found['row']}, column {name}", what, rule)


def _participant_problems(file: File, source: Source, limits: Bounds) -> tuple[Problem, ...]:
    names = column_names(file, source, LAYOUTS["participants"])
    amount = text(file.table[names["participants"]])
    rows = file.table.select(
        file=ibis.literal(0),
        row=file.table[ROW],
        amount=amount,
        value=amount.try_cast("float64"),
        **labels(file.table, names, source),
    )
    rules = tuple(rule for rule in RULES if rule.column in ("course", "value"))
    shown = {"course": names.get("course", "course"), "value": names["participants"]}
    return row_problems(rows, (file.name,), shown, limits, rules)


def _frame(file: File, source: Source) -> pd.DataFrame:
    names = column_names(file, source, LAYOUTS[source.kind])
    called = {name: role for role, name in names.items()}
    columns = {called.get(name, name): text(file.table[name]) for name in file.columns}
    if source.kind == "participants":
        given = labels(file.table, names, source)
        columns |= {"course": given["course"], "country": given["country"]}
        columns["participants"] = columns["participants"].try_cast("float64")
    selected = file.table.order_by(ROW).select(**columns)
    frame: pd.DataFrame = selected.to_pandas()
    return frame.assign(**{SOURCE: source.name})
