"""The answer, in sentences: the pooled effect of the first question, and where all counts went."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from evaluator.claims import Claim, Standing
from evaluator.comparisons import ALL
from evaluator.evaluation import Accounting, Evaluation
from evaluator.experiment.protocol import DataKind, Protocol
from evaluator.report import numbers
from evaluator.report.audited import arms_said
from evaluator.report.conclusion import capital, conclusion, subject_of
from evaluator.report.words import counted, listed
from evaluator.results import Row, RowRole

BANNERS = {DataKind.SYNTHETIC: "SYNTHETIC RECONSTRUCTION"}
STANDINGS = {
    Standing.HOLDS: ("holds", "hold"),
    Standing.FAILS: ("does not hold", "do not hold"),
    Standing.WITHIN_NOISE: ("is within noise", "are within noise"),
    Standing.INCOMPARABLE: ("cannot be compared", "cannot be compared"),
    Standing.NOT_REPORTED: ("is not reported", "are not reported"),
}
"""What is said of one figure with this standing, and of several."""


def banner(protocol: Protocol) -> str:
    """What must stand above everything that people read; empty for observed data."""
    return BANNERS.get(protocol.data_kind, "")


def answer(evaluation: Evaluation) -> list[str]:
    """Sentences that answer the first question.

    Where there is no pooled row, or only a refused one, each of its courses gets its own.
    """
    if (evaluation.claims or evaluation.exposed) and not evaluation.rows:
        arms = list(arms_said(evaluation.exposed))
        return [*arms, *([audited(evaluation.claims)] if evaluation.claims else [])]
    leads = leading(evaluation)
    sentences = [_sentence(row, evaluation) for row in leads]
    if not leads:
        reasons = dict.fromkeys(row.reason for row in _first_question(evaluation))
        sentences = [f"No answer: {reason}." for reason in reasons] or ["No question was asked."]
    total = accounting(evaluation.accounting, evaluation.protocol)
    return [*sentences, *([total] if total else [])]


def leading(evaluation: Evaluation) -> list[Row]:
    """The rows that answer: the pooled one, or each with an effect where there is none."""
    rows = _first_question(evaluation)
    pooled = [row for row in rows if row.key.course == ALL and row.effect is not None]
    return pooled[:1] or [row for row in rows if row.effect is not None]


def audited(claims: Sequence[Claim]) -> str:
    """One line about all published figures."""
    read = [claim for claim in claims if not claim.detail]
    standing = Counter(claim.holds for claim in read)
    told = [f"{n} {STANDINGS[one][n > 1]}" for one in STANDINGS if (n := standing[one])]
    readings = counted(len(read), "reading")
    figures = counted(len({claim.name for claim in read}), "published figure")
    return f"Of {readings} of {figures}: {', '.join(told)}."


def accounting(counts: Accounting, protocol: Protocol) -> str:
    """One line that accounts for every enrolment in the promoted courses, if they add up."""
    if math.isnan(counts.total):
        return ""
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


def statement(row: Row, evaluation: Evaluation) -> str:
    """What a row finds, in one sentence: its lift, its extra, and what one of these cost."""
    if row.effect is None:
        raise TypeError("a sentence about an effect needs one")
    deciding = row.simultaneous or row.effect
    lift = numbers.lift_and_interval(row.effect, deciding, row.level)
    several = row.key.course == ALL and len(evaluation.accounting.identified_courses) > 1
    mean = ", on average over the courses," if several else ""
    return (
        f"{capital(_subject(row, evaluation))} were{mean} {lift} {row.estimand.wording.base}"
        f"{_extra(row, together=several)}{_cost(row, currency_of(evaluation))}"
        f" ({numbers.percent(row.level)} intervals)."
    )


def concluded(row: Row, evaluation: Evaluation) -> str:
    """What follows from it: the verdict in the words of its estimand."""
    return conclusion(row, _subject(row, evaluation))


def currency_of(evaluation: Evaluation) -> str:
    """Code of the currency of all that was spent; empty where none is told."""
    return next((own.dose.currency for own in evaluation.doses if own.dose.currency), "")


def _sentence(row: Row, evaluation: Evaluation) -> str:
    said = statement(row, evaluation)
    return f"{said} Verdict: {row.verdict}. {concluded(row, evaluation)}"


def _subject(row: Row, evaluation: Evaluation) -> str:
    pooled = row.key.course == ALL
    names = evaluation.accounting.identified_courses if pooled else (row.key.course,)
    who = listed(names) if len(names) <= 4 else f"{len(names)} courses"
    return subject_of(row, evaluation.protocol, who)


def _cost(row: Row, currency: str) -> str:
    """Of one extra, in the currency of the spend."""
    if row.cost_per_extra is None:
        return ""
    each = numbers.cost(row.cost_per_extra, row.cost_per_extra_interval)
    sign = numbers.currency_sign(currency) if currency else ""
    return f", for {sign}{' ' * (len(sign) > 1)}{each} of advertising each"


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
