"""Graphs of what a design identifies: courses left out of every promotion, orders by chance.

What chance decided has no cause in common with the outcome: arrows into the treatment are gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.assumptions.graph.causal import Arrow, CausalGraph, Kind, Node, Standing
from evaluator.assumptions.graph.common import (
    CALENDAR,
    CHANGE,
    DEMAND,
    OUTCOME,
    TOPIC,
    TREND,
    graph_of,
    level_causes,
)
from evaluator.comparisons import Planned, promoted
from evaluator.comparisons.left_out import decided_by_chance
from evaluator.resolve import Resolved

LEFT_OUT = "against the courses left out"
SAME_WEEKS = "the same weeks in both orders"


def against_left_out(resolved: Resolved, rows: Sequence[Planned]) -> CausalGraph:
    """A course that promotion reached, in whatever way, and courses that none did."""
    of_portfolio = rows[0].key.question != promoted.QUESTION
    treatment = "reached by portfolio promotion" if of_portfolio else "promoted in any way"
    drawn = decided_by_chance(resolved, resolved.others if of_portfolio else resolved.promoted)
    nodes = [
        Node(TOPIC, Kind.OBSERVED, 0, 0),
        Node(DEMAND, Kind.UNOBSERVED, 0, 1),
        Node(TREND, Kind.OBSERVED, 0, 2),
        Node(treatment, Kind.TREATMENT, 1, 0),
        Node(OUTCOME, Kind.OUTCOME, 1, 2),
        Node(CALENDAR, Kind.OBSERVED, 2, 1),
    ]
    trend = (Standing.STANDS, "") if drawn else (Standing.ASSUMED_AWAY, rows[0].estimand.needs[0])
    arrows = [
        Arrow(treatment, OUTCOME),
        *(a for a in level_causes(treatment, TOPIC, DEMAND) if not drawn or a.head == OUTCOME),
        *(() if drawn else (Arrow(TREND, treatment),)),
        Arrow(TREND, OUTCOME, *trend),
        Arrow(CALENDAR, OUTCOME, Standing.CANCELS, LEFT_OUT),
    ]
    return graph_of(rows, "a course", nodes, arrows)


def order_drawn(_: Resolved, rows: Sequence[Planned]) -> CausalGraph:
    """One network, both orders in the same weeks, each course's own by chance."""
    treatment = "paid before organic"
    causes = {"weeks": (Standing.CANCELS, SAME_WEEKS), DEMAND: (Standing.CANCELS, CHANGE)}
    nodes = [
        *(Node(name, Kind.UNOBSERVED, 0, column) for column, name in enumerate(causes)),
        Node(TREND, Kind.UNOBSERVED, 0, 2),
        Node(treatment, Kind.TREATMENT, 1, 0),
        Node(OUTCOME, Kind.OUTCOME, 1, 2),
    ]
    return graph_of(rows, "a course", nodes, list(_into_outcome(treatment, causes)))


def _into_outcome(treatment: str, causes: dict[str, tuple[Standing, str]]) -> Iterator[Arrow]:
    yield Arrow(treatment, OUTCOME)
    yield Arrow(TREND, OUTCOME)
    for cause, standing in causes.items():
        yield Arrow(cause, OUTCOME, *standing)
