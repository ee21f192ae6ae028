"""What the promotion as a whole cost: its spend over its extra, and where no price is told."""

import math

import pytest

from evaluator import Result
from evaluator.results import RowRole, RowStatus

WHOLE = ("promoted_vs_other", "pre_vs_campaign")
CHANNELS = ("facebook_ads", "linkedin_ads")


@pytest.mark.parametrize("question", WHOLE)
def test_the_pooled_row_is_priced_by_what_was_spent_on_its_courses(
    flagship: Result, question: str
) -> None:
    evaluation = flagship.evaluation
    row = evaluation.row(question, "all")
    spent = sum(
        evaluation.row("channels", course, channel=channel, variant="default").spend or math.nan
        for course in ("ODPS", "ILSGEN")
        for channel in CHANNELS
    )
    assert row.spend == pytest.approx(spent)
    assert row.extra is not None
    ends = row.extra.realised.interval
    assert row.cost_per_extra == pytest.approx(spent / row.extra.realised.value)
    assert row.cost_per_extra_interval is not None
    assert row.cost_per_extra_interval.low == pytest.approx(spent / ends.high)
    assert row.cost_per_extra_interval.high == pytest.approx(spent / ends.low)
    assert "not pages" in row.cost_note


def test_what_is_not_identified_has_no_price(flagship: Result) -> None:
    """Nor has a row about arms, which received different parts of the spend."""
    rows = flagship.evaluation.rows
    about = [row for row in rows if row.key.channel == "all"]
    priced = [row for row in about if row.spend is not None]
    assert priced
    for row in priced:
        assert row.key.question in WHOLE
        assert (row.role, row.status) == (RowRole.HEADLINE, RowStatus.ESTIMATED)
    assert any(row.status is RowStatus.DESCRIPTIVE and row.extra is not None for row in about)
