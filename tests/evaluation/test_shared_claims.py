"""No claim, and no outcome of two arms, tells a count below the declared minimum."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import evaluator
from evaluator.claims import Claim, Figure, Standing
from evaluator.claims.claim import Days, Told
from evaluator.cli import app
from evaluator.comparisons import ALL
from evaluator.evaluation.shared_claims import shared_accounting, shared_claims, told_by_rows
from evaluator.evaluation.suppression import suppressed
from evaluator.experiment.limits import Sharing
from evaluator.experiment.protocol import Span
from evaluator.results import RowKey

MINIMUM = 10
WINDOW: Days = (Span(date(2023, 4, 1), date(2023, 4, 30)), ())
WEEK: Days = (Span(date(2023, 4, 3), date(2023, 4, 9)), ())
MONDAYS: Days = (WINDOW[0], (0,))


def told(days: Days = WINDOW, of: str = "", **counts: float) -> Told:
    return Told(of, tuple(counts.items()), days)


def claim(name: str, *tells: Told, beside: RowKey | None = None) -> Claim:
    figure = Figure(sum(own.count for own in tells), "enrolments")
    return Claim(
        name, "", "as counted", Standing.HOLDS, "why", figure, figure, tells=tells, beside=beside
    )


P, Q, R = told(P=50), told(Q=4), told(R=36)
PQ, PQR, QR = told(P=50, Q=4), told(P=50, Q=4, R=36), told(Q=4, R=36)
CASES: list[tuple[str, Sequence[Told], Sequence[Claim], str]] = [
    # what rows tell, claims in order, and those of which nothing is shared
    ("nothing small", [P, R], [claim("p", P), claim("r", R)], ""),
    ("by itself", [P], [claim("q", Q)], "q"),
    ("nobody is nobody", [P], [claim("none", told(Q=0))], ""),
    ("less the row of the rest", [P], [claim("both", PQ)], "both"),
    ("less two rows", [P, R], [claim("all", PQR)], "all"),
    ("less another claim", [], [claim("both", PQ), claim("one", P)], "one"),
    ("two that hide each other", [P], [claim("all", PQR)], ""),
    ("sums that solve it", [], [claim("a", PQ), claim("b", QR), claim("c", told(P=50, R=36))], "c"),
    ("a week of the window", [], [claim("all", told(P=50)), claim("w", told(WEEK, P=45))], "w"),
    ("a week of it with enough", [], [claim("all", P), claim("w", told(WEEK, P=30))], ""),
    ("a day of the week", [P], [claim("mondays", told(MONDAYS, P=46))], "mondays"),
    ("other things do not add up", [P], [claim("tag", told(of="attributed: ads", P=45))], ""),
    ("one small count of several", [P], [claim("two", P, told(WEEK, P=3))], "two"),
]


@pytest.mark.parametrize(
    ("rows", "claims", "gone"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_a_claim_would_tell(rows: Sequence[Told], claims: Sequence[Claim], gone: str) -> None:
    shared = shared_claims(claims, rows, MINIMUM, ())
    for own, before in zip(shared, claims, strict=True):
        if own.name not in gone.split():
            assert own is before
            continue
        assert own.recomputed is None
        assert own.holds is Standing.INCOMPARABLE
        assert own.why == "suppressed: it would tell a count below 10"
        assert own.tells == ()


def test_a_claim_goes_with_its_row() -> None:
    key = RowKey("q", "P")
    (own,) = shared_claims([claim("beside", beside=key)], [], MINIMUM, {key})
    assert own.recomputed is None


def test_a_small_published_count_is_not_shown_either() -> None:
    small, large = shared_claims([claim("q", Q), claim("w", told(WEEK, P=3), P)], [], MINIMUM, ())
    assert small.published is None
    assert large.published is not None


def test_the_accounting_line_is_left_out_where_it_would_tell(flagship: evaluator.Result) -> None:
    """LIP and ACTRAV have rows that stay: with the sum of the three they would give EPAP's 290."""
    evaluation = flagship.evaluation
    declared = replace(evaluation.protocol, sharing=Sharing(300))
    shared = suppressed(replace(evaluation, protocol=declared))
    assert math.isnan(shared.accounting.total)
    told = told_by_rows(shared.rows, shared.funnel, declared.window)
    assert ("EPAP", 290) not in {part for own in told for part in own.parts}
    window, whole = declared.window, evaluation.accounting
    assert shared_accounting(whole, told, 10, window) is whole
    total = {c.reading: c for c in shared.claims if c.name == "Enrolments per course"}
    assert total["as counted"].recomputed is None, "six courses and the mean of seven"
    assert total["ODPS a month"].recomputed is not None


@pytest.mark.parametrize("minimum", [10, 60, 300, 600])
def test_no_count_of_the_flagship_is_told(flagship: evaluator.Result, minimum: int) -> None:
    """What is left tells no small count of a course in the window, and says none in words."""
    evaluation = flagship.evaluation
    declared = replace(evaluation.protocol, sharing=Sharing(minimum))
    shared = suppressed(replace(evaluation, protocol=declared))
    counted = {
        row.key.course: row.observed
        for row in evaluation.rows
        if row.key.question == "promoted_vs_other" and row.key.course != ALL
    }
    small = {course for course, count in counted.items() if 0 < (count or 0) < minimum}
    for own in shared.claims:
        assert all(not 0 < one.count < minimum for one in own.tells)
        if own.recomputed is not None:
            assert own.about not in small
            assert not any(re.search(rf"\b{course} \(\d", own.why) for course in small)


ARMS = """\
[experiment]
name = "arms"
as_of = 2024-06-30
data_kind = "observed"
questions = []

[sharing]
minimum_cell = 10

[exposure]
randomised = true
unit = "reader"

[[exposure.invariants]]
name = "sent"
treated = 1000
other = 1010

[[exposure.proportions]]
name = "opened"
treated = { successes = 420, trials = 1000 }
other = { successes = 380, trials = 1010 }

[[exposure.proportions]]
name = "enrolled"
treated = { successes = 137, trials = 1000 }
other = { successes = 81, trials = 1010 }

[[exposure.proportions]]
name = "came back"
treated = { successes = 131, trials = 1000 }
other = { successes = 56, trials = 1010 }

[[exposure.proportions]]
name = "wrote"
treated = { successes = 7, trials = 1000 }
other = { successes = 33, trials = 1010 }

[[claims]]
name = "those who wrote"
value = "0.7%"
unit = "% of readers"
source = "p. 1"
exposed = { name = "wrote", figure = "treated" }
"""


def test_outcomes_of_two_arms(tmp_path: Path) -> None:
    """7 wrote; 137 less 131 enrolled and did not come back: neither is in what is passed on."""
    (tmp_path / "experiment.toml").write_text(ARMS, "utf-8")
    out = tmp_path / "out"
    formats = ["--format", "html", "--format", "md"]
    run = CliRunner().invoke(app, ["run", str(tmp_path), "--out", str(out), *formats])
    assert run.exit_code == 0, run.output
    for name in ("report.html", "report.md"):
        text = (out / name).read_text("utf-8")
        assert "opened" in text
        assert "0.4200" in text
        for number in ("0.1370", "0.1310", "0.0070", "0.70%"):
            assert number not in text, (name, number)
        assert re.search(r"[Ss]uppressed", text)
