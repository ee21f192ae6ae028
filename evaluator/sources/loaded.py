"""Everything that a protocol's sources hold, brought to one panel and a few small tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluator.errors import DataError
from evaluator.experiment.protocol import Protocol
from evaluator.panel import Panel
from evaluator.results import Finding

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "unknown"
"""Label of a country or tag that a row leaves blank; such a country is in no arm A."""
ALL = "all"
"""Label of every row where a table has no such column."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A secondary outcome, on the axes of the panel, by the day of the enrolment it began with."""

    counted: Panel
    """Enrolments with the outcome, up to the last day whose follow-up is over."""
    trials: Panel
    """What its share is a share of: first contacts, one a learner; for new learners, whom their
    first contact defines, all enrolments."""
    successes: Panel
    """The trials with the outcome."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """What was read, and what was noticed on the way."""

    panel: Panel
    """From the first day counted to `as_of`."""
    tables: Mapping[str, pd.DataFrame]
    """Side tables by kind of source; the column `source` names the source of a row."""
    findings: tuple[Finding, ...]
    fingerprint: str
    """SHA-256 of all of these: the same data, the same fingerprint."""
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    """Declared secondary outcomes, by name."""
    negative: Mapping[str, Panel] = field(default_factory=dict)
    """Negative-control outcomes, by name, on the courses and days of the panel."""


def load(protocol: Protocol) -> Loaded:
    """Read every source of a protocol.

    Raises
    ------
    DataError : a file is missing or unreadable, or data break a rule; all problems are listed
    """
    # Imported here, so that only those who read data pay for the engine.
    import ibis

    from evaluator.sources.counted import panel_of, read_counted
    from evaluator.sources.negative import negative_panels, read_negative
    from evaluator.sources.outcomes import count_outcomes, read_conversions
    from evaluator.sources.tables import known_courses, read_tables

    # One thread: sums come out the same to the last bit, and up to a million rows it is faster.
    connection = ibis.duckdb.connect(threads=1)
    try:
        tables, problems = read_tables(connection, protocol)
        courses = known_courses(protocol, tables)
        counted = read_counted(connection, protocol, courses)
        conversions, wrong = read_conversions(connection, protocol)
        found, amiss = read_negative(connection, protocol, courses)
        problems += (*counted.problems, *wrong, *amiss)
        if problems:
            raise DataError(problems)
        panel = panel_of(counted.cells, protocol.as_of)
        people = counted.people
        outcomes, noticed = count_outcomes(connection, protocol, panel, people, conversions)
        negative = negative_panels(protocol, found, panel)
    finally:
        connection.disconnect()
    of_negative = [finding for each in found.values() for finding in each.findings]
    findings = (*counted.findings, *noticed, *of_negative)
    fingerprint = _fingerprint(panel, tables, outcomes, negative)
    return Loaded(panel, tables, findings, fingerprint, outcomes, negative)


def _fingerprint(
    panel: Panel,
    tables: Mapping[str, pd.DataFrame],
    outcomes: Mapping[str, Outcome],
    negative: Mapping[str, Panel],
) -> str:
    digest = hashlib.sha256(panel.fingerprint().encode())
    for name, outcome in sorted(outcomes.items()):
        panels = (outcome.counted, outcome.trials, outcome.successes)
        digest.update("\x1e".join((name, *(own.fingerprint() for own in panels))).encode())
    for name, own in sorted(negative.items()):
        digest.update(f"{name}\x1e{own.fingerprint()}".encode())
    for kind, table in sorted(tables.items()):
        digest.update(f"{kind}\x1e{table.to_csv(index=False, lineterminator=chr(10))}".encode())
    return digest.hexdigest()
