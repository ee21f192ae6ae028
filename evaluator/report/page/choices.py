"""The specification table, with a dot and its interval in each line: one log axis a question."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluator.report.page.forest import domain
from evaluator.report.specification import Specification, departure, specifications
from evaluator.report.tables import Record
from evaluator.report.words import row_label
from evaluator.results import Row


@dataclass(frozen=True, slots=True)
class Strip:
    """Where a lift, its interval and no effect lie between the ends of the axis, in per cent."""

    low: float
    value: float
    high: float
    one: float

    @property
    def width(self) -> float:
        """Of the interval."""
        return round(self.high - self.low, 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the table: a row that decides, or one that does something otherwise."""

    position: int
    about: str
    """The row that decides, or what this one does otherwise."""
    headline: bool
    record: Record
    strip: Strip
    refused: tuple[tuple[str, tuple[str, ...]], ...]
    """On the last line of a row: (reason, choices under which there is no number)."""


def choices(rows: Sequence[Row], records: Sequence[Record]) -> Mapping[str, tuple[Choice, ...]]:
    """Question → its table, where anything was done otherwise."""
    tables: dict[str, list[Specification]] = {}
    for one in specifications(rows):
        if one.others or one.refused:
            tables.setdefault(rows[one.headline].key.question, []).append(one)
    return {
        question: tuple(_lines(specified, rows, records)) for question, specified in tables.items()
    }


def _lines(
    specified: Sequence[Specification], rows: Sequence[Row], records: Sequence[Record]
) -> Iterable[Choice]:
    positions = [p for one in specified for p in (one.headline, *one.others)]
    ends = domain(value for p in positions for value in _values(records[p]))
    for one in specified:
        refused: dict[str, list[str]] = {}
        for p in one.refused:
            refused.setdefault(rows[p].reason, []).append(departure(rows[p]))
        last = (one.headline, *one.others)[-1]
        for p in (one.headline, *one.others):
            headline = p == one.headline
            yield Choice(
                p,
                row_label(rows[p].key) if headline else departure(rows[p]),
                headline,
                records[p],
                Strip(*(_place(lift, ends) for lift in (*_values(records[p]), 1.0))),
                tuple((why, tuple(names)) for why, names in refused.items()) if p == last else (),
            )


def _values(record: Record) -> tuple[float, float, float]:
    low, high = record["lift_low"], record["lift_high"]
    return 0.0 if low is None else low, record["lift"], math.inf if high is None else high


def _place(lift: float, ends: tuple[float, float]) -> float:
    low, high = map(math.log, ends)
    inside = min(max(lift, ends[0]), ends[1])
    return round(100 * (math.log(inside) - low) / (high - low), 1)
