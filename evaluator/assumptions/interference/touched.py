"""Findings about units that touch each other: other courses, the other arm, other channels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evaluator.comparisons import Comparison, Planned, arms, within
from evaluator.comparisons.design import untouched
from evaluator.effects.waves import inflation_of_target
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

MUCH_INFLATED = 5.0
"""A variance inflation above which an overlap is worth a warning."""


def portfolio(planned: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """Whether the other courses were promoted as well."""
    if planned.key.question in (arms.QUESTION, within.QUESTION):
        return
    if planned.key.method in ("single_its", "weekday_its", "segmented_newey_west"):
        return
    if comparison.first is not None or planned.key.method == "triple_difference":
        return  # what reached the other courses cancels between the kinds, or between the arms
    if untouched(resolved):
        sentence = "no declared promotion reached the courses left out"
        yield Finding("other courses untouched", Status.PASS, sentence)
        return
    window = resolved.protocol.window
    touched = [w for w in resolved.protocol.waves if w.portfolio and w.span.overlaps(window)]
    names = ", ".join(f"{wave.id} ({wave.span.start:%-d %b})" for wave in touched)
    yield Finding(
        "other courses untouched",
        Status.WARN if touched else Status.PASS,
        f"the other courses were promoted too: {names}; the lift is over and above that, biased"
        " toward no effect as a total effect"
        if touched
        else "no declared promotion reached the other courses",
        "hold some courses out of every promotion next time" if touched else "",
    )


def overlap(planned: Planned, comparison: Comparison, _: Resolved) -> Iterator[Finding]:
    """Whether a wave's days are its own, or shared with the course's other waves."""
    if planned.key.method != "joint_daily":
        return
    inflation = inflation_of_target(comparison)
    if np.isfinite(inflation):
        yield Finding(
            "overlap with other channels",
            Status.WARN if inflation > MUCH_INFLATED else Status.PASS,
            f"variance inflation {inflation:.1f}: "
            + (
                "the course's other waves leave little of this one's days to itself"
                if inflation > MUCH_INFLATED
                else "its days are mostly its own"
            ),
            "read the joint effect of the overlap" if inflation > MUCH_INFLATED else "",
            MUCH_INFLATED - inflation,
        )
