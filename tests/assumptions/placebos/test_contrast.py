"""The totals behind a row give its own estimate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.placebos.contrast import contrast

METHODS = [
    ("all", "these_courses"),
    ("ODPS", "size_adjusted_ratio"),
    ("all", "triple_difference"),
    ("ODPS", "arms_by_unit"),
]


@pytest.mark.parametrize(("course", "method"), METHODS)
def test_the_estimate_of_the_row(
    flagship_row: Callable[[str, str], Looked], course: str, method: str
) -> None:
    looked = flagship_row(course, method)
    totals = contrast(looked.comparison, method)
    assert totals is not None
    assert looked.effect is not None
    whole = totals.log_lift(totals.promoted.sum(axis=-1), totals.other.sum(axis=(-2, -1)))
    assert whole.mean() == pytest.approx(looked.effect.log_lift, abs=1e-12)


def test_no_totals_behind_a_forecast(flagship_row: Callable[[str, str], Looked]) -> None:
    looked = flagship_row("all", "controlled_its")
    assert contrast(looked.comparison, "controlled_its") is None
