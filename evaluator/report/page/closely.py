"""Figures of the rows that were looked at closely: week by week, among others, under bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from evaluator.report import numbers
from evaluator.report.page import cells
from evaluator.report.page.among import among
from evaluator.report.page.figures import Panel
from evaluator.report.page.forest import domain
from evaluator.report.page.svg import (
    ACCENT,
    INK,
    MUTED,
    WASH,
    Axis,
    box,
    dots,
    lift_axis,
    line,
    lines,
    svg,
    text,
)
from evaluator.report.tables import Record
from evaluator.report.words import block_of, outcome_label, row_label
from evaluator.results import Row, RowRole

WIDTH, LEFT, RIGHT = 324, 46, 6
"""Of a drawing, of its vertical axis and of the room after it: pixels, at 360 across."""
TOP, PLOT, FOOT = 8, 128, 34
NAMES = {"relative magnitudes": "× largest before", "smoothness": "change of slope"}
"""What a size of a departure is counted in."""


@dataclass(frozen=True, slots=True)
class Closely:
    """The figures of one row."""

    position: int
    label: str
    panels: tuple[Panel, ...]


def closely(rows: Sequence[Row], records: Sequence[Record]) -> Mapping[str, tuple[Closely, ...]]:
    """Block of questions → its rows with their figures; of the experiment's own outcome only."""
    found: dict[str, list[Closely]] = {}
    for position, (row, record) in enumerate(zip(rows, records, strict=True)):
        own = row.role is RowRole.HEADLINE and not outcome_label(row.key.question)
        panels = tuple(_panels(row_label(row.key), record)) if own else ()
        if panels:
            one = Closely(position, row_label(row.key), panels)
            found.setdefault(block_of(row.key.question), []).append(one)
    return {block: tuple(own) for block, own in found.items()}


def _panels(label: str, record: Record) -> list[Panel]:
    evidence = record["evidence"]
    panels = []
    if study := evidence["event_study"]:
        panels.append(Panel(f"{label}: week by week", _study_finding(study), event_study(study)))
    if evidence["placebos"] or evidence["without"]:
        panels.append(among(label, evidence, record["lift"]))
    if bounds := evidence["bounds"]:
        finding = "; ".join(map(_bounds_finding, bounds))
        panels.append(Panel(f"{label}: should trends differ", finding, bounded(bounds)))
    return panels


def event_study(study: Mapping[str, Any]) -> Markup:
    """Weekly lifts with their own and their simultaneous intervals, the window shaded."""
    weeks = study["weeks"]
    ends = domain(value for week in weeks for value in (week["lift"], *_ends(week, "_sim")))
    x = Axis(weeks[0]["week"] - 0.7, weeks[-1]["week"] + 0.7, LEFT, WIDTH - RIGHT)
    y = Axis(*ends, TOP + PLOT, TOP, log=True)
    parts = []
    if weeks[-1]["week"] >= 0:
        parts.append(box((x.at(-0.5), TOP), (x.at(x.high), TOP + PLOT), WASH))
    parts.append(lift_axis(y, (LEFT, WIDTH - RIGHT)))
    for inside, colour in ((False, MUTED), (True, ACCENT)):
        own = [week for week in weeks if (week["week"] >= 0) == inside]
        for suffix, thickness in (("_sim", 1.0), ("", 3.0)):
            spans = ((x.at(w["week"]), *map(y.at, _ends(w, suffix))) for w in own)
            parts.append(lines((((at, a), (at, b)) for at, a, b in spans), colour, thickness))
        parts.append(dots(((x.at(w["week"]), y.at(w["lift"])) for w in own), INK, 4.5))
    every = 4 * (1 + len(weeks) // 40)
    labelled = (w["week"] for w in weeks if w["week"] % every == 0)
    parts += [text((x.at(w), TOP + PLOT + 14), cells.signed(w)) for w in labelled]
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(text((middle, TOP + PLOT + 29), "weeks from the first of the window"))
    return svg(WIDTH, TOP + PLOT + FOOT, parts)


def bounded(kinds: Sequence[Mapping[str, Any]]) -> Markup:
    """The interval by the size of the departure that is allowed; the breakdown is marked."""
    values = [v for one in kinds for interval in one["intervals"] for v in _ends(interval)]
    y = Axis(*domain(values), TOP + PLOT, TOP, log=True)
    parts = [lift_axis(y, (LEFT, WIDTH - RIGHT))]
    room = (WIDTH - RIGHT - LEFT) / len(kinds)
    for position, one in enumerate(kinds):
        start = LEFT + position * room + 16
        sizes = [interval["size"] for interval in one["intervals"]]
        x = Axis(sizes[0], sizes[-1] or 1.0, start, start + room - 32)
        spans = [(x.at(i["size"]), *map(y.at, _ends(i))) for i in one["intervals"]]
        parts.append(lines((((at, a), (at, b)) for at, a, b in spans), ACCENT, 4))
        parts += [text((x.at(v), TOP + PLOT + 14), f"{v:.2g}") for v in (sizes[0], sizes[-1])]
        parts.append(
            text(((x.start + x.end) / 2, TOP + PLOT + 29), NAMES.get(one["kind"], one["kind"]))
        )
        broken = one["breakdown"]
        if not isinstance(broken, str) and sizes[0] < broken <= sizes[-1]:
            at = x.at(broken)
            parts.append(line([(at, TOP), (at, TOP + PLOT)], INK, 1, "3 2"))
    return svg(WIDTH, TOP + PLOT + FOOT, parts)


def _ends(of: Mapping[str, Any], suffix: str = "") -> tuple[float, float]:
    low, high = of[f"lift_low{suffix}"], of[f"lift_high{suffix}"]
    return 0.0 if low is None else low, math.inf if high is None else high


def _study_finding(study: Mapping[str, Any]) -> str:
    off = [
        week["week"]
        for week in study["weeks"]
        if week["week"] < 0 and not _ends(week, "_sim")[0] <= 1 <= _ends(week, "_sim")[1]
    ]
    weeks = "weeks" if len(off) > 1 else "week"
    where = f"{weeks} {', '.join(map(cells.signed, off))} off ×1" if off else "no week off ×1"
    slope = cells.percentage_interval(study["slope_low"], study["slope_high"])
    return (
        f"before the window {where} by the simultaneous bands (p {numbers.p_value(study['p'])});"
        f" its trend {cells.percentage(study['slope'])} a week {slope}; one of"
        f" {cells.percentage(study['overturning_slope'])} a week would overturn the result, noticed"
        f" with probability {numbers.probability(study['power'])}"
    )


def _bounds_finding(one: Mapping[str, Any]) -> str:
    first, last = one["intervals"][0], one["intervals"][-1]
    said = [f"{i['size']:.2g}: {cells.between(*_ends(i))}" for i in (first, last)]
    broken = one["breakdown"]
    until = "never" if isinstance(broken, str) else f"from {numbers.factor(broken)} on"
    return f"{one['kind']}, by size {' to '.join(said)}; no effect inside: {until}"
