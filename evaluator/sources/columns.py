"""Columns by the names the program knows: which a kind of table has, and which a file lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evaluator.errors import Problem, did_you_mean
from evaluator.experiment.protocol import Source
from evaluator.sources.files import File


@dataclass(frozen=True, slots=True)
class Layout:
    """What the program calls the columns of one kind of table."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return self.needed + self.optional


def column_names(file: File, source: Source, layout: Layout) -> dict[str, str]:
    """Program's name → file's name, for the columns of the layout that the file has."""
    declared = dict(source.columns)
    names = {role: declared.get(role, role) for role in layout.all}
    return {role: name for role, name in names.items() if name in file.columns}


def missing_columns(files: Iterable[File], source: Source, layout: Layout) -> tuple[Problem, ...]:
    """Columns that a file needs and lacks, that a declaration names in vain, or that come and go.

    A course declared for the whole source stands in for the column.
    """
    files = tuple(files)
    declared = dict(source.columns)
    present = [column_names(file, source, layout) for file in files]
    somewhere = set().union(*present) if present else set()
    wanted = (set(layout.needed) | somewhere | set(declared)) & set(layout.all)
    if source.course is not None and "course" not in declared:
        wanted -= {"course"}
    problems = [_unknown_role(role, source, layout) for role in declared if role not in layout.all]
    for file, names in zip(files, present, strict=True):
        lacking = [role for role in layout.all if role in wanted and role not in names]
        problems += [_missing(file, role, source) for role in lacking]
    return tuple(problems)


def _missing(file: File, role: str, source: Source) -> Problem:
    declared = dict(source.columns)
    name = declared.get(role, role)
    near = did_you_mean(name, file.columns)
    listed = ", ".join(file.columns)
    mapping = f'columns = {{ {role} = "…" }} in the source "{source.name}" says what it is called'
    instead = ", or course = … for the whole table" if role == "course" else ""
    return Problem(
        f"{file.name}, column {name}",
        "no such column",
        f"the columns are: {listed}",
        "\n  ".join(part for part in (near, mapping + instead) if part),
    )


def _unknown_role(role: str, source: Source, layout: Layout) -> Problem:
    return Problem(
        f'source "{source.name}", columns.{role}',
        f"a table of kind {source.kind} has no such column",
        f"its columns: {', '.join(layout.all)}",
        did_you_mean(role, layout.all),
    )
