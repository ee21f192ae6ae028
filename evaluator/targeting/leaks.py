"""Features that could not have been known before the sending, told by what they predict.

A feature that was set after the sending is a part of the outcome, or an effect of it. The
declared day of a feature is one look (`experiment.targeting_rules`); these are two others: it
predicts the outcome too well, or it differs between arms that chance has drawn.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from evaluator.errors import Problem
from evaluator.estimators.arrays import Array, Flags
from evaluator.targeting.contacts import Codes, Column, Contacts, Sheet

NEAR_PERFECT = 0.95
"""Area under the curve by which one feature alone may not predict who has an outcome."""
BY_CHANCE = 1e-6
"""A feature that differs between drawn arms with a smaller p was not drawn before them."""
BINS = 20


def leak_problems(sheet: Sheet, contacts: Contacts, *, randomised: bool) -> tuple[Problem, ...]:
    """Features that betray that they were set after the sending."""
    found: list[Problem] = []
    for column in contacts.columns:
        found += _predicts_outcome(sheet, contacts, column)
        if randomised:
            found += _tells_arms_apart(sheet, contacts, column)
    return tuple(found)


def area(bins: Codes, happened: Flags) -> float:
    """Chance that somebody with the outcome is in a bin where it is more frequent, ties halved.

    Parameters
    ----------
    bins : (people,)
    happened : (people,)
    """
    yes = np.bincount(bins, weights=happened)
    all_ = np.bincount(bins)
    order = np.argsort(yes / np.maximum(all_, 1), kind="stable")
    yes, no = yes[order], (all_ - yes)[order]
    below = np.concatenate(([0.0], np.cumsum(no)[:-1]))
    return float((yes * (below + no / 2)).sum() / max(yes.sum() * no.sum(), 1))


def binned(column: Column) -> Codes:
    """A category as it is; a number in twentieths, what is blank apart. (people,)"""
    if column.is_category:
        return column.codes
    values = column.values
    blank = np.isnan(values)
    edges = np.unique(np.quantile(values[~blank], np.linspace(0, 1, BINS + 1)[1:-1]))
    bins: Codes = np.where(blank, len(edges) + 1, np.searchsorted(edges, values, side="left"))
    return bins


def _predicts_outcome(sheet: Sheet, contacts: Contacts, column: Column) -> Iterator[Problem]:
    outcome = contacts.outcome
    happened = outcome > (0 if (outcome == 0).any() else np.median(outcome))
    reached = area(binned(column), happened)
    # A category with few people a value tells everybody apart: its area is no sign.
    if reached >= NEAR_PERFECT and len(np.unique(binned(column))) * 10 < contacts.people:
        name = column.feature.name
        what = f"predicts the outcome near perfectly: area under the curve {reached:.3f}"
        rule = f"a feature known before the sending reaches less than {NEAR_PERFECT:g}"
        hint = f"{name} was probably set after the sending: take it as it was before, or leave it"
        yield Problem(sheet.column(name), what, rule, f"{hint} out")


def _tells_arms_apart(sheet: Sheet, contacts: Contacts, column: Column) -> Iterator[Problem]:
    p = same_shares(arms_by_bin(binned(column), contacts.arm, len(contacts.arms)))
    if p < BY_CHANCE:
        name = column.feature.name
        what = f"differs between the arms (p = {p:.1g})"
        rule = "what was known before the sending is alike in arms that chance has drawn"
        hint = (
            f"{name} was set after the sending, or chance did not decide: leave it out, or find out"
        )
        yield Problem(sheet.column(name), what, rule, hint)


def arms_by_bin(bins: Codes, arm: Codes, arms: int) -> Array:
    """People of each arm in each bin. (people,), (people,) → (bins, arms)"""
    table: Array = np.zeros((int(bins.max()) + 1, arms))
    np.add.at(table, (bins, arm), 1)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    # Bins with few people together: the law of χ² holds for counts that are not small.
    few = expected.min(axis=1) < 5
    table = np.vstack([table[~few], table[few].sum(axis=0)])
    together: Array = table[table.sum(axis=1) > 0]
    return together


def same_shares(table: Array) -> float:
    """p-value that the share of arms is the same in all bins. (bins, arms)"""
    if len(table) < 2:
        return 1.0
    return float(stats.chi2_contingency(table, correction=False).pvalue)
