"""The causal graph of each declared question, made from the protocol and its comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from evaluator.assumptions.graph.causal import Arrow, CausalGraph, Kind, Node, Standing
from evaluator.assumptions.graph.common import (
    CALENDAR,
    DEMAND,
    LAUNCH,
    OTHERS,
    OUTCOME,
    PAST,
    PORTFOLIO,
    TOPIC,
    TREND,
    about_of,
    comparison_of,
    deciding,
    graph_of,
    level_causes,
)
from evaluator.assumptions.graph.designed import against_left_out, order_drawn
from evaluator.comparisons import (
    Comparison,
    Planned,
    arms,
    campaign,
    channels,
    left_out,
    order,
    portfolio,
    promoted,
    seen_by,
)
from evaluator.comparisons.references import in_launch
from evaluator.comparisons.waves import channel_of, course_waves
from evaluator.experiment.protocol import Channel, TopCountries
from evaluator.resolve import Resolved
from evaluator.results import RowRole


def graphs(resolved: Resolved, planned: Sequence[Planned]) -> tuple[CausalGraph, ...]:
    """A graph for each estimand of a question with an effect; for each channel, of its own.

    Parameters
    ----------
    planned : the rows of the evaluation; those that decide say which estimands there are
    """
    found: dict[tuple[str, str], list[Planned]] = {}
    for row in planned:
        counted = row.key.method == order.TAGGED  # two counts of one post: nothing causes either
        if row.role is RowRole.HEADLINE and row.key.question in GRAPHS and not counted:
            found.setdefault((row.key.question, about_of(row)), []).append(row)
    return tuple(GRAPHS[question](resolved, rows) for (question, _), rows in found.items())


def _promoted(resolved: Resolved, rows: Sequence[Planned]) -> CausalGraph:
    if rows[0].key.method == left_out.METHOD:
        return against_left_out(resolved, rows)
    estimand = rows[0].estimand
    treatment = "promoted individually"
    nodes = [
        Node(TOPIC, Kind.OBSERVED, 0, 0),
        Node(DEMAND, Kind.UNOBSERVED, 0, 1),
        Node(TREND, Kind.OBSERVED, 0, 2),
        Node(treatment, Kind.TREATMENT, 1, 0),
        Node(OUTCOME, Kind.OUTCOME, 1, 2),
        Node(CALENDAR, Kind.OBSERVED, 2, 1),
    ]
    arrows = [
        Arrow(treatment, OUTCOME),
        *level_causes(treatment, TOPIC, DEMAND),
        Arrow(TREND, treatment),
        Arrow(TREND, OUTCOME, Standing.ASSUMED_AWAY, estimand.needs[0]),
        Arrow(CALENDAR, OUTCOME),
    ]
    if _has_portfolio(resolved):
        nodes.append(Node(PORTFOLIO, Kind.OBSERVED, 2, 2))
        arrows.append(Arrow(PORTFOLIO, OUTCOME))
    held: tuple[str, ...] = ()
    if any(in_launch(resolved, course) for course in resolved.promoted):
        nodes.append(Node(LAUNCH, Kind.OBSERVED, 2, 0))
        arrows += [Arrow(LAUNCH, treatment), Arrow(LAUNCH, OUTCOME)]
        compared = [c for row in deciding(rows) for c in comparison_of(row).series]
        held = () if any(in_launch(resolved, course) for course in compared) else (LAUNCH,)
    return graph_of(rows, "a course", nodes, arrows, held)


def _arms(resolved: Resolved, rows: Sequence[Planned]) -> CausalGraph:
    estimand, protocol = rows[0].estimand, resolved.protocol
    alone = arms.only_in_a(resolved)
    both = protocol.arms is not None and "B" in protocol.arms.exposed
    named = ", ".join(arms.channels_of_a(resolved)) if both else "campaign"
    treatment = f"{named}, in arm A alone" if alone else "arm A rather than B"
    shock = f"calendar of a {protocol.unit}"
    triple = estimand.name == arms.arms_estimand(resolved, triple=True).name
    nodes = [
        Node(DEMAND, Kind.UNOBSERVED, 0, 1),
        Node(shock, Kind.UNOBSERVED, 0, 2),
        Node(treatment, Kind.TREATMENT, 1, 0),
        Node(OUTCOME, Kind.OUTCOME, 1, 2),
        Node(CALENDAR, Kind.OBSERVED, 2, 1),
    ]
    arrows = [
        Arrow(treatment, OUTCOME),
        *level_causes(treatment, DEMAND),
        Arrow(shock, treatment),
        Arrow(shock, OUTCOME, Standing.CANCELS, OTHERS)
        if triple
        else Arrow(shock, OUTCOME, Standing.ASSUMED_AWAY, estimand.needs[0]),
        Arrow(CALENDAR, OUTCOME),
    ]
    if protocol.arms is not None and isinstance(protocol.arms.rule, TopCountries):
        nodes.insert(0, Node(TOPIC, Kind.OBSERVED, 0, 0))
        arrows += level_causes(treatment, TOPIC)
    if both:
        shared = "the rest, in both arms" if alone else "campaign, in both arms"
        nodes.append(Node(shared, Kind.OBSERVED, 2, 2))
        arrows.append(Arrow(shared, OUTCOME))
    drawn = protocol.assignment is not None and protocol.assignment.countries
    if drawn and drawn.random:
        arrows = [arrow for arrow in arrows if arrow.head != treatment]
    return graph_of(rows, f"a {protocol.unit}", nodes, arrows)


def _campaign(resolved: Resolved, rows: Sequence[Planned]) -> CausalGraph:
    estimand = rows[0].estimand
    controlled = estimand.name == campaign.controlled_estimand(resolved).name
    treatment = "campaign weeks"
    # With nothing else to see a season on, the window's season is never without the campaign.
    season = Kind.OBSERVED if controlled else Kind.INSEPARABLE
    nodes = [
        Node(DEMAND, Kind.UNOBSERVED, 0, 0),
        Node(CALENDAR, season, 0, 1),
        Node(TREND, Kind.UNOBSERVED, 0, 2),
        Node(treatment, Kind.TREATMENT, 1, 0),
        Node(OUTCOME, Kind.OUTCOME, 1, 2),
    ]
    shared = (Standing.CANCELS, OTHERS) if controlled else (Standing.STANDS, "")
    arrows = [
        Arrow(treatment, OUTCOME),
        Arrow(CALENDAR, treatment),
        Arrow(CALENDAR, OUTCOME, *shared),
        Arrow(DEMAND, OUTCOME, Standing.CANCELS, PAST),
        Arrow(TREND, treatment),
        Arrow(TREND, OUTCOME, Standing.ASSUMED_AWAY, estimand.needs[0]),
    ]
    if _has_portfolio(resolved):
        nodes.append(Node(PORTFOLIO, season, 2, 1))
        arrows += [Arrow(CALENDAR, PORTFOLIO), Arrow(PORTFOLIO, OUTCOME, *shared)]
    return graph_of(rows, "a week", nodes, arrows)


def _channel(resolved: Resolved, rows: Sequence[Planned]) -> CausalGraph:
    """One channel's waves beside all others: the schedule is what they have in common."""
    own = rows[0].key.channel
    declared, seen = resolved.protocol.channels, seen_by(rows[0], resolved)
    kinds = {c.name: _channel_kind(seen, rows[0], c) for c in declared}
    middle = (len(declared) - 1) / 2
    schedule = "schedule of the waves"
    nodes = [
        Node(schedule, Kind.UNOBSERVED, middle, 0),
        Node(CALENDAR, Kind.OBSERVED, len(declared), 1),
        *(Node(name, kind, row, 1) for row, (name, kind) in enumerate(kinds.items())),
        Node("log of a day’s enrolments", Kind.OUTCOME, middle, 2),
    ]
    outcome = nodes[-1].name
    arrows = [Arrow(CALENDAR, schedule), Arrow(CALENDAR, outcome, Standing.CANCELS, OTHERS)]
    for channel in declared:
        # What reached every course alike is in the other courses' days as well.
        alike = channels.reaches_alike(seen, channel)
        shared = (Standing.CANCELS, OTHERS) if alike else (Standing.STANDS, "")
        arrows += [Arrow(schedule, channel.name), Arrow(channel.name, outcome, *shared)]
    compared = [c for row in deciding(rows) for c in comparison_of(row).companions]
    modelled = {channel_of(name) for cell in compared for name, _ in cell.waves}
    held = tuple(c.name for c in declared if c.name in modelled and c.name != own)
    return graph_of(rows, "a course on a day", nodes, arrows, held)


