"""Published figures in the terminal: what each is like for like, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evaluator.claims import Claim, Figure, Standing
from evaluator.claims.claim import in_unit, said
from evaluator.report.layout import NOTHING, WIDTH
from evaluator.results import RowKey

TITLE = "Published figures, like for like"
STYLES = {
    Standing.HOLDS: "green",
    Standing.FAILS: "red",
    Standing.WITHIN_NOISE: "yellow",
    Standing.INCOMPARABLE: "dim",
    Standing.NOT_REPORTED: "dim",
}
HEADS = ("", "like for like", "needed", "")


def claims_block(claims: Sequence[Claim], *, all_claims: bool = False) -> Iterator[RenderableType]:
    """A line for each claim under the name of its indicator, with the reason below it.

    Parameters
    ----------
    all_claims : also those that only add to another reading
    """
    shown = [claim for claim in claims if all_claims or not claim.detail]
    if not shown:
        return
    yield Text()
    yield Text(TITLE, style="bold")
    yield Text(not_effects(shown), style="dim")
    lines = [_cells(claim) for claim in shown]
    widths = _widths([HEADS, *lines])
    yield _line(HEADS, widths, "dim", "dim")
    pairs = zip(shown, lines, strict=True)
    for name, group in groupby(pairs, key=lambda pair: pair[0].name):
        own = list(group)
        yield Text(f"{name}{_published(claim for claim, _ in own)}")
        for claim, cells in own:
            if len(cells[0]) > widths[0]:
                # Whole on a line of its own, with its numbers below it.
                yield Text(cells[0])
                cells = ("", *cells[1:])
            yield _line(cells, widths, "", STYLES[claim.holds])
            for line in (claim.why, _where(claim)):
                if line:
                    yield Padding(Text(line, style="dim"), (0, 0, 0, 4))
    laws = dict.fromkeys(c.recomputed.law for c in shown if c.recomputed and c.recomputed.law)
    if laws:
        yield Text(f"[ ; ] is {'; '.join(laws)}", style="dim")


def not_effects(claims: Sequence[Claim]) -> str:
    """Which of them are effects: at most what stands beside an estimate."""
    known = {type(claim.beside): claim.beside for claim in claims if claim.beside is not None}
    names = {RowKey: "a row", str: "two arms"}
    beside = " or ".join(name for kind, name in names.items() if kind in known)
    but = f", but what stands beside {beside} by name" if beside else ""
    return f"counts beside counts: none of these is an effect{but}"


def _cells(claim: Claim) -> tuple[str, str, str, str]:
    return f"  {claim.reading}", _number(claim.recomputed), _number(claim.needed), claim.holds.value


def _where(claim: Claim) -> str:
    """Source and words of a claim, where they were declared."""
    quote = f"“{claim.quote}”" if claim.quote else ""
    return " ".join(part for part in (claim.source, quote) if part)


def _number(figure: Figure | None) -> str:
    if figure is None:
        return NOTHING
    ends = figure.interval
    low, high = (said(end, figure.decimals) for end in (ends.low, ends.high)) if ends else ("", "")
    around = f" [{low}; {high}]" if ends else ""
    return f"{in_unit(said(figure.value, figure.decimals), figure.unit)}{around}"


def _published(claims: Iterator[Claim]) -> str:
    figures = [claim.published for claim in claims if claim.published is not None]
    return f": {figures[0].text} published" if figures else ""


def _widths(lines: Sequence[Sequence[str]]) -> list[int]:
    """Numbers and standings are never cut; the readings share what is left."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    widths[0] = WIDTH - sum(widths[1:]) - len(widths)
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], style: str, standing: str) -> Table:
    line = Table.grid(padding=(0, 1, 0, 0))
    for position, width in enumerate(widths):
        line.add_column(width=width, justify="right" if position in (1, 2) else "left")
    line.add_row(*(Text(cell, style=style) for cell in cells[:-1]), Text(cells[-1], style=standing))
    return line
