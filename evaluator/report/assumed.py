"""Which assumptions are looked at, what is known of them before estimating, what a fail does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.assumptions import row_findings
from evaluator.assumptions.closely import LONG_LOOKS
from evaluator.comparisons import Comparison, Planned
from evaluator.effects import conditions
from evaluator.inference.refusals import refusal
from evaluator.report.notes import notes
from evaluator.report.words import row_label
from evaluator.resolve import Resolved
from evaluator.results import Row, RowRole, RowStatus, Verdict

TITLE = "What is looked at, and what follows"
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


def assumptions_in_general() -> Iterator[tuple[int, str]]:
    """The longer looks, which every row that decides gets where they apply; what a fail does."""
    yield 1, "looked at closely, at rows that decide, as far as a look applies to them:"
    yield from ((2, what) for what in LONG_LOOKS.values())
    yield from ((1, line) for line in CONSEQUENCES)


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
