"""The same estimator under another design: what it would notice there."""

from __future__ import annotations

from dataclasses import replace

from evaluator.assumptions.looked import Looked
from evaluator.comparisons import Comparison
from evaluator.effects import Estimated, estimate
from evaluator.results import Effect, NotRun


def estimated_as(looked: Looked, comparison: Comparison, method: str = "") -> Effect | NotRun:
    """The effect of another comparison by the row's own method, or the one that is named."""
    key = looked.planned.key
    outcome = estimate(comparison, replace(key, method=method or key.method), looked.setting)
    return outcome.effect if isinstance(outcome, Estimated) else outcome


def chance(effect: Effect, size: float, level: float) -> float:
    """Chance that an estimate with this law about a true `size` would exclude 0 from above.

    Parameters
    ----------
    effect : whose law, moved to `size`, the estimate follows
    size : true log lift, above 0
    level : of the two-sided interval that has to exclude 0
    """
    reach = effect.log_lift - effect.interval(level).low
    return 1 - float(effect.distribution.cdf(effect.log_lift + reach - size))
