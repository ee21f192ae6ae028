"""What was published beside the same figure recomputed like for like, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evaluator.results import Interval


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

    @property
    def text(self) -> str:
        """The number with its unit, as it was printed where that is known.

        >>> Figure(60, "% of L&D", printed="3 in 5").text, Figure(869, "in 84 days").text
        ('3 in 5 of L&D', '869 in 84 days')
        """
        number = self.printed or said(self.value)
        if not self.unit.startswith("%"):
            return f"{number} {self.unit}".rstrip()
        bare = number[-1].isdigit() and " in " not in number
        return f"{number}{self.unit if bare else self.unit[1:]}"


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


def said(value: float) -> str:
    """A number as sentences have it: no more digits than say something.

    >>> said(869.29), said(4027.14), said(33.57), said(0.9218), said(114)
    ('869', '4,027', '33.6', '0.92', '114')
    """
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
