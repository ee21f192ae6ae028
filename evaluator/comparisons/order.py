"""The order of paid and organic promotion: identified by chance, or refused by name.

One order on each network, each in its own weeks, is no experiment on order: whatever differs
between the networks and between the weeks differs with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from evaluator.comparisons import order_assigned
from evaluator.comparisons.design import ALL, Comparison, Described, Planned
from evaluator.comparisons.order_assigned import drawn_order, order_effect_estimand
from evaluator.comparisons.wording import moved_more, moved_with
from evaluator.experiment.protocol import Channel, Question, Wave
from evaluator.inference.shares import share_interval
from evaluator.resolve import Resolved
from evaluator.results import Estimand, NotRun, RowKey, RowRole, Share

QUESTION = Question.ORDER.value
TAGGED = "tagged_of_reached"
DAYS = 7
"""Of tagged enrolments that are counted from the day of a post."""


class Order(StrEnum):
    """Which of a course's first waves came first on a network."""

    PAID_FIRST = "paid first, then organic"
    ORGANIC_FIRST = "organic first, then paid"
    TOGETHER = "paid and organic at once"


def planned(resolved: Resolved) -> Iterator[Planned]:
    """The order on each network, refused; then the organic posts, described."""
    orders = {channel: orders_on(resolved, channel) for channel in _of_kind(resolved, "paid")}
    reason: Comparison | NotRun = not_identified(
        {channel.network or channel.name: o for channel, o in orders.items()}
    )
    drawn = drawn_order(resolved)
    for channel, own in orders.items():
        key = RowKey(QUESTION, ALL, channel.name, method="order_of_waves")
        estimand, built = order_estimand(), reason
        if drawn is not None and drawn.network.casefold() not in ("", channel.network.casefold()):
            built = NotRun(f"chance gave the order on {drawn.network}, not on this network")
        elif drawn is not None and {Order.PAID_FIRST, Order.ORGANIC_FIRST} <= set(own.values()):
            estimand = order_effect_estimand(channel.network or channel.name, drawn)
            built = _assigned(resolved, channel, own)
        yield Planned(key, RowRole.HEADLINE, estimand, built)
    for channel in _of_kind(resolved, "organic"):
        yield from _posts(resolved, channel)


def orders_on(resolved: Resolved, paid: Channel) -> Mapping[str, Order]:
    """Course → order of its first paid and its first organic wave on the network of a channel."""
    organic = [c for c in _of_kind(resolved, "organic") if _same_network(paid, c)]
    orders: dict[str, Order] = {}
    for course in resolved.promoted:
        paid_waves = _waves(resolved, [paid], course)
        posts = _waves(resolved, organic, course)
        if paid_waves and posts:
            gap = (_first(posts) - _first(paid_waves)).days
            after = Order.PAID_FIRST if gap > 0 else Order.ORGANIC_FIRST
            orders[course] = after if gap else Order.TOGETHER
    return orders


def _assigned(
    resolved: Resolved, paid: Channel, orders: Mapping[str, Order]
) -> Comparison | NotRun:
    """Courses of both orders, which chance gave them."""
    used = [paid, *(c for c in _of_kind(resolved, "organic") if _same_network(paid, c))]
    told = {c: own is Order.PAID_FIRST for c, own in orders.items() if own is not Order.TOGETHER}
    waves = {course: _waves(resolved, used, course) for course in told}
    return order_assigned.comparison(resolved, paid.network or paid.name, told, waves)


def not_identified(orders: Mapping[str, Mapping[str, Order]]) -> NotRun:
    """Why the order says nothing, from network → course → order."""
    used = {network: set(by_course.values()) for network, by_course in orders.items() if by_course}
    if not used:
        return NotRun("no course had both paid and organic waves on one network")
    both = [network for network, own in used.items() if len(own) > 1]
    if both:
        return NotRun(
            f"both orders occur on {', '.join(both)}: declare how courses were assigned to them;"
            " only an assignment that does not depend on expected demand identifies the order"
        )
    said = "; ".join(f"{network}: {next(iter(own))}" for network, own in used.items())
    if len(set.union(*used.values())) == 1:
        return NotRun(f"one order only ({said}): there is nothing to compare it with")
    return NotRun(
        "order ≡ network ≡ calendar: each order was used on one network only, in its own weeks"
        f" ({said})"
    )


def _posts(resolved: Resolved, channel: Channel) -> Iterator[Planned]:
    """Share of the people reached by a course's post who enrolled with the channel's tag."""
    courses = [course for course in resolved.promoted if _waves(resolved, [channel], course)]
    if not courses:
        return
    key = RowKey(QUESTION, ALL, channel.name, method=TAGGED)
    estimand = share_estimand()
    whole = _described(resolved, channel, courses)
    yield Planned(key, RowRole.HEADLINE, estimand, whole, descriptive=True)
    for network in _networks(resolved, channel) if channel.tag else ():
        own = RowKey(QUESTION, ALL, channel.name, f"network: {network}", TAGGED)
        reason = NotRun(
            f"the tag “{channel.tag}” stands for {channel.network} at once: enrolments from"
            f" {network} alone are not known"
        )
        yield Planned(own, RowRole.HEADLINE, estimand, reason, descriptive=True)
    for course in courses:
        own = RowKey(QUESTION, course, channel.name, method=TAGGED)
        described = _described(resolved, channel, [course])
        yield Planned(own, RowRole.EXPLORATORY, estimand, described, descriptive=True)


