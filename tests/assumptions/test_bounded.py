"""The finding on bounds, and the interval beside a row whose trends were seen to part."""

from collections.abc import Callable

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.bounded import bounded
from evaluator.experiment.protocol import Reference
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, np.ndarray]


def rough(counts: Counts, window: int) -> None:
    """Every course wanders by a few percent from week to week."""
    rng = np.random.default_rng(5)
    for own in counts.values():
        weeks = rng.normal(scale=0.05, size=-(-own.shape[1] // 7))
        own *= np.exp(np.repeat(weeks, 7)[: own.shape[1]])
    del window


def trending(counts: Counts, window: int) -> None:
    rough(counts, window)
    own = counts["P"]
    own *= np.exp(0.03 * (np.arange(own.shape[1]) - window) / 7)


@pytest.mark.parametrize(
    ("lift", "status", "said"),
    [
        (1.0, Status.NOT_RUN, "nothing to bound"),
        (1.15, Status.WARN, "no effect is excluded unless the trend after departs by more than 0."),
        (2.0, Status.PASS, "no effect is excluded"),
    ],
)
def test_what_the_breakdown_says_of_a_conclusion(
    small: Small, looked_at: LookedAt, lift: float, status: Status, said: str
) -> None:
    resolved = small(paint=rough, others=24, lifts={"P": (lift, lift)})
    seen = bounded(looked_at(resolved, "P", "size_adjusted_ratio"))
    (finding,) = seen.findings
    assert finding.status is status
    assert said in finding.sentence
    assert seen.breakdown is not None
    assert (seen.breakdown >= 1) == (status is Status.PASS)
    assert seen.beside == ()


def test_trends_that_parted_before_widen_the_interval(small: Small, looked_at: LookedAt) -> None:
    looked = looked_at(small(paint=trending, others=24), "P", "size_adjusted_ratio")
    seen = bounded(looked)
    (beside,) = seen.beside
    assert looked.effect is not None
    own = looked.effect.interval()
    wide = beside.around(looked.effect.log_lift, own)
    assert wide.low < own.low < own.high < wide.high
    assert own.low > 0
    assert wide.low < 0
    assert seen.evidence.bounds[0].intervals[2] == beside.interval


def test_a_history_too_short_for_bounds_is_freed_of_the_trend(
    small: Small, looked_at: LookedAt
) -> None:
    """A reference of all history leaves no block before it."""
    resolved = small(paint=trending, others=24, reference=Reference(None, ()))
    looked = looked_at(resolved, "P", "size_adjusted_ratio")
    seen = bounded(looked)
    (finding,), (beside,) = seen.findings, seen.beside
    assert finding.status is Status.NOT_RUN
    assert looked.effect is not None
    assert 0.0 in beside.around(looked.effect.log_lift, looked.effect.interval())


def test_rows_of_single_waves_are_passed_over(flagship_row: Callable[..., Looked]) -> None:
    looked = flagship_row("all", "channel_mean")
    assert bounded(looked).findings == ()
