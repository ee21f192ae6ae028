"""Placebos in time: what is noticed in counts with known departures."""

from collections.abc import Callable

import numpy as np

from evaluator.assumptions import Looked
from evaluator.assumptions.placebos.earlier import earlier_windows
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, np.ndarray]
Paint = Callable[[Counts, int], None]


def test_a_course_that_wandered_before_is_given_a_wider_interval(
    small: Small, looked_at: LookedAt, rough: Paint
) -> None:
    def wandering(counts: Counts, window: int) -> None:
        rough(counts, window)
        counts["P"][:, :window] *= np.exp(0.4 * np.sin(np.arange(window) / 40))

    looked = looked_at(small(paint=wandering, others=24), "P", "size_adjusted_ratio")
    seen = earlier_windows(looked)
    (finding,) = seen.findings
    assert finding.status is Status.FAIL
    (beside,) = seen.beside
    assert beside.stretch > 1.4
    steady = looked_at(small(paint=rough, others=24), "P", "size_adjusted_ratio")
    assert earlier_windows(steady).beside == ()
    (calm,) = earlier_windows(steady).findings
    assert calm.power is not None
    assert (calm.status is Status.PASS) == (calm.power >= 0.8)


def test_a_short_history_has_no_earlier_windows(flagship_row: Callable[..., Looked]) -> None:
    (finding,) = earlier_windows(flagship_row("SEE", "arms_wider")).findings
    assert finding.status is Status.NOT_RUN
    assert finding.power is None
