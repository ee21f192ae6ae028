"""Drawings of the page: effects by group, predicted against realised, and the gain of a ranking.

All values are in the unit of the tables. Intervals are those that hold together, as in the tables.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evaluator.report.numbers import MINUS
from evaluator.report.page.figures import Panel
from evaluator.report.page.svg import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    SOFT,
    Axis,
    area,
    line,
    lines,
    point,
    svg,
    text,
)
from evaluator.report.targeting.figures import SUPPRESSED, Figures, share
from evaluator.targeting import ArmEffect
from evaluator.targeting.groups import Fifth, GroupEffect
from evaluator.targeting.ranking import Ranking

WIDTH, HEIGHT, STEP, TOP, FOOT = 324, 216, 20, 8, 34
"""Of a drawing, height of a line of a forest, and room above and below: pixels."""
LEFT, LABELS, VALUES, LONGEST = 40, 140, 44, 20
"""Width of the numbers of an axis, of labels and values of a forest; letters of a label."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Axis on which the forests of all arms and groupings stand."""

    axis: Axis
    figures: Figures

    def drawn(self, arm: ArmEffect, grouping: str) -> Panel:
        """Effects of an arm in the groups of one feature; dashed: its effect on all."""
        groups = [own for own in arm.groups if own.grouping == grouping]
        foot = TOP + STEP * len(groups)
        all_ = self.axis.at(self.figures.scale * arm.adjusted.value)
        zero = self.axis.at(0.0)
        parts = [lines([((zero, TOP), (zero, foot))], MUTED, 1)]
        parts.append(line([(all_, TOP), (all_, foot)], MUTED, 1, "4 3"))
        for position, own in enumerate(groups):
            parts += self._row(own, TOP + STEP * (position + 0.5))
        parts += [text((self.axis.at(v), foot + 14), _short(v)) for v in ticks(self.axis)]
        finding = "; ".join(f"{own.group} {self._said(own)}" for own in groups)
        finding += f"; all {self.figures.together(arm.adjusted)}"
        return Panel(arm.arm, finding, svg(WIDTH, foot + 20, parts))

    def _row(self, own: GroupEffect, y: float) -> Iterator[str]:
        yield text((LABELS - 8, y + 4), _cut(own.group), "end", INK)
        if own.effect is None:
            yield text((self.axis.at(0) + 6, y + 4), SUPPRESSED, "start")
            return
        ends = own.effect.simultaneous(self.figures.level)
        low, high, value = (self.figures.scale * v for v in (ends.low, ends.high, own.effect.value))
        yield lines([((self.axis.at(low), y), (self.axis.at(high), y))], ACCENT, 2)
        yield point((self.axis.at(value), y), 3.8, ACCENT, ACCENT)
        yield text((WIDTH, y + 4), self.figures.effect(own.effect.value), "end", INK)

    def _said(self, own: GroupEffect) -> str:
        return self.figures.together(own.effect) if own.effect else SUPPRESSED


def forest_of(arms: Sequence[ArmEffect], figures: Figures) -> Forest:
    """The axis holds all intervals of all arms, and zero."""
    shown = [own.effect for arm in arms for own in arm.groups if own.effect is not None]
    ends = [own.simultaneous(figures.level) for own in shown]
    reach = [figures.scale * end for own in ends for end in (own.low, own.high)]
    return Forest(axis_of((0.0, *reach), LABELS + 4, WIDTH - VALUES), figures)


