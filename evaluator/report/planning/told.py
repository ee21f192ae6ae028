"""The answer of a plan in sentences: what the design is, and what each question would notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluator.report import numbers
from evaluator.report.planning import figures
from evaluator.report.planning.figures import MAILING, Record
from evaluator.report.words import counted, listed

Plan = Mapping[str, Any]


def lead(plan: Plan) -> str:
    """How many rows notice the smallest lift worth finding as often as is wanted."""
    own = plan["experiment"]
    rows = [
        row for row in plan["power"] if row["power"] is not None and not row["concludes_of_nothing"]
    ]
    enough = [row for row in rows if row["power"] >= own["power"]]
    wanted, power = figures.lift(own["smallest_lift"]), figures.probability(own["power"])
    if not rows:
        return "Of no row could campaigns be drawn; the reasons stand in the table."
    if len(enough) == len(rows):
        return f"This design would notice {wanted} on every row, with power {power} or more."
    if enough:
        return (
            f"This design would notice {wanted} with power {power} on {len(enough)} of {len(rows)}"
            " rows; on the others only larger lifts."
        )
    return (
        f"This design would notice {wanted}, the smallest lift worth finding, with power {power} on"
        f" none of its {counted(len(rows), 'row')}: only larger lifts."
    )


def sentences(plan: Plan) -> Iterator[str]:
    """The design, then the best row of every question, then what is answered without power."""
    yield _design(plan)
    for question, rows in by_question(plan["power"]):
        yield _question(question, rows)
    drawn = {row["question"] for row in plan["power"]}
    rest = [question for question in plan["experiment"]["questions"] if question not in drawn]
    if rest:
        names = listed(figures.title(question).lower() for question in rest)
        yield f"Power is not computed for: {names}. What identifies them stands below."


def by_question(rows: Sequence[Record]) -> list[tuple[str, list[Record]]]:
    """Rows of every question, in the order of the table."""
    asked = dict.fromkeys(row["question"] for row in rows)
    return [(one, [row for row in rows if row["question"] == one]) for one in asked]


def best_row(rows: Sequence[Record]) -> Record | None:
    """Of a question, the row that notices the smallest lift; None where none notices any.

    A row that concludes too often where there is no lift is none to rely on.
    """
    found = [
        row
        for row in rows
        if row["detectable"]["lift"] is not None and not row["concludes_of_nothing"]
    ]
    return min(found, key=lambda row: float(row["detectable"]["lift"]), default=None)


def why_not(row: Record) -> str:
    """Why a row notices nothing, or nothing that could be relied on; empty where it does."""
    if row["concludes_of_nothing"]:
        often = figures.probability(row["false_positive"])
        return (
            f"it ends with a direction in {often} of campaigns without any lift: rely on no power"
        )
    return str(row["reason"] or row["detectable"]["reason"])


def _design(plan: Plan) -> str:
    own, design = plan["experiment"], plan["design"]
    start, end = own["window"]
    budget = "" if design["budget"] is None else f" of {_money(design['budget'], design)}"
    said = (
        f"{figures.day(start)} – {figures.day(end)}: {counted(len(design['courses']), 'course')}"
        f" promoted in {counted(len(design['waves']), 'wave')}, for"
        f" {_money(design['cost'], design)}{budget}"
    )
    beside = []
    if design["left_out"]:
        beside.append(f"{counted(len(design['left_out']), 'course')} left out of every promotion")
    if design["arms"]:
        b = len(design["arms"]["B"])
        beside.append(f"{b} {'country' if b == 1 else 'countries'} without advertisements")
    return f"{said}{'; beside them ' if beside else ''}{listed(beside)}."


def _question(question: str, rows: Sequence[Record]) -> str:
    name, best = figures.title(question), best_row(rows)
    if best is None:
        reasons = dict.fromkeys(why_not(row) for row in rows)
        return f"{name}: nothing would be noticed; {'; '.join(reasons)}."
    about = "" if question == MAILING else f" ({figures.label(best)})"
    return (
        f"{name}: noticed from {figures.noticed(best)}{about}; at"
        f" {numbers.lift(best['lift'])} power is {figures.power(best)}."
    )


def _money(value: float, design: Record) -> str:
    return figures.money(value, design["currency"])
