import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evaluator.estimators.arrays import Array
from evaluator.experiment.protocol import Protocol
from evaluator.results import Finding, Status
from evaluator.targeting.contacts import Contacts, read_contacts
from evaluator.targeting.crossfit import Sample, folds_of, nuisances
from evaluator.targeting.design import Stake, agrees_with_plain, alike_before, drawn_as_declared
from evaluator.targeting.features import coding_of
from evaluator.targeting.learners import boosted, ridge
from evaluator.targeting.scores import Mean, effect_scores, mean_of
from evaluator.targeting.weighting import believed, estimated, kept_from_zero

SHARES = (0.30, 0.35, 0.35)


@pytest.fixture(scope="module")
def contacts(people: pd.DataFrame, with_list: Callable[..., Protocol]) -> Contacts:
    return read_contacts(with_list(people))


def at_stake(contacts: Contacts, error: float, share: float = 0.06) -> Stake:
    """Outcomes are expected of those who open, in this share of all, and errors are these."""
    opens = next(own for own in contacts.columns if own.feature.name == "opens").values
    expected = share * opens / opens.mean()
    return Stake(np.repeat(expected[:, None], 3, axis=1), np.full(2, error))


def moved(contacts: Contacts, name: str, by: Array) -> Contacts:
    columns = tuple(
        dataclasses.replace(own, values=own.values + by) if own.feature.name == name else own
        for own in contacts.columns
    )
    return dataclasses.replace(contacts, columns=columns)


def test_arms_of_another_size_are_not_believed(contacts: Contacts) -> None:
    stake = at_stake(contacts, 0.01)
    assert drawn_as_declared(contacts, SHARES, stake).status is Status.PASS
    assert drawn_as_declared(contacts, (0.40, 0.30, 0.30), stake).status is Status.FAIL


def test_a_feature_that_differs_between_arms_is_named(contacts: Contacts) -> None:
    stake = at_stake(contacts, 0.01)
    assert alike_before(contacts, stake).status is Status.PASS
    found = alike_before(moved(contacts, "opens", contacts.arm.astype(float)), stake)
    assert found.status is Status.FAIL
    assert "opens" in found.sentence


@pytest.mark.parametrize("look", ["drawn", "alike"])
def test_a_look_that_would_notice_little_is_no_pass(contacts: Contacts, look: str) -> None:
    """Where a small flaw moves an effect by a standard error, because much is known of people."""

    def found(error: float) -> Finding:
        stake = at_stake(contacts, error)
        if look == "drawn":
            return drawn_as_declared(contacts, SHARES, stake)
        return alike_before(contacts, stake)

    seldom, often = found(0.002), found(0.02)
    assert (seldom.status, often.status) == (Status.NOT_RUN, Status.PASS)
    assert seldom.power is not None
    assert seldom.power < 0.8
    assert f"noticed in {seldom.power:.0%}" in seldom.sentence


def test_power_is_how_often_it_is_noticed(contacts: Contacts) -> None:
    """Arms redrawn with people of the likeliest fifth missing from one, as often as is said."""
    stake = at_stake(contacts, 0.004)
    said = drawn_as_declared(contacts, SHARES, stake).power
    assert said is not None
    expected = stake.expected[:, 0]
    likeliest = expected >= np.quantile(expected, 0.8)
    missing = 0.004 / (expected[likeliest].mean() - expected.mean())
    rng, noticed = np.random.default_rng(1), 0
    for _ in range(400):
        arm = rng.choice(3, contacts.people, p=SHARES)
        kept = np.ones(len(arm), dtype=bool)
        # The arm whose missing people are noticed least is that of the smallest share.
        own = np.flatnonzero((arm == 0) & likeliest)
        kept[rng.choice(own, int(missing * (arm == 0).sum()), replace=False)] = False
        less = dataclasses.replace(contacts, arm=arm.astype(np.intp)).taken(kept)
        rest = Stake(stake.expected[kept], stake.errors)
        noticed += drawn_as_declared(less, SHARES, rest).status in (Status.WARN, Status.FAIL)
    # Four standard errors of 400 drawings at .5.
    assert noticed / 400 == pytest.approx(said, abs=0.1)


def test_scores_agree_with_the_arms_or_not() -> None:
    plain, noise = Mean(1.0, 0.1, 100), np.tile([0.2, -0.2], 200)
    cases = [(1.01, Status.PASS), (1.03, Status.WARN), (1.2, Status.FAIL)]
    for value, status in cases:
        assert agrees_with_plain("mail", plain, Mean(value, 0.1, 100), noise).status is status
    unsure = agrees_with_plain("mail", plain, Mean(1.01, 0.1, 100), 10 * noise)
    assert unsure.status is Status.NOT_RUN


def test_arms_without_overlap_or_balance_fail(contacts: Contacts) -> None:
    """Sent to nearly everybody who opens, and to nobody who does not."""
    opens = next(own for own in contacts.columns if own.feature.name == "opens").values
    rng = np.random.default_rng(1)
    arm = np.where(opens >= 4, rng.choice(3, len(opens), p=[0.01, 0.49, 0.5]), 0)
    chosen = dataclasses.replace(contacts, arm=arm.astype(np.intp))
    X = coding_of(chosen).matrix(chosen.columns)
    likely = estimated(chosen, X, 1)
    overlap, balance, identification = believed(chosen, X, likely, at_stake(chosen, 0.01))
    assert overlap.status is Status.FAIL
    assert balance.status is Status.FAIL
    assert identification.status is Status.WARN


def test_what_is_left_of_an_imbalance_is_told(contacts: Contacts) -> None:
    """A difference that is small in features, and more than a standard error in the outcome."""
    X = coding_of(contacts).matrix(contacts.columns)
    likely = np.tile(SHARES, (contacts.people, 1))
    _, sure, _ = believed(contacts, X, likely, at_stake(contacts, 1.0))
    _, unsure, _ = believed(contacts, X, likely, at_stake(contacts, 1e-5))
    assert (sure.status, unsure.status) == (Status.PASS, Status.WARN)


def test_bent_confounding_is_taken_out(contacts: Contacts) -> None:
    """Contacted are those in the middle of opens, who also enrol: no straight line tells it."""
    rng = np.random.default_rng(1)
    n = 3000
    x = rng.normal(size=(n, 2))
    middle = (np.abs(x[:, 0]) < 0.7).astype(float)
    arm = (rng.random(n) < 0.2 + 0.6 * middle).astype(np.intp)
    outcome = 2 * middle + arm + rng.normal(size=n)
    names = [own for own in contacts.columns if not own.is_category][:2]
    columns = tuple(
        dataclasses.replace(own, values=values) for own, values in zip(names, x.T, strict=True)
    )
    listed = Contacts(np.arange(n).astype(str), arm, outcome, columns, ("none", "mail"))
    sample = Sample(x, arm, outcome, kept_from_zero(estimated(listed, x, 1)))
    expected = nuisances(sample, folds_of(sample, 1), (ridge, boosted))
    found = mean_of(effect_scores(sample, expected)[:, 0])
    assert abs(found.value - 1) < 3 * found.se
    straight = np.tile([0.5, 0.5], (n, 1))
    linear = Sample(x, arm, outcome, straight)
    off = mean_of(effect_scores(linear, nuisances(linear, folds_of(linear, 1)))[:, 0])
    assert abs(off.value - 1) > 3 * off.se
