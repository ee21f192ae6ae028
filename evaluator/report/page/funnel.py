"""Figures per channel: from who saw it to who shared it, and its lift in the weeks after."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from evaluator.report import numbers
from evaluator.report.page import cells
from evaluator.report.page.figures import Panel
from evaluator.report.page.forest import Mark, forests
from evaluator.report.page.svg import ACCENT, INK, LINE, SOFT, Axis, box, lines, svg, text

WIDTH, LABELS, COUNTS, STEP, TOP = 324, 78, 224, 22, 4
"""Of a panel, of its labels, where its counts end, height of a line: pixels at 360 across."""
NOT_COUNTED = "not counted"
WEEKS = ("in the wave", "week after", "week 2 after")


def funnels(found: Sequence[Mapping[str, Any]]) -> tuple[Panel, ...]:
    """A panel for each channel of which any stage is counted, all on one log axis."""
    counted = [one for one in found if any(stage["count"] for stage in one["stages"])]
    most = max((s["count"] or 1 for one in counted for s in one["stages"]), default=1)
    axis = Axis(1, 10 ** math.ceil(math.log10(max(most, 10))), LABELS, COUNTS - 50, log=True)
    return tuple(
        Panel(
            one["channel"],
            "; ".join(_finding(stage) for stage in one["stages"]),
            _funnel(one["stages"], axis),
        )
        for one in counted
    )


def decays(found: Sequence[Mapping[str, Any]]) -> tuple[Panel, ...]:
    """A forest for each channel: its lift in the wave, and week by week after."""
    drawings = forests([[_week(week) for week in one["weeks"]] for one in found])
    return tuple(
        Panel(one["channel"], "; ".join(_week_finding(week) for week in one["weeks"]), drawing)
        for one, drawing in zip(found, drawings, strict=True)
    )


def _funnel(stages: Sequence[Mapping[str, Any]], axis: Axis) -> Markup:
    """A bar for each stage, as long as the logarithm of its count."""
    parts = []
    for position, stage in enumerate(stages):
        y = TOP + STEP * position
        parts.append(text((LABELS - 8, y + 14), stage["stage"], "end", INK))
        if stage["count"] is None:
            parts.append(lines([((LABELS, y + 10), (axis.end, y + 10))], LINE, 1))
            parts.append(text((WIDTH, y + 14), NOT_COUNTED, "end"))
            continue
        enrolled = stage["stage"] == "enrolment"
        end = max(axis.at(max(stage["count"], 1)), LABELS + 1)
        parts.append(box((LABELS, y + 3), (end, y + 17), ACCENT if enrolled else SOFT))
        parts.append(text((COUNTS, y + 14), numbers.count(stage["count"]), "end", INK))
        if stage["share"] is not None:
            parts.append(text((WIDTH, y + 14), _share(stage), "end", size=10))
    return svg(WIDTH, TOP + STEP * len(stages) + 2, parts)


def _share(stage: Mapping[str, Any]) -> str:
    own = cells.percentage(stage["share"])
    if stage["low"] is None:
        return own
    low, high = (f"{100 * stage[end]:.1f}" for end in ("low", "high"))
    return f"{own} [{low}; {high}]"


def _finding(stage: Mapping[str, Any]) -> str:
    if stage["count"] is None:
        return f"{stage['stage']} {NOT_COUNTED}"
    counted = f"{stage['stage']} {numbers.count(stage['count'])} {stage['unit']}"
    return f"{counted}, {_share(stage)} of {stage['of_stage']}" if stage["share"] else counted


def _week(week: Mapping[str, Any]) -> Mark:
    label = WEEKS[week["week"]] if week["week"] < len(WEEKS) else f"week {week['week']} after"
    if week["lift"] is None:
        return Mark(label, None, "refused")
    high = math.inf if week["lift_high"] is None else week["lift_high"]
    return Mark(label, week["lift"], numbers.lift(week["lift"]), (week["lift_low"] or 0.0, high))


def _week_finding(week: Mapping[str, Any]) -> str:
    mark = _week(week)
    if mark.thick is None:
        return f"{mark.label} {mark.shown}: {week['reason']}"
    return f"{mark.label} {mark.shown} {cells.between(*mark.thick)}"
