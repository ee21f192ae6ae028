"""A causal graph as SVG: drawn by hand, since nothing lays out eight boxes as quietly as a grid.

Straight arrows between boxes on three columns. Colours are the names of the page's, with the
reader's own text colour where a page has none; nothing is defined by an identifier.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from markupsafe import Markup

from evaluator.assumptions.graph import CausalGraph
from evaluator.assumptions.graph.causal import Arrow, Kind, Node, Standing

WIDTH, BOX, EDGE = 324.0, 96.0, 2.0
"""Of the drawing, of a box, and of the margin: pixels, where the page is 360 wide."""
PITCH, DENSE = 84.0, 52.0
"""From row to row; the second where there are more than three."""
LINE, PAD, LETTERS, WIDE = 13.0, 6.0, 15, 56
"""Height of a line of text, room around a label, letters of its lines and of the legend's."""
HEAD = 7.0
"""Length of the head of an arrow."""

INK, MUTED = "var(--ink, currentColor)", "var(--muted, currentColor)"
ACCENT, PAPER = "var(--accent, currentColor)", "var(--paper, none)"
DASHES: Mapping[Standing, str] = {Standing.CANCELS: "5 3", Standing.ASSUMED_AWAY: "1.5 3"}
HIDDEN = (Kind.UNOBSERVED, Kind.INSEPARABLE)

Point = tuple[float, float]


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
        *(
            Markup('<text x="{}" y="{}" fill="{}">{}</text>').format(
                _number(EDGE), _number(bottom + LINE * (n + 1.2)), MUTED, text
            )
            for n, text in enumerate(legend)
        ),
    ]
    opening = Markup(
        '<svg role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}"'
        ' style="max-width:100%;height:auto" font-size="11">'
    ).format(described(graph), *map(_number, (WIDTH, height, WIDTH, height)))
    return opening + Markup("").join(parts) + Markup("</svg>")


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
    lines = []
    if graph.cancelled_by:
        lines.append(f"dashed arrow: cancels {' and '.join(graph.cancelled_by)}")
    away = graph.standing([Standing.ASSUMED_AWAY])
    if away:
        lines.append(f"dotted arrow: assumed to be none ({away[0].why})")
    if any(node.kind in HIDDEN for node in graph.nodes):
        lines.append("dashed box: nothing can hold it fixed")
    for line in lines:
        yield from wrap(line, WIDE)


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


def _box(node: Node, place: Point) -> Markup:
    x, y = place
    height = _height(node)
    own = node.kind in (Kind.TREATMENT, Kind.OUTCOME)
    frame = Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="5" fill="{}" stroke="{}"'
        ' stroke-width="{}"{}/>'
    ).format(
        *map(_number, (x - BOX / 2, y - height / 2, BOX, height)),
        PAPER,
        ACCENT if own else MUTED,
        "1.8" if own else "1",
        Markup(' stroke-dasharray="4 3"') if node.kind in HIDDEN else "",
    )
    first = y - LINE * (len(_label(node)) - 1) / 2 + 4
    lines = (
        Markup('<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>').format(
            _number(x), _number(first + LINE * n), INK, text
        )
        for n, text in enumerate(_label(node))
    )
    return frame + Markup("").join(lines)


def _arrow(arrow: Arrow, at: Mapping[str, tuple[Node, Point]], graph: CausalGraph) -> Markup:
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
    dashes = DASHES.get(arrow.standing)
    return Markup(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"{}/>'
        '<polygon points="{}" fill="{}"/>'
    ).format(
        *map(_number, (*start, *neck)),
        colour,
        "2" if asked else "1.2",
        Markup(' stroke-dasharray="{}"').format(dashes) if dashes else "",
        " ".join(f"{_number(x)},{_number(y)}" for x, y in (end, *wings)),
        colour,
    )


def _border(node: Node, place: Point, towards: Point) -> Point:
    """Where the line between two middles leaves a box."""
    dx, dy = towards[0] - place[0], towards[1] - place[1]
    share = min(
        (BOX / 2 + 1) / abs(dx) if dx else math.inf,
        (_height(node) / 2 + 1) / abs(dy) if dy else math.inf,
    )
    return place[0] + share * dx, place[1] + share * dy


def _number(value: float) -> str:
    """No more digits than pixels, and no minus before zero."""
    return f"{round(value, 1) + 0.0:g}"
