import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd

from evaluator.experiment.protocol import Protocol
from evaluator.results import Status
from evaluator.targeting.contacts import read_contacts
from evaluator.targeting.design import agrees_with_plain, alike_before, drawn_as_declared, weighted
from evaluator.targeting.features import coding_of
from evaluator.targeting.scores import Mean


def test_arms_of_another_size_are_not_believed(
    people: pd.DataFrame, with_list: Callable[..., Protocol]
) -> None:
    contacts = read_contacts(with_list(people))
    assert drawn_as_declared(contacts, (0.30, 0.35, 0.35)).status is Status.PASS
    assert drawn_as_declared(contacts, (0.40, 0.30, 0.30)).status is Status.FAIL


def test_a_feature_that_differs_between_arms_is_named(
    people: pd.DataFrame, with_list: Callable[..., Protocol]
) -> None:
    contacts = read_contacts(with_list(people))
    assert alike_before(contacts).status is Status.PASS
    moved = tuple(
        dataclasses.replace(own, values=own.values + contacts.arm)
        if own.feature.name == "opens"
        else own
        for own in contacts.columns
    )
    found = alike_before(dataclasses.replace(contacts, columns=moved))
    assert found.status is Status.FAIL
    assert "opens" in found.sentence


def test_scores_far_from_the_arms_fail() -> None:
    plain = Mean(1.0, 0.1, 100)
    assert agrees_with_plain("mail", plain, Mean(1.05, 0.1, 100)).status is Status.PASS
    assert agrees_with_plain("mail", plain, Mean(1.2, 0.1, 100)).status is Status.FAIL


def test_arms_without_overlap_or_balance_fail(
    people: pd.DataFrame, with_list: Callable[..., Protocol]
) -> None:
    """Sent to nearly everybody who opens, and to nobody who does not."""
    contacts = read_contacts(with_list(people))
    opens = next(own for own in contacts.columns if own.feature.name == "opens").values
    rng = np.random.default_rng(1)
    arm = np.where(opens >= 4, rng.choice(3, len(opens), p=[0.01, 0.49, 0.5]), 0)
    chosen = dataclasses.replace(contacts, arm=arm.astype(np.intp))
    X = coding_of(chosen).matrix(chosen.columns)
    overlap, balance, identification = weighted(chosen, X, 1).findings
    assert overlap.status is Status.FAIL
    assert balance.status is Status.FAIL
    assert identification.status is Status.WARN
