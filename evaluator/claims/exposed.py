"""Two arms without weeks before: whether chance split them as planned, and how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from evaluator.claims.claim import points
from evaluator.claims.figures import amounts, check_columns
from evaluator.claims.two_shares import (
    Difference,
    by_day_interval,
    difference,
    sign_p,
    split_interval,
)
from evaluator.errors import DataError, Problem
from evaluator.estimators.arrays import Array
from evaluator.experiment.exposure import Compared, Exposure, Invariant
from evaluator.resolve import Resolved
from evaluator.results import Interval, Verdict

if TYPE_CHECKING:
    import pandas as pd

ASSOCIATION = "chance did not decide who was in which arm: the difference is an association"
"""Sentence of a difference that no design makes an effect."""
FEWEST_DAYS = 3
"""Days below which their spread says nothing."""


@dataclass(frozen=True, slots=True)
class Split:
    """How many of what exposure cannot have moved are in each arm."""

    name: str
    treated: float
    other: float
    expected: Interval
    """Of the treated share, were the split the planned one."""

    @property
    def share(self) -> float:
        return self.treated / (self.treated + self.other)

    @property
    def as_planned(self) -> bool:
        return self.share in self.expected


@dataclass(frozen=True, slots=True)
class Signs:
    """On how many days the treated arm was above the other, and below it."""

    above: int
    below: int

    @property
    def p(self) -> float:
        return sign_p(self.above, self.below)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A proportion compared between the arms."""

    name: str
    treated: tuple[float, float]
    """(successes, trials)."""
    other: tuple[float, float]
    found: Difference
    signs: Signs | None
    """None where no days are known."""
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Exposed:
    """Everything that two arms say."""

    exposure: Exposure
    splits: tuple[Split, ...]
    outcomes: tuple[Outcome, ...]
    suppressed: tuple[str, ...] = ()
    """Names of those that are not shared, for they would tell a small count."""

    def figure(self, name: str, figure: str) -> float:
        """A figure by its declared name, see `experiment.published.OfExposure`."""
        for split in self.splits:
            if split.name == name:
                ends = {"low": split.expected.low, "high": split.expected.high}
                return {"share": split.share, **ends}[figure]
        own = next(outcome for outcome in self.outcomes if outcome.name == name)
        if own.signs is not None and figure.startswith("sign_"):
            return float(own.signs.above) if figure == "sign_days" else own.signs.p
        found = own.found
        return {
            "treated": found.treated.value,
            "other": found.other.value,
            "difference": found.value,
            "se": found.standard_error,
            "low": found.pooled.low,
            "high": found.pooled.high,
        }[figure]


def exposed(resolved: Resolved) -> Exposed | None:
    """What the declared arms say; None where none are declared.

    Raises
    ------
    DataError : the table lacks an arm or a column, or a share is none; all problems are listed
    """
    exposure = resolved.protocol.exposure
    if exposure is None:
        return None
    level = resolved.protocol.decision.level
    table = None
    if exposure.source is not None:
        table = _by_arm(resolved.tables["arms"], exposure)
    splits = tuple(_split(own, exposure, table, level) for own in exposure.invariants)
    amiss = [split.name for split in splits if not split.as_planned]
    outcomes = tuple(_outcome(own, exposure, table, amiss, level) for own in exposure.proportions)
    return Exposed(exposure, splits, outcomes)


@dataclass(frozen=True, slots=True, eq=False)
class _Days:
    """The rows of the two arms, on the same days."""

    treated: pd.DataFrame
    other: pd.DataFrame

    def of(self, column: str) -> tuple[Array, Array]:
        """(days,) of each arm; NaN where nothing is known."""
        return amounts(self.treated, column), amounts(self.other, column)


def _by_arm(table: pd.DataFrame, exposure: Exposure) -> _Days:
    own = table[table["source"] == exposure.source]
    columns = [own.column for own in exposure.invariants]
    for compared in exposure.proportions:
        columns += [compared.successes, compared.trials]
    check_columns(own, [name for name in dict.fromkeys(columns) if name is not None])
    where = f'source "{exposure.source}"'
    arms = {name: own[own["arm"] == name].sort_values("day") for name in _names(exposure)}
    problems = [
        Problem(f"{where}, column arm", f'no row of "{name}"', f"the arms are: {_listed(own)}")
        for name, rows in arms.items()
        if rows.empty
    ]
    problems += [
        Problem(f"{where}, column day", f'a day of "{name}" is given twice', "a row a day and arm")
        for name, rows in arms.items()
        if rows["day"].duplicated().any()
    ]
    treated, other = arms.values()
    if not problems and list(treated["day"]) != list(other["day"]):
        problems = [Problem(f"{where}, column day", "the arms have other days", "the same days")]
    if problems:
        raise DataError(problems)
    return _Days(treated, other)


