from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from evaluator.experiment.protocol import Protocol
from evaluator.targeting.contacts import read_contacts
from evaluator.targeting.groups import (
    best_linear,
    fifths,
    group_effects,
    groupings,
    ranks,
)


def test_groups_are_those_declared(
    people: pd.DataFrame, with_list: Callable[..., Protocol]
) -> None:
    table = people.astype({"past_courses": object})
    table.loc[:10, "past_courses"] = None
    table.loc[table["country"] == "Kenya", "country"] = "Atlantis"
    protocol = with_list(table)
    found = {
        own.name: own.labels for own in groupings(read_contacts(protocol), protocol.country_groups)
    }
    assert found["persona"][0] == "employers' staff"
    assert found["country"][-1] == "other countries"
    assert found["country"][:2] == ("Africa", "Americas")
    assert found["past_courses"] == ("0", "1–2", "3+", "unknown")
    assert found["months_since"] == ("0–5", "6–17", "18+")


def test_small_groups_are_suppressed(
    people: pd.DataFrame, with_list: Callable[..., Protocol]
) -> None:
    protocol = with_list(people)
    contacts = read_contacts(protocol)
    groups = groupings(contacts, protocol.country_groups)
    effects = group_effects(groups, contacts.outcome, 400, 0.95, 1)
    assert {own.effect is None for own in effects} == {True, False}
    assert all((own.effect is None) == (own.people < 400) for own in effects)


def test_slope_on_paper() -> None:
    """Predictions 0, 2 in one fold and 10, 12 in the other: less their means −1, 1, −1, 1.

    Scores 1, 5, 2, 6: slope (−1 + 5 − 2 + 6)/4 = 2; their mean is 3.5, so residuals are
    −.5, −.5, .5, .5; HC1: √(1 · 4/2)/4 = √2/4.
    """
    predicted, fold = np.array([0.0, 2, 10, 12]), np.array([0, 0, 1, 1])
    found = best_linear(predicted, np.array([1.0, 5, 2, 6]), fold)
    assert found is not None
    assert found.slope.value == pytest.approx(2)
    assert found.slope.se == pytest.approx(2**0.5 / 4)


def test_predictions_that_differ_between_folds_only_tell_nothing() -> None:
    fold = np.repeat([0, 1], 50)
    assert best_linear(fold.astype(float), np.arange(100.0), fold) is None
    assert set(ranks(fold.astype(float), fold)) == {0.5}


def test_fifths_hold_the_truth() -> None:
    """60 sets of independent people: all five intervals together hold in about 95%.

    Binomial(60, .95): at least 51 with probability .999.
    """
    held = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        effect = rng.normal(size=1500)
        predicted, fold = effect + rng.normal(size=1500), rng.integers(0, 3, 1500)
        found = fifths(predicted, effect + rng.normal(0, 3, 1500), fold, 0.95, 1)
        at = np.minimum((ranks(predicted, fold) * 5).astype(int), 4)
        held += all(
            effect[at == own.position - 1].mean() in own.realised.simultaneous(0.95)
            for own in found
        )
    assert held >= 51
