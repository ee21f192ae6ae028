"""The answer, in sentences: the pooled effect of the first question, and where all counts went."""

from __future__ import annotations

from evaluator.comparisons import ALL
from evaluator.evaluation import Accounting, Evaluation
from evaluator.experiment.protocol import DataKind, Protocol
from evaluator.report import numbers
from evaluator.report.conclusion import capital, conclusion, subject_of
from evaluator.report.words import listed
from evaluator.results import Row, RowRole

BANNERS = {DataKind.SYNTHETIC: "SYNTHETIC RECONSTRUCTION"}


def banner(protocol: Protocol) -> str:
    """What must stand above everything that people read; empty for observed data."""
    return BANNERS.get(protocol.data_kind, "")


def answer(evaluation: Evaluation) -> list[str]:
    """Sentences that answer the first question.

    Where there is no pooled row, or only a refused one, each of its courses gets its own.
    """
    leads = leading(evaluation)
    sentences = [_sentence(row, evaluation) for row in leads]
    if not leads:
        reasons = dict.fromkeys(row.reason for row in _first_question(evaluation))
        sentences = [f"No answer: {reason}." for reason in reasons] or ["No question was asked."]
    return [*sentences, accounting(evaluation.accounting, evaluation.protocol)]


def leading(evaluation: Evaluation) -> list[Row]:
    """The rows that answer: the pooled one, or each with an effect where there is none."""
    rows = _first_question(evaluation)
    pooled = [row for row in rows if row.key.course == ALL and row.effect is not None]
    return pooled[:1] or [row for row in rows if row.effect is not None]


def accounting(counts: Accounting, protocol: Protocol) -> str:
    """One line that accounts for every enrolment in the promoted courses."""
    statuses = {course.code: course.status for course in protocol.courses}
    refused = counts.not_identifiable_courses
    why = "new" if all(statuses.get(code) == "new" for code in refused) else "refused"
    parts = [
        _part(counts.identified, "identified", counts.identified_courses),
        _part(counts.descriptive, "described only", counts.descriptive_courses),
        _part(counts.not_identifiable, "not identifiable", refused, f"{why}: "),
    ]
    shown = ", ".join(part for part in parts if part)
    extra = f"; {numbers.amount(counts.extra)} extra" if counts.extra else ""
    total, outcome = numbers.count(counts.total), protocol.outcome
    where = "the promoted courses" if counts.arm == ALL else f"arm {counts.arm}"
    return f"Of {total} {outcome} in {where}: {shown}{extra}."


def _first_question(evaluation: Evaluation) -> list[Row]:
    headline = [row for row in evaluation.rows if row.role is RowRole.HEADLINE]
    return [row for row in headline if row.key.question == headline[0].key.question]


def _sentence(row: Row, evaluation: Evaluation) -> str:
    if row.effect is None:
        raise TypeError("a sentence about an effect needs one")
    pooled = row.key.course == ALL
    names = evaluation.accounting.identified_courses if pooled else (row.key.course,)
    who = listed(names) if len(names) <= 4 else f"{len(names)} courses"
    deciding = row.simultaneous or row.effect
    lift = numbers.lift_and_interval(row.effect, deciding, row.level)
    subject = subject_of(row, evaluation.protocol, who)
    several = pooled and len(names) > 1
    mean = ", on average over the courses," if several else ""
    return (
        f"{capital(subject)} were{mean} {lift} {row.estimand.wording.base}"
        f"{_extra(row, together=several)} ({numbers.percent(row.level)} intervals)."
        f" Verdict: {row.verdict}. {conclusion(row, subject)}"
    )


def _extra(row: Row, *, together: bool) -> str:
    """Over several courses the lift is their mean and the extra their sum: said apart."""
    if row.extra is None:
        return ""
    amount = numbers.amount(row.extra.realised, row.extra_simultaneous)
    if together and row.observed is not None:
        return f"; together {amount} of {numbers.count(row.observed)} were extra"
    return f": {amount} extra"


def _part(count: float, what: str, courses: tuple[str, ...], why: str = "") -> str:
    if not courses:
        return ""
    return f"{numbers.count(count)} {what} ({why}{', '.join(courses)})"
