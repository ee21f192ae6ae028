"""Bounds of a row: they start from its own interval, in periods as long as its reference."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.bounds import bounds_of, honest_bounds, in_blocks
from evaluator.assumptions.event_study import study_of
from evaluator.results import Status

Row = Callable[[str, str], Looked]


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
    seen = honest_bounds(looked)
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
    seen = honest_bounds(flagship_row("SEE", "arms_wider"))
    (finding,) = seen.findings
    assert finding.status is Status.NOT_RUN
    assert "the reference takes 4" in finding.sentence
    assert not seen.evidence.bounds
    assert seen.breakdown is None
