"""DoWhy's own linear estimate beside ours: what it is given, and whether the two agree."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evaluator.assumptions.refutations.covariates import growth_before
from evaluator.comparisons import Comparison, Planned, promoted
from evaluator.effects.facts import window_and_reference
from evaluator.estimators.ratio import HALF
from evaluator.results import Finding, NotRun, Row, RowRole, Status

NAME = "cross-check: DoWhy's linear estimate"
FEWEST = 10
"""Courses, for a regression with three coefficients."""


def linear_request(planned: Sequence[Planned], level: float) -> dict[str, Any] | NotRun:
    """Courses as units: the differenced log outcome on promoted, growth before held fixed."""
    row = next((row for row in planned if _is_asked(row)), None)
    if row is None or not isinstance(row.comparison, Comparison):
        return NotRun("no row compares promoted with other courses")
    comparison = row.comparison
    if len(comparison.series) + len(comparison.other) < FEWEST:
        return NotRun("too few courses for a regression over courses")
    totals = window_and_reference(comparison)
    logs = [np.log(own + HALF) for own in (totals[0].sum(axis=-1), totals[1][:, 0].sum(axis=-1))]
    outcome = np.concatenate([own[0] - own[1] for own in logs])
    daily = np.concatenate([comparison.treated.sum(axis=1), comparison.other.sum(axis=1)])
    history = growth_before(daily, comparison.codes[0])
    if history is None:
        return NotRun("no history before the reference to hold fixed")
    treated = np.arange(len(outcome)) < len(comparison.series)
    return {
        "outcome": outcome.tolist(),
        "treated": treated.astype(float).tolist(),
        "history": history.tolist(),
        "level": level,
    }


def linear_finding(answer: Mapping[str, float] | NotRun, rows: Sequence[Row]) -> Finding:
    """Whether DoWhy's estimate lies inside the interval of ours."""
    row = next((row for row in rows if _is_asked(row) and row.effect is not None), None)
    if isinstance(answer, NotRun):
        return Finding(NAME, Status.NOT_RUN, answer.reason)
    if row is None or row.effect is None:
        return Finding(NAME, Status.NOT_RUN, "there is no estimate to set beside it")
    own, estimate = row.effect.interval(row.level), answer["estimate"]
    inside = estimate in own
    theirs, ours = (
        f"×{math.exp(value):.2f} [{math.exp(low):.2f}; {math.exp(high):.2f}]"
        for value, low, high in (
            (estimate, answer["low"], answer["high"]),
            (row.effect.log_lift, own.low, own.high),
        )
    )
    reach = (
        own.high - row.effect.log_lift
        if estimate > row.effect.log_lift
        else (row.effect.log_lift - own.low)
    )
    return Finding(
        NAME,
        Status.PASS if inside else Status.WARN,
        "DoWhy's regression over courses, each alike and its growth before held fixed, gives"
        f" {theirs}; ours is {ours}: {'inside' if inside else 'outside'} our interval. To bring it"
        f" to no effect a common cause would have to explain {answer['robustness']:.0%} of what is"
        " left of both the choice of courses and the change; one as strong as growth before leaves"
        f" ×{math.exp(answer['history']):.2f}",
        "" if inside else "find out which small courses, or which growth before, part the two",
        1 - abs(estimate - row.effect.log_lift) / reach,
    )


def _is_asked(row: Planned | Row) -> bool:
    """The pooled row, or that of the only course: the first that decides."""
    decides = row.role is RowRole.HEADLINE and row.key.question == promoted.QUESTION
    has_one = isinstance(row, Row) or isinstance(row.comparison, Comparison)
    return decides and has_one and row.key.method in ("these_courses", "size_adjusted_ratio")
