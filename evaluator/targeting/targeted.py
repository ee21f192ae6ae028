"""From a declared list to the answer: effects first, then who differs, then whom to contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from evaluator.estimators.arrays import Array
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.targeting import Role, Targeting
from evaluator.results import Finding, Status
from evaluator.targeting.contacts import Contacts, read_contacts
from evaluator.targeting.crossfit import (
    Crossfitted,
    Sample,
    Tried,
    chosen_of,
    crossfit,
    nuisances,
    try_all,
)
from evaluator.targeting.design import Stake, drawn
from evaluator.targeting.features import Coding, coding_of
from evaluator.targeting.groups import (
    Fifth,
    GroupEffect,
    Grouping,
    Linear,
    best_linear,
    fifths,
    group_effects,
    groupings,
)
from evaluator.targeting.holdout import NoUplift, no_uplift
from evaluator.targeting.importance import Importance, importance
from evaluator.targeting.learners import Learner, boosted, learners_for, one_thread, ridge
from evaluator.targeting.policy import Policy, Setting, policy
from evaluator.targeting.ranking import Ranking, ranking
from evaluator.targeting.scores import (
    Mean,
    difference,
    difference_parts,
    effect_scores,
    mean_of,
    together,
)
from evaluator.targeting.weighting import believed, estimated, kept_from_zero


@dataclass(frozen=True, slots=True)
class ArmEffect:
    """Everything about one arm against the hold-out."""

    arm: str
    people: int
    rate: float
    """Mean outcome of the arm."""
    plain: Mean
    """Difference of means, by Welch; the effect on all where chance decided."""
    adjusted: Mean
    """Mean of the scores: the same effect, with what is known of people taken into account."""
    groups: tuple[GroupEffect, ...]
    fifths: tuple[Fifth, ...]
    linear: Linear | None
    """None: all predictions are alike."""
    ranking: Ranking | None
    """None: all predictions are alike, so that nobody comes before anybody."""


@dataclass(frozen=True, slots=True)
class Between:
    """Plain comparison of two arms that were both sent something."""

    arm: str
    other: str
    effect: Mean


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Whether effects were found to differ between people."""

    found: bool
    p: float
    """Of the best linear predictor, smallest over arms, Bonferroni; 1 where all is alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What scoring needs, and no report shows."""

    contacts: Contacts
    coding: Coding
    sample: Sample
    crossfitted: Crossfitted


@dataclass(frozen=True, slots=True, eq=False)
class Targeted:
    """The answer to: whom to contact next."""

    protocol: Protocol
    associational: bool
    """Whether chance did not decide who was contacted: then nothing here is an effect."""
    people: int
    held_out: int
    rate: float
    """Mean outcome of those held out."""
    arms: tuple[ArmEffect, ...]
    between: tuple[Between, ...]
    tried: tuple[Tried, ...]
    learner: Learner
    """Chosen on the whole list: it makes the scores."""
    in_thirds: tuple[Learner, ...]
    """Chosen on each two thirds: these made the predictions that are judged here."""
    heterogeneity: Heterogeneity
    policy: Policy
    importance: tuple[Importance, ...]
    findings: tuple[Finding, ...]
    fingerprint: str
    """SHA-256 of the list."""
    learned: Learned


def target(protocol: Protocol, *, observational: bool = False) -> Targeted | NoUplift:
    """Learn from the declared list whom to contact, or say why that cannot be learned.

    Parameters
    ----------
    observational : describe a list that chance did not draw; all of it is then associational

    Raises
    ------
    DataError : the list cannot be read or breaks a rule; all problems are listed
    """
    targeting = protocol.targeting
    if targeting is None or not (targeting.randomised or observational):
        return no_uplift(protocol, observational=observational)
    contacts = read_contacts(protocol, randomised=targeting.randomised)
    return learn(contacts, protocol)


def learn(contacts: Contacts, protocol: Protocol) -> Targeted:
    """Everything that a list says."""
    with one_thread():
        return _learned(contacts, protocol)


