"""The series behind the figures: observed against counterfactual, by period.

They go on after the window as far as the data do. What would have been there is estimated period
by period, by the row's own method with that period for its window, so each has its own interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from evaluator.comparisons import ALL, Comparison, Planned, arms, campaign, promoted
from evaluator.comparisons.after import bins_after, moved_after
from evaluator.comparisons.alone import METHODS
from evaluator.comparisons.design import REFERENCE, WINDOW
from evaluator.comparisons.periods import periods_of
from evaluator.effects import Setting, effect_alone
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF
from evaluator.results import Effect, NotRun, Row, RowKey, RowRole, RowStatus

FOLLOWED = (promoted.QUESTION, arms.QUESTION, campaign.QUESTION)
"""Questions whose series go on after the window: others' outcomes are not settled there, or they
are about waves."""


@dataclass(frozen=True, slots=True)
class Series:
    """Observed against counterfactual, by period: what a figure of one row shows."""

    key: RowKey
    starts: tuple[date, ...]
    observed: tuple[float, ...]
    counterfactual: tuple[float | None, ...]
    """None after the window where the method refuses so few days."""
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    window: tuple[bool, ...]
    after: tuple[bool, ...] = ()
    """Whether a period lies behind the window."""
    days: tuple[int, ...] = ()
    """Length of each: the last one may be cut short by the end of the data."""
    beside: tuple[float, ...] = ()
    """Observed in what it is compared with: arm B, the other courses together, or, where there
    is nothing else, what the weekdays of the period brought in the reference."""


def all_series(
    planned: Sequence[Planned], rows: Sequence[Row], setting: Setting
) -> Iterator[Series]:
    """A series for every headline row of one course that has an effect, or tells all days of a
    series with its own past."""
    for plan, row in zip(planned, rows, strict=True):
        alone = plan.key.question == campaign.QUESTION and plan.key.method in METHODS
        drawn = row.role is RowRole.HEADLINE and (alone or row.status is RowStatus.ESTIMATED)
        if drawn and row.effect is not None and isinstance(plan.comparison, Comparison):
            if plan.key.course != ALL:
                series = _series(plan, plan.comparison, row.effect, setting.level)
                followed = plan.key.question in FOLLOWED
                yield _followed(series, plan.comparison, setting) if followed else series


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
        tuple(False for _ in starts),
        tuple(int(days) for days in periods.lengths),
        _floats(other),
    )


def _followed(series: Series, comparison: Comparison, setting: Setting) -> Series:
    """The series with every period from the end of the window to the end of the data."""
    for first, days in bins_after(comparison):
        treated, beside = _observed_and_beside(comparison)
        observed, other = (float(own[first : first + days].sum()) for own in (treated, beside))
        moved = moved_after(comparison, first, days)
        effect = effect_alone(moved, series.key.method, setting)
        without, low, high = _without(observed, effect, setting.level)
        series = replace(
            series,
            starts=(*series.starts, comparison.start + timedelta(first)),
            observed=(*series.observed, observed),
            counterfactual=(*series.counterfactual, without),
            low=(*series.low, low),
            high=(*series.high, high),
            window=(*series.window, False),
            after=(*series.after, True),
            days=(*series.days, days),
            beside=(*series.beside, other),
        )
    return series


def _without(
    observed: float, effect: Effect | NotRun, level: float
) -> tuple[float | None, float | None, float | None]:
    """What would have been observed, with its ends; the half is that of the log ratios."""
    if isinstance(effect, NotRun):
        return None, None, None
    ends = effect.interval(level)
    middle, low, high = (
        (observed + HALF) * float(np.exp(-value))
        for value in (effect.log_lift, ends.high, ends.low)
    )
    return middle, low, high


def _observed_and_beside(
    comparison: Comparison,
) -> tuple[Array, ...]:
    """Daily treated outcome and the daily outcome it is compared with, (D,) each."""
    if comparison.in_a is None:
        own = comparison.treated.sum(axis=(0, 1))
        others = comparison.other.sum(axis=(0, 1))
        return own, others if comparison.other.shape[-3] else _as_usual(own, comparison)
    in_a = comparison.in_a[:, :, None]
    treated = comparison.treated
    return (treated * in_a).sum(axis=(0, 1)), (treated * ~in_a).sum(axis=(0, 1))


def _as_usual(daily: Array, comparison: Comparison) -> Array:
    """What a day's weekday brought in the reference on average, (D,)."""
    used, weekday = comparison.codes[0] == REFERENCE, np.arange(len(daily)) % 7
    same = used & (weekday == np.arange(7)[:, None])
    means = (daily * same).sum(axis=1) / np.maximum(same.sum(axis=1), 1)
    return np.asarray(means[weekday])


def _floats(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
