"""The evaluation: every declared row with its effect, findings and verdict, assembled once.

Renderings (terminal, JSON, CSV, page) read an `Evaluation`; they compute nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from threadpoolctl import threadpool_limits

from evaluator.assumptions import Looked, closely_seen, data_findings, row_findings
from evaluator.assumptions.graph import Drawn, reading
from evaluator.calibration import NOT_CALIBRATED, Calibration
from evaluator.claims import (
    Claim,
    Exposed,
    check_claims,
    exposed,
    kpi_claims,
    published_claims,
)
from evaluator.claims.dose import ArmDose
from evaluator.claims.funnel import channel_stages
from evaluator.comparisons import Comparison, Described, Planned, planned_rows, seen_by
from evaluator.effects import Estimated, Setting, estimate
from evaluator.effects.waves import split
from evaluator.evaluation.accounting import Accounting, account, in_window
from evaluator.evaluation.claimed import with_claims
from evaluator.evaluation.costs import with_costs
from evaluator.evaluation.decay import Decay, decays
from evaluator.evaluation.doses import arm_doses, with_doses
from evaluator.evaluation.families import read_together, read_with
from evaluator.evaluation.figures import Series, all_series
from evaluator.evaluation.funnel import Funnel, funnels
from evaluator.evaluation.spoken import findings_spoken, rows_spoken
from evaluator.experiment.deviations import Registered
from evaluator.experiment.protocol import Protocol
from evaluator.resolve import Resolved
from evaluator.results import Finding, NotRun, Row, RowKey, RowRole, RowStatus, Verdict
from evaluator.verdict import conclude

__all__ = [
    "Accounting",
    "Decay",
    "Evaluation",
    "Funnel",
    "Progress",
    "Series",
    "counted",
    "evaluate",
    "evaluate_row",
]

Progress = Callable[[int, int, str], None]
"""Called with (rows done, rows in all, what is next)."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All rows in the order of the table, with what they rest on."""

    protocol: Protocol
    resolved_hash: str
    data_fingerprint: str
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    """Of the data and their resolution; those of a row are on the row."""
    accounting: Accounting
    series: tuple[Series, ...]
    arm_a: tuple[tuple[str, tuple[str, ...]], ...] = ()
    others: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    """Published figures, like for like."""
    doses: tuple[ArmDose, ...] = ()
    """What each arm received of each channel."""
    graph: tuple[Drawn, ...] = ()
    """The causal graph of each question, and what DoWhy finds in it."""
    registered: Registered | None = None
    """The seal, and every later deviation from it; None: not sealed."""
    funnel: tuple[Funnel, ...] = ()
    """Every channel by stage, with what it added and cost."""
    decay: tuple[Decay, ...] = ()
    """Every channel's lift in the weeks after its waves."""
    exposed: Exposed | None = None
    """Two arms without weeks before, where they are declared."""
    calibration: str = ""
    """Hash of the calibration that stands beside the rows; empty: none does."""

    def row(self, question: str, course: str, **rest: str) -> Row:
        """The headline row of a question and course; `rest` narrows by any key field."""
        wanted = {"question": question, "course": course, **rest}
        for row in self.rows:
            if row.role is RowRole.HEADLINE or "variant" in rest or "method" in rest:
                if all(getattr(row.key, name) == value for name, value in wanted.items()):
                    return row
        raise KeyError(f"no row {wanted}")


def evaluate(
    resolved: Resolved,
    progress: Progress | None = None,
    calibration: Calibration | NotRun = NOT_CALIBRATED,
) -> Evaluation:
    """Estimate every planned row, adjust the families, conclude.

    Parameters
    ----------
    resolved : protocol that has met its data
    progress : told of each row before it is estimated
    calibration : coverage of the rows that decide, or why it is not known
    """
    planned = [] if resolved.protocol.of_claims_alone else planned_rows(resolved)
    # First: a fault in a side table is told before the long work.
    check_claims(resolved, planned)
    claims, arms, stages = kpi_claims(resolved), exposed(resolved), channel_stages(resolved)
    if resolved.protocol.of_claims_alone:
        return _audited(resolved, (*claims, *published_claims(resolved, (), arms)), arms)
    # The arrays are small: several threads take half as long again, and sums in another order.
    with threadpool_limits(1), reading(resolved, planned) as beside:
        rows = _rows(planned, resolved, progress, calibration)
        graph, cross_check = beside.drawn(rows)
        series = tuple(all_series(planned, rows, _setting(resolved)))
        decay = tuple(decays(planned, rows, _setting(resolved)))
    return Evaluation(
        protocol=resolved.protocol,
        resolved_hash=resolved.hash,
        data_fingerprint=resolved.fingerprint or resolved.panel.fingerprint(),
        rows=tuple(rows),
        findings=_found(resolved, (*(drawn.finding for drawn in graph), cross_check)),
        accounting=account(resolved, rows),
        series=series,
        arm_a=tuple((course, tuple(units)) for course, units in resolved.arm_a.items()),
        others=tuple(resolved.others),
        claims=(*claims, *published_claims(resolved, rows, arms)),
        doses=arm_doses(resolved),
        graph=graph,
        funnel=funnels(stages, rows, resolved),
        decay=decay,
        exposed=arms,
        calibration="" if isinstance(calibration, NotRun) else calibration.hash,
    )


