"""Power as one thing about the next experiment varies: lift, weeks, courses, waves, countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluator.calibration.rows import Kind
from evaluator.effects import Setting
from evaluator.experiment.protocol import Protocol
from evaluator.planning.power import Power
from evaluator.resolve import Resolved
from evaluator.results import RowKey


class Axis(StrEnum):
    """What varies along a curve."""

    LIFT = "lift"
    WEEKS = "weeks of the window"
    COURSES = "promoted courses"
    WAVES = "waves of a course"
    REFERENCE = "weeks of the reference"
    COUNTRIES = "countries of arm A"


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


def varied(past: Resolved, following: Protocol, axis: Axis, value: float) -> Protocol:
    """The next protocol with another length, number of courses, waves or countries."""
    raise NotImplementedError


def curves(
    past: Resolved, following: Protocol, axis: Axis, values: Sequence[float], trial: Trial
) -> tuple[Curve, ...]:
    """A curve for every row that decides at some value of the axis, each point with its band."""
    raise NotImplementedError
