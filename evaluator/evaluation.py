"""The evaluation: every declared row with its effect, findings and verdict, assembled once.

Renderings (terminal, JSON, CSV, page) read an `Evaluation`; they compute nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from evaluator.assumptions import row_findings
from evaluator.comparisons import ALL, Comparison, Planned, planned_rows, promoted
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.comparisons.periods import periods_of
from evaluator.effects import Estimated, Setting, estimate
from evaluator.experiment.protocol import Protocol
from evaluator.inference.family import adjusted_together
from evaluator.resolve import Resolved
from evaluator.results import (
    Amount,
    Effect,
    Finding,
    NotRun,
    Row,
    RowKey,
    RowRole,
    RowStatus,
    Verdict,
)
from evaluator.verdict import conclude

Progress = Callable[[int, int, str], None]
"""Called with (rows done, rows in all, what is next)."""


@dataclass(frozen=True, slots=True)
class Series:
    """Observed against counterfactual, by period: what a figure of one row shows."""

    key: RowKey
    starts: tuple[date, ...]
    observed: tuple[float, ...]
    counterfactual: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    window: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Accounting:
    """Where every enrolment of the promoted courses went, in the window."""

    total: float
    identified: float
    identified_courses: tuple[str, ...]
    descriptive: float
    descriptive_courses: tuple[str, ...]
    """Courses with a number, but no effect that is identified."""
    not_identifiable: float
    not_identifiable_courses: tuple[str, ...]
    extra: Amount | None
    """Realised extra over the identified courses, summed jointly."""


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

    def row(self, question: str, course: str, **rest: str) -> Row:
        """The headline row of a question and course; `rest` narrows by any key field."""
        wanted = {"question": question, "course": course, **rest}
        for row in self.rows:
            if row.role is RowRole.HEADLINE or "variant" in rest or "method" in rest:
                if all(getattr(row.key, name) == value for name, value in wanted.items()):
                    return row
        raise KeyError(f"no row {wanted}")


def evaluate(resolved: Resolved, progress: Progress | None = None) -> Evaluation:
    """Estimate every planned row, adjust the families, conclude.

    Parameters
    ----------
    resolved : protocol that has met its data
    progress : told of each row before it is estimated
    """
    planned = planned_rows(resolved)
    setting = Setting(resolved.protocol.decision.level, resolved.protocol.seed)
    outcomes: list[Estimated | NotRun] = []
    for position, row in enumerate(planned):
        if progress is not None:
            progress(position, len(planned), f"{row.key.question} · {row.key.course}")
        outcomes.append(
            row.comparison
            if isinstance(row.comparison, NotRun)
            else estimate(row.comparison, row.key, setting)
        )
    rows = [_row(p, o, resolved) for p, o in zip(planned, outcomes, strict=True)]
    rows = _adjusted(rows, resolved)
    return Evaluation(
        protocol=resolved.protocol,
        resolved_hash=resolved.hash,
        data_fingerprint=resolved.panel.fingerprint(),
        rows=tuple(rows),
        findings=resolved.findings,
        accounting=_accounting(resolved, rows),
        series=tuple(_all_series(planned, rows, setting.level)),
        arm_a=tuple((course, tuple(units)) for course, units in resolved.arm_a.items()),
        others=tuple(resolved.others),
    )


def _row(planned: Planned, outcome: Estimated | NotRun, resolved: Resolved) -> Row:
    decision = resolved.protocol.decision
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
    if isinstance(outcome, NotRun):
        return replace(row, reason=outcome.reason)
    status = RowStatus.DESCRIPTIVE if planned.descriptive else RowStatus.ESTIMATED
    return replace(
        row,
        status=status,
        effect=outcome.effect,
        extra=outcome.extra,
        reason=f"quoted: {outcome.chosen}" if outcome.chosen else "",
        verdict=conclude(status, outcome.effect, None, row.findings, decision),
    )


def _observed(planned: Planned, resolved: Resolved) -> float | None:
    """Outcome in the row's window, counted even where nothing can be estimated."""
    if isinstance(planned.comparison, Comparison):
        return planned.comparison.observed
    if planned.key.course == ALL:
        return None
    return _in_window(resolved, (planned.key.course,))


