"""Other courses that lose what promoted ones win: bounded on paper, and seen where they fall."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.interference.cannibalisation import Taken, cannibalised
from evaluator.comparisons.design import WINDOW
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
FlagshipRow = Callable[[str, str], Looked]


def test_the_bound_on_paper() -> None:
    """300 where 100 were before, beside 1,000 of other courses before and in the window.

    Untouched, the others would have had O' = 1000 + 300 − 100 · O' / 1000: 1300 / 1.1. Of the
    apparent lift of ×3 then 3 · 1000 / O' is left, 2.54, and the extra is 300 − 118.2.
    """
    taken = Taken(300, 100, 1000, 1000)
    assert taken.log_share(1.0) == pytest.approx(math.log(1.1 / 1.3), abs=1e-3)
    assert taken.log_share(0.0) == 0
    assert taken.log_share(1.0) < taken.log_share(0.5) < 0


def test_no_extra_took_nothing() -> None:
    assert Taken(100, 100, 1000, 1000).log_share(1.0) == pytest.approx(0, abs=1e-6)
    assert Taken(80, 100, 1000, 1000).log_share(1.0) == 0


def test_a_small_extra_beside_many_others_is_within_a_standard_error(
    small: Small, looked_at: LookedAt
) -> None:
    looked = looked_at(small(lifts={"P": (1.1, 1.1)}), "P", "size_adjusted_ratio")
    many = replace(looked.comparison, other=looked.comparison.other * 1000)
    (finding,) = cannibalised(replace(looked, comparison=many)).findings
    assert finding.margin is not None
    assert finding.margin > 0
    assert "cannot be told without the same weeks a year before" in finding.sentence


def test_without_a_year_before_a_large_extra_is_not_passed(
    small: Small, looked_at: LookedAt
) -> None:
    looked = looked_at(small(lifts={"P": (3, 3)}), "P", "size_adjusted_ratio")
    (finding,) = cannibalised(looked).findings
    assert finding.status is Status.NOT_RUN
    assert finding.margin is not None
    assert finding.margin < 0


def test_others_that_fall_against_last_year(flagship_row: FlagshipRow) -> None:
    looked = flagship_row("ODPS", "size_adjusted_ratio")
    (calm,) = cannibalised(looked).findings
    assert calm.status is Status.NOT_RUN
    assert "no effect still excluded" in calm.sentence
    window = looked.comparison.codes[0] == WINDOW
    fallen = looked.comparison.other * np.where(window, 0.5, 1.0)
    found = cannibalised(replace(looked, comparison=replace(looked.comparison, other=fallen)))
    (finding,), (beside,) = found.findings, found.beside
    assert finding.status is Status.FAIL
    assert "none if these shared the fall" in finding.sentence
    assert looked.effect is not None
    assert beside.interval is not None
    assert beside.interval.low < looked.effect.interval(0.95).low - 0.3


@pytest.mark.parametrize("method", ["triple_difference", "arms_wider"])
def test_arms_are_not_asked(small: Small, looked_at: LookedAt, method: str) -> None:
    assert not cannibalised(looked_at(small(), "P", method)).findings
