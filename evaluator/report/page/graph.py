"""A causal graph as SVG: drawn by hand, since nothing lays out eight boxes as quietly as a grid.

Straight arrows between boxes on three columns, in the tones of the page; nothing is defined by an
identifier.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from markupsafe import Markup

from evaluator.assumptions.graph import CausalGraph
from evaluator.assumptions.graph.causal import Arrow, Kind, Node, Standing
from evaluator.report.page.svg import (
    ACCENT,
    INK,
    MUTED,
    PAPER,
    Point,
    area,
    classes,
    line,
    number,
    text,
)

WIDTH, BOX, EDGE = 324.0, 96.0, 2.0
"""Of the drawing, of a box, and of the margin: pixels, where the page is 360 wide."""
PITCH, DENSE = 84.0, 52.0
"""From row to row; the second where there are more than three."""
LINE, PAD, LETTERS, WIDE = 13.0, 6.0, 15, 56
"""Height of a line of text, room around a label, letters of its lines and of the legend's."""
HEAD = 7.0
"""Length of the head of an arrow."""

DASHES: Mapping[Standing, str] = {Standing.CANCELS: "5 3", Standing.ASSUMED_AWAY: "1.5 3"}
HIDDEN = (Kind.UNOBSERVED, Kind.INSEPARABLE)


def graph_svg(graph: CausalGraph) -> Markup:
    """The graph, with a legend of what its strokes mean and a text that says what it shows."""
    places = _places(graph.nodes)
    bottom = max(y + _height(node) / 2 for node, (_, y) in zip(graph.nodes, places, strict=True))
    legend = list(_legend(graph))
    height = bottom + EDGE + LINE * (len(legend) + 0.5 * bool(legend))
    at = {node.name: (node, place) for node, place in zip(graph.nodes, places, strict=True)}
    parts = [
        *(_arrow(arrow, at, graph) for arrow in graph.arrows),
        *(_box(node, place) for node, place in at.values()),
        *(text((EDGE, bottom + LINE * (n + 1.2)), said, "start") for n, said in enumerate(legend)),
    ]
    opening = Markup('<svg role="img" aria-label="{}" viewBox="0 0 {} {}">').format(
        described(graph), number(WIDTH), number(height)
    )
    return opening + Markup("".join(parts)) + Markup("</svg>")


def described(graph: CausalGraph) -> str:
    """What the drawing shows, in a sentence for each kind of arrow."""
    said = [f"Causal graph of {graph.unit}: “{graph.treatment}” may move “{graph.outcome}”."]
    for standing, words in (
        (Standing.STANDS, "Arrows"),
        (Standing.CANCELS, "Arrows that cancel in the comparison"),
        (Standing.ASSUMED_AWAY, "Arrows assumed to be none"),
    ):
        arrows = [f"{arrow.tail} to {arrow.head}" for arrow in graph.standing([standing])]
        if arrows:
            said.append(f"{words}: {'; '.join(arrows)}.")
    hidden = [node.name for node in graph.nodes if node.kind in HIDDEN]
    if hidden:
        said.append(f"Nothing can hold these fixed: {', '.join(hidden)}.")
    return " ".join(said)


def _legend(graph: CausalGraph) -> Iterator[str]:
    said = []
    if graph.cancelled_by:
        said.append(f"dashed arrow: cancels {' and '.join(graph.cancelled_by)}")
    away = graph.standing([Standing.ASSUMED_AWAY])
    if away:
        said.append(f"dotted arrow: assumed to be none ({away[0].why})")
    if any(node.kind in HIDDEN for node in graph.nodes):
        said.append("dashed box: nothing can hold it fixed")
    for sentence in said:
        yield from wrap(sentence, WIDE)


def _places(nodes: Sequence[Node]) -> list[Point]:
    """Middles of the boxes."""
    rows = max(node.row for node in nodes)
    pitch = DENSE if rows > 3 else PITCH
    top = EDGE + max(_height(node) / 2 - pitch * node.row for node in nodes)
    left = EDGE + BOX / 2
    step = (WIDTH - 2 * left) / 2
    return [(left + step * node.column, top + pitch * node.row) for node in nodes]


def _label(node: Node) -> list[str]:
    return wrap(node.name, LETTERS)


def _height(node: Node) -> float:
    return LINE * len(_label(node)) + 2 * PAD


def _box(node: Node, place: Point) -> str:
    x, y = place
    height = _height(node)
    own = node.kind in (Kind.TREATMENT, Kind.OUTCOME)
    dashes = ' stroke-dasharray="4 3"' if node.kind in HIDDEN else ""
    corner = f'x="{number(x - BOX / 2)}" y="{number(y - height / 2)}"'
    size = f'width="{number(BOX)}" height="{number(height)}" rx="5"'
    thick = ' stroke-width="1.8"' if own else ""
    frame = f"<rect {corner} {size}{classes(PAPER, ACCENT if own else MUTED)}{thick}{dashes}/>"
    first = y - LINE * (len(_label(node)) - 1) / 2 + 4
    label = (text((x, first + LINE * n), part, fill=INK) for n, part in enumerate(_label(node)))
    return f"{frame}{''.join(label)}"


def _arrow(arrow: Arrow, at: Mapping[str, tuple[Node, Point]], graph: CausalGraph) -> str:
    tail, head = at[arrow.tail], at[arrow.head]
    start, end = _border(*tail, head[1]), _border(*head, tail[1])
    length = math.dist(start, end)
    along = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    neck = end[0] - HEAD * along[0], end[1] - HEAD * along[1]
    wings = [
        (neck[0] + side * HEAD / 2.5 * along[1], neck[1] - side * HEAD / 2.5 * along[0])
        for side in (1, -1)
    ]
    asked = (arrow.tail, arrow.head) == (graph.treatment, graph.outcome)
    colour = ACCENT if asked else MUTED
    drawn = line([start, neck], colour, 2 if asked else 1.2, DASHES.get(arrow.standing, ""))
    return drawn + area((end, *wings), (), colour)


def _border(node: Node, place: Point, towards: Point) -> Point:
    """Where the line between two middles leaves a box."""
    dx, dy = towards[0] - place[0], towards[1] - place[1]
    share = min(
        (BOX / 2 + 1) / abs(dx) if dx else math.inf,
        (_height(node) / 2 + 1) / abs(dy) if dy else math.inf,
    )
    return place[0] + share * dx, place[1] + share * dy
