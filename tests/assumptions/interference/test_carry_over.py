"""What waves leave behind in a channel's model, raised on purpose or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions import Looked
from evaluator.assumptions.interference.carry_over import carried_over
from evaluator.experiment.protocol import Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, NDArray[np.float64]]


def waves(left: tuple[float, ...]) -> Callable[[Counts, int], None]:
    """P's wave in the first week triples it; these factors are left in the weeks after."""

    def paint(counts: Counts, window: int) -> None:
        rng = np.random.default_rng(6)
        for own in counts.values():
            own[:] = rng.poisson(own * 50 / own.mean())
        for week, factor in enumerate((3.0, *left)):
            days = slice(window + 7 * week, window + 7 * week + 7)
            counts["P"][:, days] = rng.poisson(50 * factor, counts["P"][:, days].shape)

    return paint


def row(small: Small, looked_at: LookedAt, left: tuple[float, ...]) -> Looked:
    start = small().protocol.window.start
    wave = Wave("one", "ads", ("P",), portfolio=False, span=Span(start, start + timedelta(6)))
    resolved = small(
        paint=waves(left), others=24, season=False, waves=(wave,), questions=(Question.CHANNELS,)
    )
    return looked_at(resolved, "all", "channel_mean")


@pytest.mark.parametrize(
    ("left", "status", "said"),
    [
        ((1.0, 1.0, 1.0), Status.PASS, "no carry-over is seen"),
        ((2.0, 1.5, 1.0), Status.WARN, "are still at ×1.5"),
        ((2.0, 2.0, 3.0), Status.FAIL, "with a third week in the model"),
    ],
)
def test_what_is_left_in_the_second_week(
    small: Small,
    looked_at: LookedAt,
    left: tuple[float, ...],
    status: Status,
    said: str,
) -> None:
    (finding,) = carried_over(row(small, looked_at, left)).findings
    assert finding.status is status, finding
    assert said in finding.sentence
    assert finding.power is not None


def test_only_channels_are_asked(small: Small, looked_at: LookedAt) -> None:
    assert not carried_over(looked_at(small(), "P", "size_adjusted_ratio")).findings
