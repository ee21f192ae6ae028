"""Specification curves: a lift under every choice that was made otherwise, from least to most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from evaluator.report import numbers
from evaluator.report.page.choices import Choice
from evaluator.report.page.figures import Panel
from evaluator.report.page.forest import domain
from evaluator.report.page.svg import ACCENT, INK, MUTED, Axis, dots, lift_axis, lines, svg
from evaluator.report.words import question_title

WIDTH, LEFT, RIGHT, TOP, PLOT = 324, 46, 6, 8, 104
"""Of a drawing, of its vertical axis and of the room about it: pixels at 360 across."""
FEWEST = 4
"""Specifications that make a curve."""


def curves(
    tables: Mapping[str, Sequence[Choice]], specified: Sequence[Mapping[str, Any]]
) -> tuple[Panel, ...]:
    """A curve for the first row of each table, which is the pooled one where there is one.

    Parameters
    ----------
    specified : the specifications of results.json
    """
    counted = {one["row"]: one for one in specified}
    drawn = []
    for question, lines_of in tables.items():
        own = list(lines_of[:1])
        for choice in lines_of[1:]:
            if choice.headline:
                break
            own.append(choice)
        if len(own) >= FEWEST:
            title = f"{question_title(question)}: {own[0].about}"
            by_lift = sorted(own, key=lambda one: one.record["lift"])
            drawn.append(_panel(title, by_lift, counted[own[0].position]))
    return tuple(drawn)


def _panel(title: str, own: Sequence[Choice], counted: Mapping[str, Any]) -> Panel:
    ends = [_ends(choice) for choice in own]
    y = Axis(*domain(value for pair in ends for value in pair), TOP + PLOT, TOP, log=True)
    x = Axis(-0.7, len(own) - 0.3, LEFT, WIDTH - RIGHT)
    parts = [lift_axis(y, (LEFT, WIDTH - RIGHT))]
    for decides, tone, thickness in ((False, MUTED, 1.5), (True, ACCENT, 4.0)):
        at = [p for p, choice in enumerate(own) if choice.headline == decides]
        spans = (((x.at(p), y.at(ends[p][0])), (x.at(p), y.at(ends[p][1]))) for p in at)
        parts.append(lines(spans, tone, thickness))
        points = ((x.at(p), y.at(own[p].record["lift"])) for p in at)
        parts.append(dots(points, ACCENT if decides else INK, 8 if decides else 5))
    return Panel(title, _finding(own, counted), svg(WIDTH, TOP + PLOT + 8, parts))


def _finding(own: Sequence[Choice], counted: Mapping[str, Any]) -> str:
    decides = next(choice for choice in own if choice.headline)
    return (
        f"{numbers.lift(decides.record['lift'])} where it decides; from"
        f" {numbers.lift(counted['lift_least'])} ({_named(own[0])}) to"
        f" {numbers.lift(counted['lift_most'])} ({_named(own[-1])}); the interval excludes ×1 in"
        f" {counted['excluding_no_effect']} of {counted['lifts']}"
    )


def _named(choice: Choice) -> str:
    return "the one that decides" if choice.headline else choice.about


def _ends(choice: Choice) -> tuple[float, float]:
    low, high = choice.record["lift_low"], choice.record["lift_high"]
    return low or 0.0, math.inf if high is None else high
