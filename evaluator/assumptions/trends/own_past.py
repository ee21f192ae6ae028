"""What a series with only its own past cannot tell from a campaign: a season, a low before it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evaluator.comparisons import Comparison, Planned, campaign, weekdays
from evaluator.comparisons.design import LEFT_OUT, REFERENCE
from evaluator.comparisons.periods import periods_of
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import HALF
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

NAME = "regression to the mean"
QUESTIONS = (campaign.QUESTION, weekdays.QUESTION)
YEAR = 52
LATE = 4
"""Last weeks of the base, in which a low would have been seen and answered."""
FEWEST = 4
"""Weeks of the base before these, to compare with."""
LOW = -2.0
"""Standard errors of the difference, below which the last weeks are low."""


def season(planned: Planned, comparison: Comparison, resolved: Resolved) -> Iterator[Finding]:
    """Whether the same weeks of a year before could show what they bring by themselves."""
    if not _is_alone(planned, comparison):
        return
    weeks = (resolved.protocol.window.start - resolved.panel.start).days // 7
    if weeks < YEAR:
        yield Finding(
            "season",
            Status.WARN,
            f"{weeks} weeks of history: what these weeks of the year bring by themselves is in the"
            " change",
            "export the same weeks of the year before",
            float(weeks - YEAR),
        )


def low_base(planned: Planned, comparison: Comparison, _: Resolved) -> Iterator[Finding]:
    """Whether the base ends low: what was low rises by itself. Weekdays share that of all days."""
    if not _is_alone(planned, comparison) or planned.key.question == weekdays.QUESTION:
        return
    weekly = _weekly_logs(comparison)
    if len(weekly) < LATE + FEWEST:
        yield Finding(
            NAME,
            Status.NOT_RUN,
            f"{len(weekly)} weeks of base: too few to see whether the last of them are low",
        )
        return
    early, late = weekly[:-LATE], weekly[-LATE:]
    change = float(late.mean() - early.mean())
    pooled = (early.var(ddof=1) * (len(early) - 1) + late.var(ddof=1) * (LATE - 1)) / (
        len(weekly) - 2
    )
    error = float(np.sqrt(max(pooled, 1e-12) * (1 / len(early) + 1 / LATE)))
    is_low = change < LOW * error
    yield Finding(
        NAME,
        Status.WARN if is_low else Status.PASS,
        f"the last {LATE} weeks of the base are ×{np.exp(change):.2f} of those before them"
        + (
            ": a campaign that answers a low looks as if it had ended it"
            if is_low
            else ": not low beside their noise"
        ),
        "read the other bases; a longer history would tell" if is_low else "",
        change / error - LOW,
    )


def _is_alone(planned: Planned, comparison: Comparison) -> bool:
    return planned.key.question in QUESTIONS and not comparison.other.shape[-3]


def _weekly_logs(comparison: Comparison) -> Array:
    """Log counts of the whole weeks of the base, in order."""
    periods = periods_of(comparison)
    counts = periods.sums(comparison.treated.sum(axis=(-3, -2)))
    worst = np.minimum.reduceat(np.abs(comparison.codes[0][: periods.stop]), periods.edges)
    base = (comparison.codes[0][periods.edges] == REFERENCE) & (worst != LEFT_OUT)
    return np.asarray(np.log(counts[base & ~periods.window] + HALF))
