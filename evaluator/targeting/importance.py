"""What each feature tells of the effect: predictions get worse when it is shuffled."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from evaluator.estimators.arrays import Array
from evaluator.targeting.crossfit import Crossfitted, Sample, r_loss, uplift_of
from evaluator.targeting.scores import Mean, mean_of

SHUFFLES = 5


@dataclass(frozen=True, slots=True)
class Importance:
    """Of one feature."""

    feature: str
    loss: Mean
    """By how much the R-loss of people no model has seen rises without it."""


def importance(
    sample: Sample, crossfitted: Crossfitted, expected: Array, owners: dict[str, slice], seed: int
) -> tuple[Importance, ...]:
    """Of every feature, most telling first; empty where all predictions are alike.

    Parameters
    ----------
    expected : outcome of each person in each arm, from people of other folds. (people, 1 + arms)
    owners : feature → its columns of the sample
    """
    if not _tells_people_apart(crossfitted):
        return ()
    before = r_loss(sample, expected, crossfitted.uplift)
    generators = np.random.default_rng(seed).spawn(len(owners))
    found = []
    for (name, columns), rng in zip(owners.items(), generators, strict=True):
        losses = np.zeros(len(before))
        for _ in range(SHUFFLES):
            shuffled = sample.X.copy()
            shuffled[:, columns] = shuffled[rng.permutation(len(before)), columns]
            changed = dataclasses.replace(sample, X=shuffled)
            losses += r_loss(sample, expected, _by_fold(changed, crossfitted)) - before
        found.append(Importance(name, mean_of(losses / SHUFFLES)))
    return tuple(sorted(found, key=lambda one: -one.loss.value))


def _by_fold(sample: Sample, crossfitted: Crossfitted) -> Array:
    uplift = np.empty_like(crossfitted.uplift)
    for held, models in enumerate(crossfitted.models):
        third = np.flatnonzero(crossfitted.fold == held)
        uplift[third] = uplift_of(models, sample.taken(third))
    return uplift


def _tells_people_apart(crossfitted: Crossfitted) -> bool:
    """Whether any model predicts different effects for the people of its third."""
    return any(
        np.ptp(crossfitted.uplift[crossfitted.fold == held], axis=0).any()
        for held in range(len(crossfitted.models))
    )
