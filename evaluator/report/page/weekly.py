"""Observed against counterfactual, by period, with the waves of every channel under the axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from evaluator.comparisons import ALL
from evaluator.experiment.protocol import Protocol, Span, Wave
from evaluator.report.page.svg import (
    ACCENT,
    HATCHED,
    HATCHED_MUTED,
    INK,
    LINE,
    MUTED,
    SOFT,
    WASH,
    Axis,
    Point,
    area,
    box,
    line,
    lines,
    round_steps,
    svg,
    text,
)

AXIS, PLOT = 38, 286
TOP, HEIGHT, MONTHS, LANE = 8, 132, 36, 13
"""Pixels at 360 across: widths of the vertical axis and of the plot; heights of its parts."""
LINES = (
    ("beside", MUTED, 1.0, ""),
    ("counterfactual", ACCENT, 1.6, "5 2.5"),
    ("observed", INK, 1.6, ""),
)
"""Column, tone, thickness and dashes; the first where an arm is compared with the other."""


def weekly(series: Sequence[Mapping[str, Any]], protocol: Protocol) -> list[Markup]:
    """A panel for each series, all over the same days."""
    if not series:
        return []
    shown = shown_days(series, protocol)
    return [_panel(one, protocol, shown) for one in series]


def shown_days(series: Sequence[Mapping[str, Any]], protocol: Protocol) -> Span:
    """The window, all after it, and before it the weeks of the reference or twice the window.

    No more than the longest of the series has.
    """
    window = protocol.window
    before = max(7 * protocol.reference.its_weeks, 2 * window.days)
    earliest = min(date.fromisoformat(one["start"][0]) for one in series)
    ends = (
        date.fromisoformat(start) + timedelta(days - 1)
        for one in series
        for start, days, after in zip(one["start"], one["days"], one["after"], strict=True)
        if after
    )
    return Span(max(window.start - timedelta(before), earliest), max([window.end, *ends]))


def _panel(series: Mapping[str, Any], protocol: Protocol, shown: Span) -> Markup:
    x = Axis(_day(shown.start), _day(shown.end) + 1, AXIS, AXIS + PLOT)
    foot = TOP + HEIGHT
    first = foot + MONTHS
    lanes = [channel.name for channel in protocol.channels]
    waves = [w for w in protocol.waves if not w.courses or series["course"] in w.courses]
    parts = [
        box(*_corners(protocol.window, x, (TOP, foot)), WASH),
        *_counts(series, shown, x),
        *_months(shown, x, foot),
        *(
            text((AXIS, first + LANE * (n + 0.75)), c, "start", size=10)
            for n, c in enumerate(lanes)
        ),
        *_waves(waves, protocol, x, first),
    ]
    return svg(AXIS + PLOT, first + LANE * len(lanes) + 2, parts)


def _counts(series: Mapping[str, Any], shown: Span, x: Axis) -> Iterator[str]:
    """Observed and counterfactual with its band, in the shaded window and after it."""
    names = ("observed", "beside", "counterfactual", "low", "high", "window", "after")
    starts = map(date.fromisoformat, series["start"])
    weeks = [
        (x.at(_day(start)), dict(zip(names, values, strict=True)))
        for start, *values in zip(starts, *(series[name] for name in names), strict=True)
        if start >= shown.start
    ]
    drawn = LINES if series["arm"] != ALL else LINES[1:]
    band = [
        (at, week)
        for at, week in weeks
        if (week["window"] or week["after"]) and week["high"] is not None
    ]
    known = [week[name] for _, week in weeks for name, *_ in drawn if week[name] is not None]
    steps = round_steps(max([*known, *(week["high"] for _, week in band)], default=1.0))
    y = Axis(0, steps[-1], TOP + HEIGHT, TOP)
    yield lines((((AXIS, y.at(v)), (AXIS + PLOT, y.at(v))) for v in steps), LINE, 1)
    yield from (text((AXIS - 6, y.at(v) + 4), _count(v), "end") for v in steps)
    upper = [(at, y.at(week["high"])) for at, week in band]
    yield area(upper, [(at, y.at(week["low"] or 0)) for at, week in band], SOFT)
    for name, colour, thickness, dash in drawn:
        points = [(at, y.at(week[name])) for at, week in weeks if week[name] is not None]
        yield line(points, colour, thickness, dash)


def _months(shown: Span, x: Axis, foot: float) -> Iterator[str]:
    """A tick at the first of each month, named as far as there is room; January has its year."""
    months = [
        day
        for month in range(shown.start.year * 12 + shown.start.month, shown.end.year * 12 + 12)
        if shown.start <= (day := date(month // 12, month % 12 + 1, 1)) <= shown.end
    ]
    every = 1 + len(months) // 11
    for day in months:
        at = x.at(_day(day))
        yield lines([((at, foot), (at, foot + 4))], LINE, 1)
        if (day.month - 1) % every == 0:
            yield text((at, foot + 15), f"{day:%b}")
        if day.month == 1:
            yield text((at, foot + 27), f"{day:%Y}")


def _waves(waves: Sequence[Wave], protocol: Protocol, x: Axis, top: float) -> Iterator[str]:
    """A bar in the lane of its channel, as far as it lies within the days shown."""
    lanes = {channel.name: position for position, channel in enumerate(protocol.channels)}
    paid = {channel.name for channel in protocol.channels if channel.kind == "paid"}
    for wave in waves:
        if _day(wave.span.end) < x.low or _day(wave.span.start) >= x.high:
            continue
        colour = ACCENT if wave.channel in paid else MUTED
        hatched = HATCHED if wave.channel in paid else HATCHED_MUTED
        lane = top + LANE * lanes[wave.channel]
        ends = _corners(wave.span, x, (lane + 2.5, lane + LANE - 2.5))
        yield box(*ends, hatched if wave.assumed else colour, colour)


def _corners(span: Span, x: Axis, ends: tuple[float, float]) -> tuple[Point, Point]:
    return (x.at(_day(span.start)), ends[0]), (x.at(_day(span.end) + 1), ends[1])


def _day(day: date) -> int:
    return day.toordinal()


def _count(value: float) -> str:
    return f"{value:,.0f}" if value < 10_000 else f"{value / 1000:,.0f}k"
