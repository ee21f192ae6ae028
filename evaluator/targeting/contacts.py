"""A list of contacts: who was sent what, what became of them, and what was known before.

The key of a contact is read here, named in a problem, and written beside a segment where scores
are asked for (`scored.py`). Nothing else sees it; names and addresses are refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import DataError
from evaluator.estimators.arrays import Array, Flags
from evaluator.experiment.protocol import Protocol, Source
from evaluator.experiment.targeting import Feature, FeatureKind, Targeting
from evaluator.sources.columns import Layout, column_names, missing_columns
from evaluator.sources.files import ROW, File, open_files
from evaluator.sources.loaded import UNKNOWN

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A feature of all people of a list."""

    feature: Feature
    values: Array
    """Numbers, NaN where blank; of a category the positions in `levels`. (people,)"""
    levels: tuple[str, ...] = ()
    """Values of a category, sorted; a blank is one of its own."""

    @property
    def is_category(self) -> bool:
        return self.feature.kind is FeatureKind.CATEGORY

    @property
    def codes(self) -> Codes:
        """Positions in `levels`; of a category only."""
        codes: Codes = self.values.astype(np.intp)
        return codes


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """A list that breaks no rule."""

    keys: NDArray[np.str_]
    arm: Codes
    """0: held out; then by the declared order of arms. (people,)"""
    outcome: Array
    """(people,)"""
    columns: tuple[Column, ...]
    arms: tuple[str, ...]
    """Names, the hold-out first."""

    @property
    def people(self) -> int:
        return len(self.arm)

    @property
    def counts(self) -> tuple[int, ...]:
        """People by arm."""
        return tuple(int(n) for n in np.bincount(self.arm, minlength=len(self.arms)))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all but the keys."""
        digest = hashlib.sha256("\x1e".join(self.arms).encode())
        for values in (self.arm, self.outcome, *(own.values for own in self.columns)):
            digest.update(np.ascontiguousarray(values, dtype=float).tobytes())
        return digest.hexdigest()

    def taken(self, which: Flags | Codes) -> Contacts:
        """These people of the list."""
        columns = tuple(Column(own.feature, own.values[which], own.levels) for own in self.columns)
        return Contacts(self.keys[which], self.arm[which], self.outcome[which], columns, self.arms)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The cells of a list as text, and what its files and columns are called."""

    cells: pd.DataFrame
    """A column by the program's name for it; `file` and `row` say where a cell stands."""
    files: tuple[str, ...]
    names: dict[str, str]

    def where(self, position: int, column: str) -> str:
        """File, row and column of a cell, as people write them."""
        cell = self.cells.iloc[position]
        name = self.names.get(column, column)
        return f"{self.files[int(cell['file'])]}, row {int(cell['row'])}, column {name}"

    def column(self, column: str) -> str:
        return f"{self.files[0]}, column {self.names.get(column, column)}"


def read_contacts(protocol: Protocol, *, randomised: bool = True) -> Contacts:
    """The declared list.

    Parameters
    ----------
    randomised : whether chance decided who was sent what, so that no feature may tell the arms
        apart

    Raises
    ------
    DataError : the list cannot be read or breaks a rule; all problems are listed
    """
    from evaluator.targeting.checks import list_problems
    from evaluator.targeting.leaks import leak_problems

    targeting = _declared(protocol)
    roles = ("contact", "arm", "outcome", *(own.name for own in targeting.features))
    sheet = _sheet(protocol, targeting.source, roles)
    problems = list_problems(sheet, protocol)
    if not problems:
        contacts = contacts_of(sheet, protocol)
        problems = leak_problems(sheet, contacts, randomised=randomised)
        if not problems:
            return contacts
    raise DataError(problems)


