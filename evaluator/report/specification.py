"""The specification table: each headline row with its number under other choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.comparisons.channels import AFTER
from evaluator.report.tables import Record
from evaluator.results import Row, RowRole

DEPARTURES = (RowRole.ROBUSTNESS, RowRole.SENSITIVITY)
"""Roles of rows that do one thing otherwise than the row that decides."""


@dataclass(frozen=True, slots=True)
class Specification:
    """A row that decides, and what stands beside it; positions in the rows of the evaluation."""

    headline: int
    others: tuple[int, ...]
    """The same effect by another method, on another reference, on other dates."""
    refused: tuple[int, ...]
    """Choices under which there is no number."""


def specifications(rows: Sequence[Row]) -> tuple[Specification, ...]:
    """One of each headline row that has an effect, in the order of the table."""
    beside: dict[tuple[str, ...], list[int]] = {}
    for position, row in enumerate(rows):
        if row.role in DEPARTURES:
            beside.setdefault(_about(row), []).append(position)
    return tuple(
        Specification(
            position,
            tuple(p for p in beside.get(_about(row), ()) if rows[p].effect is not None),
            tuple(p for p in beside.get(_about(row), ()) if rows[p].effect is None),
        )
        for position, row in enumerate(rows)
        if row.role is RowRole.HEADLINE and row.effect is not None
    )


def specification_dicts(rows: Sequence[Row], records: Sequence[Record]) -> list[dict[str, Any]]:
    """The table in plain types: what stands where, from where to where, how often off no effect."""
    return [_specification(one, rows, records) for one in specifications(rows)]


def departure(row: Row) -> str:
    """What a row does otherwise than the row that decides; empty for a row in its own right."""
    if row.role not in DEPARTURES:
        return ""
    robustness = row.role is RowRole.ROBUSTNESS
    return row.key.method.replace("_", " ") if robustness else row.key.variant


def _specification(
    one: Specification, rows: Sequence[Row], records: Sequence[Record]
) -> dict[str, Any]:
    """Numbers over all that have a lift, and the range over other references and dates alone."""
    all_of = (one.headline, *one.others)
    lifts = [records[p]["lift"] for p in all_of]
    ends = [(records[p]["lift_low"], records[p]["lift_high"]) for p in all_of]
    elsewhere = [
        records[p]["lift"]
        for p in one.others
        if rows[p].role is RowRole.SENSITIVITY and rows[p].key.variant != AFTER
    ]
    return {
        "row": one.headline,
        "others": list(one.others),
        "refused": list(one.refused),
        "lifts": len(lifts),
        "excluding_no_effect": sum(not (low or 0) <= 1 <= (high or 1) for low, high in ends),
        "lift_least": min(lifts),
        "lift_most": max(lifts),
        "elsewhere_least": min(elsewhere, default=None),
        "elsewhere_most": max(elsewhere, default=None),
    }


def _about(row: Row) -> tuple[str, ...]:
    return row.key.question, row.key.course, row.key.channel, row.key.arm
