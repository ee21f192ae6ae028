"""What a row by group of countries notices."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from evaluator.assumptions import row_findings
from evaluator.comparisons import geography
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.protocol import Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

Small = Callable[..., Resolved]
ALL_UNITS = tuple(f"C{number:02d}" for number in range(14))


@pytest.mark.parametrize(
    ("assumed", "status", "sentence"),
    [
        (False, Status.PASS, "published dates"),
        (True, Status.WARN, "the dates of 1 of 2 ads waves are assumed, not published"),
    ],
)
def test_assumed_dates(small: Small, assumed: bool, status: Status, sentence: str) -> None:
    for arm in ("all", "group: half"):
        found = noticed(declared(small, assumed=assumed), arm)["dates of the waves"]
        assert (found.status, found.sentence) == (status, sentence)


@pytest.mark.parametrize(
    ("units", "status", "words"),
    [
        (ALL_UNITS, Status.PASS, "every country that counts is in a group"),
        (ALL_UNITS[:12], Status.WARN, "come from no declared group (C12, C13)"),
    ],
)
def test_units_in_no_group(
    small: Small, units: tuple[str, ...], status: Status, words: str
) -> None:
    resolved = declared(small, units=units)
    found = noticed(resolved, "all")["units in no group"]
    assert found.status is status
    assert words in found.sentence
    assert "units in no group" not in noticed(resolved, "group: half")


def declared(
    small: Small, *, assumed: bool = False, units: tuple[str, ...] = ALL_UNITS
) -> Resolved:
    """A wave of P and a wave of Q; two groups share the units."""
    start = small().protocol.window.start
    span = Span(start, start + timedelta(6))
    first, second = (Wave(f"ads-{c}", "ads", (c,), portfolio=False, span=span) for c in "PQ")
    return small(
        waves=(first, replace(second, assumed=assumed)),
        country_groups=(CountryGroup("half", units[:7]), CountryGroup("rest", units[7:])),
    )


def noticed(resolved: Resolved, arm: str) -> dict[str, Finding]:
    row = next(row for row in geography.planned(resolved) if row.key.arm == arm)
    return {finding.name: finding for finding in row_findings(row, resolved)}
