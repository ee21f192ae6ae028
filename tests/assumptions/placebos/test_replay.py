"""The row's own method on other courses and earlier weeks: the fast path against a plain one."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.placebos.replay import replayed
from evaluator.comparisons.design import EARLIER, REFERENCE, WINDOW, Comparison
from evaluator.effects import METHODS, Setting

Row = Callable[[str, str], Looked]


def moved_back(comparison: Comparison, weeks: int) -> Comparison:
    """The window and its reference that many weeks earlier, day by day."""
    codes = comparison.codes.copy()
    reference = int((codes[0] == REFERENCE).sum())
    window = int((codes[0] == WINDOW).sum())
    start = int(np.flatnonzero(codes[0] == WINDOW)[0]) - 7 * weeks
    codes[:, codes[0] != 0] = 0
    codes[:, : start - reference] = EARLIER
    codes[:, start - reference : start] = REFERENCE
    codes[:, start : start + window] = WINDOW
    return replace(comparison, codes=codes, companions=())


@pytest.mark.parametrize(
    ("course", "method"),
    [
        ("all", "these_courses"),
        ("ILSGEN", "size_adjusted_ratio"),
        ("ODPS", "arms_by_unit"),
        ("all", "triple_difference"),
        ("ODPS", "controlled_its"),
    ],
)
def test_earlier_windows_are_those_of_the_daily_comparison(
    flagship_row: Row, course: str, method: str
) -> None:
    looked = flagship_row(course, method)
    replays = replayed(looked)
    assert replays is not None
    for move in (0, 2):
        law = METHODS[method](
            moved_back(looked.comparison, int(replays.weeks_back[move])), Setting()
        )
        assert replays.own[move] == pytest.approx(float(law.log_lift), rel=1e-6)


@pytest.mark.parametrize("method", ["size_adjusted_ratio", "controlled_its"])
def test_another_course_in_the_place_of_the_row(flagship_row: Row, method: str) -> None:
    looked = flagship_row("ODPS", method)
    comparison, replays = looked.comparison, replayed(looked)
    assert replays is not None
    third = replace(
        comparison, treated=comparison.other[[3]], other=np.delete(comparison.other, 3, axis=0)
    )
    law = METHODS[method](third, Setting())
    assert replays.other[3, 0] == pytest.approx(float(law.log_lift), rel=1e-6)


def test_windows_end_before_the_real_one_begins(flagship_row: Row) -> None:
    replays = replayed(flagship_row("ODPS", "size_adjusted_ratio"))
    assert replays is not None
    assert replays.weeks_back[0] == 0
    assert replays.weeks_back[1:].min() >= 12
    assert replays.weeks_back.max() + 8 <= 60
