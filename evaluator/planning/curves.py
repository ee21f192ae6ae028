"""Power as one thing about the next experiment varies: lift, weeks, courses, waves, countries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluator.calibration.rows import Kind
from evaluator.effects import Setting
from evaluator.experiment.protocol import Protocol
from evaluator.planning.power import Power, powers
from evaluator.planning.varied import Axis, varied
from evaluator.resolve import Resolved
from evaluator.results import RowKey


@dataclass(frozen=True, slots=True)
class Point:
    """One value of the axis, and the power there with its band."""

    value: float
    power: Power


@dataclass(frozen=True, slots=True)
class Curve:
    """Power of one row along an axis."""

    key: RowKey
    axis: Axis
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is simulated at every point."""

    lift: float
    """Planted; on the axis of lifts the axis itself."""
    worlds: int
    setting: Setting
    kind: Kind = Kind.FITTED


def curves(
    past: Resolved, following: Protocol, axis: Axis, values: Sequence[float], trial: Trial
) -> tuple[Curve, ...]:
    """A curve for every row that decides at some value of the axis, each point with its band.

    Raises
    ------
    UsageError : a value of which no protocol can be made, see `varied`
    """
    points: dict[RowKey, list[Point]] = {}
    for value, power in _along(past, following, axis, values, trial):
        points.setdefault(power.key, []).append(Point(value, power))
    return tuple(Curve(key, axis, tuple(own)) for key, own in points.items())


def _along(
    past: Resolved, following: Protocol, axis: Axis, values: Sequence[float], trial: Trial
) -> Iterator[tuple[float, Power]]:
    if axis is Axis.LIFT:  # all lifts ride on the same noise
        found = powers(past, following, values, trial.worlds, trial.setting, trial.kind)
        yield from ((power.lift, power) for power in found)
        return
    # Before the long work: a value that is not possible is told at once.
    protocols = [varied(past, following, axis, value) for value in values]
    for value, protocol in zip(values, protocols, strict=True):
        lifts = (trial.lift,)
        for power in powers(past, protocol, lifts, trial.worlds, trial.setting, trial.kind):
            yield value, power