def _channel_kind(resolved: Resolved, row: Planned, channel: Channel) -> Kind:
    """Whether a channel can be held fixed while the row's own runs."""
    own = row.key.channel
    if channel.name == own:
        return Kind.TREATMENT
    if isinstance(row.comparison, Comparison):
        return Kind.OBSERVED
    for course in resolved.promoted:
        marks = dict(course_waves(resolved, course).waves)
        if own in marks and channel.name in marks and (marks[own] & marks[channel.name]).any():
            return Kind.INSEPARABLE
    return Kind.OBSERVED


def _portfolio(resolved: Resolved, rows: Sequence[Planned]) -> CausalGraph:
    if rows[0].key.method == left_out.METHOD:
        return against_left_out(resolved, rows)
    return _confounded(rows, "a week", "wave to every course", {CALENDAR: Kind.INSEPARABLE})


def _order(resolved: Resolved, rows: Sequence[Planned]) -> CausalGraph:
    if deciding(rows):
        return order_drawn(resolved, rows)
    paid = [channel for channel in resolved.protocol.channels if channel.kind == "paid"]
    used = [set(order.orders_on(resolved, channel).values()) for channel in paid]
    network = Kind.OBSERVED if any(len(own) > 1 for own in used) else Kind.INSEPARABLE
    causes = {"network": network, "weeks": Kind.INSEPARABLE, DEMAND: Kind.UNOBSERVED}
    return _confounded(rows, "a course on a network", "paid before organic", causes)


def _confounded(
    rows: Sequence[Planned], unit: str, treatment: str, causes: Mapping[str, Kind]
) -> CausalGraph:
    """Common causes that nothing in the comparison takes away."""
    nodes = [
        *(Node(name, kind, 0, column) for column, (name, kind) in enumerate(causes.items())),
        Node(treatment, Kind.TREATMENT, 1, 0),
        Node("log enrolments", Kind.OUTCOME, 1, 2),
    ]
    arrows = [Arrow(treatment, "log enrolments")]
    for cause in causes:
        arrows += [Arrow(cause, treatment), Arrow(cause, "log enrolments")]
    return graph_of(rows, unit, nodes, arrows)


GRAPHS: Mapping[str, Callable[[Resolved, Sequence[Planned]], CausalGraph]] = {
    promoted.QUESTION: _promoted,
    arms.QUESTION: _arms,
    campaign.QUESTION: _campaign,
    channels.QUESTION: _channel,
    portfolio.QUESTION: _portfolio,
    order.QUESTION: _order,
}


def _has_portfolio(resolved: Resolved) -> bool:
    window = resolved.protocol.window
    return any(wave.portfolio and wave.span.overlaps(window) for wave in resolved.protocol.waves)
