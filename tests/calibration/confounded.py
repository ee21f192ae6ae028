"""What `--observational` holds, measured: `python tests/calibration/confounded.py [N]`.

Lists of 2,000 people whom chance did not draw, of which the truth is known: how often the interval
of the effect on all holds it, and how often a finding fails, so that advice is withheld. Printed as
the tables that `confounded.toml` beside this file holds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from evaluator.experiment.targeting import Feature, FeatureKind, Role
from evaluator.results import Status
from evaluator.targeting.contacts import Column, Contacts
from evaluator.targeting.crossfit import Sample, folds_of, nuisances
from evaluator.targeting.design import Stake
from evaluator.targeting.features import coding_of
from evaluator.targeting.learners import boosted, one_thread, ridge
from evaluator.targeting.scores import difference, effect_scores, mean_of
from evaluator.targeting.weighting import believed, estimated, kept_from_zero

Array = NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True)
class Associated:
    """What came of one list that chance did not draw."""

    plain: bool
    """Whether the interval of the plain comparison holds the effect on all."""
    adjusted: bool
    away: float
    """Of the adjusted effect from the truth, in its standard errors."""
    overlap: bool
    """Whether the finding fails, so that advice is withheld."""
    balance: bool


World = tuple[Array, Array, Array, Array]
"""Features, whether contacted, outcome, effect on each."""


def _chosen_by(slope: float) -> Callable[[int, int], World]:
    """Contacted are those who would have more of the outcome anyway: the steeper, the surer."""

    def world(seed: int, people: int) -> World:
        rng = np.random.default_rng([seed, 3])
        X = rng.normal(size=(people, 5))
        chance = 1 / (1 + np.exp(-slope * (X[:, 0] + 0.5 * X[:, 1])))
        w, effect = (rng.random(people) < chance).astype(float), 1 + 0.5 * X[:, 2]
        outcome = X[:, 0] + X[:, 1] + 0.5 * X[:, 3] + w * effect + rng.normal(size=people)
        return X, w, outcome, effect

    return world


def _causalml(simulator: str) -> Callable[[int, int], World]:
    def world(seed: int, people: int) -> World:
        from causalml.dataset import regression

        np.random.seed(seed)  # noqa: NPY002 - the simulator reads the global generator
        outcome, X, w, tau, _, _ = getattr(regression, simulator)(n=people, p=5, sigma=1.0)
        return X, w, outcome, tau

    return world


CONFOUNDED: dict[str, Callable[[int, int], World]] = {
    "everybody could be either": _chosen_by(0.5),
    "few could not": _chosen_by(1.0),
    "many could not": _chosen_by(2.0),
    "most could not": _chosen_by(4.0),
    "bent": _causalml("simulate_nuisance_and_easy_treatment"),
    "bent outcome": _causalml("simulate_easy_propensity_difficult_baseline"),
    "hidden": _causalml("simulate_hidden_confounder"),
}


def associated(name: str, seed: int, people: int = 2000) -> Associated:
    """One list, as `--observational` reads it."""
    X, w, outcome, effect = CONFOUNDED[name](seed, people)
    columns = tuple(
        Column(Feature(f"x{k}", FeatureKind.NUMBER, date(2022, 12, 1), Role.BEHAVIOUR), values)
        for k, values in enumerate(X.T)
    )
    contacts = Contacts(
        np.arange(people).astype(str), w.astype(np.intp), outcome, columns, ("out", "in")
    )
    X = coding_of(contacts).matrix(columns)
    likely = estimated(contacts, X, seed)
    sample = Sample(X, contacts.arm, outcome, kept_from_zero(likely))
    expected = nuisances(sample, folds_of(sample, seed), (ridge, boosted))
    mean = mean_of(effect_scores(sample, expected)[:, 0])
    overlap, balance, _ = believed(contacts, X, likely, Stake(expected, np.array([mean.se])))
    truth = float(effect.mean())
    plain = difference(outcome[w == 1], outcome[w == 0])
    return Associated(
        truth in plain.interval(LEVEL),
        truth in mean.interval(LEVEL),
        (mean.value - truth) / mean.se,
        overlap.status is Status.FAIL,
        balance.status is Status.FAIL,
    )


def main(sets: int) -> None:
    for name in CONFOUNDED:
        with one_thread():
            found = [associated(name, seed) for seed in range(sets)]
        print(f'["{name}"]\npeople = 2000\nsets = {sets}')
        for part in ("plain", "adjusted", "overlap", "balance"):
            print(f"{part} = {sum(getattr(one, part) for one in found)}")
        away = np.array([one.away for one in found])
        print(f"bias = {away.mean():.2f}  # in standard errors\n", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
