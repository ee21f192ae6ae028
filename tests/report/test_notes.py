from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator.report.notes import marks_of, notes
from evaluator.results import Finding, Row, Status

WARN, FAIL, NOT_RUN = Status.WARN, Status.FAIL, Status.NOT_RUN


def test_each_sentence_is_said_once_with_its_courses(make_row: Callable[..., Row]) -> None:
    peak = Finding("peak", WARN, "they peak", "declare it")
    rows = [
        make_row("A", findings=(peak, Finding("age", WARN, "4 weeks old"))),
        make_row("B", findings=(peak, Finding("age", WARN, "6 weeks old"))),
        make_row("B", findings=(peak, Finding("fine", Status.PASS, "fine"))),
    ]
    noted = notes(rows)
    assert [(note.mark, note.name) for note in noted] == [("a", "peak"), ("b", "age")]
    assert list(noted[0].lines()) == ["A, B: they peak", "→ declare it"]
    assert list(noted[1].lines()) == ["A: 4 weeks old", "B: 6 weeks old"]
    assert [marks_of(row, noted) for row in rows] == ["ab", "ab", "a"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("1,204 of 12 weeks", "9 of 12 weeks", ["A, B: 9 to 1,204 of 12 weeks"]),
        ("since 1 Jun 2022", "since 3 Jun 2022", ["A: since 1 Jun 2022", "B: since 3 Jun 2022"]),
        ("×1.2 [1.1; 1.3]", "×1.4 [1.1; 1.9]", ["A: ×1.2 [1.1; 1.3]", "B: ×1.4 [1.1; 1.9]"]),
        ("wave-1 is short", "wave-2 is short", ["A: wave-1 is short", "B: wave-2 is short"]),
    ],
)
def test_sentences_that_differ_in_numbers_alone_give_a_range(
    make_row: Callable[..., Row], first: str, second: str, expected: list[str]
) -> None:
    noted = notes(
        [
            make_row("A", findings=(Finding("age", WARN, first),)),
            make_row("B", findings=(Finding("age", WARN, second),)),
        ]
    )
    assert list(noted[0].in_ranges().lines()) == expected


def test_failures_stand_first_and_what_was_not_run_has_no_mark(
    make_row: Callable[..., Row],
) -> None:
    row = make_row(
        findings=(
            Finding("coverage", NOT_RUN, "not measured"),
            Finding("peak", WARN, "they peak"),
            Finding("gap", FAIL, "a gap"),
        )
    )
    noted = notes([row])
    assert [(note.mark, note.name) for note in noted] == [
        ("a", "gap"),
        ("", "coverage"),
        ("b", "peak"),
    ]


def test_advice_stays_with_its_sentence_where_it_differs(make_row: Callable[..., Row]) -> None:
    first, second = Finding("age", WARN, "young", "wait"), Finding("age", WARN, "old", "hurry")
    noted = notes([make_row("A", findings=(first,)), make_row("B", findings=(second,))])
    assert list(noted[0].lines()) == ["A: young → wait", "B: old → hurry"]


def test_a_sentence_that_names_its_course_is_not_preceded_by_it(
    make_row: Callable[..., Row],
) -> None:
    noted = notes([make_row("A", findings=(Finding("age", WARN, "A is young"),))])
    assert list(noted[0].lines()) == ["A is young"]


def test_findings_of_the_data_have_no_mark(make_row: Callable[..., Row]) -> None:
    row = make_row()
    noted = notes([row], [Finding("gap", WARN, "a day is missing")])
    assert [(note.mark, *note.lines()) for note in noted] == [("", "a day is missing")]
    assert marks_of(replace(row, findings=()), noted) == ""
