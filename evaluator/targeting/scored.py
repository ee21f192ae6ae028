"""Whom to contact next, person by person: a key and a segment, and nothing else."""

from __future__ import annotations

import numpy as np

from evaluator.estimators.arrays import Array
from evaluator.targeting.contacts import Codes, read_next
from evaluator.targeting.crossfit import Sample, fit_arms, uplift_of
from evaluator.targeting.learners import one_thread
from evaluator.targeting.policy import Advice, actions
from evaluator.targeting.targeted import Targeted, declared

COLUMNS = ("contact", "segment")


def segments(targeted: Targeted) -> list[tuple[str, str]]:
    """Key and segment of everybody on the list to choose from; a segment is an arm's name.

    Where everyone or no one is advised, all are in one segment: that arm's, or the hold-out's.

    Raises
    ------
    DataError : the list to choose from cannot be read or breaks a rule
    """
    targeting, learned = declared(targeted.protocol), targeted.learned
    upcoming = (
        read_next(targeted.protocol, learned.contacts) if targeting.next else learned.contacts
    )
    names = np.array(learned.contacts.arms)
    if targeted.policy.advice is Advice.CHOOSE:
        segment = names[_chosen(targeted, learned.coding.matrix(upcoming.columns))]
    else:
        segment = np.repeat(names[targeted.policy.advised], upcoming.people)
    return list(zip(upcoming.keys.tolist(), segment.tolist(), strict=True))


def _chosen(targeted: Targeted, X: Array) -> Codes:
    """Arm of each person by the learner of the whole list. (people,)"""
    targeting, sample = declared(targeted.protocol), targeted.learned.sample
    mean = sample.propensity.mean(axis=0)
    nobody = np.zeros(len(X))
    upcoming = Sample(X, nobody.astype(np.intp), nobody, np.tile(mean, (len(X), 1)))
    with one_thread():
        models = fit_arms(sample, targeted.learner, targeted.protocol.seed)
        uplift = uplift_of(models, upcoming)
    return actions(targeting.value * uplift - np.array([arm.cost for arm in targeting.arms]))