def _found(resolved: Resolved, beside: Iterable[Finding]) -> tuple[Finding, ...]:
    """About the data and their resolution, and what was found beside the rows."""
    every = (*resolved.findings, *data_findings(resolved), *beside)
    return findings_spoken(every, resolved.protocol.series)


def _audited(resolved: Resolved, claims: tuple[Claim, ...], arms: Exposed | None) -> Evaluation:
    """Of an experiment that asks nothing of a panel: its claims, and what two arms say."""
    return Evaluation(
        protocol=resolved.protocol,
        resolved_hash=resolved.hash,
        data_fingerprint=resolved.fingerprint or resolved.panel.fingerprint(),
        rows=(),
        findings=resolved.findings,
        accounting=account(resolved, ()),
        series=(),
        others=tuple(resolved.others),
        claims=claims,
        exposed=arms,
    )


def evaluate_row(
    row: Planned,
    planned: Sequence[Planned],
    resolved: Resolved,
    calibration: Calibration | NotRun = NOT_CALIBRATED,
) -> Row:
    """One row as it stands in the whole evaluation, estimated with no more than it needs.

    Parameters
    ----------
    planned : all rows
    """
    rows = _rows(read_with(row, planned), resolved, None, calibration)
    return next(own for own in rows if own.key == row.key)


def counted(planned: Sequence[Planned], resolved: Resolved) -> dict[RowKey, float | None]:
    """What each row counts in its window, known before anything is estimated."""
    return {
        row.key: row.comparison.observed
        if isinstance(row.comparison, Described)
        else _observed(row, resolved)
        for row in planned
    }


def _rows(
    planned: Sequence[Planned],
    resolved: Resolved,
    progress: Progress | None,
    calibration: Calibration | NotRun,
) -> Sequence[Row]:
    setting = _setting(resolved)
    rows = []
    for position, row in enumerate(planned):
        if progress is not None:
            progress(position, len(planned), f"{row.key.question} · {row.key.course}")
        outcome = (
            estimate(row.comparison, row.key, setting)
            if isinstance(row.comparison, Comparison)
            else row.comparison
        )
        # At once, while what was computed of its comparison is still held.
        rows.append(_row(row, outcome, resolved, calibration))
    rows = with_costs(read_together(rows, resolved.protocol.decision), resolved)
    rows = with_doses(with_claims(rows, resolved.protocol), resolved)
    return rows_spoken(rows, resolved.protocol.series)


def _setting(resolved: Resolved) -> Setting:
    return Setting(resolved.protocol.decision.level, resolved.protocol.seed)


def _row(
    planned: Planned,
    outcome: Estimated | Described | NotRun,
    resolved: Resolved,
    calibration: Calibration | NotRun,
) -> Row:
    decision = resolved.protocol.decision
    resolved = seen_by(planned, resolved)
    comparison = planned.comparison
    row = Row(
        key=planned.key,
        role=planned.role,
        status=RowStatus.REFUSED,
        estimand=planned.estimand,
        verdict=Verdict.REFUSED,
        level=decision.level,
        observed=_observed(planned, resolved),
    )
    if isinstance(comparison, Comparison):
        row = replace(
            row,
            n_reference=comparison.reference_weeks,
            n_window=round(comparison.window_weeks),
            findings=row_findings(planned, resolved),
        )
        if planned.key.method == "overlap_joint" and isinstance(outcome, Estimated):
            row = replace(row, parts=split(comparison))
    if isinstance(outcome, NotRun):
        return replace(row, reason=outcome.reason)
    if isinstance(outcome, Described):
        return _described(row, outcome)
    status = RowStatus.DESCRIPTIVE if planned.descriptive else RowStatus.ESTIMATED
    row = replace(
        row,
        status=status,
        effect=outcome.effect,
        extra=outcome.extra,
        share=outcome.share,
        reason=f"quoted: {outcome.chosen}" if outcome.chosen else "",
    )
    if isinstance(comparison, Comparison):
        row = closely_seen(row, Looked(planned, comparison, resolved, outcome, calibration))
    return replace(row, verdict=conclude(row, decision))


def _described(row: Row, outcome: Described) -> Row:
    return replace(
        row,
        status=RowStatus.DESCRIPTIVE,
        verdict=Verdict.DESCRIPTIVE,
        observed=outcome.observed,
        share=outcome.share,
        reason=outcome.sentence,
    )


def _observed(planned: Planned, resolved: Resolved) -> float | None:
    """Outcome in the row's window, counted even where nothing can be estimated."""
    if isinstance(planned.comparison, Comparison):
        return planned.comparison.observed
    if planned.observed is not None or planned.key.course not in resolved.promoted:
        return planned.observed
    return in_window(resolved, (planned.key.course,))
