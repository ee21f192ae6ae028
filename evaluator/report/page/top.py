"""The first screen: the question, its answer in one sentence, and the numbers that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluator.evaluation import Accounting, Evaluation
from evaluator.report.answer import accounting, answer, concluded, currency_of, leading, statement
from evaluator.report.numbers import currency_sign
from evaluator.report.page.questions import SIDE
from evaluator.report.page.svg import ACCENT, HATCHED_MUTED, SOFT
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
class Part:
    """A part of all that was counted, in per cent of the whole bar."""

    tone: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Top:
    """All of the first screen."""

    question: str
    leads: tuple[Lead, ...]
    instead: tuple[str, ...]
    """What is said where no row answers."""
    accounting: str
    """Where all that was counted went; empty where nothing was compared."""
    parts: tuple[Part, ...]
    """The same as a bar."""
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
        parts=tuple(_parts(evaluation.accounting)),
        currency=currency_sign(code) if code else "",
    )


def _parts(counted: Accounting) -> Iterator[Part]:
    """What is identified, what is described only, and what is neither."""
    counts = (counted.identified, counted.descriptive, counted.not_identifiable)
    start = 0.0
    for count, tone in zip(counts, (ACCENT, SOFT, HATCHED_MUTED), strict=True):
        if counted.total > 0 and count > 0:
            width = 100 * count / counted.total
            yield Part(f"f{tone}", round(start, 1), round(width, 1))
            start += width


def _question(evaluation: Evaluation) -> str:
    if not evaluation.rows:
        return OF_CLAIMS if evaluation.claims else "The answer"
    first = evaluation.rows[0].key.question
    return asked(first, evaluation.protocol.outcome) or block_title(first)
