"""Declared days that are no part of a row, and those that are."""

from collections.abc import Callable
from datetime import date

import pytest

from evaluator.assumptions import row_findings
from evaluator.comparisons import planned_rows
from evaluator.experiment.protocol import Event, Question, Span
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

Small = Callable[..., Resolved]
CLOSED = Span(date(2023, 7, 24), date(2023, 8, 6))
"""The week before the small window, and its first."""
LEFT_OUT, INCIDENT = "days left out", "incident"


def told(resolved: Resolved, method: str, variant: str = "default") -> Finding:
    """What one row of P hears of the event."""
    (row,) = (
        row
        for row in planned_rows(resolved)
        if (row.key.course, row.key.method, row.key.variant) == ("P", method, variant)
        and row.key.arm in ("all", "weekday: Monday")
    )
    names = (LEFT_OUT, INCIDENT)
    (finding,) = (own for own in row_findings(row, resolved) if own.name in names)
    return finding


# method, variant, other courses, whether the event is left out → which finding
HEARD = {
    ("single_its", "default", 0, True): LEFT_OUT,
    ("single_its", "with Closed", 0, True): INCIDENT,
    ("single_its", "default", 0, False): INCIDENT,
    ("weekday_its", "default", 0, True): LEFT_OUT,
    ("weekday_its", "default", 0, False): INCIDENT,
    ("controlled_its", "default", 12, True): INCIDENT,
    ("single_its", "default", 12, True): LEFT_OUT,
}


@pytest.mark.parametrize(("method", "variant", "others", "left_out"), HEARD)
def test_a_row_hears_of_the_days_it_uses(
    small: Small, method: str, variant: str, others: int, left_out: bool
) -> None:
    questions = (Question.PRE_VS_CAMPAIGN, Question.WEEKDAYS)
    event = Event("Closed", CLOSED, note="Nobody was there.", left_out=left_out)
    resolved = small(questions=questions, others=others, incidents=(event,))
    finding = told(resolved, method, variant)
    heard = HEARD[method, variant, others, left_out]
    assert finding.name == heard
    assert finding.status is (Status.PASS if heard == LEFT_OUT else Status.WARN)
    if left_out and heard == INCIDENT:
        assert finding.todo == "read the row without these days"
