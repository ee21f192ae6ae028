"""The last weeks before the window: raised on purpose, and left as they are."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions import Looked, Seen
from evaluator.assumptions.interference.anticipation import anticipated, last_weeks
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.experiment.protocol import Course
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, NDArray[np.float64]]
RATIO, SERIES, ARMS = "size_adjusted_ratio", "controlled_its", "arms_wider"


def moving(counts: Counts, _: int) -> None:
    """Every country of every course moves by a tenth from week to week."""
    rng = np.random.default_rng(3)
    for own in counts.values():
        weekly = np.exp(0.1 * rng.standard_normal((own.shape[0], 40)))
        own *= np.repeat(weekly, 7, axis=1)[:, : own.shape[1]]


def announced(counts: Counts, window: int) -> None:
    moving(counts, window)
    counts["P"][:6, window - 14 : window] *= 2
    counts["P"][6:, window - 14 : window] *= 1.6


def seen(
    small: Small, looked_at: LookedAt, paint: Callable[[Counts, int], None], method: str
) -> tuple[Looked, Seen]:
    looked = looked_at(small(paint=paint, others=24), "P", method)
    return looked, anticipated(looked)


@pytest.mark.parametrize("method", [RATIO, SERIES])
def test_weeks_that_a_campaign_raised_beforehand(
    small: Small, looked_at: LookedAt, method: str
) -> None:
    looked, found = seen(small, looked_at, announced, method)
    (finding,) = found.findings
    assert finding.status is Status.FAIL
    assert "are ×1.7" in finding.sentence or "are ×1.8" in finding.sentence
    (beside,) = found.beside
    assert looked.effect is not None
    assert beside.interval is not None
    # A quarter of the base is raised by about 1.75: totals were taken down by log(1 + .75 / 4);
    # a series, which carries its last weeks on, by more.
    up = beside.interval.high - looked.effect.interval(0.95).high
    least = math.log(1 + 0.75 / 4)
    assert up > 0.8 * least
    assert method != RATIO or up == pytest.approx(least, abs=0.07)


def test_the_bias_of_totals_is_worked_out(small: Small, looked_at: LookedAt) -> None:
    """Without what the raised weeks add, the interval is where it is when they are not raised."""

    def doubled(counts: Counts, window: int) -> None:
        moving(counts, window)
        counts["P"][:, window - 14 : window] *= 2

    plain, raised = (
        looked_at(small(paint=paint, others=24), "P", RATIO) for paint in (moving, doubled)
    )
    (beside,) = anticipated(raised).beside
    assert plain.effect is not None
    assert raised.effect is not None
    assert beside.interval is not None
    middle = (beside.interval.low + beside.interval.high) / 2
    assert middle == pytest.approx(plain.effect.log_lift, abs=0.05)
    assert raised.effect.log_lift < plain.effect.log_lift - 0.05


@pytest.mark.parametrize("method", [RATIO, SERIES, ARMS])
def test_ordinary_weeks_are_passed_only_with_power(
    small: Small, looked_at: LookedAt, method: str
) -> None:
    _, found = seen(small, looked_at, moving, method)
    (finding,) = found.findings
    assert finding.power is not None
    expected = Status.PASS if finding.power >= 0.8 else Status.NOT_RUN
    assert (finding.status, found.beside) == (expected, ())
    assert f"noticed in {finding.power:.0%}" in finding.sentence


def test_a_short_base_says_nothing(small: Small, looked_at: LookedAt) -> None:
    opened = (Course("P", "P", date(2023, 7, 3)), Course("Q", "Q"))
    (finding,) = anticipated(looked_at(small(courses=opened), "P", ARMS)).findings
    assert finding.status is Status.NOT_RUN
    assert "4 reference weeks" in finding.sentence


def test_the_last_weeks_stand_in_for_the_window(small: Small, looked_at: LookedAt) -> None:
    early = last_weeks(looked_at(small(), "P", RATIO).comparison)
    codes = early.codes[0]
    assert (int(np.sum(codes == WINDOW)), int(np.sum(codes == REFERENCE))) == (14, 42)
    assert not codes[np.flatnonzero(codes == WINDOW)[-1] + 1 :].any()
