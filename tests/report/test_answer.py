from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator import Result
from evaluator.comparisons import TITLES
from evaluator.effects import METHODS as IMPLEMENTED
from evaluator.evaluation import Evaluation
from evaluator.experiment.protocol import DataKind
from evaluator.report.answer import answer, banner
from evaluator.report.words import ASKED, METHODS, REASONS, block_of
from evaluator.results import Row


def test_the_pooled_row_answers(evaluation: Evaluation) -> None:
    effect, accounts = answer(evaluation)
    assert effect == (
        "Enrolments in OLD were ×2.01 [1.61; 2.52] what they would have been had they moved like"
        " the other courses: 1,234 [1,000; 1,457] extra (95% intervals). Verdict: raised."
        " Enrolments in OLD were raised by individual promotion."
    )
    assert accounts == (
        "Of 2,567 enrolments in the promoted courses: 2,468 identified (OLD), 99 not identifiable"
        " (new: NEW); 1,234 [1,000; 1,457] extra."
    )


def test_without_a_pooled_row_each_course_answers_as_its_verdict_was_reached(
    evaluation: Evaluation,
) -> None:
    effect, _ = answer(replace(evaluation, rows=evaluation.rows[1:]))
    assert "OLD were ×2.01 [1.55; 2.62]" in effect


def test_a_refusal_is_the_answer_where_there_is_no_other(
    evaluation: Evaluation, refused: Row
) -> None:
    effect, _ = answer(replace(evaluation, rows=(refused,)))
    assert effect == "No answer: no history, so nothing to compare with."


@pytest.mark.parametrize(
    ("kind", "shown"),
    [(DataKind.SYNTHETIC, "SYNTHETIC RECONSTRUCTION"), (DataKind.OBSERVED, "")],
)
def test_made_data_are_labelled(evaluation: Evaluation, kind: DataKind, shown: str) -> None:
    assert banner(replace(evaluation.protocol, data_kind=kind)) == shown


def test_every_question_and_method_has_its_words(flagship: Result) -> None:
    assert set(METHODS) == set(IMPLEMENTED)
    assert set(REASONS) <= set(METHODS)
    asked = {row.key.question for row in flagship.evaluation.rows}
    assert set(map(block_of, asked)) <= set(TITLES) & set(ASKED)


def test_all_published_enrolments_are_accounted_for(flagship: Result) -> None:
    *_, accounts = answer(flagship.evaluation)
    assert accounts.startswith("Of 6,085 enrolments in the promoted courses: ")
    counts = flagship.evaluation.accounting
    assert counts.identified + counts.descriptive + counts.not_identifiable == counts.total


def test_many_courses_are_counted_not_listed(
    evaluation: Evaluation, make_row: Callable[..., Row]
) -> None:
    codes = tuple("ABCDE")
    many = replace(evaluation.accounting, identified_courses=codes)
    effect, _ = answer(replace(evaluation, accounting=many, rows=(make_row("all"),)))
    assert effect.startswith("Enrolments in 5 courses were, on average over the courses, ")
