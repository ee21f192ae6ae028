import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from evaluator.experiment.protocol import Decision
from evaluator.inference.distributions import StudentT
from evaluator.results import (
    Beside,
    Effect,
    Estimand,
    Finding,
    Interval,
    Row,
    RowKey,
    RowRole,
    RowStatus,
    Simultaneous,
    Status,
    Verdict,
)
from evaluator.verdict import CONCLUDED, conclude, conclude_many

ESTIMAND = Estimand("log lift", "a", "b")
KEY = RowKey("promoted_vs_other", "P")
DECISION = Decision(level=0.95, smallest_lift=1.1, precision=1.5)


def row_of(effect: Effect | None, status: RowStatus = RowStatus.ESTIMATED, **rest: Any) -> Row:
    return Row(KEY, RowRole.HEADLINE, status, ESTIMAND, Verdict.REFUSED, 0.95, effect, **rest)


@dataclass(frozen=True)
class Ends:
    """A law that only knows the ends of its interval, whatever the level."""

    low: float
    high: float

    def cdf(self, x: float) -> float:  # noqa: ARG002
        raise AssertionError("a verdict needs no more than the interval")

    def quantile(self, probability: float) -> float:
        return math.log(self.low if probability < 0.5 else self.high)


TABLE = [
    # low, lift, high, verdict at ±10% worth having and a precision of ×1.5
    (1.01, 1.3, 1.9, Verdict.RAISED),
    (1.3, 1.8, 2.6, Verdict.RAISED),
    (1.01, 1.02, 1.03, Verdict.RAISED),  # no matter how little, if it is certain
    (1.3, 1.8, 2.8, Verdict.RAISED_UNCERTAIN),  # 2.8/1.8 = 1.56
    (1.1, 1.8, 2.0, Verdict.RAISED_UNCERTAIN),  # 1.8/1.1 = 1.64
    (1.5, 3.0, math.inf, Verdict.RAISED_UNCERTAIN),
    (0.6, 0.7, 0.9, Verdict.LOWERED),
    (0.4, 0.7, 0.9, Verdict.LOWERED_UNCERTAIN),
    (0.95, 1.0, 1.05, Verdict.NO_EFFECT),
    (0.92, 1.04, 1.09, Verdict.NO_EFFECT),
    (0.95, 1.02, 1.11, Verdict.NOT_PRECISE),  # more than 10% is not excluded
    (0.90, 0.99, 1.05, Verdict.NOT_PRECISE),  # 1/1.1 = .909 is not excluded
    (0.5, 1.8, 6.0, Verdict.NOT_PRECISE),
]


@pytest.mark.parametrize(("low", "lift", "high", "verdict"), TABLE)
def test_from_interval_to_word(low: float, lift: float, high: float, verdict: Verdict) -> None:
    effect = Effect(math.log(lift), Ends(low, high), ESTIMAND)
    assert conclude(row_of(effect), DECISION) is verdict


def test_every_word_is_in_the_table() -> None:
    elsewhere = {Verdict.DESCRIPTIVE, Verdict.REFUSED}
    assert {row[3] for row in TABLE} | elsewhere == set(Verdict)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (RowStatus.DESCRIPTIVE, Verdict.DESCRIPTIVE),
        (RowStatus.REFUSED, Verdict.REFUSED),
        (RowStatus.SUPPRESSED, Verdict.REFUSED),
    ],
)
def test_a_row_that_may_not_conclude(status: RowStatus, verdict: Verdict) -> None:
    effect = Effect(math.log(1.3), Ends(1.1, 1.5), ESTIMAND)
    assert conclude(row_of(effect, status), DECISION) is verdict
    assert conclude(row_of(None), DECISION) is Verdict.REFUSED


@pytest.mark.parametrize(
    ("decision", "verdict"),
    [
        (Decision(0.95, 1.1, 1.5), Verdict.RAISED),
        (Decision(0.95, 1.1, 1.2), Verdict.RAISED_UNCERTAIN),
        (Decision(0.9999, 1.1, 1.5), Verdict.NOT_PRECISE),
        (Decision(0.9999, 2.0, 1.5), Verdict.NO_EFFECT),
    ],
)
def test_the_declared_rule_decides(decision: Decision, verdict: Verdict) -> None:
    """×1.3 with a scale of .1 on t(100): 95% is ×1.07 – ×1.59, 99.99% reaches ×0.86 – ×1.95."""
    location = math.log(1.3)
    effect = Effect(location, StudentT(np.asarray(location), np.asarray(0.1), 100), ESTIMAND)
    assert conclude(row_of(effect), decision) is verdict


