"""Several courses, one question: a gate, then Holm, and an interval that agrees with both.

Holm's step-down decides; the interval beside is Bonferroni's, simultaneous by construction,
and shortened or lengthened for a row only where it would contradict the decision (the law
"the interval excludes no effect exactly when p_adjusted ≤ α" holds at the declared level).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from evaluator.results import Effect, Simultaneous


def adjusted_together(
    effects: Sequence[Effect], gate: Effect | None, level: float
) -> tuple[Simultaneous, ...]:
    """Gatekeeper, then Holm, over the rows of one question.

    Parameters
    ----------
    effects : one per row of the family
    gate : the pooled effect that must reject first; None where there is none
    level : declared level, 1 − α

    References
    ----------
    Holm (1979).
    """
    alpha, size = 1 - level, len(effects)
    gate_p = gate.p_value() if gate else 0.0
    p_values = [effect.p_value() for effect in effects]
    adjusted = [max(p, gate_p) for p in holm(p_values)]
    return tuple(
        Simultaneous(effect, _divisor(p, p_adjusted, size, alpha), p_adjusted)
        for effect, p, p_adjusted in zip(effects, p_values, adjusted, strict=True)
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Step-down adjusted p-values, in the order given.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    size = len(order)
    stepped = np.asarray(p_values, dtype=float)[order] * (size - np.arange(size))
    adjusted = np.empty(size)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return [float(value) for value in adjusted]


def _divisor(p: float, p_adjusted: float, size: int, alpha: float) -> float:
    """Bonferroni's, unless it would decide differently from `p_adjusted` at α."""
    if (p * size <= alpha) == (p_adjusted <= alpha):
        return float(size)
    return max(p_adjusted / p, 1.0) if p > 0 else math.inf
