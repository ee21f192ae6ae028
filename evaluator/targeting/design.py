"""Whether the list is what chance would have drawn; without chance, what must be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from evaluator.estimators.arrays import Array
from evaluator.results import Finding, Status
from evaluator.targeting.contacts import Codes, Contacts
from evaluator.targeting.crossfit import Sample, folds_of
from evaluator.targeting.leaks import arms_differ, binned
from evaluator.targeting.scores import Mean

DOUBTFUL, WRONG = 0.05, 0.001
"""p-values from which a drawing is worth a look, and from which it is not believed."""
THIN = 0.02
"""Estimated probability of an arm below which nobody comparable was in it."""
FEW = 0.05
"""Share of people without anybody comparable from which the comparison fails."""
BALANCED = 0.1
"""Standardised difference of a feature that is small (Austin 2009)."""


def drawn_as_declared(contacts: Contacts, shares: Sequence[float]) -> Finding:
    """Sample ratio: the arms have about as many people as their shares say."""
    expected = np.array(shares) * contacts.people
    p = float(stats.chisquare(contacts.counts, expected).pvalue)
    said = ", ".join(
        f"{name} {count:,} of {share:.1%}"
        for name, count, share in zip(contacts.arms, contacts.counts, shares, strict=True)
    )
    sentence = f"People by arm ({said} declared): p = {p:.2g}."
    todo = "find out who is missing from which arm: the arms may differ in more than what was sent"
    return _by_p("arms as drawn", p, sentence, todo)


def alike_before(contacts: Contacts) -> Finding:
    """Features are alike in all arms, as chance makes them; smallest p of all, Bonferroni."""
    found = {
        column.feature.name: arms_differ(binned(column), contacts.arm, len(contacts.arms))
        for column in contacts.columns
    }
    name = min(found, key=lambda one: found[one])
    p = min(1.0, found[name] * len(found))
    sentence = (
        f"The feature that differs most between arms is {name}: p = {p:.2g} for {len(found)} looks."
    )
    todo = "find out how the arms were drawn"
    return _by_p("arms alike before", p, sentence, todo)


def agrees_with_plain(name: str, plain: Mean, adjusted: Mean) -> Finding:
    """The mean of the scores and the plain comparison of arms tell the same effect."""
    away = abs(plain.value - adjusted.value) / plain.se
    status = Status.PASS if away < 1 else Status.FAIL
    sentence = (
        f"The mean of the scores of {name} is {away:.2f} standard errors from the plain"
        " comparison of arms."
    )
    return Finding("scores agree with arms", status, sentence, margin=1 - away)


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Estimated probabilities of the arms, and what came of weighting by them."""

    propensity: Array
    """(people, arms)"""
    findings: tuple[Finding, ...]


def weighted(contacts: Contacts, X: Array, seed: int) -> Weighted:
    """Probabilities of the arms, estimated from the features, for a list that chance did not draw.

    Each person's come from the other fifths of the list.
    """
    propensity = _estimated(contacts, X, seed)
    thin = float((propensity.min(axis=1) < THIN).mean())
    overlap = Finding(
        "overlap",
        Status.FAIL if thin > FEW else Status.PASS,
        f"{thin:.1%} of the people had a chance below {THIN:.0%} of one of the arms, by what is"
        f" known of them; {_effective(contacts.arm, propensity)}.",
        "leave out people like those whom only one arm has" if thin > FEW else "",
        FEW - thin,
    )
    propensity = np.clip(propensity, THIN, None)
    propensity /= propensity.sum(axis=1, keepdims=True)
    findings = (overlap, _balance(contacts.arm, X, propensity), identified(contacts))
    return Weighted(propensity, findings)


def identified(contacts: Contacts) -> Finding:
    """What DoWhy says must hold for the associations to be effects."""
    import networkx
    from dowhy.causal_identifier import AutoIdentifier, EstimandType

    names = [column.feature.name for column in contacts.columns]
    graph = networkx.DiGraph([("contact", "outcome")])
    for name in names:
        graph.add_edges_from([(name, "contact"), (name, "outcome")])
    identifier = AutoIdentifier(estimand_type=EstimandType.NONPARAMETRIC_ATE)
    found = identifier.identify_effect(graph, ["contact"], ["outcome"], names)
    adjusted = ", ".join(sorted(found.get_backdoor_variables()))
    sentence = (
        f"DoWhy: an effect is identified by adjusting for {adjusted}, if nothing else moved both"
        " who was contacted and who had the outcome. No data can show that."
    )
    todo = "hold some people out by chance next time"
    return Finding("identification", Status.WARN, sentence, todo)


def _by_p(name: str, p: float, sentence: str, todo: str) -> Finding:
    if p < WRONG:
        return Finding(name, Status.FAIL, sentence, todo, p - WRONG)
    if p < DOUBTFUL:
        return Finding(name, Status.WARN, sentence, todo, p - DOUBTFUL)
    return Finding(name, Status.PASS, sentence, margin=p - DOUBTFUL)


def _estimated(contacts: Contacts, X: Array, seed: int) -> Array:
    from sklearn.linear_model import LogisticRegression

    arms = len(contacts.arms)
    blank = Sample(X, contacts.arm, contacts.outcome, np.empty((contacts.people, arms)))
    fold = folds_of(blank, seed, folds=5)
    propensity = np.empty((contacts.people, arms))
    for held in range(5):
        own = fold == held
        model = LogisticRegression(max_iter=500).fit(X[~own], contacts.arm[~own])
        propensity[own] = model.predict_proba(X[own])
    return propensity


def _effective(arm: Codes, propensity: Array) -> str:
    """Of each arm, how many people with equal weights would say as much."""
    weights = 1 / propensity[np.arange(len(arm)), arm]
    sizes = []
    for k in range(propensity.shape[1]):
        own = weights[arm == k]
        sizes.append(f"{own.sum() ** 2 / (own**2).sum():,.0f} of {len(own):,}")
    return f"weighted, the arms are worth {', '.join(sizes)} people"


def _balance(arm: Codes, X: Array, propensity: Array) -> Finding:
    """Largest standardised difference between an arm and the hold-out, before and after."""
    weights = 1 / propensity[np.arange(len(arm)), arm]
    before, after = 0.0, 0.0
    for k in range(1, propensity.shape[1]):
        raw = X[arm == k].mean(axis=0) - X[arm == 0].mean(axis=0)
        before = max(before, float(np.abs(raw).max()))
        means = [np.average(X[arm == j], axis=0, weights=weights[arm == j]) for j in (k, 0)]
        after = max(after, float(np.abs(means[0] - means[1]).max()))
    status = Status.PASS if after <= BALANCED else Status.FAIL
    sentence = (
        f"Largest standardised difference of a feature between arms: {before:.2f} before"
        f" weighting, {after:.2f} after; {BALANCED:g} is small."
    )
    todo = "" if status is Status.PASS else "the arms cannot be made alike: leave the comparison"
    return Finding("balance", status, sentence, todo, BALANCED - after)
