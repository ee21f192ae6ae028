"""Forests: lifts with their intervals on one log axis, a panel for each question or channel."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from evaluator.report.page.svg import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    PAPER,
    Axis,
    lines,
    point,
    svg,
    text,
)

WIDTH, VALUES, STEP, TOP = 324, 52, 20, 2
"""Of a panel, of its column of numbers, height of a line: pixels, where the page is 360 wide."""
LETTER, LONGEST = 7.2, 150
"""Width of a letter of a label, and of the longest label that is not cut."""
REACH = (1 / 8, 16.0)
"""Intervals are drawn as far as this; an arrow says that they go on."""
NEAR, NEAR_TICKS = (0.8, 1.25), (0.8, 0.9, 1.0, 1.1, 1.2)
"""The axis where all lifts are small."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of a forest; all values are lifts."""

    label: str
    value: float | None
    """None: refused."""
    shown: str
    """The number in print, or the word that stands in its place."""
    thick: tuple[float, float] | None = None
    thin: tuple[float, float] | None = None
    beside: float | None = None
    """A second, hollow point."""
    hollow: bool = False
    """Whether the first one is: it describes and does not decide."""


def forests(panels: Sequence[Sequence[Mark]]) -> list[Markup]:
    """Panels on one axis, wide enough for what most of them show."""
    if not panels:
        return []
    ends = domain(value for panel in panels for mark in panel for value in _values(mark))
    longest = max((len(mark.label) for panel in panels for mark in panel), default=0)
    left = min(round(LETTER * longest) + 20, LONGEST)
    return [_forest(panel, ends, left) for panel in panels]


def domain(lifts: Iterable[float]) -> tuple[float, float]:
    """From a power of two to a power of two, around all lifts and around 1; nearer if it can be.

    >>> domain([0.8, 3.1]), domain([0.7]), domain([0.001, 5000.0]), domain([1.05, 1.1])
    ((0.5, 4.0), (0.5, 2.0), (0.125, 16.0), (0.8, 1.25))
    """
    kept = [_inside(lift, REACH) for lift in lifts]
    if all(NEAR[0] <= lift <= NEAR[1] for lift in kept):
        return NEAR
    low, high = math.floor(math.log2(min(kept))), math.ceil(math.log2(max(kept)))
    return 2.0 ** min(low, -1), 2.0 ** max(high, 1)


def _values(mark: Mark) -> Iterator[float]:
    yield from (end for ends in (mark.thick, mark.thin) if ends for end in ends)
    yield from (value for value in (mark.value, mark.beside) if value is not None)


def _inside(value: float, ends: tuple[float, float]) -> float:
    return min(max(value, ends[0]), ends[1])


def _forest(panel: Sequence[Mark], ends: tuple[float, float], left: int) -> Markup:
    """A line for each mark, with labels of this width at its left and its number at the right."""
    axis = Axis(*ends, left, WIDTH - VALUES - 6, log=True)
    foot = TOP + STEP * len(panel)
    one = axis.at(1)
    parts = [lines([((one, TOP), (one, foot))], LINE, 1.5)]
    for position, mark in enumerate(panel):
        y = TOP + STEP * (position + 0.5)
        known = mark.value is not None
        parts.append(text((left - 8, y + 4), _cut(mark.label), "end", INK))
        parts.append(text((WIDTH, y + 4), mark.shown, "end", INK if known else MUTED))
        parts += _drawn(mark, axis, y)
    parts += [text((axis.at(v), foot + 13), f"×{v:g}") for v in _ticks(ends)]
    return svg(WIDTH, foot + 18, parts)


def _drawn(mark: Mark, axis: Axis, y: float) -> Iterator[str]:
    stroke = MUTED if mark.hollow or mark.value is None else ACCENT
    for interval, thickness in ((mark.thin, 1.2), (mark.thick, 4)):
        if interval is not None:
            low, high = map(axis.at, interval)
            yield lines([((low, y), (high, y))], stroke, thickness)
    known = [interval for interval in (mark.thin, mark.thick) if interval is not None]
    if any(low < axis.low for low, _ in known):
        yield text((axis.start, y + 4.5), "◂", size=13)
    if any(high > axis.high for _, high in known):
        yield text((axis.end, y + 4.5), "▸", size=13)
    if mark.beside is not None:
        yield point((axis.at(mark.beside), y), 3, PAPER, MUTED)
    if mark.value is not None:
        yield point((axis.at(mark.value), y), 3.8, PAPER if mark.hollow else ACCENT, stroke)


def _ticks(ends: tuple[float, float]) -> Sequence[float]:
    """Powers of two, every other one where there are many; round steps where all is near."""
    if ends == NEAR:
        return NEAR_TICKS
    exponents = range(round(math.log2(ends[0])), round(math.log2(ends[1])) + 1)
    every = 1 if len(exponents) <= 6 else 2
    return [2.0**e for e in exponents if e % every == 0]


def _cut(label: str) -> str:
    most = round(LONGEST / LETTER)
    return label if len(label) <= most else f"{label[: most - 1]}…"
