"""Time and memory of the targeting verb: `python tests/benchmarks/targeting.py [PEOPLE…]`.

Hillstrom's 64,000 customers and three arms, from ../shared/data, or as many people drawn where it
does not exist: every learner cross-fitted (R-losses of all), then the whole answer. Then the
learner that was chosen, cross-fitted, on more and more people. One thread throughout, so that
seconds of the processor are those of a machine that does nothing else.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from evaluator.targeting.crossfit import (
    FOLDS,
    Sample,
    fit_arms,
    folds_of,
    nuisances,
    try_all,
    uplift_of,
)
from evaluator.targeting.groups import best_linear
from evaluator.targeting.learners import LEARNERS, Learner, learners_for, one_thread
from evaluator.targeting.ranking import ranking
from evaluator.targeting.scores import effect_scores

HILLSTROM = Path(__file__).parents[3] / "shared" / "data" / "uplift_hillstrom" / "hillstrom.csv"
GROWTH = (64_000, 250_000, 1_000_000)


def hillstrom() -> Sample:
    import pandas as pd

    table = pd.read_csv(HILLSTROM)
    features = ["recency", "history", "mens", "womens", "newbie", "zip_code", "channel"]
    X = pd.get_dummies(table[features], dtype=float).to_numpy()
    arms = ["No E-Mail", "Mens E-Mail", "Womens E-Mail"]
    arm = np.array([arms.index(name) for name in table["segment"]], dtype=np.intp)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return Sample(X, arm, table["visit"].to_numpy(float), np.full((len(arm), 3), 1 / 3))


def drawn(people: int) -> Sample:
    rng = np.random.default_rng(people)
    X, arm = rng.normal(size=(people, 12)), rng.integers(0, 3, people)
    chance = 0.1 + 0.05 * (arm == 1) + 0.1 * (arm == 2) * (X[:, 0] > 0)
    outcome = (rng.random(people) < chance).astype(float)
    return Sample(X, arm, outcome, np.full((people, 3), 1 / 3))


def one_crossfitted(sample: Sample, learner: Learner) -> None:
    """A learner's predictions for each third, and what is judged by them."""
    fold = folds_of(sample, 1)
    uplift = np.empty((len(fold), sample.arms))
    for held in range(FOLDS):
        third = np.flatnonzero(fold == held)
        models = fit_arms(sample.taken(np.flatnonzero(fold != held)), learner, 1)
        uplift[third] = uplift_of(models, sample.taken(third))
    scores = effect_scores(sample, nuisances(sample, fold))
    for k in range(sample.arms):
        best_linear(uplift[:, k], scores[:, k], fold)
        ranking(uplift[:, k], scores[:, k], fold, 0.95, 1)


def timed(name: str, job: Callable[[], object]) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    job()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:46} {wall:7.1f} s {processor:7.1f} s {memory:7.0f} MB", flush=True)


def main(growth: tuple[int, ...]) -> None:
    sample = hillstrom() if HILLSTROM.is_file() else drawn(64_000)
    learners = learners_for(sample.outcome)
    # Imported once, outside of what is timed.
    try_all(sample.taken(np.arange(3000)), learners, 1)
    print(f"{'':46} {'wall':>9} {'processor':>9} {'memory':>9}")
    n = len(sample.arm)
    for learner in learners:
        timed(f"{n:,} x 3 arms: {learner.name}", partial(one_crossfitted, sample, learner))
    timed(f"{n:,} x 3 arms: all, R-losses compared", partial(try_all, sample, learners, 1))
    for people in growth:
        more = drawn(people)
        timed(f"{people:,} x 3 arms: R linear", partial(one_crossfitted, more, LEARNERS[1]))


if __name__ == "__main__":
    with one_thread():
        main(tuple(map(int, sys.argv[1:])) or GROWTH)
