"""What the graphs of all questions share: names, level causes, and what tells graphs apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.assumptions.graph.causal import Arrow, CausalGraph, Node, Standing
from evaluator.comparisons import ALL, Comparison, Planned, arms, channels, left_out, order

CHANGE = "in window − reference"
OTHERS = "against the other courses"
PAST = "against its own past"

TOPIC, DEMAND, TREND = "topic", "unobserved demand", "growth of its own"
CALENDAR, PORTFOLIO, LAUNCH = "calendar", "portfolio promotion", "opened lately"
OUTCOME = "log of window / reference"


def about_of(row: Planned) -> str:
    """What tells graphs of one question apart: its courses and its waves have the same causes."""
    drawn = row.key.question == order.QUESTION and isinstance(row.comparison, Comparison)
    if row.key.question == channels.QUESTION or drawn:
        return row.key.channel
    if row.key.method == left_out.METHOD:
        of = "" if row.key.channel == ALL else f", {row.key.channel}"
        return f"{row.estimand.name}{of}"
    return row.estimand.name if row.key.question == arms.QUESTION else ""


def level_causes(treatment: str, *causes: str) -> Iterator[Arrow]:
    """Common causes of who is treated and of the level, which the difference removes."""
    for cause in causes:
        yield Arrow(cause, treatment)
        yield Arrow(cause, OUTCOME, Standing.CANCELS, CHANGE)


def graph_of(
    rows: Sequence[Planned],
    unit: str,
    nodes: Sequence[Node],
    arrows: Sequence[Arrow],
    held: tuple[str, ...] = (),
) -> CausalGraph:
    return CausalGraph(
        question=rows[0].key.question,
        about=about_of(rows[0]),
        unit=unit,
        estimand=rows[0].estimand,
        nodes=tuple(nodes),
        arrows=tuple(arrows),
        held=held,
        decides=bool(deciding(rows)),
    )


def deciding(rows: Sequence[Planned]) -> list[Planned]:
    return [row for row in rows if isinstance(row.comparison, Comparison) and not row.descriptive]


def comparison_of(row: Planned) -> Comparison:
    assert isinstance(row.comparison, Comparison)
    return row.comparison
