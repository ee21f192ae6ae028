"""The verdicts of many campaigns: estimated, adjusted within their question, concluded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.comparisons import ALL, Comparison, Planned
from evaluator.effects import Setting
from evaluator.effects.many import Laws, laws_of_many
from evaluator.estimators.arrays import Array
from evaluator.experiment.protocol import Decision
from evaluator.inference.family import behind_a_gate
from evaluator.verdict import Places, conclude_many


@dataclass(frozen=True, slots=True, eq=False)
class Concluded:
    """What one row says of each campaign: (K, R) each, the ends those of the interval that
    decides."""

    log_lift: Array
    low: Array
    high: Array
    verdict: Places
    """Positions in `evaluator.verdict.CONCLUDED`."""


def concluded(
    rows: Sequence[Planned],
    comparisons: Sequence[Comparison],
    setting: Setting,
    decision: Decision,
) -> list[Concluded]:
    """The headline rows of one question in a batch of campaigns, as an evaluation reads them.

    Parameters
    ----------
    comparisons : of each row, outcomes with leading axes (K, ...)
    """
    laws = [laws_of_many(own, row.key, setting) for row, own in zip(rows, comparisons, strict=True)]
    found = []
    for own, divisor in zip(laws, _divisors(rows, laws, setting.level), strict=True):
        low, high = own.interval(1 - (1 - setting.level) / divisor)
        verdict = conclude_many(own.log_lift, low, high, own.refused, decision)
        found.append(Concluded(own.log_lift, low, high, verdict))
    return found


def _divisors(rows: Sequence[Planned], laws: Sequence[Laws], level: float) -> list[Array | float]:
    """What multiplicity costs each row in each campaign: courses behind their pooled row."""
    divisors: list[Array | float] = [1.0] * len(rows)
    family = [p for p, row in enumerate(rows) if row.key.course != ALL and not row.descriptive]
    if len(family) < 2:
        return divisors
    gate = next((own.p_value() for row, own in zip(rows, laws, strict=True) if _is_gate(row)), None)
    each = np.stack(np.broadcast_arrays(*(laws[p].p_value() for p in family)), axis=-1)
    # A gate that is refused stands open.
    gate_p = np.nan_to_num(gate, nan=0.0) if gate is not None else np.zeros(each.shape[:-1])
    together, _ = behind_a_gate(each, gate_p, level)
    alone = np.sum(~np.isnan(each), axis=-1) < 2
    for place, p in enumerate(family):
        divisors[p] = np.where(alone, 1.0, together[..., place])
    return divisors


def _is_gate(row: Planned) -> bool:
    return row.key.course == ALL
