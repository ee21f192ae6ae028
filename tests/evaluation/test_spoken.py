"""Sentences in the words of an experiment; names and numbers stay."""

from dataclasses import replace

import pytest

from evaluator.evaluation.spoken import findings_spoken, rows_spoken
from evaluator.experiment.nouns import spoken
from evaluator.results import Estimand, Finding, Row, RowKey, RowRole, RowStatus, Status, Verdict

ESTIMAND = Estimand("log lift of a course", "the course's past", "it", ("other courses stay",))
FINDING = Finding("courses without history", Status.WARN, "1 course", "export the course's history")
ROW = Row(
    RowKey("pre_vs_campaign", "course"),
    RowRole.HEADLINE,
    RowStatus.REFUSED,
    ESTIMAND,
    Verdict.REFUSED,
    0.95,
    reason="no other course",
    observed=3.0,
    findings=(FINDING,),
)

SENTENCES = {
    "a course and its courses": "a story and its stories",
    "Courses, of course": "Stories, of course",
    "coursework, discourse": "coursework, discourse",
    "the course's own past": "the story's own past",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_noun_takes_the_place_of_the_word(sentence: str) -> None:
    assert spoken(sentence, "story") == SENTENCES[sentence]
    assert spoken(sentence, "course") == sentence


def test_a_row_is_spoken_in_all_its_texts() -> None:
    (row,) = rows_spoken([ROW], "metric")
    assert row.reason == "no other metric"
    assert row.estimand.name == "log lift of a metric"
    assert row.estimand.needs == ("other metrics stay",)
    assert row.findings[0].sentence == "1 metric"
    assert row.findings[0].todo == "export the metric's history"


def test_what_a_row_is_known_by_stays() -> None:
    """Keys, names of findings, statuses and counts: only texts for people are spoken."""
    (row,) = rows_spoken([ROW], "metric")
    assert row.findings[0].name == FINDING.name
    assert row.findings[0].status is Status.WARN
    spoken_alone = replace(row, reason=ROW.reason, estimand=ROW.estimand, findings=ROW.findings)
    assert spoken_alone == ROW


def test_courses_are_courses_where_nothing_else_is_declared() -> None:
    assert rows_spoken([ROW], "course")[0] is ROW
    assert findings_spoken([FINDING], "course") == (FINDING,)
