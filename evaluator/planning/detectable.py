"""The smallest lift that the next experiment would notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from scipy.optimize import isotonic_regression

from evaluator.calibration.rows import Kind
from evaluator.effects import Setting
from evaluator.estimators.arrays import Array
from evaluator.experiment.protocol import Protocol
from evaluator.planning.power import Power, powers
from evaluator.resolve import Resolved
from evaluator.results import RowKey

LARGEST = 20.0
COARSE = tuple(float(lift) for lift in np.exp(np.geomspace(0.02, np.log(LARGEST), 14)))
"""Lifts of the first look, closer together the smaller they are."""
FINE = 5
"""Lifts of the second, between the two of the first that hold the answer."""
PART = 4
"""The first look takes one world in so many."""


@dataclass(frozen=True, slots=True)
class Detectable:
    """Smallest planted lift whose power reaches the one asked for, with its Monte-Carlo band."""

    key: RowKey
    power: float
    lift: float
    """Infinite where no lift up to `LARGEST` has that power."""
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
    """Of every row that decides, in the order of the table.

    Two looks on common random numbers: lifts from 1.02 to 20, then lifts between those two that
    hold the answer. Power rises with the lift, so the curve is made to before it is read.
    """
    first = _by_row(powers(past, following, COARSE, max(worlds // PART, 1), setting, kind))
    wanted = sorted({lift for own in first for lift in _around(own, power)})
    second = _by_row(powers(past, following, wanted or COARSE[-1:], worlds, setting, kind))
    return tuple(_detectable(own, power) for own in second)


def _by_row(found: Sequence[Power]) -> list[list[Power]]:
    return [list(own) for _, own in groupby(found, key=lambda one: one.key)]


def _around(points: Sequence[Power], power: float) -> Iterator[float]:
    """Lifts between the last point of a row that is surely below and the first surely above."""
    if points[0].reason:
        return
    logs = np.log([one.lift for one in points])
    below = np.flatnonzero(_rising([one.power_high for one in points]) < power)
    above = np.flatnonzero(_rising([one.power_low for one in points]) > power)
    first = logs[below[-1]] if len(below) else 0.005
    last = logs[above[0]] if len(above) else logs[-1]
    yield from np.exp(np.linspace(first, last, FINE)).tolist()


def _detectable(points: Sequence[Power], power: float) -> Detectable:
    key, reason = points[0].key, points[0].reason
    if reason:
        return Detectable(key, power, np.inf, np.inf, np.inf, np.inf, reason)
    logs = np.log([one.lift for one in points])
    lift, low, high = (
        _crossing(logs, _rising([getattr(one, name) for one in points]), power)
        for name in ("power", "power_high", "power_low")
    )
    if not np.isfinite(lift):
        reason = f"no lift up to ×{LARGEST:g} on the promoted days has a power of {power:g}"
        return Detectable(key, power, np.inf, float(np.exp(low)), np.inf, np.inf, reason)
    truth = np.interp(lift, logs, np.log([one.truth for one in points]))
    found, first, last, own = (float(np.exp(end)) for end in (lift, low, high, truth))
    return Detectable(key, power, found, first, last, own)


def _rising(values: Sequence[float]) -> Array:
    return np.asarray(isotonic_regression(values).x)


def _crossing(logs: Array, rising: Array, power: float) -> float:
    """Where a rising curve first reaches the power: infinite where it does not."""
    reached = np.flatnonzero(rising >= power)
    if not len(reached):
        return float("inf")
    after = int(reached[0])
    if not after:
        return float(logs[0])
    part = (power - rising[after - 1]) / (rising[after] - rising[after - 1])
    return float(logs[after - 1] + part * (logs[after] - logs[after - 1]))
