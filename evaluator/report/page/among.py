"""A row among placebos, and among the same estimates with one course, country or week left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluator.report import numbers
from evaluator.report.page.figures import Panel
from evaluator.report.page.forest import domain
from evaluator.report.page.svg import (
    ACCENT,
    INK,
    MUTED,
    Axis,
    Point,
    dots,
    lift_axis,
    lines,
    svg,
    text,
)

WIDTH, EDGE, HEAD = 324, 18, 28
"""Of a drawing, of its margins, of the room for the row's own lift: pixels at 360 across."""
BARS, LABEL, GAP, DOTS = 34, 16, 6, 14
"""Heights of a distribution, of its label, of the room after it, and of a line of dots."""
BINS = 48
"""Of a distribution, over the whole axis."""

Lifts = Mapping[str, Sequence[float]]


def among(label: str, evidence: Mapping[str, Any], lift: float) -> Panel:
    """A strip for each kind of placebo and of omission, the row's own lift through all of them."""
    sets, kinds = evidence["placebos"], _by_kind(evidence["without"])
    shown = [
        *(v for one in sets for v in one["lifts"]),
        *(v for own in kinds.values() for v in own),
    ]
    x = Axis(*domain([lift, *shown]), EDGE, WIDTH - EDGE, log=True)
    bars, foot = _distributions(sets, x)
    points, foot = _omissions(kinds, x, foot)
    at = x.at(lift)
    anchor = "end" if at > WIDTH * 0.8 else "start" if at < WIDTH / 5 else "middle"
    parts = [
        *bars,
        lift_axis(x, (HEAD, foot), upright=False),
        lines([((at, HEAD - 4), (at, foot))], ACCENT, 2),
        *points,
        text((at, HEAD - 10), f"this row {numbers.lift(lift)}", anchor, INK),
    ]
    titles = ["among placebos"] * bool(sets) + ["one left out"] * bool(kinds)
    findings = [_placebo_finding(one, lift) for one in sets]
    findings += _omission_findings(evidence["without"])
    drawing = svg(WIDTH, foot + 20, parts)
    return Panel(f"{label}: {', '.join(titles)}", "; ".join(findings), drawing)


def _distributions(sets: Sequence[Mapping[str, Any]], x: Axis) -> tuple[list[str], float]:
    """Histograms, and where the last one ends."""
    parts, foot = [], float(HEAD)
    for one in sets:
        foot += LABEL + BARS
        parts.append(lines(_bars(one["lifts"], x, foot), MUTED, (x.end - x.start) / BINS - 1))
        parts.append(lines([((x.start, foot), (x.end, foot))], MUTED, 1))
        said = f"{one['kind']}, p {numbers.p_value(one['p'])}"
        parts.append(text((x.start, foot - BARS - 4), said, "start"))
        foot += GAP
    return parts, foot


def _omissions(kinds: Lifts, x: Axis, foot: float) -> tuple[list[str], float]:
    """Lines of dots, and where the last one ends."""
    parts = []
    for kind, lifts in kinds.items():
        foot += LABEL + DOTS
        parts.append(text((x.start, foot - DOTS - 2), f"without one {kind}", "start"))
        parts.append(dots(((x.at(value), foot - DOTS / 2 + 2) for value in lifts), INK, 5))
    return parts, foot + GAP


def _bars(lifts: Sequence[float], x: Axis, foot: float) -> list[tuple[Point, Point]]:
    """A bar for each bin with anything in it, the highest as high as a strip."""
    width = (x.end - x.start) / BINS
    counts: dict[int, int] = {}
    for lift in lifts:
        place = min(int((x.at(lift) - x.start) / width), BINS - 1)
        counts[place] = counts.get(place, 0) + 1
    tallest = max(counts.values(), default=1)
    middles = {place: x.start + (place + 0.5) * width for place in counts}
    return [
        ((middles[place], foot), (middles[place], foot - BARS * count / tallest))
        for place, count in sorted(counts.items())
    ]


def _by_kind(without: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    kinds: dict[str, list[float]] = {}
    for one in without:
        kinds.setdefault(one["kind"], []).append(one["lift"])
    return kinds


def _placebo_finding(one: Mapping[str, Any], lift: float) -> str:
    lifts = one["lifts"]
    spread = f", from {numbers.lift(lifts[0])} to {numbers.lift(lifts[-1])}" if lifts else ""
    p, own = numbers.p_value(one["p"]), numbers.lift(lift)
    return f"{one['kind']}{spread}, where nothing was promoted; here {own}: p {p}"


def _omission_findings(without: Sequence[Mapping[str, Any]]) -> list[str]:
    """Between what the estimate moves, and what it hangs on most."""
    said = []
    for kind in _by_kind(without):
        own = [one for one in without if one["kind"] == kind]
        ends = [pick(own, key=lambda one: one["lift"]) for pick in (min, max)]
        told = (f"{numbers.lift(one['lift'])} ({one['left_out']})" for one in ends)
        said.append(f"without one {kind} {' to '.join(dict.fromkeys(told))}")
    return said
