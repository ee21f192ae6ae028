"""Findings about the data as a whole: what was counted against what was declared."""

from __future__ import annotations

from evaluator.assumptions.data.counting import counting_findings
from evaluator.assumptions.data.delivery import delivered
from evaluator.assumptions.data.history import history_findings
from evaluator.assumptions.data.published import published_totals, tags
from evaluator.resolve import Resolved
from evaluator.results import Finding


def data_findings(resolved: Resolved) -> tuple[Finding, ...]:
    """One finding a kind about the data, with the courses or waves that it concerns."""
    return (
        *published_totals(resolved),
        *tags(resolved),
        *delivered(resolved),
        *counting_findings(resolved),
        *history_findings(resolved),
    )
