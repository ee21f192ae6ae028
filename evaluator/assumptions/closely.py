"""The longer looks, taken at the rows that decide."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from evaluator.assumptions.coverage import coverage
from evaluator.assumptions.interference.anticipation import anticipated
from evaluator.assumptions.interference.arms_elsewhere import arms_elsewhere
from evaluator.assumptions.interference.cannibalisation import cannibalised
from evaluator.assumptions.interference.carry_over import carried_over
from evaluator.assumptions.interference.wrong_arm import mixed_up
from evaluator.assumptions.looked import LongLook, Looked
from evaluator.assumptions.placebos.campaigns import placebos
from evaluator.assumptions.placebos.influence import influence
from evaluator.assumptions.placebos.negative import negative_controls
from evaluator.assumptions.refutations.tried import refutations
from evaluator.assumptions.trends.bounds import bounded
from evaluator.assumptions.trends.pretrend import before_the_window
from evaluator.results import Evidence, Row

LONG_LOOKS: tuple[LongLook, ...] = (
    coverage,
    *(before_the_window, bounded, placebos, arms_elsewhere, negative_controls, influence),
    *(anticipated, cannibalised, mixed_up, carried_over, refutations),
)
"""In the order in which their findings are shown."""


def closely_seen(row: Row, looked: Looked) -> Row:
    """The row with the findings, the evidence and the wider intervals of every longer look."""
    if not looked.decides:
        return row
    for look in LONG_LOOKS:
        seen = look(looked)
        row = replace(
            row,
            findings=(*row.findings, *seen.findings),
            beside=(*row.beside, *seen.beside),
            breakdown=row.breakdown if seen.breakdown is None else seen.breakdown,
            coverage=seen.coverage.coverage if seen.coverage else row.coverage,
            coverage_se=seen.coverage.coverage_se if seen.coverage else row.coverage_se,
            evidence=_merged(row.evidence, seen.evidence),
        )
    return row


def _merged(first: Evidence, second: Evidence) -> Evidence:
    """Both: tuples one after the other, of single pieces the one that is there."""
    both: dict[str, Any] = {}
    for name in (field.name for field in fields(Evidence)):
        own, more = getattr(first, name), getattr(second, name)
        both[name] = (*own, *more) if isinstance(own, tuple) else own or more
    return Evidence(**both)
