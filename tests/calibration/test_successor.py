"""What the successor of experiment no. 2 identifies and it did not: by rank, and by simulation.

The simulation is the study's in small, on the same worlds in every run: a band fails only when
something changed; with a true coverage of .95, one row in 200 would be below it on other worlds.
"""

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

import evaluator
from evaluator.comparisons import ALL, Comparison, Planned, left_out, planned_rows
from evaluator.effects.waves import daily_model
from evaluator.estimators.poisson import variance_inflation
from evaluator.resampling.simulate import simulate
from evaluator.results import RowRole

Name = tuple[str, str, str]
Study = dict[str, dict[Name, Any]]
WORLDS, SEED, LEVEL, FALSE_ALARMS = 40, 4, 0.95, 0.005
GAINED = {
    "order": ("order", "facebook_ads", "all", "order_of_waves"),
    "portfolio": ("portfolio", "newsletter", left_out.AGAINST, left_out.METHOD),
    "all promotion": ("promoted_vs_other", "all", left_out.AGAINST, left_out.METHOD),
}
"""What is asked → question, channel, arm and method of the row that decides it."""
CAUSES = {
    "advertising in A": ("a_vs_b", "all", "A", "triple_difference"),
    "newsletter": ("channels", "newsletter", "all", "channel_mean"),
}
"""Rows that both have, and that name a cause, or all of it, only in the successor."""


@pytest.fixture(scope="module")
def rows(successor: ModuleType) -> list[Planned]:
    rng = np.random.default_rng(SEED)
    base = successor.base_world()
    draw = successor.drawn(base, rng)
    world = successor.planted(base, draw, successor.Lifts())
    return planned_rows(successor.resolved(successor.protocol_of(base, draw), simulate(world, rng)))


def deciding(rows: list[Planned]) -> dict[tuple[str, ...], Planned]:
    return {
        (row.key.question, row.key.channel, row.key.arm, row.key.method): row
        for row in rows
        if row.role is RowRole.HEADLINE
        and not row.descriptive
        and row.key.course in (ALL, left_out.OTHERS)
        and isinstance(row.comparison, Comparison)
    }


def test_rows_that_decide_what_the_first_could_not(
    rows: list[Planned], flagship: evaluator.Result
) -> None:
    found = deciding(rows)
    asked = {
        (row.key.question, row.key.channel, row.key.arm, row.key.method): row
        for row in flagship.evaluation.rows
    }
    assert set(GAINED.values()) <= set(found)
    refused = asked["order", "facebook_ads", "all", "order_of_waves"]
    assert "order ≡ network ≡ calendar" in refused.reason
    assert not any(key[3] == left_out.METHOD for key in asked)
    for key in CAUSES.values():
        before, after = asked[key].estimand, found[key].estimand
        assert after.wording.up == "raised"
        assert before.identifies != after.identifies
    assert asked[CAUSES["advertising in A"]].estimand.wording.up == "more"
    assert "whole portfolio" in asked[CAUSES["newsletter"]].estimand.not_identified


def test_posts_and_newsletter_are_apart_in_every_course(rows: list[Planned]) -> None:
    """Full column rank, and hardly anything of a wave in the other columns."""
    cells = {
        (row.key.course, row.key.channel): row.comparison
        for row in rows
        if row.key.method == "joint_daily" and row.key.variant == "default"
    }
    assert len(cells) == 12 * 3
    for (course, channel), own in cells.items():
        assert isinstance(own, Comparison), (course, channel)
        model = daily_model(own.companions[0])
        assert np.linalg.matrix_rank(model.X) == model.X.shape[1]
        inflation = variance_inflation(model.X, model.weights)
        waves = [position for position, name in enumerate(model.names) if name == channel]
        assert inflation[waves].max() < 2


@pytest.fixture(scope="module")
def study(successor: ModuleType) -> Study:
    return {
        name: successor.recover(WORLDS, SEED, successor.SETTINGS[name])
        for name in ("nothing planted", "lifts and an order effect")
    }


FOUND: dict[Name, float] = {
    ("promoted_vs_other", "all", "against_left_out"): 0.95,
    ("a_vs_b", "all", "triple_difference"): 0.9,
    ("channels", "facebook_ads", "triple_difference"): 0.95,
    ("channels", "newsletter", "channel_mean"): 0.8,
    ("portfolio", "newsletter", "against_left_out"): 0.85,
    ("order", "facebook_ads", "order_of_waves"): 0.2,
}
"""Row → how often at least it finds what is planted."""


@pytest.mark.parametrize("name", FOUND, ids=" ".join)
def test_intervals_cover_and_find(study: Study, name: Name) -> None:
    fewest = int(binom.ppf(FALSE_ALARMS, WORLDS, LEVEL))
    most = int(binom.ppf(1 - FALSE_ALARMS, WORLDS, 1 - LEVEL))
    null, planted = (tallies[name] for tallies in study.values())
    assert null.refused == planted.refused == 0
    assert null.covered >= fewest
    assert null.found <= most
    assert planted.covered >= fewest
    assert planted.found >= FOUND[name] * WORLDS
