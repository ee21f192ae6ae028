"""The series behind the figures: observed against counterfactual, by period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from evaluator.comparisons import ALL, Comparison, Planned
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.comparisons.periods import periods_of
from evaluator.estimators.arrays import Array
from evaluator.results import Effect, Row, RowKey, RowRole, RowStatus


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


def all_series(planned: Sequence[Planned], rows: Sequence[Row], level: float) -> Iterator[Series]:
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
) -> tuple[Array, ...]:
    """Daily treated outcome and the daily outcome it is compared with, (D,) each."""
    if comparison.in_a is None:
        return comparison.treated.sum(axis=(0, 1)), comparison.other.sum(axis=(0, 1))
    in_a = comparison.in_a[:, :, None]
    treated = comparison.treated
    return (treated * in_a).sum(axis=(0, 1)), (treated * ~in_a).sum(axis=(0, 1))


def _floats(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
