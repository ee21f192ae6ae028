"""Rules that a list of contacts can break; all that it breaks are named at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from evaluator.errors import Problem, did_you_mean
from evaluator.estimators.arrays import Flags
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.targeting import Feature, FeatureKind, OutcomeKind
from evaluator.sources.loaded import UNKNOWN
from evaluator.targeting.contacts import Contacts, Sheet, outcomes_of

FEWEST_PEOPLE, FEWEST_OUTCOMES = 100, 20
"""In each arm, and over all arms: with fewer no interval about groups of them is honest."""
SHOWN = 3


def list_problems(sheet: Sheet, protocol: Protocol) -> tuple[Problem, ...]:
    """Everything wrong with the keys, arms, outcomes and features of a list."""
    assert protocol.targeting is not None
    checks: tuple[Iterable[Problem], ...] = (
        _keys(sheet),
        _arms(sheet, protocol),
        _outcomes(sheet, protocol),
        *(_feature(sheet, feature) for feature in protocol.targeting.features),
    )
    return tuple(problem for check in checks for problem in check)


def next_problems(sheet: Sheet, contacts: Contacts) -> tuple[Problem, ...]:
    """Everything wrong with a list to choose from, given the list that was learned from."""
    checks: list[Iterable[Problem]] = [_keys(sheet)]
    for column in contacts.columns:
        name = column.feature.name
        if not column.is_category:
            checks.append(_numbers(sheet, name))
            continue
        cells = sheet.cells[name].fillna(UNKNOWN)
        unseen = (~cells.isin(column.levels)).to_numpy(bool)
        near = did_you_mean(cells[unseen].iloc[0], column.levels) if unseen.any() else ""
        rule = "nothing is known of a category that the list of the experiment does not have"
        hint = near or "leave these people out, or give them a category that was there"
        checks.append(_cell_problem(sheet, name, unseen, "unseen category", rule, hint))
    return tuple(problem for check in checks for problem in check)


def _keys(sheet: Sheet) -> Iterator[Problem]:
    keys = sheet.cells["contact"]
    rule = "every row is a person, by a key of its own"
    yield from _cell_problem(sheet, "contact", keys.isna().to_numpy(bool), "no key", rule, "")
    address = keys.fillna("").str.contains(r"[@\s]").to_numpy(bool)
    if address.any():
        where = sheet.where(int(np.flatnonzero(address)[0]), "contact")
        what = f"looks like an address or a name (in {_rows(address)})"
        hint = "export a pseudonymous key: a number, or a keyed hash"
        yield Problem(where, what, "names and addresses are not read", hint)
    twice = keys.notna().to_numpy(bool) & keys.duplicated(keep=False).to_numpy(bool)
    again = twice & keys.duplicated().to_numpy(bool)
    if again.any() and not address.any():
        second = int(np.flatnonzero(again)[0])
        first = int(np.flatnonzero((keys == keys.iloc[second]).to_numpy(bool))[0])
        rows = [int(sheet.cells["row"].iloc[position]) for position in (first, second)]
        what = f'"{keys.iloc[second]}" is in rows {rows[0]} and {rows[1]}'
        more = int(again.sum()) - 1
        what += f", and {more:,} more rows repeat a key" if more else ""
        hint = "keep one row a person: chance decided about people, not about rows"
        yield Problem(sheet.where(second, "contact"), what, "a person is on the list once", hint)


def _arms(sheet: Sheet, protocol: Protocol) -> Iterator[Problem]:
    targeting = protocol.targeting
    assert targeting is not None
    names = [targeting.holdout.name, *(arm.name for arm in targeting.arms)]
    arms = sheet.cells["arm"]
    unknown = (~arms.isin(names)).to_numpy(bool)
    near = did_you_mean(arms[unknown].iloc[0], names) if unknown.any() else ""
    rule = f"declared: {', '.join(names)}"
    yield from _cell_problem(sheet, "arm", unknown, "not a declared arm", rule, near)
    outcome, unread = outcomes_of(sheet, protocol)
    for name in names:
        own = (arms == name).to_numpy(bool)
        counted = outcome[own & ~unread].sum()
        where = sheet.column("arm")
        if not own.any():
            hint = "export the people of this arm too; those held out are half of the comparison"
            yield Problem(
                where, f'nobody is in arm "{name}"', "every declared arm has people", hint
            )
        elif own.sum() < FEWEST_PEOPLE:
            rule = f"an arm has at least {FEWEST_PEOPLE} people"
            hint = "with so few nothing can be said of groups among them: send to a longer list"
            yield Problem(where, f'arm "{name}" has {own.sum()} people', rule, hint)
        if own.any() and not counted:
            what = f'nobody in arm "{name}" ({own.sum():,} people) has an outcome'
            hint = "export the outcomes of everybody, of those held out as well"
            yield Problem(sheet.column("outcome"), what, "every arm has outcomes", hint)


def _outcomes(sheet: Sheet, protocol: Protocol) -> Iterator[Problem]:
    assert protocol.targeting is not None
    outcome, unread = outcomes_of(sheet, protocol)
    by_day = protocol.targeting.outcome is OutcomeKind.DAY
    rule = (
        "an outcome is a day, as 2022-12-31, or blank"
        if by_day
        else "an outcome is a number from 0 up; write 0 where there was none"
    )
    hint = "export the column in this form"
    yield from _cell_problem(sheet, "outcome", unread, "not an outcome", rule, hint)
    some = int((outcome[~unread] > 0).sum())
    if some < FEWEST_OUTCOMES:
        what = f"{some} people have an outcome" if some != 1 else "one person has an outcome"
        rule = f"at least {FEWEST_OUTCOMES} people have one"
        rule += f", in the window {protocol.window}" if by_day else ""
        yield Problem(sheet.column("outcome"), what, rule, "wait for more, or send to more people")


def _feature(sheet: Sheet, feature: Feature) -> Iterator[Problem]:
    cells = sheet.cells[feature.name]
    if feature.kind is FeatureKind.NUMBER:
        yield from _numbers(sheet, feature.name)
    values = cells.dropna().unique()
    if len(values) <= 1:
        only = f'"{values[0]}" for everybody' if len(values) else "blank for everybody"
        rule = "a feature tells people apart"
        yield Problem(sheet.column(feature.name), f"is {only}", rule, "leave the feature out")
    if cells.fillna("").str.contains("@", regex=False).any():
        rule, hint = "names and addresses are not read", "leave the feature out"
        yield Problem(sheet.column(feature.name), "holds addresses", rule, hint)


def _numbers(sheet: Sheet, name: str) -> Iterator[Problem]:
    import pandas as pd

    cells = sheet.cells[name]
    numbers = pd.to_numeric(cells, errors="coerce")
    unread = (cells.notna() & ~np.isfinite(numbers)).to_numpy(bool)
    rule, hint = "a number is written 12 or 12.5", "write it without units and decimal commas"
    yield from _cell_problem(sheet, name, unread, "not a number", rule, hint)


def _cell_problem(
    sheet: Sheet, column: str, wrong: Flags, what: str, rule: str, hint: str
) -> Sequence[Problem]:
    """One problem for all cells of a column that are wrong in the same way."""
    if not wrong.any():
        return ()
    first = int(np.flatnonzero(wrong)[0])
    values = sheet.cells[column][wrong].dropna().unique()
    listed = ", ".join(f'"{value}"' for value in values[:SHOWN])
    more = f" and {len(values) - SHOWN} more values" if len(values) > SHOWN else ""
    shown = f"{what}: {listed}{more}" if listed else what
    return (Problem(sheet.where(first, column), f"{shown} (in {_rows(wrong)})", rule, hint),)


def _rows(wrong: Flags) -> str:
    count = int(wrong.sum())
    return f"{count:,} row{'s' * (count > 1)}"
