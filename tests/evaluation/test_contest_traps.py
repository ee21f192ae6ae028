"""Every trap of the contest's case is told, and no longer told of a case that does not set it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import evaluator
from evaluator.assumptions.trends.own_past import low_base, season
from evaluator.claims import published_claims
from evaluator.claims.claim import Standing
from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.comparisons.alone import would_identify
from evaluator.comparisons.design import REFERENCE
from evaluator.experiment.protocol import Span
from evaluator.experiment.published import Obtained, Proportion, Published
from evaluator.resolve import Resolved
from evaluator.results import Row, Status

QUARTER = Span(date(2022, 1, 1), date(2022, 3, 31))
AS_LONG = Span(date(2021, 10, 3), date(2021, 12, 31))

Trap = tuple[str, str, Callable[[Published], dict[str, Any]]]


def of(name: str, **changes: Any) -> Callable[[Published], dict[str, Any]]:
    return lambda claim: changes if claim.name == name else {}


def as_long(claim: Published) -> dict[str, Any]:
    return {"before": AS_LONG} if claim.before else {}


# trap of the case → claim that tells it, what it says, the case without the trap
TRAPS: dict[str, Trap] = {
    "92 days against 90": ("Windows of different length", "90 days against 92", as_long),
    "published before its window ended": (
        *("Conversions, text", "was published on 14 Jun 2022"),
        of("Conversions, text", published=date(2022, 7, 14)),
    ),
    "headline and text disagree on the window": (
        *("Conversions, text", "window differs"),
        of("Conversions, text", window=QUARTER),
    ),
    "+266% is no “almost triple”": (
        *("Conversions, summary", "3.66, not almost triple"),
        of("Conversions, summary", value="3.66"),
    ),
    "+63% is no “almost double”": (
        *("Engagement, summary", "1.63, not almost double"),
        of("Engagement, summary", value="1.63"),
    ),
    "an unweighted mean beside the total": (
        *("By weekday, beside total engagement", "definition differs"),
        of("By weekday, beside total engagement", definition="change of the total of engagement"),
    ),
    "the same beside another metric": (
        *("By weekday, beside sessions", "definition differs"),
        of("By weekday, beside sessions", definition="change of the total of sessions"),
    ),
    "the mean is not what all days did": (
        *("By weekday, mean net change", str(Standing.HOLDS)),
        of("By weekday, mean net change", value="+63%"),
    ),
    "Saturday slides from engagement to sessions": (
        *("Saturday, spoken of as sessions", "(sessions; engagement)"),
        of("Saturday, spoken of as sessions", definition="engagement"),
    ),
    "and Sunday": (
        *("Sunday, spoken of as sessions", "(sessions; engagement)"),
        of("Sunday, spoken of as sessions", definition="engagement"),
    ),
    "a change said as an effect": (
        *("Clicks, by the contest", "said as an effect"),
        of("Clicks, by the contest", effect=False),
    ),
    "those who chose a programme": (
        *("Engagement of those with a formal programme", "as they chose"),
        of("Engagement of those with a formal programme", obtained=Obtained.COUNTED),
    ),
    "a share of nobody knows how many": (
        *("Marketing heads whose best initiative it was", "how many were asked is not stated"),
        of("Marketing heads whose best initiative it was", recompute=Proportion(of=500)),
    ),
}


@pytest.fixture(scope="module")
def resolved(root: Path) -> Resolved:
    folder = root / "experiments" / "employee-advocacy-2022"
    return evaluator.load_experiment(folder).resolved()


@pytest.fixture(scope="module")
def rows(root: Path) -> tuple[Row, ...]:
    folder = root / "experiments" / "employee-advocacy-2022"
    return tuple(evaluator.evaluate(evaluator.load_experiment(folder)).evaluation.rows)


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_is_told_where_it_is_set(
    resolved: Resolved, rows: tuple[Row, ...], trap: str
) -> None:
    name, said, without = TRAPS[trap]
    assert said in told(resolved, rows, name)
    changed = tuple(replace(own, **without(own)) for own in resolved.protocol.claims)
    free = replace(resolved, protocol=replace(resolved.protocol, claims=changed))
    assert said not in told(free, rows, name)


def told(resolved: Resolved, rows: tuple[Row, ...], name: str) -> str:
    """All that the audit says of a claim."""
    found = published_claims(resolved, rows, None)
    return "; ".join(f"{one.reading}: {one.holds}: {one.why}" for one in found if one.name == name)


def test_nothing_to_compare_with(resolved: Resolved) -> None:
    assert "drawn by chance to be left out" in would_identify(resolved)
    assert not would_identify(replace(resolved, others=("another metric",)))


def test_the_season(resolved: Resolved) -> None:
    """With a year of history before the window nothing is said."""
    row, comparison = sessions(resolved)
    assert [finding.status for finding in season(row, comparison, resolved)] == [Status.WARN]
    later = replace(
        resolved.protocol,
        window=Span(*(day + timedelta(365) for day in (QUARTER.start, QUARTER.end))),
    )
    assert not list(season(row, comparison, replace(resolved, protocol=later)))


def test_regression_to_the_mean(resolved: Resolved) -> None:
    """The base of the sessions ends low; run backwards, it ends high."""
    row, comparison = sessions(resolved)
    base = np.flatnonzero(comparison.codes[0] == REFERENCE)
    backwards = comparison.treated.copy()
    backwards[..., base] = comparison.treated[..., base[::-1]]
    for treated, status in ((comparison.treated, Status.WARN), (backwards, Status.PASS)):
        (finding,) = low_base(row, replace(comparison, treated=treated), resolved)
        assert finding.status is status


def sessions(resolved: Resolved) -> tuple[Planned, Comparison]:
    row = next(row for row in planned_rows(resolved) if row.key.course == "sessions")
    assert isinstance(row.comparison, Comparison)
    return row, row.comparison
