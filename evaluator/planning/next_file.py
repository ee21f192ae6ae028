"""From a design to the file of the next experiment, with data on which it runs at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from evaluator.comparisons import planned_rows
from evaluator.experiment.planned import Plan
from evaluator.experiment.protocol import (
    DataKind,
    Listed,
    Others,
    Protocol,
    Question,
    Source,
    TopCountries,
)
from evaluator.planning.detectable import Detectable
from evaluator.planning.exports import simulated_files
from evaluator.planning.next import template
from evaluator.planning.ordinary import ordinary_of
from evaluator.planning.power import Power
from evaluator.planning.unanswered import named
from evaluator.planning.writing import Draft
from evaluator.resolve import Resolved
from evaluator.results import RowRole

ENROLMENTS, CONVERSIONS = "enrolments.simulated.csv.gz", "conversions.simulated.csv.gz"


def draft_of(
    past: Resolved,
    following: Protocol,
    plan: Plan,
    found: Sequence[Power | Detectable],
    file: Path,
) -> Draft:
    """The next experiment as it is to be written: concrete, and reading simulated data beside it.

    Rules that the past data decided stand as what they became: the countries of arm A by name,
    the other courses by code. Secondary outcomes that are not asked for, and negative controls,
    which nothing simulates, stay behind.

    Parameters
    ----------
    found : power or smallest lifts that would be noticed; they become facts of the protocol
    file : where it is to be written
    """
    resolved, left_out = template(past, following), following.others.left_out
    path = Path(os.path.abspath(file))  # noqa: PTH100
    asked = Question.SECONDARY in following.questions
    secondary = following.secondary if asked else ()
    protocol = replace(
        following,
        path=path,
        data_kind=DataKind.SYNTHETIC,
        others=Others(tuple(sorted((*resolved.others, *left_out))), None, left_out),
        arms=replace(following.arms, rule=_concrete(resolved)) if following.arms else None,
        sources=tuple(_sources(path.parent, conversions=_conversions(secondary))),
        history_from=resolved.panel.start,
        secondary=secondary,
        negative_controls=(),
        facts=(*following.facts, *_estimators(resolved), *map(_fact, found)),
    )
    files = simulated_files(protocol, ordinary_of(resolved), plan.smallest_lift)
    return Draft(protocol, heading(past, plan), NOTES, files)


def heading(past: Resolved, plan: Plan) -> str:
    """What stands at the top of the file."""
    return (
        f"{plan.name}: planned by `evaluator plan` from {past.protocol.name}.\n\n"
        "It is ready to be sealed (`evaluator seal`) before its first day, and to be run: until\n"
        "then on SIMULATED data, drawn from worlds fitted to the past panel in which every wave\n"
        f"lifts what it reaches by ×{plan.smallest_lift:g}. When the window is over, put the path\n"
        'of the export under [[sources]] and data_kind = "observed" under [experiment].'
    )


NOTES = {
    "experiment.as_of": "the last day of the window; later, where a follow-up is waited for",
    "experiment.seed": "of the assignment below and of every draw",
    "reference": "The weeks used as base, fixed before the window.",
    "decision": "From interval to verdict; `evaluator explain` says which rows it decides.",
    "others": "Courses that nobody promotes one by one; no wave reaches those left out.",
    "waves": "The schedule. A wave without courses advertises the portfolio.",
    "assignment": "What chance decided, by which rule: the same seed draws it again.",
    "sources": "Simulated: replace the path by the export's.",
    "facts": "What was planned and promised; no estimate uses it.",
}
"""Comments of the file."""


def _concrete(resolved: Resolved) -> TopCountries | Listed:
    """Arm A by name, as the past data had it."""
    by_course = {course: tuple(units) for course, units in resolved.arm_a.items()}
    lists = set(by_course.values())
    return Listed(lists.pop()) if len(lists) == 1 else Listed((), tuple(by_course.items()))


def _conversions(secondary: Sequence[object]) -> str | None:
    """Name of the source of conversions that a secondary outcome reads."""
    return next((name for own in secondary if (name := getattr(own, "source", None))), None)


def _sources(folder: Path, conversions: str | None) -> Iterator[Source]:
    yield Source("enrolments", "events", (folder / ENROLMENTS,))
    if conversions:
        yield Source(conversions, "conversions", (folder / CONVERSIONS,))


def _estimators(resolved: Resolved) -> Iterator[tuple[str, str]]:
    """Question → the methods of the rows that decide."""
    methods: dict[str, list[str]] = {}
    for row in planned_rows(resolved):
        if row.role is RowRole.HEADLINE and not row.descriptive:
            methods.setdefault(row.key.question, []).append(row.key.method)
    for question, own in methods.items():
        yield f"estimator: {question}", ", ".join(dict.fromkeys(own))


def _fact(found: Power | Detectable) -> tuple[str, str]:
    """What a row would notice."""
    name = named(found.key)
    if isinstance(found, Power):
        band = f"{found.promised.low:.2f} to {found.promised.high:.2f}"
        said = found.reason or f"{found.power:.2f} ({band}), {found.campaigns:,} campaigns"
        return f"power at ×{found.lift:g}: {name}", said
    known = f"×{found.lift:.3g} (×{found.low:.3g} to ×{found.high:.3g})"
    said = found.reason or f"{known} at power {found.power:g}"
    return f"minimum detectable lift: {name}", said