def calibration(arm: str, fifths: Sequence[Fifth], figures: Figures) -> Panel:
    """Realised against predicted effects by fifths; dashed: where both are the same."""
    ends = [own.realised.simultaneous(figures.level) for own in fifths]
    at = [figures.scale * own.predicted for own in fifths]
    reach = [figures.scale * end for own in ends for end in (own.low, own.high)]
    x = axis_of((0.0, *at), LEFT, WIDTH - 8)
    y = axis_of((0.0, *at, *reach), HEIGHT - FOOT, TOP)
    low, high = max(x.low, y.low), min(x.high, y.high)
    parts = list(_frame(x, y, "predicted"))
    parts.append(line([(x.at(low), y.at(low)), (x.at(high), y.at(high))], MUTED, 1, "4 3"))
    for own, place, interval in zip(fifths, at, ends, strict=True):
        bottom, top = (y.at(figures.scale * end) for end in (interval.low, interval.high))
        parts.append(lines([((x.at(place), bottom), (x.at(place), top))], ACCENT, 2))
        value = y.at(figures.scale * own.realised.value)
        parts.append(point((x.at(place), value), 3.8, ACCENT, ACCENT))
    finding = "; ".join(
        f"fifth {own.position} predicted {figures.effect(own.predicted)}, realised"
        f" {figures.together(own.realised)}"
        for own in fifths
    )
    return Panel(arm, finding, svg(WIDTH, HEIGHT, parts))


def curve(arm: str, ranking: Ranking, figures: Figures) -> Panel:
    """Gain of contacting the most promising first, with its band; dashed: as many at random."""
    ends = [own.gain.simultaneous(figures.level) for own in ranking.points]
    reach = [figures.scale * end for own in ends for end in (own.low, own.high)]
    x = Axis(0.0, 1.0, LEFT, WIDTH - 8)
    y = axis_of((0.0, *reach), HEIGHT - FOOT, TOP)
    start = (x.at(0), y.at(0))
    at = [x.at(own.share) for own in ranking.points]
    band = [
        [start, *((place, y.at(figures.scale * end)) for place, end in zip(at, side, strict=True))]
        for side in ([own.high for own in ends], [own.low for own in ends])
    ]
    gains = [y.at(figures.scale * own.gain.value) for own in ranking.points]
    parts = [area(band[0], band[1], SOFT), *_frame(x, y, "contacted")]
    parts.append(line([start, (at[-1], gains[-1])], MUTED, 1, "4 3"))
    parts.append(line([start, *zip(at, gains, strict=True)], ACCENT, 2))
    finding = "; ".join(
        f"{share(own.share)} contacted gain {figures.together(own.gain)}, against random"
        f" {figures.together(own.against_random)}"
        for own in ranking.points[1::2]
    )
    return Panel(arm, finding, svg(WIDTH, HEIGHT, parts))


def axis_of(values: Iterable[float], start: float, end: float) -> Axis:
    """An axis that ends at round steps and holds all these values."""
    held = list(values)
    low, high = min(held), max(held)
    step = _step(low, high)
    ends = (math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)
    return Axis(ends[0], max(ends[1], ends[0] + step), start, end)


def ticks(axis: Axis) -> Sequence[float]:
    """Round steps inside a linear axis.

    >>> ticks(Axis(-5.0, 20.0, 0, 1)), ticks(Axis(0.0, 1.0, 0, 1))
    ((-5.0, 0.0, 5.0, 10.0, 15.0, 20.0), (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
    """
    step = _step(axis.low, axis.high)
    first, last = math.ceil(axis.low / step - 1e-9), math.floor(axis.high / step + 1e-9)
    return tuple(round(step * n, 9) for n in range(first, last + 1))


def _step(low: float, high: float, most: int = 5) -> float:
    rough = max(high - low, 1e-9) / most
    unit: float = 10.0 ** math.floor(math.log10(rough))
    return next(unit * by for by in (1, 2, 5, 10) if unit * by >= rough * (1 - 1e-9))


def _frame(x: Axis, y: Axis, below: str) -> Iterator[str]:
    """Lines across at the steps of the upright axis, numbers at both, and what is below."""
    yield lines([((x.start, y.at(v)), (x.end, y.at(v))) for v in ticks(y)], LINE, 1)
    yield lines([((x.start, y.at(0)), (x.end, y.at(0)))], MUTED, 1)
    yield from (text((x.start - 6, y.at(v) + 4), _short(v), "end") for v in ticks(y))
    shares = (x.low, x.high) == (0.0, 1.0)
    for v in ticks(x):
        yield text((x.at(v), y.start + 14), share(v) if shares else _short(v))
    yield text(((x.start + x.end) / 2, y.start + 29), below, fill=INK)


def _short(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