def test_the_simultaneous_interval_decides() -> None:
    location = math.log(1.3)
    effect = Effect(location, StudentT(np.asarray(location), np.asarray(0.1), 100), ESTIMAND)
    for divisor, verdict in ((1, Verdict.RAISED), (500, Verdict.NOT_PRECISE)):
        row = row_of(effect, simultaneous=Simultaneous(effect, divisor, 0.5))
        assert conclude(row, DECISION) is verdict


@pytest.mark.parametrize(
    ("low", "lift", "high", "verdict"),
    [
        (1.2, 1.3, 1.5, Verdict.RAISED_UNCERTAIN),
        (0.7, 0.8, 0.9, Verdict.LOWERED_UNCERTAIN),
        (0.95, 1.0, 1.05, Verdict.NOT_PRECISE),
        (0.5, 1.8, 6.0, Verdict.NOT_PRECISE),
    ],
)
def test_a_failed_finding_weakens(low: float, lift: float, high: float, verdict: Verdict) -> None:
    effect = Effect(math.log(lift), Ends(low, high), ESTIMAND)
    failed = (Finding("a", Status.PASS, ""), Finding("b", Status.FAIL, ""))
    assert conclude(row_of(effect, findings=failed), DECISION) is verdict


@pytest.mark.parametrize("status", [Status.PASS, Status.WARN, Status.NOT_RUN])
def test_other_findings_do_not_change_the_word(status: Status) -> None:
    for low, lift, high, verdict in TABLE:
        effect = Effect(math.log(lift), Ends(low, high), ESTIMAND)
        findings = (Finding("a", status, ""),)
        assert conclude(row_of(effect, findings=findings), DECISION) is verdict


@pytest.mark.parametrize(
    ("beside", "verdict"),
    [
        ((), Verdict.RAISED),
        ((Beside("stretched", 1.0),), Verdict.RAISED),
        ((Beside("stretched", 0.1),), Verdict.RAISED),  # it may not strengthen
        ((Beside("stretched", 2.5),), Verdict.RAISED_UNCERTAIN),
        ((Beside("stretched", 5.0),), Verdict.NOT_PRECISE),
        ((Beside("bounds", interval=Interval(-0.1, 0.5, 0.95)),), Verdict.NOT_PRECISE),
        ((Beside("bounds", interval=Interval(0.2, 0.3, 0.95)),), Verdict.RAISED),
        ((Beside("a"), Beside("b", 2.5)), Verdict.RAISED_UNCERTAIN),  # the weakest counts
    ],
)
def test_a_verdict_holds_in_every_wider_interval(
    beside: tuple[Beside, ...], verdict: Verdict
) -> None:
    """×1.8, from ×1.5 to ×2.16: stretched 2.5 times it reaches ×1.14 and ×2.84, 5 times ×0.72."""
    effect = Effect(math.log(1.8), Ends(1.5, 2.16), ESTIMAND)
    assert conclude(row_of(effect, beside=beside), DECISION) is verdict


def test_many_campaigns_are_concluded_as_each_is() -> None:
    """Every word, the boundaries of each, and infinite ends; refused where nothing can be said."""
    rng = np.random.default_rng(3)
    drawn = rng.normal(0, 0.3, 4000)[:, None] + rng.exponential(0.25, (4000, 2)) * [-1, 1]
    edges = np.log([[1.0, 1.0], [1.0, 1.5], [1 / 1.1, 1.05], [0.95, 1.1], [1e-300, 1.0]])
    ends = np.concatenate([drawn, edges, [[-math.inf, math.inf], [0.2, math.inf]]])
    middle = np.clip(ends, -5, 5).mean(axis=1)
    refused = np.arange(len(ends)) % 97 == 0
    many = conclude_many(middle, ends[:, 0], ends[:, 1], refused, DECISION)
    for place, log_lift, (low, high), nothing in zip(many, middle, ends, refused, strict=True):
        effect = None if nothing else Effect(log_lift, Between(low, high), ESTIMAND)
        assert CONCLUDED[place] is conclude(row_of(effect), DECISION)
    assert {CONCLUDED[place] for place in many} == set(CONCLUDED)


@dataclass(frozen=True)
class Between:
    """Ends that are given as logarithms."""

    low: float
    high: float

    def cdf(self, x: float) -> float:  # noqa: ARG002
        raise AssertionError("a verdict needs no more than the interval")

    def quantile(self, probability: float) -> float:
        return self.low if probability < 0.5 else self.high
