"""Multiplicity, the decision rule and refusals in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.comparisons import ALL, Planned, weekdays
from evaluator.experiment.protocol import Protocol
from evaluator.report import numbers
from evaluator.report.explain.rows import refused_for
from evaluator.report.words import block_title, listed, row_label
from evaluator.results import RowRole, Verdict


def multiplicity(planned: Sequence[Planned]) -> Iterator[str]:
    """Which rows are read together, and how; nothing is corrected over questions."""
    families, cells, alone = _families(planned)
    told = []
    if families:
        told.append(
            f"The courses of {_quoted(families)} are tested, by Holm's rule, once the row of all of"
            " them has rejected no effect; their intervals hold together."
        )
    if cells:
        told.append(
            f"The cells of {_quoted(cells)} are exploratory: false discoveries are controlled by"
            " Benjamini and Hochberg's rule over all cells of one method, and the interval of a"
            " discovery has that false-coverage rate. Beside each stands its estimate drawn to the"
            " mean of its kind, with the weight on its own."
        )
    if any(row.key.arm.startswith(weekdays.ARM) for row in planned):
        told.append("The weekdays of one series hold together, by Holm's rule and without a gate.")
    if alone:
        told.append(f"The deciding rows of {_quoted(alone)} stand each at its own level.")
    told.append("Nothing is corrected over questions: each is an answer of its own.")
    yield " ".join(told)


def decision_rule(protocol: Protocol) -> Iterator[str]:
    """The declared rule, and each word that it can give."""
    own = protocol.decision
    yield (
        f"A row concludes with one word, drawn from its {numbers.percent(own.level)} interval, or"
        f" from the simultaneous one where there is one. “{Verdict.RAISED}” and"
        f" “{Verdict.LOWERED}”: the interval leaves out no effect, and both of its ends lie within"
        f" a factor of {own.precision:g} of the estimate. “{Verdict.RAISED_UNCERTAIN}” and"
        f" “{Verdict.LOWERED_UNCERTAIN}”: it leaves out no effect, and an end lies farther off."
        f" “{Verdict.NO_EFFECT}”: all of it lies between {numbers.lift(1 / own.smallest_lift)} and"
        f" {numbers.lift(own.smallest_lift)}, the smallest lift worth having."
        f" “{Verdict.NOT_PRECISE}”: none of these. “{Verdict.DESCRIPTIVE}”: a number that"
        f" identifies no effect. “{Verdict.REFUSED}”: no number, with its reason."
    )


def refusals(planned: Sequence[Planned]) -> Iterator[str]:
    """Rows that the design already refuses, each reason once; of the deciding ones by name."""
    reasons: dict[str, dict[str, list[str]]] = {}
    beside: dict[str, int] = {}
    for row in planned:
        reason = refused_for(row)
        if reason and row.role is RowRole.HEADLINE:
            titles = reasons.setdefault(reason, {})
            titles.setdefault(block_title(row.key.question), []).append(row_label(row.key))
        elif reason:
            beside[reason] = beside.get(reason, 0) + 1
    for reason, titles in reasons.items():
        rows = [f"{listed(dict.fromkeys(own))} ({title})" for title, own in titles.items()]
        yield f"{'; '.join(rows)}: {reason}."
    if beside:
        told = "; ".join(f"{reason} ({number})" for reason, number in beside.items())
        yield f"Of the rows beside those that decide, with how many: {told}."
    if not reasons and not beside:
        yield "The design refuses no row. The counts may: too few of them, or none."


def _quoted(titles: Sequence[str]) -> str:
    return listed(f"“{title}”" for title in titles)


def _families(planned: Sequence[Planned]) -> tuple[list[str], list[str], list[str]]:
    """Titles of questions by how their rows are read: behind a gate, as cells, alone."""
    titles = {row.key.question: block_title(row.key.question) for row in planned}
    headline = [row for row in planned if row.role is RowRole.HEADLINE and not row.descriptive]
    gated, alone = [], []
    for question in titles:
        own = [row for row in headline if row.key.question == question and not refused_for(row)]
        courses = {row.key.course for row in own} - {ALL}
        if len(courses) > 1:
            gated.append(question)
        elif own:
            alone.append(question)
    cells = [row.key.question for row in planned if row.role is RowRole.EXPLORATORY]
    gate, grid, single = ([titles[q] for q in own] for own in (gated, cells, alone))
    return list(dict.fromkeys(gate)), list(dict.fromkeys(grid)), list(dict.fromkeys(single))
