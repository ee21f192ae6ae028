"""Which rows of the shipped experiment are told what each arm received."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluator import Result
from evaluator.evaluation.doses import arm_doses, with_doses
from evaluator.experiment.protocol import Arms, Listed
from evaluator.results import Finding, Row, RowStatus, Status

NAME = "dose by arm"


def told(row: Row) -> list[Finding]:
    return [finding for finding in row.findings if finding.name == NAME]


def test_every_row_of_arm_a_against_arm_b_and_no_other(flagship: Result) -> None:
    rows = flagship.evaluation.rows
    for row in rows:
        against = row.key.arm == "A" and row.status is not RowStatus.REFUSED
        assert len(told(row)) == against, row.key
    channels = {dose.channel for dose in flagship.evaluation.doses}
    assert channels == {"facebook_ads", "linkedin_ads"}
    pooled = next(row for row in rows if row.key.question == "a_vs_b" and told(row))
    (finding,) = told(pooled)
    assert finding.status is Status.WARN
    assert "on facebook_ads 52% of the spend" in finding.sentence
    assert "on linkedin_ads 52% of the spend" in finding.sentence
    one = next(row for row in rows if row.key.channel == "linkedin_ads" and told(row))
    assert "facebook" not in told(one)[0].sentence


@pytest.mark.parametrize("exposed", [("A", "B"), ("A",)])
def test_without_a_table_the_dose_is_not_known_and_one_arm_needs_none(
    flagship: Result, small: object, exposed: tuple[str, ...]
) -> None:
    assert callable(small)
    resolved = small(arms=Arms(Listed(("C00",)), exposed=exposed))
    row = next(row for row in flagship.evaluation.rows if row.key.question == "a_vs_b")
    (dosed,) = with_doses([replace(row, findings=())], resolved)
    expected = [Status.NOT_RUN] if exposed == ("A", "B") else []
    assert [finding.status for finding in dosed.findings] == expected
    assert arm_doses(resolved) == ()
