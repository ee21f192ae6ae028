import dataclasses

import numpy as np
import pytest

from evaluator.targeting.crossfit import (
    FOLDS,
    Sample,
    Tried,
    chosen_of,
    crossfit,
    fit_arms,
    folds_of,
    try_all,
    uplift_of,
)
from evaluator.targeting.learners import LEARNERS, learners_for

QUICK = [own for own in LEARNERS if own.name in ("one effect", "R linear", "T linear")]


def drawn(slope: float, seed: int, n: int = 1500, p: float = 0.5) -> Sample:
    """Effect 1 + slope × x on a normal outcome."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    arm = (rng.random(n) < p).astype(np.intp)
    outcome = x[:, 1] + arm * (1 + slope * x[:, 0]) + rng.normal(size=n)
    return Sample(x, arm, outcome, np.tile([1 - p, p], (n, 1)))


def test_folds_are_even_in_arms_and_blind_to_outcomes() -> None:
    """Folds even in outcomes made a policy at break-even look worth five standard errors."""
    sample = drawn(0, 1)
    fold = folds_of(sample, 7)
    for arm in (0, 1):
        assert np.ptp(np.bincount(fold[sample.arm == arm], minlength=FOLDS)) <= 1
    other = dataclasses.replace(sample, outcome=(sample.outcome > 1.5).astype(float))
    assert (folds_of(other, 7) == fold).all()


@pytest.mark.parametrize(
    ("gains", "errors", "chosen"),
    [
        ((0.0, 1.0, 1.5), (0.0, 0.3, 0.6), "R linear"),
        ((0.0, 1.0, 1.5), (0.0, 0.3, 0.4), "T linear"),
        ((0.0, -1.0, -2.0), (0.0, 0.1, 0.1), "one effect"),
        ((0.0, 1.0, 0.9), (0.0, 1.1, 0.1), "one effect"),
    ],
)
def test_the_simplest_within_one_standard_error(
    gains: tuple[float, ...], errors: tuple[float, ...], chosen: str
) -> None:
    tried = [
        Tried(learner, -gain, gain, se)
        for learner, gain, se in zip(QUICK, gains, errors, strict=True)
    ]
    assert chosen_of(tried).name == chosen


def test_differences_are_found_where_there_are_some() -> None:
    """Slope .5 on 1,500 people is ten standard errors; without it one effect predicts best."""
    assert all(own.name != "one effect" for own in crossfit(drawn(0.5, 1), QUICK, 1).chosen)
    plain = [crossfit(drawn(0.0, seed), QUICK, 1).chosen for seed in range(3)]
    names = [own.name for chosen in plain for own in chosen]
    assert names.count("one effect") >= 6


def test_nobody_is_predicted_by_who_saw_them() -> None:
    """Another outcome of one person changes predictions of the other thirds alone."""
    sample = drawn(0.5, 1)
    before = crossfit(sample, QUICK, 1)
    outcome = sample.outcome.copy()
    person = int(np.argmax(outcome))
    outcome[person] += 100
    after = crossfit(dataclasses.replace(sample, outcome=outcome), QUICK, 1)
    own = before.fold == before.fold[person]
    assert (before.fold == after.fold).all()
    assert (before.uplift[own] == after.uplift[own]).all()
    assert (before.uplift[~own] != after.uplift[~own]).any()


@pytest.mark.parametrize("learner", learners_for(np.array([0.5])), ids=lambda own: own.name)
def test_known_probabilities_reach_every_learner(learner: object) -> None:
    """One in ten is contacted: each learner's mean effect is near 1, and the loss is one of it.

    A doubly robust learner that estimates the probability itself was far off.
    """
    (own,) = (one for one in LEARNERS if one is learner)
    sample = drawn(0.5, 3, n=3000, p=0.1)
    predicted = uplift_of(fit_arms(sample, own, 1), sample)[:, 0]
    assert predicted.mean() == pytest.approx(1, abs=0.35)
    if own.name != "one effect":
        assert np.corrcoef(predicted, sample.X[:, 0])[0, 1] > 0.6


def test_the_forest_learns_from_yes_and_no() -> None:
    forest = LEARNERS[-1]
    assert forest.binary_only
    assert forest not in learners_for(np.array([0.0, 2.0]))
    rng = np.random.default_rng(1)
    x, arm = rng.normal(size=(3000, 2)), rng.integers(0, 2, 3000)
    happened = (rng.random(3000) < 0.1 + 0.4 * arm * (x[:, 0] > 0)).astype(float)
    sample = Sample(x, arm, happened, np.full((3000, 2), 0.5))
    predicted = uplift_of(fit_arms(sample, forest, 1), sample)[:, 0]
    assert predicted[x[:, 0] > 0].mean() > predicted[x[:, 0] < 0].mean() + 0.1
    again = uplift_of(fit_arms(sample, forest, 1), sample)[:, 0]
    assert (predicted == again).all()


def test_gain_of_one_effect_is_nothing() -> None:
    tried = try_all(drawn(0.5, 1), QUICK, 1)
    assert (tried[0].gain, tried[0].gain_se) == (0.0, 0.0)
    assert tried[1].gain > 2 * tried[1].gain_se
