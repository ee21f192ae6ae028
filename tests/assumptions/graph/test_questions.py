"""The graph of each question: what is in it, what cancels, what the comparison holds fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from evaluator.assumptions.graph.causal import CausalGraph, Kind, Standing
from evaluator.assumptions.graph.common import CHANGE, OTHERS
from evaluator.assumptions.graph.questions import graphs
from evaluator.comparisons import planned_rows
from evaluator.experiment.protocol import Channel, Course, Question, Span, Wave
from evaluator.resolve import Resolved

Built = Callable[..., Resolved]


def named(resolved: Resolved) -> Mapping[tuple[str, str], CausalGraph]:
    return {(g.question, g.about): g for g in graphs(resolved, planned_rows(resolved))}


def standing(graph: CausalGraph) -> dict[tuple[str, str], str]:
    """Arrows into the outcome, by what becomes of them."""
    into = [arrow for arrow in graph.arrows if arrow.head == graph.outcome]
    return {(arrow.tail, arrow.standing.value): arrow.why for arrow in into}


def test_level_causes_cancel_and_parallel_trends_are_assumed(small: Built) -> None:
    graph = named(small())["promoted_vs_other", ""]
    into = standing(graph)
    assert into["unobserved demand", "cancels"] == into["topic", "cancels"] == CHANGE
    assert "parallel" in into["growth of its own", "assumed away"]
    assert ("promoted individually", "stands") in into
    assert graph.estimand.name == "log lift of the promoted − log lift of the other courses"
    assert graph.decides


def test_a_late_course_is_a_cause_that_the_pooled_row_leaves_out(small: Built) -> None:
    protocol = small().protocol
    late = Course("N", "New", protocol.window.start - timedelta(28))
    graph = named(small(courses=(*protocol.courses, late)))["promoted_vs_other", ""]
    assert graph.held == ("opened lately",)
    assert ("opened lately", "stands") in standing(graph)


def test_a_shock_of_arm_a_cancels_only_against_other_courses(small: Built) -> None:
    found = [g for (question, _), g in named(small()).items() if question == "a_vs_b"]
    shocks = [standing(graph) for graph in found]
    assert ("calendar of a country", "cancels") in shocks[0]
    assert ("calendar of a country", "assumed away") in shocks[1]


def test_a_series_alone_cannot_hold_its_season(small: Built) -> None:
    with_others = named(small())["pre_vs_campaign", ""]
    alone = named(small(others=0))["pre_vs_campaign", ""]
    assert standing(with_others)["calendar", "cancels"] == OTHERS
    assert ("calendar", "stands") in standing(alone)
    assert "calendar" in alone.named(Kind.INSEPARABLE)
    assert not alone.decides


@pytest.fixture
def waves(small: Built) -> Callable[[int], Resolved]:
    """Builder: two channels whose waves start so many weeks apart, a post and a page to all."""

    def built(weeks: int) -> Resolved:
        start = small().protocol.window.start
        kinds = {"ads": "paid", "posts": "organic", "post to all": "organic", "links": "page"}

        def wave(channel: str, course: str, week: int) -> Wave:
            first = start + timedelta(7 * week)
            span, whom = Span(first, first + timedelta(6)), (course,) if course else ()
            return Wave(f"{channel}-{course}", channel, whom, not course, span)

        return small(
            channels=tuple(Channel(name, kind) for name, kind in kinds.items()),
            waves=(
                *(wave("ads", course, week) for week, course in enumerate("PQ")),
                *(wave("posts", course, week + weeks) for week, course in enumerate("PQ")),
                wave("post to all", "", 2),
                wave("links", "", 2),
            ),
            questions=(Question.CHANNELS, Question.PORTFOLIO),
        )

    return built


def test_a_channel_holds_the_other_waves_fixed(waves: Callable[[int], Resolved]) -> None:
    graph = named(waves(3))["channels", "ads"]
    assert graph.held == ("posts",)
    into = standing(graph)
    assert ("posts", "stands") in into
    assert into["post to all", "cancels"] == into["links", "cancels"] == OTHERS


def test_channels_on_the_same_days_cannot_be_held(waves: Callable[[int], Resolved]) -> None:
    graph = named(waves(0))["channels", "ads"]
    assert "posts" in graph.named(Kind.INSEPARABLE)
    assert not graph.decides


def test_what_reached_all_keeps_no_arrow_that_stands(waves: Callable[[int], Resolved]) -> None:
    graph = named(waves(3))["channels", "post to all"]
    assert not [
        arrow for arrow in graph.standing([Standing.STANDS]) if arrow.tail == graph.treatment
    ]
    whole = named(waves(3))["portfolio", ""]
    assert whole.named(Kind.INSEPARABLE) == ("calendar",)


def test_boxes_do_not_share_a_place(flagship_row: Callable[[str, str], object]) -> None:
    looked = flagship_row("all", "these_courses")
    resolved: Resolved = looked.resolved  # type: ignore[attr-defined]
    for graph in graphs(resolved, planned_rows(resolved)):
        assert len({(node.row, node.column) for node in graph.nodes}) == len(graph.nodes)
        assert {a.tail for a in graph.arrows} | {a.head for a in graph.arrows} == {
            node.name for node in graph.nodes
        }
