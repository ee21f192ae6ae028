"""An experiment as it is now: read, estimated, its coverage drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from evaluator.assumptions.graph.linear import NAME as CROSS_CHECK
from evaluator.calibration import beside
from evaluator.claims import Claim
from evaluator.comparisons import Planned, planned_rows
from evaluator.evaluation import Progress, counted, evaluate, evaluate_row
from evaluator.evaluation.suppression import hidden, shared_row, suppressed
from evaluator.gate.calibration import coverage_bits
from evaluator.gate.lock import Lock
from evaluator.gate.names import CLAIMS, DATA, GRAPH, chosen, row_name
from evaluator.gate.recorded import recorded
from evaluator.resolve import Resolved
from evaluator.results import Finding, Row, Status

Read = Callable[[], Resolved]


@dataclass(frozen=True, slots=True)
class Present:
    """What an experiment is now, beside the data that it was evaluated on."""

    resolved: Resolved
    lock: Lock
    only: str = ""
    """Name of the one row that was asked for."""


def present(
    read: Read, approved: Lock | None, only: str = "", progress: Progress | None = None
) -> Present:
    """The state of an experiment in the form in which it is approved.

    Parameters
    ----------
    read : reads the data
    approved : with whose days what was counted is to be compared
    only : name of a row, or the end of it

    Raises
    ------
    DataError : data are missing, unreadable, or break a rule; all problems are listed
    UsageError : there is no such row
    """
    if progress is not None:
        progress(0, 0, "reading the data")
    resolved = read()
    if not only:
        return Present(resolved, _whole(resolved, approved, progress))
    planned = {row_name(row.key, row.role): row for row in planned_rows(resolved)}
    name = chosen(only, dict.fromkeys((*planned, *(approved.rows if approved else ()))))
    return Present(resolved, _of_row(planned.get(name), planned, resolved, approved), name)


def _whole(resolved: Resolved, approved: Lock | None, progress: Progress | None) -> Lock:
    evaluation = evaluate(resolved, progress, beside(resolved.protocol.path, resolved))
    evaluation = suppressed(evaluation)
    if progress is not None:
        progress(0, 0, "drawing campaigns")
    coverage = coverage_bits(evaluation.rows, planned_rows(resolved), resolved.protocol)
    graph = {drawn.finding.name for drawn in evaluation.graph} | {CROSS_CHECK}
    findings = {
        DATA: [finding for finding in evaluation.findings if finding.name not in graph],
        GRAPH: [finding for finding in evaluation.findings if finding.name in graph],
        CLAIMS: [_standing(claim) for claim in evaluation.claims],
    }
    return recorded(resolved, evaluation.rows, findings, coverage, _days(resolved, approved))


def _standing(claim: Claim) -> Finding:
    """How a claim stands, in its name: any other standing is another finding, and not approved."""
    name = f"{claim.name} · {claim.reading}: {claim.holds}"
    return Finding(name, Status.PASS, claim.why)


def _of_row(
    row: Planned | None,
    planned: Mapping[str, Planned],
    resolved: Resolved,
    approved: Lock | None,
) -> Lock:
    every, rows = list(planned.values()), list[Row]()
    if row is not None:
        calibration = beside(resolved.protocol.path, resolved)
        minimum = resolved.protocol.sharing.minimum_cell
        gone = hidden(counted(every, resolved), minimum) if minimum > 1 else ()
        rows = [shared_row(evaluate_row(row, every, resolved, calibration), minimum, gone)]
    coverage = coverage_bits(rows, every, resolved.protocol)
    return recorded(resolved, rows, {}, coverage, _days(resolved, approved))


def _days(resolved: Resolved, approved: Lock | None) -> tuple[date, date]:
    if approved is None:
        return resolved.panel.start, resolved.protocol.as_of
    return approved.start, approved.as_of
