"""Run again with fresh random numbers, an experiment alarms as seldom as declared."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from scipy.stats import binom

from evaluator.gate.assumptions import findings_kept
from evaluator.gate.calibration import coverage_kept, number_of_tests
from evaluator.gate.items import Item
from evaluator.gate.lock import Lock
from evaluator.gate.present import present
from evaluator.gate.results import Rules, rows_kept
from evaluator.resolve import Resolved
from tests.gate.approved import Copy

RERUNS = 200
ALARM = 0.001
"""Chance that this test fails though the budget is kept."""


@pytest.mark.long
def test_fresh_seeds_keep_to_the_budget(approved: Copy) -> None:
    """Other campaigns, permutations and subsets each time, and each run is compared with the one
    before: against a single approved run, its own luck would be counted two hundred times."""
    alarms: Counter[str] = Counter()
    runs = (_run(approved, seed) for seed in range(1000, 1001 + RERUNS))
    for before, after in pairwise(runs):
        failed = [item for item in _compared(before, after, approved) if item.stops()]
        alarms.update({item.gate.value for item in failed} | ({"any"} if failed else set()))
    print(dict(alarms))
    budget = approved.protocol.gate.false_alarms
    assert alarms["any"] <= binom(RERUNS, budget).isf(ALARM)


def _run(approved: Copy, seed: int) -> Lock:
    known = replace(approved.known, protocol=replace(approved.protocol, seed=seed))
    return present(partial(_same, known), None).lock


def _compared(before: Lock, after: Lock, approved: Copy) -> list[Item]:
    protocol = approved.protocol
    alarm = protocol.gate.false_alarms / number_of_tests(before, after)
    rules = Rules(
        protocol.gate,
        protocol.decision.level,
        data_moved=False,
        environment_moved=False,
        seed_moved=True,
        alarm=alarm,
    )
    return [
        *findings_kept(before, after),
        *rows_kept(before, after, rules),
        *coverage_kept(before, after, alarm),
    ]


def _same(known: Resolved) -> Resolved:
    return known
