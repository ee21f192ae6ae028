"""What an error says, and with which code the program ends."""

from __future__ import annotations

import pytest

from evaluator import errors
from evaluator.errors import (
    DataError,
    DeclarationError,
    EvaluatorError,
    Problem,
    Refusal,
    UsageError,
    did_you_mean,
)

TEXTS = {
    "all parts": (
        Problem("a.csv, row 3", "not a day", "a day is written 2022-10-31", "export it again"),
        "a.csv, row 3: not a day\n  a day is written 2022-10-31\n  export it again",
    ),
    "no rule": (Problem("a.csv", "is empty", "", "export it"), "a.csv: is empty\n  export it"),
    "nowhere": (Problem("", "too few weeks"), "too few weeks"),
}


@pytest.mark.parametrize(("problem", "text"), TEXTS.values(), ids=TEXTS)
def test_a_problem_says_where_what_rule_and_what_to_do(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_an_error_lists_all_its_problems() -> None:
    first, second = Problem("a", "one"), Problem("b", "two")
    assert str(DataError([first, second])) == "a: one\nb: two"
    assert DataError(iter([first, second])).problems == (first, second)
    assert DataError(first).problems == (first,)


EXIT_CODES = [(UsageError, 2), (DeclarationError, 2), (DataError, 3), (Refusal, 4)]


@pytest.mark.parametrize(("kind", "code"), EXIT_CODES)
def test_exit_codes(kind: type[EvaluatorError], code: int) -> None:
    assert kind.exit_code == code


@pytest.mark.parametrize("kind", Refusal.__subclasses__())
def test_a_refusal_is_a_reason(kind: type[Refusal]) -> None:
    refusal = kind("2 reference weeks, at least 3 are needed")
    assert refusal.reason == str(refusal) == "2 reference weeks, at least 3 are needed"


def test_every_error_of_the_module_is_in_the_drawn_tree() -> None:
    drawn = errors.__doc__ or ""
    for error in vars(errors).values():
        if isinstance(error, type) and issubclass(error, Exception):
            assert error.__name__ in drawn


NEAR = {
    "letter left out": ("facebok_ads", ["facebook_ads", "newsletter"], "facebook_ads"),
    "capitals": ("ODPS", ["odps", "see"], "odps"),
    "nothing like it": ("zzz", ["facebook_ads"], None),
    "nothing known": ("zzz", [], None),
}


@pytest.mark.parametrize(("value", "known", "near"), NEAR.values(), ids=NEAR)
def test_did_you_mean(value: str, known: list[str], near: str | None) -> None:
    assert did_you_mean(value, known) == ("" if near is None else f'did you mean "{near}"?')
