"""The smallest lift that the next experiment would notice."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.calibration.rows import Kind
from evaluator.effects import Setting
from evaluator.experiment.protocol import Protocol
from evaluator.resolve import Resolved
from evaluator.results import RowKey


@dataclass(frozen=True, slots=True)
class Detectable:
    """Smallest planted lift whose power reaches the one asked for, with its Monte-Carlo band."""

    key: RowKey
    power: float
    lift: float
    """Infinite where no lift looked at has that power."""
    low: float
    high: float
    """Ends of its 95% Monte-Carlo interval."""
    truth: float
    """The row's own lift, over its whole window, at `lift`."""
    reason: str = ""
    """Why there is none."""


def minimum_detectable(
    past: Resolved,
    following: Protocol,
    worlds: int,
    setting: Setting,
    *,
    power: float = 0.8,
    kind: Kind = Kind.FITTED,
) -> tuple[Detectable, ...]:
    """Of every row that decides, in the order of the table."""
    raise NotImplementedError
