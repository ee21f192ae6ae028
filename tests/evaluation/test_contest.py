"""The shipped contest: described, never explained, and audited."""

import dataclasses
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import evaluator
from evaluator.claims.claim import Standing
from evaluator.comparisons.weekdays import ARM
from evaluator.report.explain import explain
from evaluator.report.terminal import render
from evaluator.report.to_json import to_json
from evaluator.results import Row, RowRole, RowStatus, Status, Verdict

NAME = "employee-advocacy-2022"
CAUSAL = re.compile(
    r"\b(raised|lowered)\b|\b(caused|thanks to|because of the|due to|led to|boosted|drove)\b|"
    r"\beffect of the (contest|campaign)\b",
    re.IGNORECASE,
)
"""Words that say more than that something rose while a campaign ran."""
METRICS = ("sessions", "shares", "engagement", "clicks", "conversions")


@pytest.fixture(scope="module")
def contest(root: Path) -> evaluator.Result:
    return evaluator.evaluate(evaluator.load_experiment(root / "experiments" / NAME))


@pytest.fixture(scope="module")
def truth(root: Path) -> dict[str, Any]:
    text = (root / "fixtures" / NAME / "truth.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)["metrics"]
    return read


def headlines(contest: evaluator.Result, question: str) -> list[Row]:
    rows = contest.evaluation.rows
    return [r for r in rows if r.key.question == question and r.role is RowRole.HEADLINE]


def test_every_row_is_descriptive_or_refused(contest: evaluator.Result) -> None:
    rows = contest.evaluation.rows
    assert {row.status for row in rows} == {RowStatus.DESCRIPTIVE, RowStatus.REFUSED}
    assert {row.verdict for row in rows} == {Verdict.DESCRIPTIVE, Verdict.REFUSED}


def test_no_row_is_worded_as_a_cause(contest: evaluator.Result) -> None:
    for row in contest.evaluation.rows:
        wording = row.estimand.wording
        said = (wording.by, wording.verb, wording.up, wording.down, row.estimand.identifies)
        assert not any(CAUSAL.search(text) for text in said), row.key
        assert "What would have identified it: some offices" in row.estimand.not_identified


def test_nothing_that_people_read_names_a_cause(root: Path, contest: evaluator.Result) -> None:
    """What is quoted apart; the audit says what the source claims."""
    experiment = evaluator.load_experiment(root / "experiments" / NAME)
    resolved = experiment.resolved()
    from evaluator.comparisons import planned_rows

    alone = dataclasses.replace(contest.evaluation, claims=())
    for text in (render(alone, all_rows=True), explain(resolved, planned_rows(resolved))):
        told = re.sub(r"“[^”]*”", "", " ".join(text.split()))
        assert "no effect is identified" in told or "does not identify an effect" in told
        assert [found[0] for found in CAUSAL.finditer(told)] == []


def test_metrics_are_never_added_up(contest: evaluator.Result) -> None:
    found = contest.evaluation
    assert {row.key.course for row in found.rows} == set(METRICS)
    assert math.isnan(found.accounting.total)
    assert json.loads(to_json(found))["accounting"]["total"] is None
    assert "actions" not in render(found)


def test_the_program_speaks_of_metrics(root: Path, contest: evaluator.Result) -> None:
    resolved = evaluator.load_experiment(root / "experiments" / NAME).resolved()
    from evaluator.comparisons import planned_rows

    texts = render(contest.evaluation), explain(resolved, planned_rows(resolved))
    for text in texts:
        assert "metric" in text
        assert not re.search(r"\bcourses?\b", text, re.IGNORECASE)


def test_intervals_hold_what_was_planted(contest: evaluator.Result, truth: dict[str, Any]) -> None:
    for row in headlines(contest, "pre_vs_campaign"):
        assert row.effect is not None
        assert truth[row.key.course]["log_lift"] in row.effect.interval(), row.key
    missed = [
        row.key for row, planted in weekday_truths(contest, truth) if not _holds(row, planted)
    ]
    assert not missed


def weekday_truths(contest: evaluator.Result, truth: dict[str, Any]) -> Iterator[tuple[Row, float]]:
    for row in headlines(contest, "weekdays"):
        if row.effect is not None:
            day = row.key.arm.removeprefix(ARM)[:3]
            yield row, truth[row.key.course]["by_weekday"][day]


def _holds(row: Row, planted: float) -> bool:
    assert row.simultaneous is not None
    return planted in row.simultaneous.interval()


def test_weekdays_hold_together_within_a_metric(contest: evaluator.Result) -> None:
    """Holm over the weekdays of one metric that have a number, without a gate; both are shown."""
    told = " ".join(render(contest.evaluation).split())
    assert "p adj. hold together for the seven of one series (Holm)" in told
    for metric in METRICS:
        rows = [r for r in headlines(contest, "weekdays") if r.key.course == metric]
        found = [row for row in rows if row.simultaneous is not None]
        assert len(found) == (4 if metric == "conversions" else 7)
        p = sorted((row.effect.p_value(), row.simultaneous.p_adjusted) for row in found)  # type: ignore[union-attr]
        assert p[0][1] == pytest.approx(min(1.0, len(found) * p[0][0]))


def test_weekdays_with_hardly_a_conversion_are_refused_or_flagged(
    contest: evaluator.Result,
) -> None:
    rows = headlines(contest, "weekdays")
    refused = [row for row in rows if row.status is RowStatus.REFUSED]
    assert {(row.key.course, row.key.arm) for row in refused} == {
        ("conversions", f"{ARM}{day}") for day in ("Tuesday", "Saturday", "Sunday")
    }
    assert all("of the weeks empty" in row.reason for row in refused)
    thin = {
        row.key.course
        for row in rows
        for finding in row.findings
        if (finding.name, finding.status) == ("thin weekday", Status.WARN)
    }
    assert thin == {"conversions"}


def test_days_left_out_are_said_where_they_are(contest: evaluator.Result) -> None:
    """The rows leave the holidays out, the published changes count them, one variant has both."""
    holidays = "“the year-end holidays”"
    for row in contest.evaluation.rows:
        without = f"base and window without {holidays}" in row.estimand.identifies
        assert without == (row.key.variant != "with the year-end holidays"), row.key
    counted = [own for own in contest.evaluation.claims if own.reading.startswith("as counted")]
    assert len(counted) == 9
    assert all(own.why.endswith(f", {holidays} included") for own in counted)


def test_the_forecast_of_a_series_is_drawn_beside_it(contest: evaluator.Result) -> None:
    """Of all days; its total in the window is the row's."""
    rows = {row.key: row for row in headlines(contest, "pre_vs_campaign")}
    assert {own.key for own in contest.evaluation.series} == set(rows)
    for own in contest.evaluation.series:
        effect = rows[own.key].effect
        assert effect is not None
        assert sum(own.window) == 12
        inside = np.array(own.window)
        observed, forecast = (
            np.array(values, dtype=float)[inside].sum()
            for values in (own.observed, own.counterfactual)
        )
        assert observed / forecast == pytest.approx(effect.lift)
        assert own.beside == pytest.approx([own.beside[0]] * len(own.beside))  # whole weeks


def test_a_slope_is_refused(contest: evaluator.Result) -> None:
    rows = [r for r in contest.evaluation.rows if r.key.method == "segmented_newey_west"]
    assert len(rows) == len(METRICS)
    assert all(row.reason.startswith("slope with nothing to compare with") for row in rows)


def test_the_season_and_a_low_before_are_said(contest: evaluator.Result) -> None:
    for row in headlines(contest, "pre_vs_campaign"):
        names = {finding.name for finding in row.findings}
        assert {"season", "regression to the mean", "days left out"} <= names


# claim, part of its reading → how it stands, part of the reason
TRAPS: dict[tuple[str, str], tuple[Standing, str]] = {
    ("Conversions, headline", "as counted"): (Standing.HOLDS, "100 then, 366 now"),
    ("Conversions, text", "before its window ended"): (Standing.INCOMPARABLE, "14 Jun 2022"),
    ("Conversions, text", "the same as"): (Standing.INCOMPARABLE, "window differs"),
    ("Conversions, summary", "factor"): (Standing.FAILS, "3.66, not almost triple"),
    ("Engagement, summary", "factor"): (Standing.FAILS, "1.63, not almost double"),
    ("By weekday, mean net change", "each alike"): (Standing.HOLDS, "together changed by 63.0%"),
    ("By weekday, beside total engagement", "same"): (Standing.INCOMPARABLE, "definition differs"),
    ("By weekday, beside sessions", "same"): (Standing.INCOMPARABLE, "definition differs"),
    ("Saturday, spoken of as sessions", "same"): (Standing.INCOMPARABLE, "(sessions; engagement)"),
    ("Conversions, by the programme", "row"): (Standing.INCOMPARABLE, "said as an effect"),
    ("Engagement of those with a formal programme", ""): (Standing.INCOMPARABLE, "as they chose"),
    ("Marketing heads whose best initiative it was", ""): (Standing.INCOMPARABLE, "not stated"),
    ("Windows of different length", ""): (Standing.INCOMPARABLE, "Conversions, headline +266% is"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_the_audit_finds_the_trap(contest: evaluator.Result, trap: tuple[str, str]) -> None:
    name, reading = trap
    standing, why = TRAPS[trap]
    (claim,) = (
        own for own in contest.evaluation.claims if own.name == name and reading in own.reading
    )
    assert (claim.holds, why in claim.why) == (standing, True), claim


def test_weekdays_are_not_called_of_unlike_length(contest: evaluator.Result) -> None:
    """There are 13 Saturdays in 90 days and in 92."""
    (told,) = (own for own in contest.evaluation.claims if own.name.startswith("Windows of"))
    assert "Sessions +53% is +56.4% a day" in told.why
    assert "Saturday" not in told.why
