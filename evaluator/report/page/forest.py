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
    dots,
    lines,
    svg,
    text,
)

WIDTH, VALUES, STEP, TOP = 324, 52, 20, 2
"""Of a panel, of its column of numbers, height of a line: pixels, where the page is 360 wide."""
COVERAGE, HEAD = 34, 14
"""Width of the column of coverages, and height of its title; where there are some."""
LETTER, LONGEST, MANY = 7.2, 166, 20
"""Width of a letter of a label and of the longest label; letters from which they are smaller."""
REACH = (1 / 8, 16.0)
"""Intervals are drawn as far as this; an arrow says that they go on."""
APART = 30
"""Room for a number below the axis."""
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
    coverage: str = ""
    """Measured coverage of its interval, in print."""


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
    covered = any(mark.coverage for mark in panel)
    top, right = (TOP + HEAD, WIDTH - COVERAGE) if covered else (TOP, WIDTH)
    axis = Axis(*ends, left, right - VALUES - 6, log=True)
    foot = top + STEP * len(panel)
    one = axis.at(1)
    parts = [lines([((one, top), (one, foot))], LINE, 1.5)]
    if covered:
        parts.append(text((WIDTH, TOP + 9), "coverage", "end", size=10))
    for position, mark in enumerate(panel):
        y = top + STEP * (position + 0.5)
        known = mark.value is not None
        size = 10 if len(mark.label) > MANY else 11
        parts.append(text((left - 8, y + 4), _cut(mark.label), "end", INK, size))
        parts.append(text((right, y + 4), mark.shown, "end", INK if known else MUTED))
        if mark.coverage:
            parts.append(text((WIDTH, y + 4), mark.coverage, "end"))
    parts += _drawn([(mark, top + STEP * (n + 0.5)) for n, mark in enumerate(panel)], axis)
    parts += [text((axis.at(v), foot + 13), f"×{v:g}") for v in _ticks(axis)]
    return svg(WIDTH, foot + 18, parts)


def _drawn(placed: Sequence[tuple[Mark, float]], axis: Axis) -> Iterator[str]:
    """Intervals, then points over them: one path for all of a kind."""
    by_tone = {
        tone: [(mark, y) for mark, y in placed if _tone(mark) == tone] for tone in (MUTED, ACCENT)
    }
    for tone, own in by_tone.items():
        thin = [(mark.thin, y) for mark, y in own if mark.thin is not None]
        thick = [(mark.thick, y) for mark, y in own if mark.thick is not None]
        for spans, thickness in ((thin, 1.2), (thick, 4.0)):
            at = ((axis.at(low), axis.at(high), y) for (low, high), y in spans)
            yield lines((((start, y), (end, y)) for start, end, y in at), tone, thickness)
    yield from _arrows(placed, axis)
    beside = [(axis.at(mark.beside), y) for mark, y in placed if mark.beside is not None]
    yield from (dots(beside, MUTED, 7), dots(beside, PAPER, 5))
    for tone, own in by_tone.items():
        known = [(axis.at(m.value), y, m.hollow) for m, y in own if m.value is not None]
        yield dots(((x, y) for x, y, _ in known), tone, 8.6)
        yield dots(((x, y) for x, y, hollow in known if hollow), PAPER, 6.4)


def _arrows(placed: Sequence[tuple[Mark, float]], axis: Axis) -> Iterator[str]:
    """Where an interval goes on beyond the axis."""
    for mark, y in placed:
        known = [interval for interval in (mark.thin, mark.thick) if interval is not None]
        if any(low < axis.low for low, _ in known):
            yield text((axis.start, y + 4.5), "◂", size=13)
        if any(high > axis.high for _, high in known):
            yield text((axis.end, y + 4.5), "▸", size=13)


def _tone(mark: Mark) -> str:
    return MUTED if mark.hollow or mark.value is None else ACCENT


def _ticks(axis: Axis) -> Sequence[float]:
    """Powers of two, or round steps where all is near: as many as there is room for."""
    if (axis.low, axis.high) == NEAR:
        return NEAR_TICKS if axis.end - axis.start > APART * len(NEAR_TICKS) else NEAR_TICKS[::2]
    exponents = range(round(math.log2(axis.low)), round(math.log2(axis.high)) + 1)
    every = math.ceil(len(exponents) * APART / (axis.end - axis.start))
    return [2.0**e for e in exponents if e % every == 0]


def _cut(label: str) -> str:
    most = round(LONGEST / 6)
    return label if len(label) <= most else f"{label[: most - 1]}…"
