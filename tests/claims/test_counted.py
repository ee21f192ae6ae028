"""Indicators that count, on two courses whose rates are known.

In the window OLD has 12 a day on 20 days and NEW 1 a day on its 10: 240 and 10 counted, a mean of
6.5 a day. Before, OLD has 4 a day and the others 2 and 6: a mean of 4. January was a campaign.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from evaluator.claims import Claim, Standing, kpi_claims
from evaluator.experiment.kpi import Counted, Kpi, Posted
from evaluator.experiment.protocol import Span
from evaluator.resolve import Resolved

Make = Callable[..., Resolved]

MARCH = Span(date(2023, 3, 1), date(2023, 3, 31))
FROM_JANUARY = Span(date(2023, 1, 1), date(2023, 3, 31))
KPI = Kpi("Enrolments", 4.0, 12.0, 130.0, "a course", measure=Counted("day", 20.0))


def claims(make: Make, kpi: Kpi = KPI, **changes: Any) -> dict[str, Claim]:
    assert isinstance(kpi.measure, Counted)
    kpi = dataclasses.replace(kpi, measure=dataclasses.replace(kpi.measure, **changes))
    return {claim.reading: claim for claim in kpi_claims(make(kpi))}


def value(claim: Claim) -> float:
    assert claim.recomputed is not None
    return claim.recomputed.value


def test_each_course_counts_for_the_days_it_was_open(make: Make) -> None:
    found = claims(make)
    assert value(found["as counted"]) == 130
    assert value(found["×3 a day"]) == 6.5
    assert (value(found["OLD a day"]), value(found["NEW a day"])) == (12, 1)
    assert "least is NEW (1, 0.25 × the KPI baseline)" in found["×3 a day"].why


def test_units_are_mixed_only_where_they_are(make: Make) -> None:
    assert "as reported, units mixed" in claims(make)
    alike = claims(make, dataclasses.replace(KPI, result=6.5), result_days=None)
    assert alike["as counted"].holds is Standing.HOLDS
    assert "as reported, units mixed" not in alike


def test_a_target_that_hinges_on_one_course(make: Make) -> None:
    """130 in 20 days reaches 12, and so does NEW's 20 alone; it does not reach 100."""
    assert "as reported, without OLD" not in claims(make)
    hinging = claims(make, dataclasses.replace(KPI, target=100.0))["as reported, without OLD"]
    assert (value(hinging), hinging.met) == (20, False)
    assert "OLD is 96% of all" in hinging.why


@pytest.mark.parametrize(
    ("target", "holds"),
    [(5.0, Standing.HOLDS), (6.5, Standing.WITHIN_NOISE), (12.0, Standing.FAILS)],
)
def test_noise_decides_only_near_the_target(make: Make, target: float, holds: Standing) -> None:
    readings = claims(make, dataclasses.replace(KPI, target=target))
    assert readings[f"×{target / 4:.3g} a day"].holds is holds


@pytest.mark.parametrize(
    ("increase", "readings"),
    [(None, ["×3 a day"]), (200.0, ["×3 a day"]), (300.0, ["×3 a day", "+300%: ×4 a day"])],
)
def test_a_target_as_worded_is_a_reading_where_it_is_another(
    make: Make, increase: float | None, readings: list[str]
) -> None:
    found = claims(make, increase_percent=increase)
    assert [r for r in found if "×" in r and "these" not in r] == readings
    worded = found.get("+300%: ×4 a day")
    assert worded is None or (worded.needed is not None and worded.needed.value == 16)


def test_a_target_that_is_only_worded(make: Make) -> None:
    found = claims(make, dataclasses.replace(KPI, target=None), increase_percent=25.0)
    assert found["+25%: ×1.25 a day"].holds is Standing.HOLDS
    assert "OLD a day" not in found


def test_the_baseline_of_the_promoted_courses_compares(make: Make) -> None:
    """March: no campaign, all courses open but NEW, which is said."""
    found = claims(make, baseline_span=MARCH)
    doubtful = found["against the KPI baseline"]
    assert doubtful.holds is Standing.INCOMPARABLE
    assert "1 of the 2 promoted were not open in it (new)" in doubtful.why
    assert "campaign" not in doubtful.why
    assert value(found["KPI baseline"]) == 4
    assert "12, 3.00 × their own" in found["KPI baseline"].why
    assert "KPI baseline without campaigns" not in found


def test_without_a_span_nothing_is_held_against_the_baseline(make: Make) -> None:
    found = claims(make)
    assert found["against the KPI baseline"].holds is Standing.HOLDS
    assert not any(reading.startswith("KPI baseline") for reading in found)


def test_the_baseline_of_all_courses_is_another_population(make: Make) -> None:
    kpi = dataclasses.replace(KPI, baseline=5.0)
    found = claims(make, kpi, baseline_span=FROM_JANUARY, baseline_courses="all")
    assert "mean of all courses" in found["against the KPI baseline"].why
    assert "1 Jan 2023 – 31 Jan 2023 were days of “Winter”" in found["against the KPI baseline"].why
    assert value(found["KPI baseline"]) == pytest.approx((4 + 2 + 6) / 3)
    assert found["KPI baseline"].holds is Standing.FAILS
    without = found["KPI baseline without campaigns"]
    assert "3 courses over 59 days" in without.why
    assert value(found["KPI baseline, promoted courses"]) == 4


def test_a_baseline_before_the_data_is_not_recomputed(make: Make) -> None:
    found = claims(make, baseline_span=Span(date(2022, 12, 1), date(2023, 1, 31)))
    assert found["KPI baseline"].holds is Standing.INCOMPARABLE
    assert found["KPI baseline"].recomputed is None


def test_what_nobody_measures_is_not_reported_or_not_compared(make: Make) -> None:
    silent = Kpi("LinkedIn", None, None, None, "views")
    loud = Kpi("Press", None, 10.0, 12.0, "articles")
    unread = Kpi("Reach", 24.0, 26.0, 30.0, "a post", measure=Posted("reach"))
    first, second, third = kpi_claims(make(silent, loud, unread))
    assert third.why == second.why == "nothing in the data recomputes it"
    assert first.holds is Standing.NOT_REPORTED
    assert second.holds is Standing.INCOMPARABLE
    assert second.published is not None
    assert (second.published.value, second.recomputed) == (12, None)