def _learned(contacts: Contacts, protocol: Protocol) -> Targeted:
    targeting = declared(protocol)
    seed = protocol.seed
    coding = coding_of(contacts)
    X = coding.matrix(contacts.columns)
    likely = _likely(contacts, X, targeting, seed)
    propensity = likely if targeting.randomised else kept_from_zero(likely)
    sample = Sample(X, contacts.arm, contacts.outcome, propensity)
    learners = learners_for(contacts.outcome)
    tried = try_all(sample, learners, seed)
    crossfitted = crossfit(sample, learners, seed)
    # Where chance did not decide, all rests on what is expected: not on straight lines alone.
    regressions = (ridge,) if targeting.randomised else (ridge, boosted)
    expected = nuisances(sample, crossfitted.fold, regressions)
    scores = effect_scores(sample, expected)
    groups = groupings(contacts, protocol.country_groups)
    arms = _arms(contacts, scores, crossfitted, groups, protocol)
    heterogeneity = _heterogeneity(arms, protocol.decision.level)
    stake = Stake(expected, np.array([arm.adjusted.se for arm in arms]))
    if targeting.randomised:
        agreed = [(arm.arm, arm.plain, arm.adjusted) for arm in arms]
        findings = drawn(contacts, _shares(targeting), agreed, scores, stake)
    else:
        findings = believed(contacts, X, likely, stake)
    setting = Setting(
        protocol.decision.level,
        seed,
        targeting.smallest_group,
        heterogeneity.found,
        all(finding.status is not Status.FAIL for finding in findings),
    )
    value, costs = targeting.value, np.array([arm.cost for arm in targeting.arms])
    fair = [own for own in groups if own.role in (Role.COUNTRY, Role.LANGUAGE)]
    owners = dict(zip((own.feature.name for own in contacts.columns), coding.owners, strict=True))
    return Targeted(
        protocol,
        not targeting.randomised,
        contacts.people,
        contacts.counts[0],
        float(contacts.outcome[contacts.arm == 0].mean()),
        arms,
        tuple(_between(contacts)),
        tried,
        chosen_of(tried),
        crossfitted.chosen,
        heterogeneity,
        policy(value * crossfitted.uplift - costs, value * scores - costs, fair, setting),
        importance(sample, crossfitted, expected, owners, seed),
        findings,
        contacts.fingerprint,
        Learned(contacts, coding, sample, crossfitted),
    )


def declared(protocol: Protocol) -> Targeting:
    """The declared list; only where there is one."""
    assert protocol.targeting is not None
    return protocol.targeting


def _likely(contacts: Contacts, X: Array, targeting: Targeting, seed: int) -> Array:
    """Probability of each arm: declared where chance decided, else estimated. (people, 1 + arms)"""
    if not targeting.randomised:
        return estimated(contacts, X, seed)
    return np.tile(_shares(targeting), (contacts.people, 1))


def _shares(targeting: Targeting) -> list[float]:
    shares = [arm.share for arm in (targeting.holdout, *targeting.arms)]
    return [share for share in shares if share is not None]


def _arms(
    contacts: Contacts,
    scores: Array,
    crossfitted: Crossfitted,
    groups: Sequence[Grouping],
    protocol: Protocol,
) -> tuple[ArmEffect, ...]:
    level, seed, smallest = (
        protocol.decision.level,
        protocol.seed,
        declared(protocol).smallest_group,
    )
    out = contacts.outcome[contacts.arm == 0]
    plain = [difference(contacts.outcome[contacts.arm == k], out) for k in _numbers(contacts)]
    parts = [difference_parts(contacts.outcome, contacts.arm, k) for k in _numbers(contacts)]
    plain = together(plain, np.column_stack(parts), level, seed)
    adjusted = together([mean_of(own) for own in scores.T], scores, level, seed)
    found = []
    for k in _numbers(contacts):
        own, predicted = scores[:, k - 1], crossfitted.uplift[:, k - 1]
        judged = (predicted, own, crossfitted.fold)
        linear = best_linear(*judged)
        found.append(
            ArmEffect(
                contacts.arms[k],
                contacts.counts[k],
                float(contacts.outcome[contacts.arm == k].mean()),
                plain[k - 1],
                adjusted[k - 1],
                group_effects(groups, own, smallest, level, seed),
                fifths(*judged, level, seed) if linear else (),
                linear,
                ranking(*judged, level, seed) if linear else None,
            )
        )
    return tuple(found)


def _numbers(contacts: Contacts) -> range:
    """Positions of the arms that were sent something."""
    return range(1, len(contacts.arms))


def _between(contacts: Contacts) -> list[Between]:
    return [
        Between(
            contacts.arms[k],
            contacts.arms[j],
            difference(contacts.outcome[contacts.arm == k], contacts.outcome[contacts.arm == j]),
        )
        for k, j in combinations(_numbers(contacts), 2)
    ]


def _heterogeneity(arms: Sequence[ArmEffect], level: float) -> Heterogeneity:
    slopes = [arm.linear.slope for arm in arms if arm.linear is not None]
    rising = [slope.p_value() for slope in slopes if slope.value > 0]
    p = min(1.0, min(rising, default=1.0) * len(arms))
    return Heterogeneity(p <= 1 - level, p)
