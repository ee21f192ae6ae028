import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator.evaluation import Evaluation
from evaluator.report.belief import about_interval, belief_remarks, tally, widest
from evaluator.report.terminal import render
from evaluator.results import Evidence, Finding, Row, Status

FINDINGS = (
    Finding("parallel trends", Status.FAIL, "they differ by .1 a week", "read the bounds"),
    Finding("carry-over", Status.NOT_RUN, "too weak", "leave some", power=0.16),
    Finding("deadline", Status.WARN, "one lies in the window", "compare alike"),
    Finding("overlap", Status.PASS, "the courses overlap"),
)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_an_interval_is_said_with_its_coverage_and_what_is_wider(believed: Row) -> None:
    """Wider ends: exp(.7 ± 1.5 × .1 t(.975, 10)), and exp(-.05), exp(1.2)."""
    assert list(about_interval(believed)) == [
        "the interval covers 94.6% ± 1.2 of 1,000 placebo campaigns, if promoted courses behave"
        " like the others; finds an effect where there is none in 5%",
        "the interval covers 95.1% ± 0.7 of 1,000 worlds fitted to the promoted courses' own"
        " weeks; finds ×1.50 in 31%",
        "the wider interval beside it is [1.44; 2.81]: stretched to its measured coverage",
        "the wider interval beside it is [0.95; 3.32]: allowing for trends",
        "breakdown 1.40: no effect is excluded unless trends differ in the window by more than"
        " 1.40 × the largest difference before it",
    ]


def test_each_place_where_coverage_was_measured_is_one_sentence(believed: Row) -> None:
    """At no lift in placebos, the least of all lifts in worlds; what was broken, together."""
    placebo, fitted = believed.evidence.measured
    measured = (
        *(placebo, replace(placebo, lift=2.4, coverage=0.9, found=1.0)),
        *(fitted, replace(fitted, lift=1.0, coverage=0.94, found=0.06)),
        *(replace(placebo, world="a shock", coverage=0.7), replace(placebo, world="a trend")),
    )
    row = replace(believed, evidence=Evidence(measured=measured), beside=(), breakdown=None)
    assert list(about_interval(row)) == [
        "the interval covers 94.6% ± 1.2 of 1,000 placebo campaigns, if promoted courses behave"
        " like the others; finds an effect where there is none in 5%, ×2.40 in 100%",
        "the interval covers at least 94.0% ± 0.7 of 1,000 worlds fitted to the promoted courses'"
        " own weeks; finds ×1.50 in 31%, an effect where there is none in 6%",
        "with an assumption broken on purpose it covers 70.0% ± 1.2 with a shock, 94.6% ± 1.2 with"
        " a trend",
    ]


@pytest.mark.parametrize(
    ("breakdown", "said"),
    [(0.0, "breakdown 0.00: no effect is not excluded"), (math.inf, "breakdown ∞: no effect is")],
)
def test_a_breakdown_at_an_end(believed: Row, breakdown: float, said: str) -> None:
    assert list(about_interval(replace(believed, breakdown=breakdown)))[-1].startswith(said)


def test_nothing_is_said_of_what_was_not_looked_at(make_row: Callable[..., Row]) -> None:
    row = make_row()
    assert list(about_interval(row)) == list(belief_remarks([row])) == []
    assert widest(row) is None


def test_below_a_table(believed: Row, make_row: Callable[..., Row]) -> None:
    assert list(belief_remarks([make_row("NEW"), believed])) == [
        "coverage: share of 1,000 placebo campaigns that the interval held (± .01 at most), if"
        " promoted courses behave like the others",
        "wider beside (a verdict holds in these too): OLD [1.44; 2.81] stretched to its measured"
        " coverage, [0.95; 3.32] allowing for trends",
        "breakdown (no effect is excluded unless trends differ in the window by more than so many"
        " times the largest difference before it): OLD 1.40",
    ]


def test_the_worst_is_counted_first() -> None:
    assert (
        tally(finding.status for finding in reversed(FINDINGS))
        == "1 fail, 1 not run, 1 warn, 1 pass"
    )


@pytest.fixture
def looked_at(evaluation: Evaluation, believed: Row, make_row: Callable[..., Row]) -> Evaluation:
    """One row answers; another has one finding like it and one of its own."""
    findings = (
        FINDINGS[2],
        Finding("launch", Status.WARN, "a launch"),
        Finding("placebo", Status.NOT_RUN, "too few weeks"),
    )
    other = replace(
        make_row("SEE", findings=findings),
        key=replace(believed.key, question="a_vs_b", course="SEE"),
    )
    return replace(evaluation, rows=(replace(believed, findings=FINDINGS), other))


def test_belief_stands_below_the_answer_the_worst_first(looked_at: Evaluation) -> None:
    text = flat(render(looked_at))
    places = [
        text.index(part)
        for part in (
            "Verdict: not precise enough.",
            "How much to believe it",
            "the interval covers 94.6% ± 1.2",
            "4 findings about this answer: 1 fail, 1 not run, 1 warn, 1 pass",
            "7 findings about all 2 headline rows: 1 fail, 2 not run, 3 warn, 1 pass",
            "a parallel trends: fail: they differ by .1 a week → read the bounds",
            "b deadline: warn: one lies in the window → compare alike",
            "not run, so no pass (chance to notice a bias of one standard error): carry-over (16%)",
            "Promoted courses against other courses",
            "What else was found",
            "c launch: warn",
            "not run for other rows: placebo (--all, results.json)",
        )
    ]
    assert places == sorted(places)
    assert text.count("one lies in the window") == 1


def test_what_passed_is_shown_on_demand(looked_at: Evaluation) -> None:
    assert "overlap: pass" not in render(looked_at)
    assert "too few weeks" not in flat(render(looked_at))
    assert "too weak" not in flat(render(looked_at))
    assert "· carry-over: not run: too weak → leave some" in flat(render(looked_at, all_rows=True))
    assert "· placebo: not run too few weeks" in flat(render(looked_at, all_rows=True))
    assert "· overlap: pass: the courses overlap" in flat(render(looked_at, all_rows=True))


def test_coverage_has_a_column_beside_the_interval(looked_at: Evaluation) -> None:
    lines = [flat(line) for line in render(looked_at).splitlines()]
    assert any(line.startswith("OLD ×2.01 [1.61; 2.52] .95 1,234") for line in lines)
    assert max(map(len, render(looked_at, all_rows=True).splitlines())) <= 80
