"""The smallest lift that the next experiment would notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from scipy.optimize import isotonic_regression

from evaluator.calibration.rows import Kind
from evaluator.effects import Setting
from evaluator.estimators.arrays import Array
from evaluator.experiment.protocol import Protocol
from evaluator.planning.curves import Curve, Point
from evaluator.planning.power import QUESTIONS, Power, powers
from evaluator.planning.varied import Axis
from evaluator.resolve import Resolved
from evaluator.results import RowKey

LARGEST = 20.0
STEPS = 13
COARSE = tuple(float(lift) for lift in np.exp(np.geomspace(0.02, np.log(LARGEST), STEPS + 1)))
"""Lifts of the first look, closer together the smaller they are."""
CLOSE = tuple(float(lift) for lift in np.exp(np.geomspace(0.02, np.log(LARGEST), 2 * STEPS + 1)))
"""Among them those of the second: between the two of the first that hold the answer."""
PART, FEWEST = 4, 50
"""The first look takes one world in so many, but no fewer than these."""


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
    """Of every row that decides, in the order of the table; see `lift_curves`."""
    found = lift_curves(past, following, worlds, setting, power=power, kind=kind)
    return tuple(detectable_on(curve, power) for curve in found)


def lift_curves(
    past: Resolved,
    following: Protocol,
    worlds: int,
    setting: Setting,
    *,
    power: float = 0.8,
    also: Sequence[float] = (),
    kind: Kind = Kind.FITTED,
) -> tuple[Curve, ...]:
    """Power over lifts of every row that decides, in the order of the table.

    Two looks on common random numbers, question by question: lifts from 1.02 to 20 in a part of
    the worlds, then in all of them the lifts near which a row reaches the power asked for.

    Parameters
    ----------
    also : lifts of the second look that are asked for by themselves
    """
    found: list[Curve] = []
    for question in (own for own in following.questions if own in QUESTIONS):
        asked = replace(following, questions=(question,))
        first = _by_row(
            powers(past, asked, COARSE, min(max(worlds // PART, FEWEST), worlds), setting, kind)
        )
        ends = [span for rows in first if (span := _around(rows, power))]
        near = [lift for lift in CLOSE if any(low <= lift <= high for low, high in ends)]
        close = sorted({*near, *also}) or COARSE[-1:]
        second = _by_row(powers(past, asked, close, worlds, setting, kind))
        found += [_joined(*looks) for looks in zip(first, second, strict=True)]
    return tuple(found)


def _by_row(found: Sequence[Power]) -> list[list[Power]]:
    return [list(own) for _, own in groupby(found, key=lambda one: one.key)]


def _joined(first: Sequence[Power], second: Sequence[Power]) -> Curve:
    """Both looks at a row; where both have a lift, that of all worlds."""
    points = {own.lift: own for own in (*first, *second)}
    return Curve(
        first[0].key, Axis.LIFT, tuple(Point(lift, points[lift]) for lift in sorted(points))
    )


def _around(points: Sequence[Power], power: float) -> tuple[float, float] | None:
    """From the last lift of a row that is surely below to the first that is surely above."""
    if points[0].reason:
        return None
    below = np.flatnonzero(_rising(points, "power_high") < power)
    if len(below) == len(points):
        return None
    above = np.flatnonzero(_rising(points, "power_low") > power)
    return (
        points[below[-1]].lift if len(below) else points[0].lift,
        points[above[0]].lift if len(above) else points[-1].lift,
    )


def detectable_on(curve: Curve, power: float) -> Detectable:
    """The lift at which a curve over lifts reaches a power; it rises, so it is made to first."""
    points = [point.power for point in curve.points]
    key, reason = curve.key, points[0].reason
    if reason:
        return Detectable(key, power, np.inf, np.inf, np.inf, np.inf, reason)
    logs = np.log([one.lift for one in points])
    lift, low, high = (
        _crossing(logs, _rising(points, name), power)
        for name in ("power", "power_high", "power_low")
    )
    if not np.isfinite(lift):
        reason = f"no lift up to ×{LARGEST:g} on the promoted days has a power of {power:g}"
        return Detectable(key, power, np.inf, float(np.exp(low)), np.inf, np.inf, reason)
    truth = np.interp(lift, logs, np.log([one.truth for one in points]))
    found, first, last, own = (float(np.exp(end)) for end in (lift, low, high, truth))
    return Detectable(key, power, found, first, last, own)


def _rising(points: Sequence[Power], name: str) -> Array:
    values = [getattr(one, name) for one in points]
    return np.asarray(isotonic_regression(values, weights=[one.campaigns for one in points]).x)


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
