"""Bounds of a row: they start from its own interval, in periods as long as its reference."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.trends.bounds import bounded, bounds_of, in_blocks
from evaluator.assumptions.trends.event_study import study_of
from evaluator.experiment.protocol import Reference
from evaluator.resolve import Resolved
from evaluator.results import Status

Row = Callable[[str, str], Looked]
Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, np.ndarray]
Paint = Callable[[Counts, int], None]


@pytest.mark.parametrize(
    ("course", "method"),
    [
        ("all", "triple_difference"),
        ("ODPS", "size_adjusted_ratio"),
        ("ILSGEN", "arms_wider"),
        ("ODPS", "controlled_its"),
    ],
)
def test_without_a_departure_it_is_the_row(flagship_row: Row, course: str, method: str) -> None:
    """As long as the row's interval, around its log lift; broken at once where it holds none."""
    looked = flagship_row(course, method)
    assert looked.effect is not None
    own = looked.effect.interval(looked.setting.level)
    seen = bounded(looked)
    relative, smooth = seen.evidence.bounds
    first = relative.intervals[0]
    assert first.high - first.low == pytest.approx(own.high - own.low, rel=1e-3)
    assert (first.low + first.high) / 2 == pytest.approx(looked.effect.log_lift, abs=1e-3)
    assert [relative.kind, smooth.kind] == ["relative magnitudes", "smoothness"]
    assert (seen.breakdown == 0) == (0 in first)
    assert seen.breakdown == relative.breakdown
    for bounds in (relative, smooth):
        assert len(bounds.at) == len(bounds.intervals)
        assert bounds.at[0] == 0


@pytest.mark.parametrize("method", ["size_adjusted_ratio", "controlled_its"])
def test_a_straight_trend_is_taken_off_as_the_row_feels_it(flagship_row: Row, method: str) -> None:
    """A trend of 2% a week and nothing else before the window: its leverage, by no bend."""
    looked = flagship_row("ODPS", method)
    assert looked.effect is not None
    study = study_of(looked)
    trend = replace(study, coefficients=0.02 * study.relative @ study.time)
    _, smooth = bounds_of(in_blocks(looked, looked.effect, trend), 0.95)
    centre = (smooth.intervals[0].low + smooth.intervals[0].high) / 2
    assert centre == pytest.approx(looked.effect.log_lift - 0.02 * study.leverage, abs=0.02)


def test_blocks_are_as_long_as_the_reference(flagship_row: Row) -> None:
    """A step of the path eight weeks before the reference moves the older blocks alone."""
    looked = flagship_row("ODPS", "size_adjusted_ratio")
    assert looked.effect is not None
    study = study_of(looked)
    step = replace(study, coefficients=np.where(study.time < -16, 0.3, 0.0))
    blocks = in_blocks(looked, looked.effect, step)
    np.testing.assert_allclose(blocks.coefficients[:-1], [0.3] * (blocks.n_pre - 1) + [0.0])
    assert blocks.n_pre == study.leads // 8 - 1
    assert blocks.estimate == pytest.approx(looked.effect.log_lift)


def test_refused_without_a_block_before_the_reference(flagship_row: Row) -> None:
    """Four weeks of history, all of them the reference."""
    seen = bounded(flagship_row("SEE", "arms_wider"))
    (finding,) = seen.findings
    assert finding.status is Status.NOT_RUN
    assert "the reference takes 4" in finding.sentence
    assert not seen.evidence.bounds
    assert seen.breakdown is None


@pytest.fixture
def trending(rough: Paint) -> Paint:
    """And P grows by 3% a week."""

    def paint(counts: Counts, window: int) -> None:
        rough(counts, window)
        own = counts["P"]
        own *= np.exp(0.03 * (np.arange(own.shape[1]) - window) / 7)

    return paint


@pytest.mark.parametrize(
    ("lift", "status", "said"),
    [
        (1.0, Status.NOT_RUN, "nothing to bound"),
        (1.15, Status.NOT_RUN, "unless the trends depart in the window by more than 0."),
        (2.0, Status.PASS, "no effect is excluded"),
    ],
)
def test_what_the_breakdown_says_of_a_conclusion(
    small: Small, looked_at: LookedAt, rough: Paint, lift: float, status: Status, said: str
) -> None:
    resolved = small(paint=rough, others=24, lifts={"P": (lift, lift)})
    seen = bounded(looked_at(resolved, "P", "size_adjusted_ratio"))
    (finding,) = seen.findings
    assert finding.status is status
    assert said in finding.sentence
    assert seen.breakdown is not None
    assert (seen.breakdown >= 1) == (status is Status.PASS)
    assert seen.beside == ()


def test_trends_that_parted_before_widen_the_interval(
    small: Small, looked_at: LookedAt, trending: Paint
) -> None:
    looked = looked_at(small(paint=trending, others=24), "P", "size_adjusted_ratio")
    seen = bounded(looked)
    (finding,), (beside,) = seen.findings, seen.beside
    assert finding.status is Status.WARN
    assert looked.effect is not None
    own = looked.effect.interval()
    wide = beside.around(looked.effect.log_lift, own)
    assert wide.low < own.low < own.high < wide.high
    assert own.low > 0
    assert wide.low < 0
    assert seen.evidence.bounds[0].intervals[2] == beside.interval


def test_a_history_too_short_for_bounds_is_freed_of_the_trend(
    small: Small, looked_at: LookedAt, trending: Paint
) -> None:
    """A reference of all history leaves no block before it."""
    resolved = small(paint=trending, others=24, reference=Reference(None, ()))
    looked = looked_at(resolved, "P", "size_adjusted_ratio")
    seen = bounded(looked)
    (finding,), (beside,) = seen.findings, seen.beside
    assert finding.status is Status.NOT_RUN
    assert looked.effect is not None
    assert 0.0 in beside.around(looked.effect.log_lift, looked.effect.interval())


def test_a_breakdown_that_rests_on_one_departure_says_so(flagship_row: Row) -> None:
    """The reference of a series is half of the year that is looked at: one block before it."""
    (finding,) = bounded(flagship_row("ODPS", "controlled_its")).findings
    assert finding.status is Status.PASS
    assert "the departure before (the history shows only one)" in finding.sentence


def test_rows_of_single_waves_are_passed_over(flagship_row: Callable[..., Looked]) -> None:
    looked = flagship_row("all", "channel_mean")
    assert bounded(looked).findings == ()
