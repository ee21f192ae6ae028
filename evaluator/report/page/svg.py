"""Drawings written by hand: one path for all marks of a kind, in the page's own colours.

The drawings carry no colours of their own but the names of the page's (its classes), so that one
drawing serves a light page, a dark page and paper. Nothing is clipped, patterned or defined inside
a drawing: identifiers of several drawings on one page would collide. What most marks share (no
filling of a path, text about its middle, the size of letters) stands once in the page's style. A
chart library draws the same in fifty times the time and four times the bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

INK, MUTED, LINE, WASH = "i", "m", "l", "w"
ACCENT, SOFT, PAPER = "a", "s", "p"
HATCHED, HATCHED_MUTED, NONE = "h", "k", ""
"""Tones that the page defines: as a filling with an f before it, as a stroke with an s."""
ANCHORS = {"middle": "", "start": "b", "end": "e"}
"""Where text stands about its place → its class."""

Point = tuple[float, float]
LETTERS = 11
"""Height of text, in the units of the drawing: pixels where it is as wide as drawn."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From values to places along one side; on a log scale where `log`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The place of a value; of one beyond the axis, its end."""
        low, high = (math.log(e) if self.log else e for e in (self.low, self.high))
        inside = min(max(value, self.low), self.high)
        share = ((math.log(inside) if self.log else inside) - low) / (high - low)
        return self.start + share * (self.end - self.start)


def svg(width: float, height: float, parts: Iterable[str]) -> Markup:
    """A drawing of these parts, which have escaped their text."""
    return Markup(f'<svg viewBox="0 0 {width:g} {height:g}">{"".join(parts)}</svg>')


def lines(segments: Iterable[tuple[Point, Point]], stroke: str, width: float) -> str:
    """All these segments as one path; points where both ends are the same."""
    drawn = "".join(_segment(*segment) for segment in segments)
    if not drawn:
        return ""
    return f'<path d="{drawn}"{_stroked(stroke, width)}/>'


def dots(points: Iterable[Point], colour: str, size: float) -> str:
    """All these points as one path."""
    drawn = "".join(f"M{number(x)} {number(y)}h0" for x, y in points)
    if not drawn:
        return ""
    return f'<path d="{drawn}"{_stroked(colour, size)} stroke-linecap="round"/>'


def line(points: Iterable[Point], stroke: str, width: float, dash: str = "") -> str:
    """One line through all points."""
    drawn = f'<path d="M{_through(points)}"{_stroked(stroke, width)}'
    return f'{drawn} stroke-dasharray="{dash}"/>' if dash else f"{drawn}/>"


def area(upper: Sequence[Point], lower: Sequence[Point], fill: str) -> str:
    """What lies between two lines."""
    drawn = f"M{_through((*upper, *reversed(lower)))}Z"
    return f'<path d="{drawn}"{classes(fill)}/>' if upper else ""


def point(place: Point, radius: float, fill: str, stroke: str) -> str:
    x, y = map(number, place)
    return f'<circle cx="{x}" cy="{y}" r="{radius:g}"{classes(fill, stroke)}/>'


def box(corner: Point, opposite: Point, fill: str, stroke: str = NONE) -> str:
    x, y = (min(ends) for ends in zip(corner, opposite, strict=True))
    width, height = (abs(a - b) for a, b in zip(corner, opposite, strict=True))
    place = f'x="{number(x)}" y="{number(y)}"'
    size = f'width="{number(width)}" height="{number(height)}"'
    return f"<rect {place} {size}{classes(fill, stroke)}/>"


def text(
    place: Point, said: str, anchor: str = "middle", fill: str = MUTED, size: float = LETTERS
) -> str:
    x, y = map(number, place)
    sized = "" if size == LETTERS else f' font-size="{size:g}"'
    toned = classes(NONE if fill == MUTED else fill, also=ANCHORS[anchor])
    return f'<text x="{x}" y="{y}"{toned}{sized}>{escape(said)}</text>'


def lift_axis(axis: Axis, across: tuple[float, float], *, upright: bool = True) -> str:
    """Ticks of a log axis of lifts, with a line across at each and a stronger one at ×1.

    Parameters
    ----------
    across : from where to where the lines reach; the numbers stand at the left, or below
    """
    near, far = across

    def across_at(value: float) -> tuple[Point, Point]:
        place = axis.at(value)
        return ((near, place), (far, place)) if upright else ((place, near), (place, far))

    drawn = [lines(map(across_at, ticks(axis)), LINE, 1)]
    drawn.append(lines([across_at(1.0)], MUTED, 1))
    for value in ticks(axis):
        at = (near - 6, axis.at(value) + 4) if upright else (axis.at(value), far + 14)
        drawn.append(text(at, f"×{value:g}", "end" if upright else "middle"))
    return "".join(drawn)


def ticks(axis: Axis) -> Sequence[float]:
    """Powers of two of a log axis, at most five; where it spans less than one, its ends and 1."""
    exponents = range(math.ceil(math.log2(axis.low)), math.floor(math.log2(axis.high)) + 1)
    every = 1 + (len(exponents) - 1) // 5
    powers = [2.0**e for e in exponents if e % every == 0]
    return powers if len(powers) > 1 else [axis.low, 1.0, axis.high]


def round_steps(highest: float, most: int = 4) -> Sequence[float]:
    """From 0 in equal round whole steps to the first at or above a count.

    >>> round_steps(950), round_steps(2.2)
    ((0.0, 500.0, 1000.0), (0.0, 1.0, 2.0, 3.0))
    """
    rough = max(highest, 1e-9) / most
    unit = 10.0 ** math.floor(math.log10(rough))
    step = max(next(unit * by for by in (1, 2, 5, 10) if unit * by >= rough), 1.0)
    return tuple(step * n for n in range(math.ceil(max(highest, step) / step - 1e-9) + 1))


def classes(fill: str, stroke: str = NONE, also: str = "") -> str:
    """The attribute of a mark that is filled and drawn in these tones.

    >>> classes(PAPER, ACCENT), classes(NONE)
    (' class="fp sa"', '')
    """
    names = " ".join(filter(None, (fill and f"f{fill}", stroke and f"s{stroke}", also)))
    return f' class="{names}"' if names else ""


def number(value: float) -> str:
    """No more digits than pixels have.

    >>> number(12.04), number(3)
    ('12', '3')
    """
    return f"{value:.1f}".removesuffix(".0")


def _stroked(stroke: str, width: float) -> str:
    thick = "" if width == 1 else f' stroke-width="{width:g}"'
    return f"{classes(NONE, stroke)}{thick}"


def _through(points: Iterable[Point]) -> str:
    return "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _segment(start: Point, end: Point) -> str:
    (x1, y1), (x2, y2) = start, end
    if x1 == x2:
        return f"M{number(x1)} {number(y1)}V{number(y2)}"
    if y1 == y2:
        return f"M{number(x1)} {number(y1)}H{number(x2)}"
    return f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"
