"""Findings that every row carries: the refusal table's flags, then the short looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evaluator.assumptions.declared import calendar, waves
from evaluator.assumptions.declared.geography import of_groups
from evaluator.assumptions.declared.settled import settled
from evaluator.assumptions.interference import carry_over, touched
from evaluator.assumptions.trends import own_past
from evaluator.comparisons import Comparison, Planned
from evaluator.effects import conditions
from evaluator.inference.refusals import flags
from evaluator.resolve import Resolved
from evaluator.results import Finding, RowRole, Status


def row_findings(planned: Planned, resolved: Resolved) -> tuple[Finding, ...]:
    """Everything looked at for one row; a refused row needs no findings but its reason."""
    if not isinstance(planned.comparison, Comparison):
        return ()
    found = list(flags(planned.key.method, conditions(planned.comparison)))
    for look in LOOKS if planned.comparison.trials is None else OF_SHARES:
        found.extend(look(planned, planned.comparison, resolved))
    if planned.role is not RowRole.HEADLINE or planned.descriptive:
        found.append(NOT_CALIBRATED)
    return tuple(found)


NOT_CALIBRATED = Finding(
    "coverage",
    Status.NOT_RUN,
    "the coverage of this interval on this panel is not measured: no conclusion is drawn from it",
    "read in the methods guide how often it covers on simulated worlds",
)


ShortLook = Callable[[Planned, Comparison, Resolved], Iterator[Finding]]

LOOKS: tuple[ShortLook, ...] = (
    carry_over.previous_campaign,
    calendar.launch,
    touched.portfolio,
    calendar.peaks_and_holidays,
    calendar.deadline,
    waves.incident,
    waves.dates_of_course,
    carry_over.washout,
    carry_over.weeks_after,
    waves.dates_of_channel,
    touched.overlap,
    of_groups,
    settled,
    own_past.season,
    own_past.low_base,
)
OF_SHARES: tuple[ShortLook, ...] = (settled,)
