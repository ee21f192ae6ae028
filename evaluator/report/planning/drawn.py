"""Curves of power: one panel for every question, along lifts and along other things that vary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.report import numbers
from evaluator.report.page.figures import Panel
from evaluator.report.page.svg import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    SOFT,
    Axis,
    Point,
    area,
    line,
    lines,
    point,
    svg,
    text,
)
from evaluator.report.planning import figures
from evaluator.report.planning.told import best_row, by_question

Plan = Mapping[str, Any]
Record = Mapping[str, Any]
WIDTH, HEIGHT, LEFT, TOP, FOOT = 324, 206, 34, 8, 36
LIFT = "lift"
TICKS = (1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)
ROOM = 1.4
"""How far an axis of lifts goes on behind the last that is noticed."""
RIGHT = 14
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
ROW = ("question", "course", "channel", "arm", "method", "variant")


@dataclass(frozen=True, slots=True)
class Shown:
    """The curve of one row, and what stands beside it."""

    title: str
    curve: Record
    beside: tuple[Record, ...] = ()
    """Curves of the other rows of the question."""
    formula: Record | None = None


def lift_panels(plan: Plan) -> tuple[Panel, ...]:
    """The row of each question that notices the smallest lift; then rows that have a formula."""
    panels = list(_over_lifts(plan))
    noticed = {_key(row): row["detectable"]["lift"] or TICKS[-1] for row in plan["power"]}
    last = ROOM * max((noticed[_key(shown.curve)] for shown in panels), default=1.0)
    values = [point["value"] for shown in panels for point in shown.curve["points"]]
    end = min((value for value in values if value >= max(last, 2.0)), default=TICKS[-1])
    x = Axis(1.0, end, LEFT, WIDTH - RIGHT, log=True)
    return tuple(_lift_panel(plan, shown, x) for shown in panels)


def axis_panels(plan: Plan) -> Mapping[str, tuple[Panel, ...]]:
    """Axis → a panel for each question, of the row that notices the smallest lift."""
    axes = dict.fromkeys(curve["axis"] for curve in plan["curves"] if curve["axis"] != LIFT)
    return {axis: tuple(_axis_panels(plan, axis)) for axis in axes}


def _over_lifts(plan: Plan) -> Iterator[Shown]:
    curves = _by_row(plan, LIFT)
    drawn = {key for key, curve in curves.items() if curve["points"]}
    formulas = {_key(own): own for own in plan["formulas"]}
    for question, rows in by_question(plan["power"]):
        best = best_row([row for row in rows if _key(row) in drawn])
        if best is None:
            continue
        own = [curves[_key(row)] for row in rows if _key(row) in drawn]
        first = curves[_key(best)]
        others = tuple(curve for curve in own if curve is not first)
        title = figures.title(question)
        yield Shown(f"{title}: {figures.label(first)}", first, others, formulas.get(_key(best)))
        for curve in others:
            if _key(curve) in formulas:
                name = f"{title}: {figures.label(curve)}"
                yield Shown(name, curve, (), formulas[_key(curve)])


def _lift_panel(plan: Plan, shown: Shown, x: Axis) -> Panel:
    own, y = plan["experiment"], Axis(0.0, 1.0, HEIGHT - FOOT, TOP)
    parts = [*_frame(y), *_curves(shown, x, y)]
    wanted, smallest = y.at(own["power"]), x.at(own["smallest_lift"])
    parts.append(line([(LEFT, wanted), (WIDTH - RIGHT, wanted)], INK, 1, "2 3"))
    parts.append(line([(smallest, TOP), (smallest, HEIGHT - FOOT)], INK, 1, "2 3"))
    if shown.formula is not None:
        parts.append(line(_line(shown.formula["points"], "power", x, y), INK, 1.4, "5 3"))
    ticks = [tick for tick in TICKS if tick <= x.high]
    parts += [text((x.at(v), HEIGHT - FOOT + 14), f"×{v:g}") for v in ticks]
    parts.append(text(((LEFT + WIDTH) / 2, HEIGHT - 6), "lift on the promoted days", fill=INK))
    return Panel(shown.title, _lift_finding(plan, shown), svg(WIDTH, HEIGHT, parts))


def _lift_finding(plan: Plan, shown: Shown) -> str:
    row = next(row for row in plan["power"] if _key(row) == _key(shown.curve))
    smallest = numbers.lift(plan["experiment"]["smallest_lift"])
    said = f"power {figures.power(row)} at {smallest}; noticed from {figures.noticed(row)}"
    if shown.formula is None:
        return said
    at = _nearest(shown.formula["points"], row["detectable"]["lift"])
    if at is None:
        return said
    beside = figures.probability(at["power"])
    return f"{said}; by formula {beside} at {numbers.lift(at['value'])}"


def _nearest(points: Sequence[Record], lift: float | None) -> Record | None:
    if lift is None or not points:
        return None
    return min(points, key=lambda point: abs(float(point["value"]) - lift))


def _axis_panels(plan: Plan, axis: str) -> Iterator[Panel]:
    curves = _by_row(plan, axis)
    for question, rows in by_question(plan["power"]):
        best = best_row([row for row in rows if _key(row) in curves])
        if best is None or not curves[_key(best)]["points"]:
            continue
        first = curves[_key(best)]
        others = tuple(
            curve for key, curve in curves.items() if key[0] == question and curve is not first
        )
        title = f"{figures.title(question)}: {figures.label(first)}"
        yield _axis_panel(plan, axis, Shown(title, first, others))


def _axis_panel(plan: Plan, axis: str, shown: Shown) -> Panel:
    curve = shown.curve
    values = [p["value"] for p in curve["points"]]
    x = Axis(
        min(values), max(values) if len(values) > 1 else values[0] + 1, LEFT + 8, WIDTH - RIGHT - 8
    )
    y = Axis(0.0, 1.0, HEIGHT - FOOT, TOP)
    parts = [*_frame(y), *_curves(shown, x, y)]
    wanted = y.at(plan["experiment"]["power"])
    parts.append(line([(LEFT, wanted), (WIDTH - RIGHT, wanted)], INK, 1, "2 3"))
    for p in curve["points"]:
        parts.append(point((x.at(p["value"]), y.at(p["power"])), 3, ACCENT, ACCENT))
        parts.append(text((x.at(p["value"]), HEIGHT - FOOT + 14), f"{p['value']:g}"))
    planted = f"{axis}, at {numbers.lift(curve['lift'])}"
    parts.append(text(((LEFT + WIDTH) / 2, HEIGHT - 6), planted, fill=INK))
    finding = "; ".join(
        f"{p['value']:g} {axis}: power {figures.probability(p['power'])}"
        f" [{figures.probability(p['low'])}; {figures.probability(p['high'])}]"
        for p in curve["points"]
    )
    return Panel(
        shown.title, f"at {numbers.lift(curve['lift'])}, {finding}", svg(WIDTH, HEIGHT, parts)
    )


def _frame(y: Axis) -> Iterator[str]:
    yield lines([((LEFT, y.at(v)), (WIDTH - RIGHT, y.at(v))) for v in SHARES], LINE, 1)
    yield from (text((LEFT - 6, y.at(v) + 4), f"{v:g}", "end") for v in SHARES)


def _curves(shown: Shown, x: Axis, y: Axis) -> Iterator[str]:
    """Band and line of the row; the others as thin lines."""
    points = shown.curve["points"]
    yield area(_line(points, "high", x, y), _line(points, "low", x, y), SOFT)
    for other in shown.beside:
        yield line(_line(other["points"], "power", x, y), MUTED, 0.8)
    yield line(_line(points, "power", x, y), ACCENT, 2)


def _line(points: Sequence[Record], name: str, x: Axis, y: Axis) -> list[Point]:
    """As far as the axis goes."""
    inside = [own for own in points if x.low <= own["value"] <= x.high]
    return [(x.at(own["value"]), y.at(own[name])) for own in inside]


def _by_row(plan: Plan, axis: str) -> dict[tuple[str, ...], Record]:
    return {_key(curve): curve for curve in plan["curves"] if curve["axis"] == axis}


def _key(record: Record) -> tuple[str, ...]:
    return tuple(record[name] for name in ROW)
