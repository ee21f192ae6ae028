"""What each wave spent by arm, against what was planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from evaluator.assumptions.data.delivery import delivered
from evaluator.experiment.budget import Budget
from evaluator.experiment.protocol import Wave
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]


def spent(resolved: Resolved, planned: float, table: pd.DataFrame | None) -> Resolved:
    window = resolved.protocol.window
    waves = tuple(
        Wave(f"ads-{course}", "ads", (course,), False, window, budget=Budget(planned, True))
        for course in resolved.promoted
    )
    tables = {} if table is None else {"delivery": table}
    return replace(resolved, protocol=replace(resolved.protocol, waves=waves), tables=tables)


def table(a: float, b: float) -> pd.DataFrame:
    """Q spends as planned in halves; P's arm A in two rows, figures as text."""
    rows = [
        *(("ads-P", "A", str(a / 2)), ("ads-P", "A", str(a / 2)), ("ads-P", "B", str(b))),
        *(("ads-Q", "A", "50"), ("ads-Q", "B", "50")),
    ]
    return pd.DataFrame(rows, columns=["wave", "arm", "spend_eur"])


@pytest.mark.parametrize(
    ("a", "status", "said"),
    [
        (52.0, Status.PASS, "2 waves spent as planned (assumed) by arm, within 2.0% of the money"),
        (62.0, Status.WARN, "than planned (assumed): ads-P (62% to A)"),
        (38.0, Status.WARN, "1 of 2 waves spent more than 5% of their money in another arm"),
    ],
)
def test_spend_against_plan(small: Small, a: float, status: Status, said: str) -> None:
    (found,) = delivered(spent(small(), 0.5, table(a, 100 - a)))
    assert (found.status, said in found.sentence) == (status, True), found
    assert found.margin == pytest.approx(0.05 - abs(a / 100 - 0.5))


@pytest.mark.parametrize(
    "told",
    [None, pd.DataFrame({"wave": ["ads-P"]}), table(0, 0).iloc[:0], table(50, 50).iloc[[0]]],
    ids=["no table", "no cost", "no row", "one arm"],
)
def test_what_nobody_told_is_not_passed(small: Small, told: pd.DataFrame | None) -> None:
    (found,) = delivered(spent(small(), 0.5, told))
    assert found.status is Status.NOT_RUN


def test_no_plan_no_finding(small: Small) -> None:
    assert not list(delivered(small()))
