"""The first screen: the question, its answer in one sentence, and the numbers that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.evaluation import Evaluation
from evaluator.report.answer import accounting, answer, concluded, currency_of, leading, statement
from evaluator.report.numbers import currency_sign
from evaluator.report.page.questions import SIDE
from evaluator.report.tables import Record
from evaluator.report.words import asked, block_title

OF_CLAIMS = "Do the published figures hold?"


@dataclass(frozen=True, slots=True)
class Lead:
    """A row that answers."""

    position: int
    """Of the row in results.json."""
    record: Record
    side: str
    """How its verdict is coloured."""
    statement: str
    conclusion: str


@dataclass(frozen=True, slots=True)
class Top:
    """All of the first screen."""

    question: str
    leads: tuple[Lead, ...]
    instead: tuple[str, ...]
    """What is said where no row answers."""
    accounting: str
    """Where all that was counted went; empty where nothing was compared."""
    currency: str
    """Sign before what one cost."""


def top(evaluation: Evaluation, records: Sequence[Record]) -> Top:
    """What stands above everything else."""
    own = leading(evaluation)
    leads = tuple(
        Lead(
            p,
            records[p],
            SIDE.get(row.verdict, ""),
            statement(row, evaluation),
            concluded(row, evaluation),
        )
        for p, row in enumerate(evaluation.rows)
        if any(row is lead for lead in own)
    )
    compared = bool(evaluation.rows)
    told = answer(evaluation)
    code = currency_of(evaluation)
    return Top(
        question=_question(evaluation),
        leads=leads,
        instead=() if leads else tuple(told[:-1] if compared else told),
        accounting=accounting(evaluation.accounting, evaluation.protocol) if compared else "",
        currency=currency_sign(code) if code else "",
    )


def _question(evaluation: Evaluation) -> str:
    if not evaluation.rows:
        return OF_CLAIMS if evaluation.claims else "The answer"
    first = evaluation.rows[0].key.question
    return asked(first, evaluation.protocol.outcome) or block_title(first)
