"""The tables of a plan: power, what is identified, what it costs, how chance assigned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evaluator.report import numbers
from evaluator.report.planning import figures
from evaluator.report.planning.document import Table
from evaluator.report.planning.figures import NOTHING
from evaluator.report.planning.told import by_question, why_not
from evaluator.report.words import listed

Plan = Mapping[str, Any]


def power_table(plan: Plan) -> Table:
    """Of every row that decides, at the smallest lift worth finding."""
    own = plan["experiment"]
    head = (
        "row",
        f"power at {numbers.lift(own['smallest_lift'])}",
        f"noticed with {figures.probability(own['power'])}",
        "false positive",
        "interval",
        "wrong sign",
        "exaggerated",
        "not precise",
    )
    groups = tuple(
        (figures.title(question), tuple(map(_power_row, rows)))
        for question, rows in by_question(plan["power"])
    )
    return Table(head, groups)


def _power_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    if row["power"] is None:
        return (figures.label(row), *([NOTHING] * 7))
    return (
        figures.label(row),
        figures.power(row),
        figures.noticed(row),
        figures.probability(row["false_positive"]),
        f"[{figures.factor(row['low'])}; {figures.factor(row['high'])}]",
        figures.probability(row["sign_error"]),
        NOTHING if row["exaggeration"] is None else f"{row['exaggeration']:.1f}×",
        figures.probability(row["not_precise"]),
    )


def reasons(plan: Plan) -> tuple[str, ...]:
    """Why rows have no power, or notice no lift."""
    found: dict[str, list[str]] = {}
    for row in plan["power"]:
        reason = why_not(row)
        if reason:
            name = f"{figures.title(row['question'])}: {figures.label(row)}"
            found.setdefault(reason, []).append(name)
    notes = dict.fromkeys(note for row in plan["power"] for note in row["notes"])
    return (*(f"{listed(names)}: {reason}." for reason, names in found.items()), *notes)


def identified_table(plan: Plan) -> Table:
    """Contrast by contrast, the last experiment beside this one."""
    rows = tuple(
        (
            own["name"].replace("_", " "),
            "yes" if own["before"] else "no",
            "yes" if own["after"] else "no",
            figures.factor(own["inflation"]) if own["after"] else NOTHING,
            figures.factor(own["in_daily_model"]),
            own["reason"] or ("" if own["before"] else f"before: {own['reason_before']}"),
        )
        for own in plan["identified"]
    )
    head = ("contrast", "last time", "now", "inflation", "worst course", "")
    return Table(head, (("", rows),), frozenset({1, 2, 5}))


def week_table(plan: Plan) -> Table:
    """Week by week: what runs, and what that tells apart."""
    design = plan["design"]
    channel = {wave["id"]: wave["channel"] for wave in design["waves"]}
    rows = []
    for number, week in enumerate(design["weeks"], 1):
        running: dict[str, int] = {}
        for wave in week["waves"]:
            running[channel[wave]] = running.get(channel[wave], 0) + 1
        said = ", ".join(f"{count} {name}" for name, count in running.items())
        rows.append(
            (
                f"{number}: {figures.day(week['start'], year=False)}",
                f"closed: {week['closed']}" if week["closed"] else said or NOTHING,
                ", ".join(week["identifies"]) or NOTHING,
            )
        )
    return Table(
        ("week", "waves", "good for telling apart"), (("", tuple(rows)),), frozenset({1, 2})
    )


def trade_table(plan: Plan) -> Table:
    """What one more week or a hold-out buys, and what it costs."""
    currency, outcome = plan["design"]["currency"], plan["experiment"]["outcome"]
    rows = tuple(
        (
            own["what"],
            figures.off(own["power"], own["error"]),
            figures.money(own["money"], currency),
            figures.amount(own["forgone"]) if "value" in own["forgone"] else "not known",
            ", ".join(own["identifies"]) or NOTHING,
        )
        for own in plan["trades"]
    )
    head = ("choice", "power gained", "money", f"{outcome} forgone", "identifies besides")
    return Table(head, (("", rows),), frozenset({4}))


def alternative_table(plan: Plan) -> Table:
    rows = tuple(
        (
            f"{own['name']}{' (chosen)' if not number else ''}",
            f"{own['identified']} of {own['contrasts']}",
            figures.factor(own["efficiency"]),
            figures.probability(own["washout"]),
            figures.money(own["cost"], plan["design"]["currency"]),
            _score(own["searched"]),
            _score(own["fresh"]),
        )
        for number, own in enumerate(plan["alternatives"])
    )
    head = (
        *("schedule", "identifies", "D-efficiency", "washed out", "cost"),
        *("power, searched", "power, fresh"),
    )
    return Table(head, (("", rows),))


def _score(own: Mapping[str, Any] | None) -> str:
    return NOTHING if own is None else figures.off(own["power"], own["error"])


def budget_table(plan: Plan) -> Table:
    own, currency = plan["budget"], plan["design"]["currency"]
    rows = tuple(
        (
            channel["name"],
            numbers.cost(channel["cost_per_extra"]) or NOTHING,
            _ends(channel["cost_interval"]),
            figures.money(channel["spend"], currency),
            *(_split(channel, currency)),
        )
        for channel in own["channels"]
    )
    outcome = plan["experiment"]["outcome"]
    head = (
        *("channel", f"cost of an extra ({currency})" if currency else "cost of an extra"),
        *("interval", "this design", "of the budget", "spend", f"extra {outcome}"),
    )
    return Table(head, (("", rows),))


def _ends(ends: list[float | None] | None) -> str:
    if ends is None:
        return NOTHING
    low, high = ends
    return f"[{figures.factor(low)}; {numbers.INFINITE if high is None else figures.factor(high)}]"


def _split(channel: Mapping[str, Any], currency: str) -> Iterator[str]:
    if channel["share"] is None:
        yield from (NOTHING,) * 3
        return
    yield numbers.rate(channel["share"])
    yield figures.money(channel["split_spend"], currency)
    yield figures.amount(channel["split_extra"])


def assignment_table(plan: Plan) -> Table:
    rows = tuple(
        (
            own["part"],
            own["rule"],
            ", ".join(f"{len(group['members'])} {group['name']}" for group in own["groups"]),
            f"{own['imbalance']:.2f}",
            f"{own['threshold']:.2f}",
            f"{numbers.count(own['draw'])} of {numbers.count(own['draws'])}",
            numbers.count(own["allocations"]),
            numbers.p_value(own["smallest_p"]),
        )
        for own in plan["assignment"]
    )
    head = (
        *("part", "rule", "groups", "imbalance", "allowed", "draw", "allocations"),
        "smallest p",
    )
    return Table(head, (("", rows),), frozenset({1, 2}))


def market_table(plan: Plan) -> Table:
    rows = tuple(
        (
            ", ".join(own["countries"]),
            str(own["rank"]),
            str(own["duration"]),
            numbers.lift(own["lift"]),
            figures.probability(own["power"]),
            figures.probability(own["imbalance"]),
            numbers.rate(own["share"]),
            figures.money(own["investment"], plan["design"]["currency"]),
        )
        for own in plan["markets"]["sets"]
    )
    head = ("countries", "rank", "weeks", "noticed", "power", "misfit", "of all", "investment")
    return Table(head, (("", rows),))
