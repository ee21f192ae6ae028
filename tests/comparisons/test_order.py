"""The order of paid and organic promotion: when it is refused, and what is described."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from evaluator.comparisons import Described, order
from evaluator.comparisons.order import Order
from evaluator.experiment.protocol import Channel, Course, Span, Wave
from evaluator.inference.shares import share_interval
from evaluator.panel import panel_from_cells
from evaluator.resolve import Resolved
from evaluator.results import NotRun, RowRole

Small = Callable[..., Resolved]
FACEBOOK = Channel("fb", "paid", "Facebook", "fb")
LINKEDIN = Channel("li", "paid", "LinkedIn", "li")
POSTS = Channel("posts", "organic", "Facebook and LinkedIn pages", "organic")
COURSES = (Course("P", "One"), Course("Q", "Two"))
# course → days of the window on which its waves begin; paid ones last a week
PUBLISHED = {"P": {"fb": 0, "posts": 14, "li": 21}, "Q": {"fb": 7, "posts": 15, "li": 28}}


@pytest.fixture
def declared(small: Small) -> Callable[..., Resolved]:
    """Two courses, two networks; one tagged enrolment of P and two of Q a day from day 14 on."""

    def build(
        days: Mapping[str, Mapping[str, int]] = PUBLISHED,
        channels: tuple[Channel, ...] = (FACEBOOK, LINKEDIN, POSTS),
        **tables: pd.DataFrame,
    ) -> Resolved:
        start = small().protocol.window.start
        waves = [
            wave(f"{channel}-{code}", channel, code, start + timedelta(day))
            for code, own in days.items()
            for channel, day in own.items()
        ]
        resolved = small(channels=channels, waves=tuple(waves), courses=COURSES)
        tagged = [start + timedelta(day) for day in range(14, 42)]
        cells = [(code, n, day) for code, n in (("P", 1.0), ("Q", 2.0)) for day in tagged]
        codes, values, when = zip(*cells, strict=True)
        size = len(cells)
        panel = panel_from_cells(codes, ["C00"] * size, ["organic"] * size, when, values)
        return replace(resolved, panel=panel, tables=tables)

    return build


def wave(name: str, channel: str, code: str, first: date) -> Wave:
    last = first if channel == "posts" else first + timedelta(6)
    return Wave(name, channel, (code,), portfolio=False, span=Span(first, last))


PAID, ORGANIC, TOGETHER = Order.PAID_FIRST, Order.ORGANIC_FIRST, Order.TOGETHER

# network → order of each course; a part of the reason
REASONS: dict[str, tuple[dict[str, dict[str, Order]], str]] = {
    "one order a network": (
        {"Facebook": {"P": PAID, "Q": PAID}, "LinkedIn": {"P": ORGANIC, "Q": ORGANIC}},
        "order ≡ network ≡ calendar: each order was used on one network only, in its own weeks"
        " (Facebook: paid first, then organic; LinkedIn: organic first, then paid)",
    ),
    "one order everywhere": (
        {"Facebook": {"P": PAID}, "LinkedIn": {"P": PAID}},
        "one order only (Facebook: paid first, then organic;",
    ),
    "both orders on one network": (
        {"Facebook": {"P": PAID, "Q": ORGANIC}, "LinkedIn": {"P": PAID}},
        "both orders occur on Facebook: declare how courses were assigned",
    ),
    "no pair of waves": ({"Facebook": {}, "LinkedIn": {}}, "no course had both paid and organic"),
}


@pytest.mark.parametrize(("orders", "reason"), REASONS.values(), ids=REASONS)
def test_is_refused_by_name(orders: dict[str, dict[str, Order]], reason: str) -> None:
    assert reason in order.not_identified(orders).reason


ORDERS: dict[str, tuple[dict[str, dict[str, int]], dict[str, Order], dict[str, Order]]] = {
    "as published": (PUBLISHED, {"P": PAID, "Q": PAID}, {"P": ORGANIC, "Q": ORGANIC}),
    "on one day": ({"P": {"fb": 14, "posts": 14}}, {"P": TOGETHER}, {}),
    "never paid": ({"P": {"posts": 14}}, {}, {}),
    "courses in both orders": (
        {"P": {"fb": 0, "posts": 14}, "Q": {"fb": 21, "posts": 14}},
        {"P": PAID, "Q": ORGANIC},
        {},
    ),
}


@pytest.mark.parametrize(("days", "facebook", "linkedin"), ORDERS.values(), ids=ORDERS)
def test_order_of_the_waves_of_a_course(
    declared: Callable[..., Resolved],
    days: dict[str, dict[str, int]],
    facebook: dict[str, Order],
    linkedin: dict[str, Order],
) -> None:
    resolved = declared(days)
    assert order.orders_on(resolved, FACEBOOK) == facebook
    assert order.orders_on(resolved, LINKEDIN) == linkedin


def test_posts_on_another_network_are_not_its_organic_waves(
    declared: Callable[..., Resolved],
) -> None:
    elsewhere = replace(POSTS, network="Instagram pages")
    resolved = declared(channels=(FACEBOOK, elsewhere))
    assert order.orders_on(resolved, FACEBOOK) == {}


def test_the_rows(declared: Callable[..., Resolved]) -> None:
    rows = list(order.planned(declared()))
    assert [(row.key.course, row.key.channel, row.key.arm, row.role) for row in rows] == [
        ("all", "fb", "all", RowRole.HEADLINE),
        ("all", "li", "all", RowRole.HEADLINE),
        ("all", "posts", "all", RowRole.HEADLINE),
        ("all", "posts", "network: Facebook", RowRole.HEADLINE),
        ("all", "posts", "network: LinkedIn", RowRole.HEADLINE),
        ("P", "posts", "all", RowRole.EXPLORATORY),
        ("Q", "posts", "all", RowRole.EXPLORATORY),
    ]
    causal, by_network = rows[0].comparison, rows[3].comparison
    assert isinstance(causal, NotRun)
    assert "order ≡ network ≡ calendar" in causal.reason
    assert isinstance(by_network, NotRun)
    assert "enrolments from Facebook alone are not known" in by_network.reason


def test_share_of_the_people_reached(declared: Callable[..., Resolved]) -> None:
    """Seven days of one of P and of two of Q: 7 of 1,000 and 14 of 400, 21 of 1,400 together."""
    posts = pd.DataFrame(
        {"course": ["P", "Q", "portfolio"], "page": "Facebook", "reach": ["1000", "400", "9999"]}
    )
    rows = {
        row.key.course: row.comparison
        for row in order.planned(declared(posts=posts))
        if row.key.channel == "posts" and row.key.arm == "all"
    }
    for course, tagged, reach in (("P", 7, 1000), ("Q", 14, 400), ("all", 21, 1400)):
        own = rows[course]
        assert isinstance(own, Described)
        assert own.observed == tagged
        assert own.share is not None
        assert own.share.value == pytest.approx(tagged / reach)
        assert own.share.of == reach
        assert own.share.interval == share_interval(tagged, reach, 0.95)
    assert isinstance(rows["P"], Described)
    assert "7 enrolments tagged “organic” in the 7 days from its post" in rows["P"].sentence
    assert "0.7% of 1,000 people reached on Facebook" in rows["P"].sentence
    assert rows["P"].sentence.endswith("; 8 days after fb-P ended; 7 days before li-P began")


def test_without_reach_the_count_stands_alone(declared: Callable[..., Resolved]) -> None:
    *_, row = order.planned(declared())
    assert isinstance(row.comparison, Described)
    assert (row.comparison.observed, row.comparison.share) == (14, None)
    assert "reached" not in row.comparison.sentence


def test_without_a_tag_nothing_is_counted(declared: Callable[..., Resolved]) -> None:
    *_, row = order.planned(declared(channels=(FACEBOOK, LINKEDIN, replace(POSTS, tag=None))))
    assert row.comparison == NotRun("no enrolment carries a tag of posts")


def test_no_word_claims_an_effect(declared: Callable[..., Resolved]) -> None:
    said = {row.estimand.identifies for row in order.planned(declared())}
    assert said == {
        "nothing about order",
        "a ratio of two counts, last touch over reach: not an effect of the posts",
    }
