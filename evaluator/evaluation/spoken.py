"""The sentences of an evaluation in the words of its experiment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from evaluator.experiment.nouns import COURSE, spoken
from evaluator.results import Estimand, Finding, Row


def rows_spoken(rows: Sequence[Row], noun: str) -> Sequence[Row]:
    """Rows whose findings, reasons and estimands call a course what the experiment calls it."""
    if noun == COURSE:
        return rows
    return [
        replace(
            row,
            estimand=_estimand(row.estimand, noun),
            reason=spoken(row.reason, noun),
            findings=findings_spoken(row.findings, noun),
        )
        for row in rows
    ]


def findings_spoken(findings: Sequence[Finding], noun: str) -> tuple[Finding, ...]:
    """The same of findings; their names are theirs, by which they are known."""
    if noun == COURSE:
        return tuple(findings)
    return tuple(
        replace(finding, **{**_texts(finding, noun), "name": finding.name}) for finding in findings
    )


def _estimand(estimand: Estimand, noun: str) -> Estimand:
    needs = tuple(spoken(need, noun) for need in estimand.needs)
    wording = replace(estimand.wording, **_texts(estimand.wording, noun))
    return replace(estimand, **_texts(estimand, noun), needs=needs, wording=wording)


def _texts(one: Any, noun: str) -> dict[str, Any]:
    """Each text of a frozen thing, so spoken."""
    return {f.name: spoken(v, noun) for f in fields(one) if type(v := getattr(one, f.name)) is str}
