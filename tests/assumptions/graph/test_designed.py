"""Graphs of what only a design identifies: what chance decided has no cause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from evaluator.assumptions.graph.causal import CausalGraph, Standing
from evaluator.assumptions.graph.questions import graphs
from evaluator.comparisons import planned_rows
from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import Channel, Course, Question, Span, Wave
from evaluator.resolve import Resolved

Built = Callable[..., Resolved]
CHANCE = Drawn(AssignmentRule.SIMPLE)
CODES = tuple("PQRSTU")
CHANNELS = (
    Channel("fb", "paid", "Facebook"),
    Channel("posts", "organic", "Facebook pages"),
    Channel("mail", "email"),
)


def designed(small: Built, assignment: Assignment | None) -> dict[str, CausalGraph]:
    """Both orders on one network, advertisements in A alone, a newsletter to all but ten."""
    start = small().protocol.window.start

    def wave(channel: str, code: str, day: int, **more: object) -> Wave:
        span = Span(start + timedelta(day), start + timedelta(day + 6))
        fields: dict[str, object] = {"courses": (code,), "portfolio": False} | more
        return Wave(f"{channel}-{code}", channel, span=span, **fields)  # type: ignore[arg-type]

    waves = [
        wave(channel, code, day, **({"arms": ("A",)} if channel == "fb" else {}))
        for code in CODES
        for channel, day in zip(("fb", "posts"), (0, 7) if code in "PQR" else (7, 0), strict=True)
    ]
    resolved = small(
        courses=tuple(Course(code, code) for code in CODES),
        channels=CHANNELS,
        waves=(*waves, wave("mail", "", 28, courses=(), portfolio=True)),
        left_out=10,
        assignment=assignment,
        questions=(
            Question.PROMOTED_VS_OTHER,
            Question.A_VS_B,
            Question.PORTFOLIO,
            Question.ORDER,
        ),
    )
    found = graphs(resolved, planned_rows(resolved))
    return {f"{graph.question}: {graph.treatment}": graph for graph in found}


DECIDED = {
    "promoted_vs_other: promoted in any way": ("growth of its own", "topic", "unobserved demand"),
    "portfolio: reached by portfolio promotion": (
        "growth of its own",
        "topic",
        "unobserved demand",
    ),
    "order: paid before organic": (),
    "a_vs_b: fb, in arm A alone": ("calendar of a country", "unobserved demand"),
}
"""Graph → causes of its treatment, where chance did not decide it."""


@pytest.mark.parametrize("name", DECIDED)
def test_what_chance_decided_has_no_cause(small: Built, name: str) -> None:
    drawn = Assignment(courses=CHANCE, countries=CHANCE, order=CHANCE)
    chosen = Assignment(order=CHANCE)
    for assignment, causes in ((drawn, ()), (chosen, DECIDED[name])):
        graph = designed(small, assignment)[name]
        into = {arrow.tail for arrow in graph.arrows if arrow.head == graph.treatment}
        assert into == set(causes)
        assert graph.decides


def test_an_order_without_chance_keeps_its_causes(small: Built) -> None:
    graph = designed(small, None)["order: paid before organic"]
    stands = {a.tail for a in graph.standing([Standing.STANDS]) if a.head == graph.treatment}
    assert stands == {"network", "weeks", "unobserved demand"}
    assert not graph.decides