def _adjusted(rows: Sequence[Row], resolved: Resolved) -> list[Row]:
    """The courses of each question, behind its pooled row, with simultaneous effects."""
    decision = resolved.protocol.decision
    adjusted = list(rows)
    for question in dict.fromkeys(row.key.question for row in rows):
        family = [
            position
            for position, row in enumerate(rows)
            if row.key.question == question
            and row.key.course != ALL
            and row.role is RowRole.HEADLINE
            and row.status is RowStatus.ESTIMATED
        ]
        if len(family) < 2:
            continue
        gate = next(
            (
                row.effect
                for row in rows
                if row.key.question == question
                and row.key.course == ALL
                and row.role is RowRole.HEADLINE
            ),
            None,
        )
        effects = [effect for p in family if (effect := rows[p].effect) is not None]
        together = adjusted_together(effects, gate, decision.level)
        for position, own in zip(family, together, strict=True):
            row = rows[position]
            verdict = conclude(row.status, row.effect, own, row.findings, decision)
            adjusted[position] = replace(row, simultaneous=own, verdict=verdict)
    return adjusted


def _accounting(resolved: Resolved, rows: Sequence[Row]) -> Accounting:
    """Courses by whether the first question identifies them, and the pooled extra."""
    first = rows[0].key.question if rows else promoted.QUESTION
    headline = [r for r in rows if r.key.question == first and r.role is RowRole.HEADLINE]
    by_course = {r.key.course: r for r in headline if r.key.course != ALL}
    pooled = next((r for r in headline if r.key.course == ALL), None)
    refused, described, clean = (
        tuple(course for course, row in by_course.items() if row.status is status)
        for status in (RowStatus.REFUSED, RowStatus.DESCRIPTIVE, RowStatus.ESTIMATED)
    )
    lead = pooled if pooled is not None and pooled.extra is not None else None
    if lead is None and len(clean) == 1:
        lead = by_course[clean[0]]
    return Accounting(
        total=_in_window(resolved, resolved.promoted),
        identified=_in_window(resolved, clean),
        identified_courses=clean,
        descriptive=_in_window(resolved, described),
        descriptive_courses=described,
        not_identifiable=_in_window(resolved, refused),
        not_identifiable_courses=refused,
        extra=lead.extra.realised if lead is not None and lead.extra is not None else None,
    )


def _in_window(resolved: Resolved, courses: Sequence[str]) -> float:
    panel, window = resolved.panel, resolved.protocol.window
    if not courses:
        return 0.0
    daily = panel.array("day", course=list(courses))
    return float(daily[panel.day(window.start) : panel.day(window.end) + 1].sum())


def _all_series(planned: Sequence[Planned], rows: Sequence[Row], level: float) -> Iterator[Series]:
    for plan, row in zip(planned, rows, strict=True):
        drawn = row.role is RowRole.HEADLINE and row.status is RowStatus.ESTIMATED
        if drawn and row.effect is not None and isinstance(plan.comparison, Comparison):
            if plan.key.course != ALL:
                yield _series(plan, plan.comparison, row.effect, level)


def _series(planned: Planned, comparison: Comparison, effect: Effect, level: float) -> Series:
    """Observed treated series beside the comparison series scaled to the reference.

    Scaled once more so that the window's counterfactual total is the row's own; the band is
    the row's interval.
    """
    periods = periods_of(comparison, earlier=True)
    treated, beside = _observed_and_beside(comparison)
    observed, other = periods.sums(treated), periods.sums(beside)
    codes = comparison.codes[0]
    base = treated[codes == REFERENCE].sum() / max(beside[codes == REFERENCE].sum(), 0.5)
    window_base = treated[codes == WINDOW].sum() * np.exp(-effect.log_lift)
    ratio = np.where(periods.window, window_base / max(beside[codes == WINDOW].sum(), 0.5), base)
    counterfactual = other * ratio
    interval = effect.interval(level)
    reach_low, reach_high = effect.log_lift - interval.low, interval.high - effect.log_lift
    starts = tuple(comparison.start + timedelta(int(edge)) for edge in periods.edges)
    return Series(
        planned.key,
        starts,
        _floats(observed),
        _floats(counterfactual),
        _floats(counterfactual * np.exp(-reach_high)),
        _floats(counterfactual * np.exp(reach_low)),
        tuple(bool(inside) for inside in periods.window),
    )


def _observed_and_beside(
    comparison: Comparison,
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], ...]:
    """Daily treated outcome and the daily outcome it is compared with, (D,) each."""
    if comparison.in_a is None:
        return comparison.treated.sum(axis=(0, 1)), comparison.other.sum(axis=(0, 1))
    in_a = comparison.in_a[:, :, None]
    treated = comparison.treated
    return (treated * in_a).sum(axis=(0, 1)), (treated * ~in_a).sum(axis=(0, 1))


def _floats(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