def _names(exposure: Exposure) -> tuple[str, str]:
    return exposure.treated, exposure.other


def _listed(table: pd.DataFrame) -> str:
    return ", ".join(sorted({str(name) for name in table["arm"].dropna()}))


def _split(own: Invariant, exposure: Exposure, days: _Days | None, level: float) -> Split:
    treated, other = own.treated or 0.0, own.other or 0.0
    if days is not None and own.column is not None:
        treated, other = (float(np.nansum(counts)) for counts in days.of(own.column))
    if treated + other == 0:
        raise DataError(Problem(f"[exposure], {own.name}", "nobody is counted in either arm"))
    expected = split_interval(exposure.share, treated + other, level)
    return Split(own.name, treated, other, expected)


def _outcome(
    own: Compared, exposure: Exposure, days: _Days | None, amiss: Sequence[str], level: float
) -> Outcome:
    signs, daily = None, None
    if days is not None and own.successes is not None and own.trials is not None:
        parts, wholes = daily = _daily(days, own.successes, own.trials)
        treated, other = zip(parts.sum(axis=1).tolist(), wholes.sum(axis=1).tolist(), strict=True)
        signs = _signs(parts, wholes)
    else:
        treated, other = own.treated or (0.0, 0.0), own.other or (0.0, 0.0)
    for part, whole in (treated, other):
        if not 0 <= part <= whole or whole == 0:
            what = f"{part:,.0f} of {whole:,.0f} are no share"
            raise DataError(Problem(f"[exposure], {own.name}", what, "successes ≤ trials"))
    found = difference(treated, other, level)
    if daily is not None and daily[0].shape[1] >= FEWEST_DAYS:
        found = replace(found, by_day=by_day_interval(*daily, level))
    verdict, why = _concluded(own, exposure, found, amiss)
    return Outcome(own.name, treated, other, found, signs, verdict, why)


def _daily(days: _Days, successes: str, trials: str) -> tuple[Array, Array]:
    """Both, (2, days), of the days on which all four numbers are known."""
    parts, wholes = np.array(days.of(successes)), np.array(days.of(trials))
    known = np.all(np.isfinite([*parts, *wholes]), axis=0)
    return parts[:, known], wholes[:, known]


def _signs(parts: Array, wholes: Array) -> Signs:
    # Cross-multiplied: an equal share stays equal, and a day without trials is one.
    sign = np.sign(parts[0] * wholes[1] - parts[1] * wholes[0])
    return Signs(int((sign > 0).sum()), int((sign < 0).sum()))


def _concluded(
    own: Compared, exposure: Exposure, found: Difference, amiss: Sequence[str]
) -> tuple[Verdict, str]:
    """By the widest interval at each end; nothing is concluded where chance did not decide."""
    if not exposure.randomised:
        return Verdict.DESCRIPTIVE, ASSOCIATION
    if amiss:
        why = f"{', '.join(amiss)} did not split as planned: the arms are not alike by chance"
        return Verdict.DESCRIPTIVE, why
    low, high = found.wider.low, found.wider.high
    smallest = own.smallest
    why = "; ".join(_against(low, high, smallest))
    if smallest is not None and max(-low, high) < smallest:
        return Verdict.NO_EFFECT, why
    if low > 0:
        sure = smallest is not None and low >= smallest
        return (Verdict.RAISED if sure else Verdict.RAISED_UNCERTAIN), why
    if high < 0:
        sure = smallest is not None and -high >= smallest
        return (Verdict.LOWERED if sure else Verdict.LOWERED_UNCERTAIN), why
    return Verdict.NOT_PRECISE, why


def _against(low: float, high: float, smallest: float | None) -> Iterator[str]:
    yield f"a difference of 0 is {'' if low > 0 or high < 0 else 'not '}excluded"
    if smallest is None:
        return
    worth = f"a difference of {points(100 * smallest)}"
    sure = low >= smallest or -high >= smallest
    excluded = max(-low, high) < smallest
    yield f"{worth} is {'reached' if sure else 'excluded' if excluded else 'not excluded'}"
