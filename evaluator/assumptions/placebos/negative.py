"""Declared negative-control outcomes: the row's method where promotion can have done nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluator.assumptions.departure import departure_of, standard_error
from evaluator.assumptions.looked import Looked, Seen, estimated_as
from evaluator.assumptions.trends.weekly import has_weeks
from evaluator.comparisons import Comparison, arms
from evaluator.comparisons.design import course_days
from evaluator.effects import conditions
from evaluator.panel import Panel
from evaluator.resolve import Resolved
from evaluator.results import Effect, Finding, NotRun, Status
from evaluator.sources import ALL

FEWEST = 5.0
"""A total behind a logarithm below which an outcome says nothing."""


def negative_controls(looked: Looked) -> Seen:
    """The row estimated on every declared negative-control outcome.

    A lift in it is no effect of promotion: something else moved the row's courses, and may have
    moved what the row counts.
    """
    effect = looked.effect
    if effect is None or not has_weeks(looked):
        return Seen(())
    found = looked.resolved.negative.items()
    return Seen(tuple(_finding(looked, effect, name, panel) for name, panel in found))


def _finding(looked: Looked, effect: Effect, outcome: str, panel: Panel) -> Finding:
    name = f"negative control: {outcome}"
    own = _on_outcome(looked, panel)
    if isinstance(own, NotRun):
        return Finding(name, Status.NOT_RUN, f"nothing is learned from it: {own.reason}")
    error, level = standard_error(effect), looked.setting.level
    departure = departure_of(own, error, level)
    status, ends = departure.status(error), own.interval(level).exp()
    sentence = (
        f"promotion cannot have moved the {outcome}, and by the row's method their lift is"
        f" ×{own.lift:.2f} ({ends.low:.2f} to {ends.high:.2f})"
    )
    if departure.rejected:
        sentence += f": something else moved these courses, {departure.bias / error:+.1f}"
        sentence += " standard errors of this row"
        todo = "find out what, and whether it moved what the row counts too"
    else:
        sentence += f"; a bias of one standard error would be noticed in {departure.power:.0%}"
        todo = "" if status is Status.PASS else "declare one that is counted more often"
    return Finding(name, status, sentence, todo, departure.margin(error), departure.power)


def _on_outcome(looked: Looked, panel: Panel) -> Effect | NotRun:
    if looked.comparison.in_a is not None and panel.countries == (ALL,):
        return NotRun(f"it is not counted by {looked.resolved.protocol.unit}")
    comparison = _rebuilt(looked.comparison, replace(looked.resolved, panel=panel))
    smallest = conditions(comparison).smallest_total
    if smallest < FEWEST:
        return NotRun(f"a total of {smallest:g} behind a logarithm")
    return estimated_as(looked, comparison)


def _rebuilt(comparison: Comparison, resolved: Resolved) -> Comparison:
    """The same design on the panel of another outcome."""
    units = comparison.in_a is not None
    courses = [name.split("+") for name in comparison.series]
    return replace(
        comparison,
        treated=np.stack(
            [course_days(resolved, codes, units=units).sum(axis=0) for codes in courses]
        ),
        other=course_days(resolved, resolved.others, units=units),
        in_a=arms.membership(resolved, comparison.series) if units else None,
        companions=tuple(_rebuilt(companion, resolved) for companion in comparison.companions),
    )
