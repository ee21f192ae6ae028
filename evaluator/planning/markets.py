"""Which countries to promote in alone: the plan's way to the selection of markets."""

from __future__ import annotations

from evaluator.errors import Refusal
from evaluator.experiment.planned import Plan
from evaluator.experiment.protocol import Protocol
from evaluator.planning.geo import Market, Markets, select_markets
from evaluator.resolve import Resolved
from evaluator.results import NotRun

SHOWN = 10
"""Sets of countries that are kept, best first."""


def markets(past: Resolved, plan: Plan, following: Protocol) -> tuple[Market, ...] | NotRun | None:
    """Sets of countries by what a campaign there alone would find; None where none is asked for.

    Weekly enrolments of the courses that are to be promoted, over the weeks before the past
    window. Countries whose weeks are all alike (mostly none) are neither promoted in nor donors.
    """
    asked = plan.markets
    if asked is None:
        return None
    panel = past.panel
    weeks = panel.day(past.protocol.window.start) // 7
    courses = [c.code for c in following.courses if c.code in panel.courses]
    daily = panel.array("country", "day", course=courses)[:, : 7 * weeks]
    weekly = daily.reshape(len(daily), weeks, 7).sum(axis=2)
    kept = [
        row
        for row, name in enumerate(panel.countries)
        if weekly[row].std() > 0 or name in asked.include
    ]
    try:
        found = select_markets(
            weekly[kept],
            Markets(
                names=tuple(panel.countries[row] for row in kept),
                sizes=asked.sizes,
                durations=asked.weeks,
                effects=tuple(lift - 1 for lift in asked.lifts),
                include=asked.include,
                exclude=asked.exclude,
                cost_per_extra=asked.cost_per_extra or 1.0,
                budget=plan.budget if asked.cost_per_extra else None,
                seed=plan.seed,
            ),
        )
    except Refusal as refused:
        return NotRun(refused.reason)
    return found[:SHOWN]
