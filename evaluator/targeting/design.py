"""Whether the list is what chance would have drawn, and how surely it would show if it were not.

Each look says how often it would notice a list that is wrong by enough to move an effect by one
standard error. One that would seldom notice it is not a pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from evaluator.assumptions.departure import ENOUGH_POWER
from evaluator.estimators.arrays import Array
from evaluator.results import Finding, Status
from evaluator.targeting.contacts import Codes, Contacts
from evaluator.targeting.leaks import arms_by_bin, binned, same_shares
from evaluator.targeting.scores import Mean, difference_parts, mean_of

DOUBTFUL, WRONG = 0.05, 0.001
"""p-values from which a drawing is worth a look, and from which it is not believed."""
LIKELIEST = 0.8
"""Quantile of the expected outcome above which people are missed first."""


@dataclass(frozen=True, slots=True, eq=False)
class Stake:
    """What a flaw of the drawing would do to the effects."""

    expected: Array
    """Outcome of each person in each arm, from people of other folds. (people, 1 + arms)"""
    errors: Array
    """Standard error of each arm's effect. (arms,)"""

    def error(self, k: int) -> float:
        """The standard error that arm k moves; the hold-out moves them all. 0: the hold-out."""
        return float(self.errors[k - 1] if k else self.errors.min())


def drawn(
    contacts: Contacts,
    shares: Sequence[float],
    effects: Sequence[tuple[str, Mean, Mean]],
    scores: Array,
    stake: Stake,
) -> tuple[Finding, ...]:
    """Everything that is looked at.

    Parameters
    ----------
    effects : name of each arm, its plain and its adjusted effect
    scores : of each arm; their means are the adjusted effects. (people, arms)
    """
    found = [drawn_as_declared(contacts, shares, stake), alike_before(contacts, stake)]
    for k, (name, plain, adjusted) in enumerate(effects, 1):
        apart = scores[:, k - 1] - difference_parts(contacts.outcome, contacts.arm, k)
        found.append(agrees_with_plain(name, plain, adjusted, apart))
    return tuple(found)


def drawn_as_declared(contacts: Contacts, shares: Sequence[float], stake: Stake) -> Finding:
    """Sample ratio: the arms have about as many people as their shares say."""
    expected = np.array(shares) * contacts.people
    p = float(stats.chisquare(contacts.counts, expected).pvalue)
    said = ", ".join(
        f"{name} {count:,} of {share:.1%}"
        for name, count, share in zip(contacts.arms, contacts.counts, shares, strict=True)
    )
    power = min(_missing_noticed(contacts, shares, stake, k) for k in range(len(shares)))
    sentence = (
        f"People by arm ({said} declared): p = {p:.2g}. If so many of the likeliest fifth were"
        " missing from an arm that an effect moved by one standard error, it would be noticed in"
        f" {power:.0%}."
    )
    todo = "find out who is missing from which arm: the arms may differ in more than what was sent"
    return _judged("arms as drawn", p, power, sentence, todo)


def alike_before(contacts: Contacts, stake: Stake) -> Finding:
    """Features are alike in all arms, as chance makes them; smallest p of all, Bonferroni."""
    bins = {column.feature.name: binned(column) for column in contacts.columns}
    tables = {
        name: arms_by_bin(own, contacts.arm, len(contacts.arms)) for name, own in bins.items()
    }
    found = {name: same_shares(table) for name, table in tables.items()}
    name = min(found, key=lambda one: found[one])
    p = min(1.0, found[name] * len(found))
    alarm = DOUBTFUL / len(found)
    power = {
        one: _tilt_noticed(contacts, own, len(tables[one]), stake, alarm)
        for one, own in bins.items()
    }
    least = min(power, key=lambda one: power[one])
    sentence = (
        f"The feature that differs most between arms is {name}: p = {p:.2g} for {len(found)} looks."
        " A feature that differed by enough to move an effect by one standard error would be"
        f" noticed in {power[least]:.0%} ({least}) or more."
    )
    return _judged(
        "arms alike before", p, power[least], sentence, "find out how the arms were drawn"
    )


def agrees_with_plain(name: str, plain: Mean, adjusted: Mean, apart: Array) -> Finding:
    """The mean of the scores and the plain comparison of arms tell the same effect.

    Parameters
    ----------
    apart : what each person adds to their difference. (people,)
    """
    away, error = adjusted.value - plain.value, mean_of(apart).se
    p = float(2 * stats.norm.sf(abs(away) / error)) if error else 1.0
    power = _normal_power(plain.se / error) if error else 1.0
    sentence = (
        f"The mean of the scores of {name} is {abs(away) / plain.se:.2f} standard errors from the"
        f" plain comparison of arms: p = {p:.2g}. One standard error would be noticed in"
        f" {power:.0%}."
    )
    todo = "look for people with very unlike outcomes, and for arms that differed before"
    return _judged("scores agree with arms", p, power, sentence, todo)


def _judged(name: str, p: float, power: float, sentence: str, todo: str) -> Finding:
    if p < DOUBTFUL:
        status = Status.FAIL if p < WRONG else Status.WARN
    else:
        status = Status.PASS if power >= ENOUGH_POWER else Status.NOT_RUN
        todo = ""
    return Finding(name, status, sentence, todo, p - DOUBTFUL, power)


def _missing_noticed(contacts: Contacts, shares: Sequence[float], stake: Stake, k: int) -> float:
    """Power of the sample ratio where likely people are missing from arm k."""
    expected = stake.expected[:, k]
    likeliest = expected[expected >= np.quantile(expected, LIKELIEST)]
    gap = float(likeliest.mean() - expected.mean())
    missing = min(stake.error(k) / gap, 0.99) if gap > 0 else 0.99
    before = np.array(shares)
    after = before * np.where(np.arange(len(before)) == k, 1 - missing, 1.0)
    after /= after.sum()
    moved = contacts.people * float(((after - before) ** 2 / before).sum())
    return _chi2_power(moved, len(before) - 1, DOUBTFUL)


def _tilt_noticed(contacts: Contacts, bins: Codes, rows: int, stake: Stake, alarm: float) -> float:
    """Power of a feature's look where an arm has more people of the bins with more outcomes.

    Shares that rise in proportion to what a bin is expected to have, by t, move the mean of an
    arm by t × the variance V of that; χ² of a tilt t is n_k (1 − π_k) t² V.
    """
    mean = stake.expected.mean(axis=1)
    sums, counts = np.bincount(bins, weights=mean), np.bincount(bins)
    variance = float((sums / np.maximum(counts, 1))[bins].var())
    if variance <= 1e-12 * float((mean**2).mean()) or rows < 2:
        return 1.0
    arms = len(contacts.arms)
    moved = min(
        n * (1 - n / contacts.people) * stake.error(k) ** 2 / variance
        for k, n in enumerate(contacts.counts)
    )
    return _chi2_power(moved, (rows - 1) * (arms - 1), alarm)


def _chi2_power(moved: float, df: int, alarm: float) -> float:
    return float(stats.ncx2.sf(stats.chi2.isf(alarm, df), df, moved))


def _normal_power(moved: float) -> float:
    critical = float(stats.norm.isf(DOUBTFUL / 2))
    return float(stats.norm.sf(critical - moved) + stats.norm.cdf(-critical - moved))
