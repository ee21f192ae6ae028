"""An experiment as it is now, in the form in which it is approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from evaluator.gate.fingerprints import code_part, data_part, environment_part, protocol_part
from evaluator.gate.lock import Bits, Found, Lock, LockedRow
from evaluator.gate.names import row_name
from evaluator.resolve import Resolved
from evaluator.results import Finding, Row, Status

NUMBER_DIGITS = 12
"""Further digits differ between processors and linear-algebra libraries."""
MARGIN_DIGITS = 4
ORDER = (Status.PASS, Status.NOT_RUN, Status.WARN, Status.FAIL)
"""From what says least against a row to what says most."""


def recorded(
    resolved: Resolved,
    rows: Sequence[Row],
    beside: Mapping[str, Iterable[Finding]],
    coverage: Mapping[str, Bits],
    days: tuple[date, date],
) -> Lock:
    """State of an evaluated experiment.

    Parameters
    ----------
    beside : findings that belong to no row, by where they stand
    coverage : of each row that decides, by its name
    days : first and last that the state with which it is compared had read
    """
    findings = {name: _found(own) for name, own in beside.items()}
    findings |= {row_name(row.key, row.role): _found(row.findings) for row in rows}
    return Lock(
        experiment=resolved.protocol.name,
        start=resolved.panel.start,
        as_of=resolved.protocol.as_of,
        parts={
            "protocol": protocol_part(resolved.protocol),
            "data": data_part(resolved, *days),
            "code": code_part(),
            "environment": environment_part(),
        },
        rows={row_name(row.key, row.role): locked_row(row) for row in rows},
        findings={name: found for name, found in findings.items() if found},
        coverage=coverage,
    )


def locked_row(row: Row) -> LockedRow:
    """What a row says, to the digits that another machine would give."""
    numbers: dict[str, float | None] = {"observed": row.observed}
    if row.effect is not None:
        own = row.effect.interval(row.level)
        numbers |= {"log_lift": row.effect.log_lift, "low": own.low, "high": own.high}
        numbers["p"] = row.effect.p_value()
    if row.simultaneous is not None:
        own = row.simultaneous.interval(row.level)
        numbers |= {"low_sim": own.low, "high_sim": own.high}
        numbers["p_adjusted"] = row.simultaneous.p_adjusted
    if row.extra is not None:
        own = row.extra.realised.interval
        numbers |= {"extra": row.extra.realised.value, "extra_low": own.low, "extra_high": own.high}
    if row.share is not None:
        own = row.share.interval
        numbers |= {"share": row.share.value, "share_low": own.low, "share_high": own.high}
    told = {n: _rounded(v, NUMBER_DIGITS) for n, v in numbers.items() if v is not None}
    return LockedRow(row.key, row.role, row.status, row.verdict, told)


def _found(findings: Iterable[Finding]) -> dict[str, Found]:
    """By name; of several with one name the one that says most against the row."""
    told: dict[str, Found] = {}
    for finding in findings:
        margin = None if finding.margin is None else _rounded(finding.margin, MARGIN_DIGITS)
        found = Found(finding.status, margin, finding.sentence)
        told[finding.name] = max(
            (told.get(finding.name, found), found), key=lambda one: ORDER.index(one.status)
        )
    return told


def _rounded(value: float, digits: int) -> float:
    return float(f"{float(value):.{digits}g}")
