"""Which assumptions are looked at, what is known of them before estimating, what a fail does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.assumptions import row_findings
from evaluator.assumptions.closely import LONG_LOOKS
from evaluator.comparisons import Comparison, Planned
from evaluator.effects import conditions
from evaluator.inference.refusals import refusal
from evaluator.report.notes import notes
from evaluator.report.words import block_of, block_title, row_label
from evaluator.resolve import Resolved
from evaluator.results import Row, RowRole, RowStatus, Verdict

CONSEQUENCES = (
    "warn: worth reading; weakens no verdict",
    "fail: the data contradict an assumption by enough to move the estimate by about a standard"
    f" error: the size of an effect is then not known (at most “{Verdict.RAISED_UNCERTAIN}”), and"
    f" “{Verdict.NO_EFFECT}” is not concluded",
    "a wider interval that a look or the measured coverage calls for stands beside the row, and"
    " the verdict has to hold in it too; nothing strengthens a verdict",
    "not run: no pass; there is nothing to look at, or a bias of one standard error would be"
    " noticed with probability below .8",
)


def assumptions(planned: Sequence[Planned], resolved: Resolved) -> Iterator[str]:
    """What is known of each question before anything is estimated; then the longer looks."""
    for block in dict.fromkeys(block_of(row.key.question) for row in planned):
        rows = [row for row in planned if block_of(row.key.question) == block]
        headline = [row for row in rows if row.role is RowRole.HEADLINE]
        noted = notes([_known(row, resolved) for row in headline], passed=True)
        named = {
            status: dict.fromkeys(note.name for note in noted if note.status is status)
            for status in dict.fromkeys(note.status for note in noted)
        }
        stand = "; ".join(f"{status}: {', '.join(names)}" for status, names in named.items())
        deciding = dict.fromkeys(row_label(row.key) for row in headline if _decides(row))
        before = f"Before anything is estimated: {stand}. " if stand else ""
        closely = f"Looked at closely: {', '.join(deciding) or 'nothing, as no row decides'}."
        yield f"{block_title(block)}. {before}{closely}"
    yield (
        "To look closely is to ask of a row that decides, as far as it applies: "
        f"{'; '.join(LONG_LOOKS.values())}."
    )


def consequences() -> Iterator[str]:
    """What follows from what is found."""
    yield " ".join(f"{line[:1].upper()}{line[1:]}." for line in CONSEQUENCES)


def looked_at(rows: Sequence[Planned], resolved: Resolved) -> Iterator[tuple[int, str]]:
    """Which assumptions of a question are looked at, and how those stand that need no estimate."""
    headline = [row for row in rows if row.role is RowRole.HEADLINE]
    noted = notes([_known(row, resolved) for row in headline], passed=True)
    if noted:
        yield 1, "looked at before anything is estimated:"
    for status in dict.fromkeys(note.status for note in noted):
        yield 2, f"{status}: {', '.join(note.name for note in noted if note.status is status)}"
    deciding = dict.fromkeys(row_label(row.key) for row in headline if _decides(row))
    yield 1, f"looked at closely: {', '.join(deciding) or 'nothing, no row decides'}"


def _decides(row: Planned) -> bool:
    if row.descriptive or not isinstance(row.comparison, Comparison):
        return False
    return not refusal(row.key.method, conditions(row.comparison))


def _known(planned: Planned, resolved: Resolved) -> Row:
    """A row with what was found about it before it was estimated."""
    return Row(
        planned.key,
        planned.role,
        RowStatus.REFUSED,
        planned.estimand,
        Verdict.REFUSED,
        resolved.protocol.decision.level,
        findings=row_findings(planned, resolved),
    )
