"""The sentence of a verdict: which words for which kind of comparison, and the same everywhere."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator import Result
from evaluator.comparisons.wording import moved_more, moved_with, raised_by
from evaluator.report.conclusion import conclusion
from evaluator.results import (
    Beside,
    Finding,
    Interval,
    Row,
    RowStatus,
    Status,
    Verdict,
    Wording,
)

CAUSE = raised_by("individual promotion")
ARMS = moved_more("in arm A than in arm B", "")
SERIES = moved_with("the campaign", "")
FAILED = Finding("parallel trends", Status.FAIL, "they differ")
NOT_KNOWN = "The data are not precise enough to say whether"

# verdict, wording, log lift (scale .1) → sentence
SENTENCES: dict[str, tuple[Verdict, Wording, float, str]] = {
    "raised": (Verdict.RAISED, CAUSE, 0.7, "Sales in P were raised by individual promotion."),
    "lowered": (Verdict.LOWERED, CAUSE, -0.7, "Sales in P were lowered by individual promotion."),
    "raised, size uncertain": (
        Verdict.RAISED_UNCERTAIN,
        CAUSE,
        0.7,
        "Sales in P were raised by individual promotion; by how much is uncertain.",
    ),
    "no effect": (
        Verdict.NO_EFFECT,
        CAUSE,
        0.0,
        "Sales in P were neither raised nor lowered by individual promotion: not by as much as"
        " would be worth having.",
    ),
    "not precise": (
        Verdict.NOT_PRECISE,
        CAUSE,
        0.1,
        f"{NOT_KNOWN} sales in P were raised or lowered by individual promotion.",
    ),
    "A over B": (Verdict.RAISED, ARMS, 0.7, "Sales in P moved more in arm A than in arm B."),
    "A and B alike": (
        Verdict.NO_EFFECT,
        ARMS,
        0.0,
        "Sales in P moved neither more nor less in arm A than in arm B: not by as much as would be"
        " worth having.",
    ),
    "described, up": (
        Verdict.DESCRIPTIVE,
        SERIES,
        0.7,
        "Sales in P rose together with the campaign; no effect is identified.",
    ),
    "described, down": (
        Verdict.DESCRIPTIVE,
        SERIES,
        -0.7,
        "Sales in P fell together with the campaign; no effect is identified.",
    ),
    "described, open": (
        Verdict.DESCRIPTIVE,
        SERIES,
        0.1,
        f"{NOT_KNOWN} sales in P rose or fell together with the campaign; no effect is identified.",
    ),
}


@pytest.mark.parametrize(
    ("verdict", "said", "log_lift", "sentence"), SENTENCES.values(), ids=SENTENCES
)
def test_sentence(
    make_row: Callable[..., Row], verdict: Verdict, said: Wording, log_lift: float, sentence: str
) -> None:
    row = make_row("P", log_lift, verdict=verdict)
    row = replace(row, estimand=replace(row.estimand, wording=said))
    assert conclusion(row, "sales in P") == sentence


def test_why_a_size_is_uncertain(make_row: Callable[..., Row]) -> None:
    row = make_row("P", verdict=Verdict.RAISED_UNCERTAIN, findings=(FAILED,))
    assert conclusion(row, "sales").endswith("; by how much is uncertain (parallel trends: fail).")


def test_why_an_effect_is_not_known_although_its_interval_excludes_none(
    make_row: Callable[..., Row],
) -> None:
    """The bounds hold no effect; the stretched interval does not, so it is not why."""
    turned = Beside("allowing for trends", interval=Interval(-0.1, 1.5, 0.95))
    row = make_row("P", verdict=Verdict.NOT_PRECISE, beside=(Beside("stretched", 1.5), turned))
    assert conclusion(row, "sales").endswith(
        "; its own interval would be, the wider one is not (allowing for trends)."
    )


def test_a_refusal_gives_its_reason(refused: Row) -> None:
    assert conclusion(refused, "sales") == "No conclusion: no history, so nothing to compare with."


def test_no_descriptive_row_names_a_cause(flagship: Result) -> None:
    """In what people and machines read; every other row with an effect says its direction."""
    described = 0
    for row, record in zip(flagship.evaluation.rows, flagship.to_dict()["rows"], strict=True):
        sentence = record["conclusion"]
        assert sentence.endswith(".")
        if row.status is RowStatus.DESCRIPTIVE and row.effect is not None:
            described += 1
            assert not re.search("raised|lowered|caused", sentence)
            assert sentence.endswith("no effect is identified.")
        if row.verdict is Verdict.RAISED:
            assert re.search("(raised by|moved more)", sentence)
    assert described > 50
