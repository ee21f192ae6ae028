"""Observed against counterfactual, by period, with the waves of every channel under the axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from evaluator.experiment.protocol import Protocol, Span, Wave
from evaluator.report.page.drawing import (
    ACCENT,
    HATCHED,
    HATCHED_MUTED,
    INK,
    MUTED,
    SOFT,
    WASH,
    Drawing,
    compiled,
)

if TYPE_CHECKING:
    import altair as alt

AXIS, PLOT, HEIGHT, LANE = 38, 294, 132, 13
"""Pixels at 360 across: width of the vertical axis, of the plot; heights."""


def weekly(series: Sequence[Mapping[str, Any]], protocol: Protocol) -> list[Markup]:
    """A panel for each series, all over the same days."""
    if not series:
        return []
    shown = shown_days(series, protocol)
    drawing = _drawing(shown)
    return [drawing.svg(_data(one, protocol, shown)) for one in series]


def shown_days(series: Sequence[Mapping[str, Any]], protocol: Protocol) -> Span:
    """The window and, before it, the weeks of the series' reference or twice the window.

    No more than the longest of the series has.
    """
    window = protocol.window
    before = max(7 * protocol.reference.its_weeks, 2 * window.days)
    earliest = min(date.fromisoformat(one["start"][0]) for one in series)
    return Span(max(window.start - timedelta(before), earliest), window.end)


def _data(
    series: Mapping[str, Any], protocol: Protocol, shown: Span
) -> dict[str, list[dict[str, Any]]]:
    names = ("observed", "counterfactual", "low", "high", "window")
    weeks = [
        {"at": _instant(date.fromisoformat(start)), **dict(zip(names, values, strict=True))}
        for start, *values in zip(series["start"], *(series[name] for name in names), strict=True)
        if date.fromisoformat(start) >= shown.start
    ]
    return {
        "weeks": weeks,
        "band": [week for week in weeks if week["window"]],
        "window": [_edges(protocol.window)],
        "waves": [
            bar
            for wave in protocol.waves
            if not wave.courses or series["course"] in wave.courses
            for bar in _bars(wave, protocol, shown)
        ],
        "lanes": [{"channel": channel.name} for channel in protocol.channels],
    }


def _bars(wave: Wave, protocol: Protocol, shown: Span) -> list[dict[str, Any]]:
    """A wave as far as it lies within the days shown."""
    if not wave.span.overlaps(shown):
        return []
    span = Span(max(wave.span.start, shown.start), min(wave.span.end, shown.end))
    kinds = {channel.name: channel.kind for channel in protocol.channels}
    paid = kinds.get(wave.channel) == "paid"
    colour = ACCENT if paid else MUTED
    assumed = HATCHED if paid else HATCHED_MUTED
    bar = {"channel": wave.channel, "stroke": colour, "fill": assumed if wave.assumed else colour}
    return [{**_edges(span), **bar}]


def _edges(span: Span) -> dict[str, int]:
    return {"from": _instant(span.start), "to": _instant(span.end + timedelta(1))}


def _instant(day: date) -> int:
    """Milliseconds as the charts count them; midnight UTC, wherever the reader is."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def _drawing(shown: Span) -> Drawing:
    import altair as alt

    scale = alt.Scale(type="utc", domain=list(_edges(shown).values()), nice=False)
    return compiled(alt.vconcat(_counts(scale), _lanes(scale)))


def _counts(scale: alt.Scale) -> alt.LayerChart | alt.FacetChart:
    """Observed and counterfactual, over the shaded window."""
    import altair as alt

    months = alt.Axis(
        title=None, tickCount="month", grid=False, labelFlush=False, labelOverlap=True,
        labelExpr="utcmonth(datum.value) ? utcFormat(datum.value, '%b') : "
        "[utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')]",
    )  # fmt: skip
    counts = alt.Axis(
        title=None, tickCount=4, minExtent=AXIS, maxExtent=AXIS, domain=False,
        labelExpr="format(datum.value, datum.value < 10000 ? ',' : '~s')",
    )  # fmt: skip
    upright: dict[str, Any] = {"scale": alt.Scale(zero=True, nice=True), "axis": counts}
    x = alt.X("at:T", scale=scale, axis=months)
    weeks = alt.Chart(alt.NamedData("weeks"))
    window = alt.Chart(alt.NamedData("window")).mark_rect(fill=WASH)
    band = alt.Chart(alt.NamedData("band")).mark_area(fill=SOFT, opacity=1)
    expected = weeks.mark_line(stroke=ACCENT, strokeWidth=1.6, strokeDash=[5, 2.5])
    observed = weeks.mark_line(stroke=INK, strokeWidth=1.6)
    return alt.layer(
        window.encode(alt.X("from:T", scale=scale, axis=months), x2="to:T"),
        band.encode(x, alt.Y("low:Q", **upright), y2="high:Q"),
        expected.encode(x, alt.Y("counterfactual:Q", **upright)),
        observed.encode(x, alt.Y("observed:Q", **upright)),
    ).properties(width=PLOT, height=HEIGHT)


def _lanes(scale: alt.Scale) -> alt.LayerChart | alt.FacetChart:
    """A lane for each channel, with its waves; the names stand before the window."""
    import altair as alt

    lane = alt.Y("channel:N", sort=None, axis=None)
    names = alt.Chart(alt.NamedData("lanes")).mark_text(align="left", fontSize=10, x=0, fill=MUTED)
    waves = alt.Chart(alt.NamedData("waves")).mark_bar(height=LANE - 5, strokeWidth=1)
    return alt.layer(
        names.encode(y=lane, text="channel:N"),
        waves.encode(
            alt.X("from:T", scale=scale, axis=None),
            lane,
            x2="to:T",
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("stroke:N", scale=None),
        ),
    ).properties(width=PLOT, height=alt.Step(LANE))
