"""Areas published as weak, against the verdict of their row."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.evaluation import evaluate
from evaluator.evaluation.claimed import NAME, READING
from evaluator.experiment.geography import CountryGroup
from evaluator.experiment.protocol import Course, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Status, Verdict

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
NORTH = CountryGroup("north", tuple(f"C{number:02d}" for number in range(4, 14)))

# lift in the south, share of people there → status and words of the finding
CLAIMS: dict[str, tuple[float, float, Status, str]] = {
    "weak": (0.5, 1.0, Status.PASS, "confirmed: its lift is ×0.50 [0.49; 0.51]"),
    "alike": (1.0, 1.0, Status.WARN, "not confirmed: its lift is ×1.00"),
    "strong": (1.5, 1.0, Status.WARN, "contradicted: its lift is ×1.50"),
    "hardly anybody": (1.0, 1e-7, Status.NOT_RUN, "not to be told from these data (0."),
}


@pytest.mark.parametrize(("lift", "share", "status", "words"), CLAIMS.values(), ids=CLAIMS)
def test_says_what_became_of_the_claim(
    small: Small, lift: float, share: float, status: Status, words: str
) -> None:
    found = evaluate(declared(small, lift, share, ("ads",)))
    about = {
        (row.key.arm, row.key.method): [f for f in row.findings if f.name == NAME]
        for row in found.rows
    }
    (claim,) = about["group: south", "group_against_rest"]
    assert claim.status is status
    assert claim.sentence.startswith(f"south is published as weak on ads, {READING}: {words}")
    assert about["all", "group_lift"] == about["group: south", "group_lift"] == [claim]
    assert about["group: north", "group_against_rest"] == []


def test_too_wide_an_interval_says_nothing(small: Small) -> None:
    """The courses differ in the south by a factor of 4 both ways."""
    found = evaluate(declared(small, 1.0, 1.0, ("ads",), spread=4.0))
    row = found.row("geography", "all", method="group_against_rest", arm="group: south")
    claim = next(f for f in row.findings if f.name == NAME)
    assert row.verdict is Verdict.NOT_PRECISE
    assert (claim.status, "not precise enough to say" in claim.sentence) == (Status.WARN, True)


def test_without_a_claim_there_is_no_finding(small: Small) -> None:
    rows = evaluate(declared(small, 0.5, 1.0, ())).rows
    assert NAME not in {finding.name for row in rows for finding in row.findings}


def declared(
    small: Small, lift: float, share: float, claimed: tuple[str, ...], spread: float = 1.0
) -> Resolved:
    """Three courses with a wave each that doubles the north, and `lift` times that in the south."""
    start = small().protocol.window.start
    by_course = {"P": spread, "Q": 1.0, "R": 1 / spread}

    def paint(counts: Counts, window: int) -> None:
        for position, (code, own) in enumerate(counts.items()):
            own[:4] *= share
            if code in by_course:
                days = slice(window + 7 * position, window + 7 * position + 7)
                own[4:, days] *= 2
                own[:4, days] *= 2 * lift * by_course[code] * (1 + 0.01 * (position - 1))

    waves = tuple(
        Wave(
            f"ads-{code}",
            "ads",
            (code,),
            portfolio=False,
            span=Span(start + timedelta(7 * number), start + timedelta(7 * number + 6)),
        )
        for number, code in enumerate(by_course)
    )
    return small(
        courses=tuple(Course(code, code) for code in by_course),
        waves=waves,
        country_groups=(CountryGroup("south", tuple(f"C0{n}" for n in range(4)), claimed), NORTH),
        questions=(Question.GEOGRAPHY,),
        paint=paint,
    )
