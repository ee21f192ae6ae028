"""Without chance: estimated probabilities of the arms, and what must be believed about them."""

from __future__ import annotations

from typing import Any

import numpy as np

from evaluator.estimators.arrays import Array
from evaluator.results import Finding, Status
from evaluator.targeting.contacts import Codes, Contacts
from evaluator.targeting.crossfit import Sample, folds_of
from evaluator.targeting.design import Stake

FOLDS = 5
THIN = 0.02
"""Estimated probability of an arm below which nobody comparable was in it."""
FEW = 0.05
"""Share of people without anybody comparable from which the comparison fails."""
BALANCED = 0.1
"""Standardised difference of a feature that is small (Austin 2009)."""


def estimated(contacts: Contacts, X: Array, seed: int) -> Array:
    """Probability of each arm by what is known of a person. (people, 1 + arms)

    Each person's come from the other fifths of the list: by logistic regression, or by boosted
    trees where these predict the arms of people they have not seen better (log loss).
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    blank = Sample(X, contacts.arm, contacts.outcome, np.empty((len(X), len(contacts.arms))))
    fold = folds_of(blank, seed, folds=FOLDS)
    trees = HistGradientBoostingClassifier(
        max_iter=40,
        max_depth=3,
        learning_rate=0.15,
        min_samples_leaf=50,
        early_stopping=False,
        random_state=seed,
    )
    tried = [
        _predicted(model, contacts, X, fold) for model in (LogisticRegression(max_iter=500), trees)
    ]
    own = (np.arange(len(X)), contacts.arm)
    return max(tried, key=lambda one: float(np.log(np.maximum(one[own], 1e-12)).mean()))


def kept_from_zero(propensity: Array) -> Array:
    """The probabilities with which people are weighted: none so small that a few decide."""
    kept = np.clip(propensity, THIN, None)
    weighted: Array = kept / kept.sum(axis=1, keepdims=True)
    return weighted


def believed(contacts: Contacts, X: Array, likely: Array, stake: Stake) -> tuple[Finding, ...]:
    """What must be believed before an association is taken for an effect.

    Parameters
    ----------
    likely : estimated probability of each arm. (people, 1 + arms)
    """
    return (
        overlap(contacts.arm, likely),
        balance(contacts.arm, X, kept_from_zero(likely), stake),
        identified(contacts),
    )


def overlap(arm: Codes, propensity: Array) -> Finding:
    """Whether everybody could have been in every arm."""
    thin = float((propensity.min(axis=1) < THIN).mean())
    return Finding(
        "overlap",
        Status.FAIL if thin > FEW else Status.PASS,
        f"{thin:.1%} of the people had a chance below {THIN:.0%} of one of the arms, by what is"
        f" known of them; {_effective(arm, kept_from_zero(propensity))}.",
        "leave out people like those whom only one arm has" if thin > FEW else "",
        FEW - thin,
    )


def balance(arm: Codes, X: Array, propensity: Array, stake: Stake) -> Finding:
    """Largest standardised difference between an arm and the hold-out, before and after.

    What is left is also said as what it does to the outcome that is expected of people: a small
    difference of a feature on which much depends may be worth more than a standard error.
    """
    weights = 1 / propensity[np.arange(len(arm)), arm]
    before = after = left = 0.0
    for k in range(1, propensity.shape[1]):
        raw = X[arm == k].mean(axis=0) - X[arm == 0].mean(axis=0)
        before = max(before, float(np.abs(raw).max()))
        after = max(after, float(np.abs(_apart(X, arm, weights, k)).max()))
        moved = _apart(stake.expected[:, :1], arm, weights, k)
        left = max(left, abs(float(moved[0])) / stake.error(k))
    status, todo = Status.PASS, ""
    if after > BALANCED:
        status, todo = Status.FAIL, "the arms cannot be made alike: leave the comparison"
    elif left >= 1:
        status, todo = Status.WARN, "weighting alone does not do: all rests on the regressions"
    sentence = (
        f"Largest standardised difference of a feature between arms: {before:.2f} before"
        f" weighting, {after:.2f} after; {BALANCED:g} is small. What is left would move the outcome"
        f" by {left:.1f} standard errors, if the regressions did not take it out."
    )
    return Finding("balance", status, sentence, todo, BALANCED - after)


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


def _predicted(model: Any, contacts: Contacts, X: Array, fold: Codes) -> Array:
    propensity = np.empty((contacts.people, len(contacts.arms)))
    for held in range(FOLDS):
        own = fold == held
        propensity[own] = model.fit(X[~own], contacts.arm[~own]).predict_proba(X[own])
    return propensity


def _effective(arm: Codes, propensity: Array) -> str:
    """Of each arm, how many people with equal weights would say as much."""
    weights = 1 / propensity[np.arange(len(arm)), arm]
    sizes = []
    for k in range(propensity.shape[1]):
        own = weights[arm == k]
        sizes.append(f"{own.sum() ** 2 / (own**2).sum():,.0f} of {len(own):,}")
    return f"weighted, the arms are worth {', '.join(sizes)} people"


def _apart(columns: Array, arm: Codes, weights: Array, k: int) -> Array:
    """Weighted means of an arm less those of the hold-out. (people, columns) → (columns,)"""
    own, out = (np.average(columns[arm == j], axis=0, weights=weights[arm == j]) for j in (k, 0))
    apart: Array = own - out
    return apart
