"""The longer looks, taken at the rows that decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from evaluator.assumptions.coverage import coverage
from evaluator.assumptions.interference.anticipation import anticipated
from evaluator.assumptions.interference.arms_elsewhere import arms_elsewhere
from evaluator.assumptions.interference.cannibalisation import cannibalised
from evaluator.assumptions.interference.carry_over import carried_over
from evaluator.assumptions.interference.wrong_arm import mixed_up
from evaluator.assumptions.looked import LongLook, Looked
from evaluator.assumptions.placebos.assigned import assignment_redrawn
from evaluator.assumptions.placebos.earlier import earlier_windows
from evaluator.assumptions.placebos.influence import influence
from evaluator.assumptions.placebos.labels import labels_redrawn
from evaluator.assumptions.placebos.negative import negative_controls
from evaluator.assumptions.refutations.common_cause import common_cause
from evaluator.assumptions.refutations.subsets import subsets
from evaluator.assumptions.trends.bounds import bounded
from evaluator.assumptions.trends.pretrend import before_the_window
from evaluator.results import Evidence, Row

LONG_LOOKS: Mapping[LongLook, str] = MappingProxyType(
    {
        coverage: "how often the interval covers campaigns planted on this panel",
        before_the_window: "whether the courses moved in parallel before the window, and whether"
        " the weeks before it could have shown that they did not",
        bounded: "how far trends may part in the window before the conclusion falls",
        assignment_redrawn: "how seldom chance, by the declared assignment, gives as much",
        labels_redrawn: "how far other courses move by themselves in the row's place",
        earlier_windows: "how far the estimate strays over earlier windows, without a campaign",
        arms_elsewhere: "whether arm A moved apart from arm B in courses that nobody promoted",
        negative_controls: "declared outcomes that promotion cannot have moved",
        influence: "whether the conclusion hangs on one course, country or week",
        anticipated: "whether people came, or waited, in the last two weeks before the window",
        cannibalised: "whether the other courses lost what the promoted ones won, and the lift if"
        " they lost all of it",
        mixed_up: "the lift if some enrolments were counted in the wrong arm (spill-over, countries"
        " in the wrong list)",
        carried_over: "what a channel's waves left in the weeks after them",
        subsets: "whether the estimate holds without a fifth of the courses, or of the countries",
        common_cause: "how strong an unknown common cause would have to be, beside what is known",
    }
)
"""Each look → what it looks at, for readers; in the order in which their findings are shown."""


def closely_seen(row: Row, looked: Looked) -> Row:
    """The row with the findings, the evidence and the wider intervals of every longer look."""
    if not looked.decides:
        return row
    for look in LONG_LOOKS:
        seen = look(looked)
        row = replace(
            row,
            findings=(*row.findings, *seen.findings),
            beside=(*row.beside, *seen.beside),
            breakdown=row.breakdown if seen.breakdown is None else seen.breakdown,
            coverage=seen.coverage.coverage if seen.coverage else row.coverage,
            coverage_se=seen.coverage.coverage_se if seen.coverage else row.coverage_se,
            evidence=_merged(row.evidence, seen.evidence),
        )
    return row


def _merged(first: Evidence, second: Evidence) -> Evidence:
    """Both: tuples one after the other, of single pieces the one that is there."""
    both: dict[str, Any] = {}
    for name in (field.name for field in fields(Evidence)):
        own, more = getattr(first, name), getattr(second, name)
        both[name] = (*own, *more) if isinstance(own, tuple) else own or more
    return Evidence(**both)