def _described(resolved: Resolved, channel: Channel, courses: Sequence[str]) -> Described | NotRun:
    if channel.tag is None or channel.tag not in resolved.panel.tags:
        return NotRun(f"no enrolment carries a tag of {channel.name}")
    tagged = sum(_tagged(resolved, channel, course) for course in courses)
    since = f"in the {DAYS} days from its post" if len(courses) == 1 else f"in {DAYS} days each"
    sentence = f"{tagged:,.0f} {resolved.protocol.outcome} tagged “{channel.tag}” {since}"
    reach, pages = _reach(resolved, courses)
    share = None
    if reach >= max(tagged, 1):
        interval = share_interval(tagged, reach, resolved.protocol.decision.level)
        share = Share(tagged / reach, interval, reach)
        sentence += (
            f", {share.value:.1%} of {reach:,.0f} people reached on {pages}"
            f" [{interval.low:.1%}; {interval.high:.1%} by counting noise alone]"
            f"{_mismatch(channel, pages, len(courses))}"
        )
    if len(courses) == 1:
        sentence += "".join(_gaps(resolved, channel, courses[0]))
    return Described(tagged, sentence, share)


def _mismatch(channel: Channel, pages: str, posts: int) -> str:
    """Why the two counts of the ratio are not of the same people."""
    tag = f"the tag is that of {channel.network}, the reach of {pages} alone"
    told = [tag] if channel.network and channel.network != pages else []
    if posts > 1:
        told.append("reach is added over posts: who saw two counts twice")
    return "".join(f"; {reason}" for reason in told)


def _tagged(resolved: Resolved, channel: Channel, course: str) -> float:
    """Tagged enrolments in the days from each post, no day twice."""
    panel = resolved.panel
    daily = panel.array("day", course=[course], tag=[channel.tag or ""])
    days = {
        panel.day(wave.span.start) + day
        for wave in _waves(resolved, [channel], course)
        for day in range(DAYS)
    }
    return float(sum(daily[day] for day in days if 0 <= day < panel.days))


def _reach(resolved: Resolved, courses: Sequence[str]) -> tuple[float, str]:
    """People reached by the posts of these courses, as published, and on which pages."""
    table = resolved.tables.get("posts")
    if table is None or "reach" not in table.columns:
        return 0.0, ""
    rows = table[table["course"].isin(list(courses)) & table["reach"].notna()]
    pages = sorted(set(rows["page"])) if "page" in table.columns else []
    return float(rows["reach"].astype(float).sum()), ", ".join(pages) or "all pages"


def _gaps(resolved: Resolved, channel: Channel, course: str) -> Iterator[str]:
    """Days between the post and the course's paid waves, network by network."""
    post = _first(_waves(resolved, [channel], course))
    for paid in _of_kind(resolved, "paid"):
        for wave in _waves(resolved, [paid], course) if _same_network(paid, channel) else ():
            before, after = (post - wave.span.end).days, (wave.span.start - post).days
            if before > 0:
                yield f"; {before} days after {wave.id} ended"
            elif after > 0:
                yield f"; {after} days before {wave.id} began"
            else:
                yield f"; while {wave.id} ran"


def _networks(resolved: Resolved, organic: Channel) -> list[str]:
    """Networks of paid channels that the posts of an organic channel also went to."""
    paid = _of_kind(resolved, "paid")
    return list(dict.fromkeys(c.network for c in paid if _same_network(c, organic)))


def _same_network(paid: Channel, organic: Channel) -> bool:
    return bool(paid.network) and paid.network.casefold() in organic.network.casefold()


def _of_kind(resolved: Resolved, kind: str) -> list[Channel]:
    return [channel for channel in resolved.protocol.channels if channel.kind == kind]


def _waves(resolved: Resolved, channels: Sequence[Channel], course: str) -> list[Wave]:
    names = {channel.name for channel in channels}
    return [w for w in resolved.protocol.waves if w.channel in names and course in w.courses]


def _first(waves: Sequence[Wave]) -> date:
    return min(wave.span.start for wave in waves)


def order_estimand() -> Estimand:
    """What was asked, and cannot be answered."""
    return Estimand(
        name="lift of paid before organic over organic before paid",
        compares="courses with paid waves before organic posts, and courses with them after",
        identifies="nothing about order",
        needs=("both orders on one network, assigned to courses at random",),
        not_identified="the order: it cannot be told from the network, nor from the weeks",
        wording=moved_more(
            "where paid promotion came first", "what they would have been in the other order"
        ),
    )


def share_estimand() -> Estimand:
    """A ratio of two counts of the same days."""
    return Estimand(
        name="tagged enrolments per person reached",
        compares=f"enrolments with the channel's tag in the {DAYS} days from a post with the people"
        " the post reached, as published",
        identifies="a ratio of two counts, last touch over reach: not an effect of the posts",
        needs=("the tag marks those who came through the posts",),
        not_identified="enrolments caused by the posts; a difference between networks or orders",
        wording=moved_with("the posts", "the people whom these reached"),
    )
