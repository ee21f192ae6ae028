"""What is said below the answer, in the terminal and on the page alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.evaluation import Evaluation
from evaluator.report.answer import leading
from evaluator.report.belief import about_interval, tallied
from evaluator.report.notes import Note, lettered, notes, unsaid
from evaluator.results import Row, RowRole, Status


@dataclass(frozen=True, slots=True)
class Believed:
    """How well the rows that answer are known, and what was found about them and the others."""

    sentences: tuple[str, ...]
    """About their intervals."""
    tallies: tuple[str, ...]
    unseen: str
    """What the rows that answer could not be tested for, in short."""
    notes: tuple[Note, ...]
    """About the rows that answer."""
    others: tuple[Note, ...]
    """About the data and the other rows, as far as the former have not said it."""
    alone: bool
    """Whether one row answers, so that its name need not be said."""

    @property
    def failed(self) -> bool:
        """Whether anything that the answer rests on did."""
        return any(note.status is Status.FAIL for note in self.notes)


def believed(
    evaluation: Evaluation, shown: Sequence[Row], noted: Sequence[Note], *, passed: bool = False
) -> Believed:
    """Findings of the rows that are shown, those about the answer first.

    Parameters
    ----------
    noted : notes of all these rows, whose letters are kept
    passed : whether also what passed
    """
    leads = leading(evaluation)
    alone = len(leads) == 1
    sentences = [
        f"{'' if alone else f'{row.key.course}: '}{sentence}"
        for row in leads
        for sentence in about_interval(row)
    ]
    headline = [row for row in evaluation.rows if row.role is RowRole.HEADLINE and row.findings]
    tallies = tallied(leads, "this answer"), tallied(headline, f"all {len(headline)} headline rows")
    about = lettered(notes(leads, passed=passed), noted)
    answering = {row.key for row in leads}
    rest = notes(
        [row for row in shown if row.key not in answering], evaluation.findings, passed=passed
    )
    others = unsaid(lettered(rest, noted), about)
    return Believed(
        tuple(sentences), tuple(filter(None, tallies)), _unseen(leads), about, others, alone
    )


def _unseen(leads: Sequence[Row]) -> str:
    """Names of what was not run, with the chance to notice a bias of one standard error."""
    powers: dict[str, list[float]] = {}
    for finding in (finding for row in leads for finding in row.findings):
        if finding.status is Status.NOT_RUN:
            known = powers.setdefault(finding.name, [])
            known += [] if finding.power is None else [finding.power]
    told = [f"{name}{_chance(known)}" for name, known in powers.items()]
    if not told:
        return ""
    why = " (chance to notice a bias of one standard error)" if any(powers.values()) else ""
    return f"not run, so no pass{why}: {', '.join(told)}"


def _chance(powers: Sequence[float]) -> str:
    ends = dict.fromkeys(f"{power:.0%}" for power in (min(powers), max(powers))) if powers else ()
    return f" ({' to '.join(ends)})" if ends else ""