def read_next(protocol: Protocol, contacts: Contacts) -> Contacts:
    """The list to choose from next, on the levels of the list that was learned from.

    Raises
    ------
    DataError : the list cannot be read, breaks a rule, or has a category that was never seen
    """
    from evaluator.targeting.checks import next_problems

    targeting = _declared(protocol)
    assert targeting.next is not None
    roles = ("contact", *(own.name for own in targeting.features))
    sheet = _sheet(protocol, targeting.next, roles)
    problems = next_problems(sheet, contacts)
    if problems:
        raise DataError(problems)
    keys = sheet.cells["contact"].to_numpy(dtype=str)
    columns = tuple(column_of(sheet, own.feature, own.levels) for own in contacts.columns)
    nobody = np.zeros(len(keys))
    return Contacts(keys, nobody.astype(np.intp), nobody, columns, contacts.arms)


def column_of(sheet: Sheet, feature: Feature, levels: Sequence[str] = ()) -> Column:
    """A feature as numbers.

    Parameters
    ----------
    levels : of a category, where they are known; all of these cells are then among them
    """
    import pandas as pd

    cells = sheet.cells[feature.name]
    if feature.kind is FeatureKind.NUMBER:
        return Column(feature, pd.to_numeric(cells, errors="coerce").to_numpy(float))
    named = cells.fillna(UNKNOWN).to_numpy(dtype=str)
    known = np.array(levels) if levels else np.unique(named)
    return Column(
        feature, np.searchsorted(known, named).astype(float), tuple(str(level) for level in known)
    )


def outcomes_of(sheet: Sheet, protocol: Protocol) -> tuple[Array, Flags]:
    """Outcome of each person, and whether the cell could not be read."""
    import pandas as pd

    from evaluator.experiment.targeting import OutcomeKind

    cells = sheet.cells["outcome"]
    if _declared(protocol).outcome is OutcomeKind.NUMBER:
        numbers = pd.to_numeric(cells, errors="coerce").to_numpy(float)
        return numbers, ~(numbers >= 0) | np.isinf(numbers)
    days = pd.to_datetime(cells, errors="coerce", format="ISO8601")
    window = protocol.window
    inside = (days >= pd.Timestamp(window.start)) & (days <= pd.Timestamp(window.end))
    unread: Flags = (cells.notna() & days.isna()).to_numpy(bool)
    return np.where(inside, 1.0, 0.0), unread


def contacts_of(sheet: Sheet, protocol: Protocol) -> Contacts:
    """A sheet without problems, as numbers."""
    targeting = _declared(protocol)
    arms = (targeting.holdout.name, *(arm.name for arm in targeting.arms))
    position = {name: index for index, name in enumerate(arms)}
    cells = sheet.cells
    return Contacts(
        cells["contact"].to_numpy(dtype=str),
        np.array([position[name] for name in cells["arm"]], dtype=np.intp),
        outcomes_of(sheet, protocol)[0],
        tuple(column_of(sheet, feature) for feature in targeting.features),
        arms,
    )


def _declared(protocol: Protocol) -> Targeting:
    assert protocol.targeting is not None
    return protocol.targeting


def _sheet(protocol: Protocol, name: str, roles: Sequence[str]) -> Sheet:
    """Cells of a source: the columns that the declaration names, and no other."""
    import ibis

    source = next(own for own in protocol.sources if own.name == name)
    # One thread, as for every source: rows come out in the order of the file.
    connection = ibis.duckdb.connect(threads=1)
    try:
        files, problems = open_files(connection, source, protocol.path.parent)
        problems += missing_columns(files, source, Layout(tuple(roles)))
        if problems:
            raise DataError(problems)
        return _cells(files, source, roles)
    finally:
        connection.disconnect()


def _cells(files: Sequence[File], source: Source, roles: Sequence[str]) -> Sheet:
    import ibis
    import pandas as pd

    frames, names = [], {}
    for index, file in enumerate(files):
        names = column_names(file, source, Layout(tuple(roles)))
        table: Any = file.table
        columns = {role: table[names[role]].strip().nullif("") for role in roles}
        picked = table.order_by(ROW).select(**columns, row=table[ROW], file=ibis.literal(index))
        frames.append(picked.to_pandas())
    cells = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return Sheet(cells, tuple(file.name for file in files), names)
