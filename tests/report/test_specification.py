from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator.evaluation import Evaluation
from evaluator.report.specification import Specification, departure, specifications
from evaluator.results import Row, RowKey, RowRole, RowStatus


def test_what_departs_stands_with_the_row_that_decides(evaluation: Evaluation) -> None:
    """Rows: all, OLD, OLD on another reference, OLD by another method, NEW refused."""
    assert specifications(evaluation.rows) == (
        Specification(0, (), ()),
        Specification(1, (2, 3), ()),
    )


def test_a_choice_without_a_number_is_kept_apart(evaluation: Evaluation) -> None:
    refused = replace(
        evaluation.rows[2], effect=None, status=RowStatus.REFUSED, reason="the same weeks"
    )
    rows = (*evaluation.rows[:2], refused)
    assert specifications(rows)[1] == Specification(1, (), (2,))


@pytest.mark.parametrize(
    ("role", "channel", "arm", "expected"),
    [
        (RowRole.HEADLINE, "all", "all", ""),
        (RowRole.EXPLORATORY, "ads", "all", ""),
        (RowRole.ROBUSTNESS, "all", "all", "ranked ratio"),
        (RowRole.SENSITIVITY, "all", "all", "waves -1 week"),
        (RowRole.SENSITIVITY, "ads", "A", "waves -1 week"),
    ],
)
def test_a_departure_is_named(
    make_row: Callable[..., Row], role: RowRole, channel: str, arm: str, expected: str
) -> None:
    key = RowKey("within_campaign", "OLD", channel, arm, "ranked_ratio", "waves -1 week")
    assert departure(make_row(key=key, role=role)) == expected
