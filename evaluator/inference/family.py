"""Several courses, one question: a gate, then Holm, and an interval that agrees with both.

Holm's step-down decides; the interval beside is Bonferroni's, shortened or lengthened for a row
only where it would contradict the decision (the law "the interval excludes no effect exactly
when p_adjusted ≤ α" holds at the declared level). Bonferroni's are simultaneous by construction;
with the shortened ones joint coverage was measured, and stands in the methods guide.
"""

from __future__ import annotations

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
        Simultaneous(effect, _agreeing(p, p_adjusted, size, alpha), p_adjusted)
        for effect, p, p_adjusted in zip(effects, p_values, adjusted, strict=True)
    )


def explored_together(effects: Sequence[Effect], level: float) -> tuple[Simultaneous, ...]:
    """False-discovery control over exploratory cells; the interval agrees with the decision.

    The interval of a discovery has false-coverage rate 1 − level (level 1 − Rα/m of its own).

    References
    ----------
    Benjamini & Hochberg (1995); Benjamini & Yekutieli (2005) for the intervals.
    """
    p_values = np.array([effect.p_value() for effect in effects])
    size = len(p_values)
    order = np.argsort(p_values, kind="stable")
    stepped = p_values[order] * size / np.arange(1, size + 1)
    adjusted = np.empty(size)
    adjusted[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    discoveries = max(int(np.sum(adjusted <= 1 - level)), 1)
    return tuple(
        Simultaneous(effect, _agreeing(float(p), float(q), size / discoveries, 1 - level), float(q))
        for effect, p, q in zip(effects, p_values, adjusted, strict=True)
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


def _agreeing(p: float, p_adjusted: float, divisor: float, alpha: float) -> float:
    """The divisor, unless its interval would decide differently from `p_adjusted` at α."""
    if (p * divisor <= alpha) == (p_adjusted <= alpha):
        return float(divisor)
    return max(p_adjusted / max(p, 1e-300), 1.0)
