"""What was published beside the same figure recomputed like for like, and whether it holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from evaluator.experiment.protocol import Span
from evaluator.results import Interval, RowKey

MINUS = "\N{MINUS SIGN}"
MOST_DECIMALS = 6
POINTS = "percentage points"
"""Unit of a difference of two percentages."""


class Standing(StrEnum):
    """How a published figure, or a target reported as met, stands under one reading."""

    HOLDS = "holds"
    FAILS = "does not hold"
    WITHIN_NOISE = "within noise"
    INCOMPARABLE = "cannot be compared"
    NOT_REPORTED = "not reported"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, its exposure, and how far chance moves it."""

    value: float
    unit: str
    """What one is, after the number: `a month`, `in 84 days`, `a post`."""
    days: float | None = None
    """Exposure of one unit in days, where it has one."""
    interval: Interval | None = None
    law: str = ""
    """What the interval is, and what it takes to be the chance."""
    printed: str = ""
    """As it was printed, where it was declared so: `over 70%`."""
    decimals: int = 0
    """Decimals that are shown at least: those of the published figure that it stands beside."""

    @property
    def text(self) -> str:
        """The number with its unit, as it was printed where that is known.

        >>> Figure(60, "% of L&D", printed="3 in 5").text, Figure(869, "in 84 days").text
        ('3 in 5 of L&D', '869 in 84 days')
        """
        number = self.printed or said(self.value, self.decimals)
        if self.unit.startswith("×"):
            return in_unit(number, self.unit)
        if not self.unit.startswith("%"):
            return f"{number} {self.unit}".rstrip()
        return f"{number}{self.unit if _is_bare(number) else self.unit[1:]}"


Days = tuple[Span, tuple[int, ...]]
"""A span, and the weekdays in it that count; none: all."""


@dataclass(frozen=True, slots=True)
class Told:
    """A number of people, or of what they did, that a claim tells or lets work out."""

    of: str
    """What was counted: only what was counted alike adds up."""
    parts: tuple[tuple[str, float], ...]
    """What it is the sum of: courses with their counts, or itself."""
    days: Days | None = None
    """Where it is of days."""

    @property
    def count(self) -> float:
        return sum(count for _, count in self.parts)


@dataclass(frozen=True, slots=True)
class Claim:
    """One published indicator under one reading."""

    name: str
    """Of the indicator."""
    about: str
    """Of whom or what the figure is: `mean of 7 courses`, a course, `KPI baseline`."""
    reading: str
    holds: Standing
    why: str
    published: Figure | None = None
    """Result as published (or the KPI baseline, where it is the claim)."""
    recomputed: Figure | None = None
    needed: Figure | None = None
    """What the recomputed figure has to reach."""
    detail: bool = False
    """Whether it only adds to another reading of the same indicator."""
    differs: tuple[str, ...] = ()
    """Why it cannot be compared, in one word each: unit, window, population, definition."""
    source: str = ""
    """Where it was published."""
    quote: str = ""
    tells: tuple[Told, ...] = ()
    """Counts of the data that can be read off it: what is shared of it depends on them."""
    beside: RowKey | str | None = None
    """Row of the evaluation, or name of what two arms say, that it is set beside."""

    @property
    def met(self) -> bool | None:
        """Whether the number reaches what it has to, units and chance left aside."""
        if self.recomputed is None or self.needed is None:
            return None
        return self.recomputed.value >= self.needed.value


def against(figure: Figure, needed: float) -> Standing:
    """A figure beside what it has to reach: within noise when its interval has both sides."""
    if figure.interval is None:
        return Standing.HOLDS if figure.value >= needed else Standing.FAILS
    if figure.interval.low >= needed:
        return Standing.HOLDS
    return Standing.FAILS if figure.interval.high < needed else Standing.WITHIN_NOISE


def same(recomputed: float, published: float) -> Standing:
    """Whether a figure rounds to the published one, at the decimals that were published.

    >>> same(869.29, 869), same(4027.14, 3304), same(0.314, 0.31)
    (<Standing.HOLDS: 'holds'>, <Standing.FAILS: 'does not hold'>, <Standing.HOLDS: 'holds'>)
    """
    whole, _, decimals = f"{published:.12g}".partition(".")
    step = 10.0 ** -len(decimals) if "e" not in whole + decimals else 0.0
    return Standing.HOLDS if abs(recomputed - published) <= step / 2 else Standing.FAILS


def in_unit(number: str, unit: str) -> str:
    """A number with what short tables need of its unit.

    >>> in_unit("53", "% of marketers"), in_unit("3.66", "×"), in_unit("3 in 5", "% of L&D")
    ('53%', '×3.66', '3 in 5')
    >>> in_unit("−36", POINTS), in_unit("1", POINTS), in_unit("315", "a month")
    ('−36 points', '1 point', '315')
    """
    if unit.startswith("%") and _is_bare(number):
        return f"{number}%"
    if unit.startswith("×") and number[0].isdigit():
        return f"×{number}"
    if unit == POINTS:
        return f"{number} point" + "s" * (number not in ("1", f"{MINUS}1"))
    return number


def points(value: float) -> str:
    """A difference of two percentages.

    >>> points(1.0), points(-0.75)
    ('1 point', '−0.75 points')
    """
    return in_unit(said(value), POINTS)


def _is_bare(number: str) -> bool:
    """Whether what is printed leaves its unit to be said."""
    return number[-1].isdigit() and " in " not in number


def said(value: float, decimals: int = 0) -> str:
    """A number as sentences have it: no more digits than say something.

    Parameters
    ----------
    decimals : shown at least

    >>> said(869.29), said(4027.14), said(33.57), said(0.9218), said(114), said(-36)
    ('869', '4,027', '33.6', '0.92', '114', '−36')
    >>> said(0.0034), said(-0.020555, 4)
    ('0.0034', '−0.0206')
    """
    size = abs(value)
    if size >= 100 or float(value).is_integer():
        least = 0
    elif size >= 0.01:
        least = 1 if size >= 10 else 2
    else:
        least = min(1 - math.floor(math.log10(size)), MOST_DECIMALS)
    return f"{value:,.{max(least, decimals)}f}".replace("-", MINUS)
