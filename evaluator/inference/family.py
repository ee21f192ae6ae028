"""Several courses, one question: a gate, then Holm, and an interval that agrees with both.

Holm's step-down decides; the interval beside is Bonferroni's, shortened or lengthened for a row
only where it would contradict the decision (the law "the interval excludes no effect exactly
when p_adjusted ≤ α" holds at the declared level). Bonferroni's are simultaneous by construction;
with the shortened ones joint coverage was measured, and stands in the methods guide.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.estimators.arrays import Array
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
    p_values = np.array([effect.p_value() for effect in effects])
    gate_p = np.asarray(gate.p_value() if gate else 0.0)
    divisors, adjusted = behind_a_gate(p_values, gate_p, level)
    return tuple(
        Simultaneous(effect, float(divisor), float(p_adjusted))
        for effect, divisor, p_adjusted in zip(effects, divisors, adjusted, strict=True)
    )


def behind_a_gate(p_values: Array, gate_p: Array, level: float) -> tuple[Array, Array]:
    """The same for many families at once: what each row is divided by, and its adjusted p-value.

    Parameters
    ----------
    p_values : (..., rows); not a number where a row is not in its family
    gate_p : (...,) of the pooled row; 0 where there is none

    Returns
    -------
    (..., rows) each
    """
    adjusted = np.maximum(_stepped_down(p_values), gate_p[..., None])
    size = np.sum(~np.isnan(p_values), axis=-1, keepdims=True).astype(float)
    return _agreeing(p_values, adjusted, size, 1 - level), adjusted


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
    divisors = _agreeing(p_values, adjusted, np.asarray(size / discoveries), 1 - level)
    return tuple(
        Simultaneous(effect, float(divisor), float(q))
        for effect, divisor, q in zip(effects, divisors, adjusted, strict=True)
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Step-down adjusted p-values, in the order given.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    return [float(p) for p in _stepped_down(np.asarray(p_values, dtype=float))]


def _stepped_down(p_values: Array) -> Array:
    """Holm along the last axis; what is not a number comes last, and stays so."""
    order = np.argsort(p_values, axis=-1, kind="stable")
    size = np.sum(~np.isnan(p_values), axis=-1, keepdims=True)
    steps = size - np.arange(p_values.shape[-1])
    stepped = np.take_along_axis(p_values, order, axis=-1) * steps
    adjusted = np.empty(p_values.shape)
    highest = np.minimum(np.maximum.accumulate(stepped, axis=-1), 1.0)
    np.put_along_axis(adjusted, order, highest, axis=-1)
    return adjusted


def _agreeing(p: Array, p_adjusted: Array, divisor: Array, alpha: float) -> Array:
    """The divisor, unless its interval would decide differently from `p_adjusted` at α."""
    agree = (p * divisor <= alpha) == (p_adjusted <= alpha)
    return np.where(agree, divisor, np.maximum(p_adjusted / np.maximum(p, 1e-300), 1.0))
