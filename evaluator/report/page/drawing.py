"""Charts as SVG: described by Altair, compiled once, drawn for as many panels as there are.

The drawings carry no colours of their own but the names of the page's (CSS variables), so that
one drawing serves a light page, a dark page and paper. Nothing is clipped, patterned or defined
inside a drawing: identifiers of several drawings on one page would collide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    import altair as alt

INK, MUTED, LINE, WASH = "var(--ink)", "var(--muted)", "var(--line)", "var(--wash)"
ACCENT, SOFT, PAPER = "var(--accent)", "var(--soft)", "var(--paper)"
HATCHED, HATCHED_MUTED = "url(#hatched)", "url(#hatched-muted)"
"""Patterns that the page defines."""

FONT = "Liberation Sans"
"""Of the renderer's own, by which it measures text; the page replaces it by the reader's."""

Data = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart that has everything but its data."""

    vega: Mapping[str, Any]

    def svg(self, data: Data) -> Markup:
        """The chart of these data sets, by their names in the chart."""
        import vl_convert

        tables = [
            {**table, "values": list(data[table["name"]])} if table["name"] in data else table
            for table in self.vega["data"]
        ]
        drawn = vl_convert.vega_to_svg({**self.vega, "data": tables}, allowed_base_urls=[])
        return Markup(_TAG.sub(_shortened, drawn))  # the renderer has escaped all text in it


_TAG = re.compile(r"<[^>]*>")
_DEFAULTS = re.compile(
    r' (?:xmlns(?::xlink)?|version|class|role|aria-[a-z]+|pointer-events|font-family)="[^"]*"'
    r'| (?:opacity="1"|font-weight="normal"|stroke-miterlimit="10")'
)
_EMPTY = re.compile(r'<path[^>]* d="(?:M0,0h0v0h0Z)?"[^>]*>')
_LONG = re.compile(r"-?\d+\.\d{3,}")


def _shortened(tag: re.Match[str]) -> str:
    """A tag without what is default or said by the page, and with no more digits than pixels."""
    if _EMPTY.fullmatch(tag[0]):
        return ""
    return _LONG.sub(lambda number: f"{float(number[0]):.2f}", _DEFAULTS.sub("", tag[0]))


def compiled(chart: alt.TopLevelMixin) -> Drawing:
    """A chart over named data sets, in the style of the page."""
    import vl_convert

    text = {"labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 11, "titleFontSize": 11}
    lines = {"gridColor": LINE, "domainColor": LINE, "tickColor": LINE}
    styled = (
        chart.configure(aria=False, background="transparent", font=FONT, padding=2)
        .configure_axis(**text, **lines, labelFontWeight="normal", titleFontWeight="normal")
        .configure_view(stroke=None)
        .configure_concat(spacing=4)
    )
    return Drawing(vl_convert.vegalite_to_vega(styled.to_dict(validate=False)))
