"""What measured coverage makes of a row that decides."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator.assumptions.coverage import coverage
from evaluator.assumptions.looked import Looked, Seen
from evaluator.calibration import Calibration, Found
from evaluator.comparisons import Comparison, planned_rows
from evaluator.effects import Setting, estimate
from evaluator.evaluation import evaluate
from evaluator.resolve import Resolved
from evaluator.results import Beside, Measured, NotRun, RowKey, Status, Verdict

Small = Callable[..., Resolved]
KEY = RowKey("promoted_vs_other", "P", method="size_adjusted_ratio")
PLACEBO = Measured("placebo", 1.0, 1000, 0.949, 0.008, 0.051, 0.3, 1.01)
FITTED = Measured("fitted", 1.0, 1000, 0.955, 0.0066, 0.045, 0.3, 0.98)
FOUND = replace(PLACEBO, lift=1.5, found=0.31, coverage=0.80)
SHOCK = replace(FITTED, world="a shock of sd 0.4", coverage=0.702, stretch=2.0)
CLEAN = (PLACEBO, FOUND, FITTED, SHOCK)


def calibration(measured: tuple[Measured, ...], reasons: tuple[str, ...] = ()) -> Calibration:
    return Calibration("p", "r", "d", 1, 1000, (), (Found(KEY, measured, reasons),))


def seen(small: Small, given: Calibration | NotRun) -> Seen:
    resolved = small(lifts={"P": (3.0, 3.0)})
    row = next(row for row in planned_rows(resolved) if row.key == KEY)
    assert isinstance(row.comparison, Comparison)
    outcome = estimate(row.comparison, row.key, Setting())
    return coverage(Looked(row, row.comparison, resolved, outcome, given))


def test_a_row_says_what_was_measured(small: Small) -> None:
    found = seen(small, calibration(CLEAN))
    (finding,) = found.findings
    assert finding.sentence == (
        "covers 94.9% ± 0.8 of 1,000 placebo campaigns, if promoted courses behave like the"
        " others; covers 95.5% ± 0.7 of 1,000 worlds fitted to the promoted courses' own weeks;"
        " finds ×1.5 in 31%; would cover 70% with a shock of sd 0.4"
    )
    assert (finding.status, found.beside) == (Status.PASS, ())
    assert finding.margin == pytest.approx(-0.001)
    assert found.coverage == PLACEBO
    assert found.evidence.measured == CLEAN


CASES = {
    "a little low, within its error": (replace(PLACEBO, coverage=0.93), Status.PASS, None),
    "low": (replace(PLACEBO, coverage=0.92, stretch=1.2), Status.WARN, 1.2),
    "well below": (replace(PLACEBO, coverage=0.80, stretch=1.6), Status.FAIL, 1.6),
    "fitted low": (replace(FITTED, coverage=0.92, stretch=1.2), Status.WARN, 1.2),
    "fitted low at a lift": (replace(FITTED, lift=2.0, coverage=0.8, stretch=1.7), "fail", 1.7),
    "high": (replace(PLACEBO, coverage=0.99, stretch=0.7), Status.PASS, None),
    "a planted placebo low": (replace(FOUND, coverage=0.7), Status.PASS, None),
    "few campaigns": (replace(PLACEBO, coverage=0.93, coverage_se=0.05), Status.NOT_RUN, None),
}


@pytest.mark.parametrize("name", CASES)
def test_a_shortfall_beyond_its_error_weakens(small: Small, name: str) -> None:
    one, status, stretch = CASES[name]
    kept = tuple(m for m in CLEAN if (m.world, m.lift) != (one.world, one.lift))
    found = seen(small, calibration((one, *kept)))
    (finding,) = found.findings
    assert finding.status == status
    expected = () if stretch is None else (Beside("stretched to its measured coverage", stretch),)
    assert found.beside == expected
    assert bool(finding.todo) == (status != Status.PASS)


def test_a_departure_of_one_error_would_be_noticed_or_it_is_no_pass(small: Small) -> None:
    """1,000 campaigns notice .83 for certain; as few as 50, of which 3 in 100 may fail, do not."""
    (finding,) = seen(small, calibration(CLEAN)).findings
    assert finding.power is not None
    assert finding.power > 0.99
    few = replace(PLACEBO, campaigns=50, coverage_se=0.035)
    (finding,) = seen(small, calibration((few, FITTED))).findings
    assert finding.power is not None
    assert finding.power < 0.8
    assert finding.status is Status.NOT_RUN


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (NotRun("the data changed since calibration.json was written"), "the data changed"),
        (Calibration("p", "r", "d", 1, 1000, (), ()), "was not there when"),
        (calibration((FITTED,), ("placebo: 3 other courses cannot",)), "3 other courses cannot"),
    ],
    ids=["stale", "another row", "no placebo"],
)
def test_what_was_not_measured_is_not_run(
    small: Small, given: Calibration | NotRun, said: str
) -> None:
    found = seen(small, given)
    (finding,) = found.findings
    assert finding.status is Status.NOT_RUN
    assert said in finding.sentence
    assert "calibrate" in finding.todo
    assert found.coverage is None


def test_a_verdict_has_to_hold_in_the_stretched_interval(small: Small) -> None:
    """×3 stays raised where coverage is right, and is not known to be where it is far too low."""
    resolved = small(lifts={"P": (3.0, 3.0)})
    low = replace(PLACEBO, coverage=0.3, stretch=1e4)
    words = [
        evaluate(resolved, calibration=calibration((one, FITTED))).row(KEY.question, "P")
        for one in (PLACEBO, low)
    ]
    assert [row.coverage for row in words] == [0.949, 0.3]
    assert words[0].coverage_se == 0.008
    assert words[0].verdict is Verdict.RAISED
    assert words[1].verdict is Verdict.NOT_PRECISE


def test_rows_from_which_nothing_is_concluded_say_that_theirs_is_not_measured(
    small: Small,
) -> None:
    resolved, measured = small(), calibration(CLEAN)
    found = evaluate(resolved, calibration=measured)
    assert found.calibration == measured.hash
    assert evaluate(resolved).calibration == ""
    statuses = {
        row.key == KEY: {f.status for f in row.findings if f.name == "coverage"}
        for row in found.rows
        if row.effect is not None
    }
    assert statuses == {True: {Status.PASS}, False: {Status.NOT_RUN}}
