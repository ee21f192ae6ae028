"""Forests: lifts with their intervals on one log axis, a panel for each question or channel."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from evaluator.report.page.drawing import ACCENT, INK, LINE, MUTED, PAPER, Drawing, compiled

WIDTH, VALUES, STEP = 324, 52, 20
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
    drawing = _drawing(ends, min(round(LETTER * longest) + 20, LONGEST))
    return [
        drawing.svg({"marks": [{"line": n, **_mark(m, ends)} for n, m in enumerate(panel)]})
        for panel in panels
    ]


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


def _mark(mark: Mark, ends: tuple[float, float]) -> dict[str, object]:
    decides = mark.value is not None and not mark.hollow
    datum: dict[str, object] = {
        "label": mark.label,
        "shown": mark.shown,
        "stroke": ACCENT if decides else MUTED,
        "fill": ACCENT if decides else PAPER,
        "ink": INK if mark.value is not None else MUTED,
    }
    if mark.value is not None:
        datum["value"] = _inside(mark.value, ends)
    if mark.beside is not None:
        datum["beside"] = _inside(mark.beside, ends)
    for name, interval in (("thick", mark.thick), ("thin", mark.thin)):
        if interval is not None:
            datum[f"{name}_low"], datum[f"{name}_high"] = (_inside(v, ends) for v in interval)
            if interval[0] < ends[0]:
                datum["further_down"] = ends[0]
            if interval[1] > ends[1]:
                datum["further_up"] = ends[1]
    return datum


def _drawing(ends: tuple[float, float], width: int) -> Drawing:
    """The chart, with labels of this width at its left."""
    import altair as alt

    plot = WIDTH - VALUES - width
    labels = alt.Axis(
        title=None, domain=False, ticks=False, minExtent=width, maxExtent=width,
        labelLimit=width - 8, labelColor=INK, labelPadding=6,
    )  # fmt: skip
    # Ordered by a field: layers that leave marks out would else order them as they come.
    y = alt.Y("label:N", sort=alt.EncodingSortField("line", op="min"), axis=labels)
    across, marks = _across(ends), alt.Chart(alt.NamedData("marks"))
    stroke, fill, ink = (
        alt.Stroke("stroke:N", scale=None),
        alt.Fill("fill:N", scale=None),
        alt.Fill("ink:N", scale=None),
    )
    rules = [
        marks.mark_rule(strokeWidth=thickness).encode(
            alt.X(f"{name}_low", **across), y, x2=f"{name}_high:Q", stroke=stroke
        )
        for name, thickness in (("thin", 1.2), ("thick", 4))
    ]
    arrows = [
        marks.mark_text(text=arrow, fontSize=13, fill=MUTED).encode(
            alt.X(f"further_{way}", **across), y
        )
        for way, arrow in (("down", "◂"), ("up", "▸"))
    ]
    hollow = marks.mark_point(size=26, strokeWidth=1.2, opacity=1, fill=PAPER, stroke=MUTED)
    point = marks.mark_point(size=46, strokeWidth=1.5, opacity=1)
    number = marks.mark_text(align="right", fontSize=11, x=plot + VALUES)
    layers = alt.layer(
        marks.mark_rule(stroke=LINE, strokeWidth=1.5).encode(x=alt.XDatum(1, **across)),
        *rules,
        *arrows,
        hollow.encode(alt.X("beside", **across), y),
        point.encode(alt.X("value", **across), y, stroke=stroke, fill=fill),
        number.encode(y=y, text="shown:N", fill=ink),
    )
    return compiled(layers.properties(width=plot, height=alt.Step(STEP)))


def _across(ends: tuple[float, float]) -> dict[str, Any]:
    """What all horizontal encodings share: a log scale, with ticks at powers of two."""
    import altair as alt

    exponents = range(round(math.log2(ends[0])), round(math.log2(ends[1])) + 1)
    every = 1 if len(exponents) <= 6 else 2
    powers = [2.0**e for e in exponents if e % every == 0]
    axis = alt.Axis(
        values=list(NEAR_TICKS) if ends == NEAR else powers,
        title=None, domain=False, labelFlush=False, labelExpr="'×' + format(datum.value, '~r')",
    )  # fmt: skip
    scale = alt.Scale(type="log", base=2, domain=list(ends), nice=False)
    return {"type": "quantitative", "scale": scale, "axis": axis}
