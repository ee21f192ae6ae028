"""What chance decided, decided again: by hand, and on planted experiments."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.placebos.assigned import NAME, assignment_redrawn, redrawn
from evaluator.effects.ratios import totals_of
from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import Channel, Course, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Rough = Callable[[dict[str, np.ndarray], int], None]
COUNTRIES = tuple(f"C{number:02d}" for number in range(14))
PAIRED = Drawn(
    AssignmentRule.MATCHED_PAIRS, tuple((f"C{i:02d}", f"C{i + 6:02d}") for i in range(6))
)
CODES = tuple("PQRSTUVW")


def test_all_assignments_within_strata_the_true_one_first() -> None:
    """Two of three, and one of two: 3 · 2."""
    kind = np.array([True, False, True, False, True])
    found = redrawn(kind, (0, 0, 0, 1, 1), np.random.default_rng(1))
    assert found.shape == (6, 5)
    assert found[0].tolist() == kind.tolist()
    assert len(np.unique(found, axis=0)) == 6
    assert set(found[:, :3].sum(axis=1)) == {2}


def test_many_are_drawn_within_strata() -> None:
    kind = np.arange(40) < 20
    found = redrawn(kind, [0] * 10 + [1] * 30, np.random.default_rng(1))
    assert found.shape == (2000, 40)
    assert found[0].tolist() == kind.tolist()
    assert set(found[:, :10].sum(axis=1)) == {10}
    assert set(found.sum(axis=1)) == {20}
    assert 0.2 < found[1:, 10:].mean() < 0.5


def ordered(small: Small, lift: float, rough: Rough) -> Resolved:
    """Four of eight courses with paid promotion first, ×`lift` over both waves."""
    start = small().protocol.window.start
    waves = []
    for code in CODES:
        days = (0, 7) if code in CODES[:4] else (7, 0)
        for channel, day in zip(("fb", "posts"), days, strict=True):
            span = Span(start + timedelta(day), start + timedelta(day + 6))
            waves.append(Wave(f"{channel}-{code}", channel, (code,), portfolio=False, span=span))

    def paint(counts: dict[str, np.ndarray], window: int) -> None:
        rough(counts, window)
        for code in CODES[:4]:
            counts[code][:, window : window + 28] *= lift

    return small(
        courses=tuple(Course(code, code) for code in CODES),
        channels=(Channel("fb", "paid", "Facebook"), Channel("posts", "organic", "Facebook")),
        waves=tuple(waves),
        questions=(Question.ORDER,),
        assignment=Assignment(order=Drawn(AssignmentRule.SIMPLE)),
        paint=paint,
        arms=None,
    )


def only(looked: Looked) -> Finding:
    (finding,) = assignment_redrawn(looked).findings
    assert finding.name == NAME
    return finding


def test_an_order_is_ranked_among_all_seventy(
    small: Small, looked_at: LookedAt, rough: Rough
) -> None:
    """A planted lift is the largest of 8!/(4! 4!) differences, its mirror image as large."""
    looked = looked_at(ordered(small, 1.5, rough), "all", "order_of_waves")
    finding = only(looked)
    assert finding.status is Status.PASS
    assert "of 70 assignments" in finding.sentence
    assert "p = 0.029" in finding.sentence


def test_the_p_is_the_share_of_differences_as_large(
    small: Small, looked_at: LookedAt, rough: Rough
) -> None:
    looked = looked_at(ordered(small, 1.02, rough), "all", "order_of_waves")
    log_lifts = totals_of(looked.comparison).ratios().log_lift
    differences = [
        abs(log_lifts[list(c)].mean() - np.delete(log_lifts, list(c)).mean())
        for c in combinations(range(8), 4)
    ]
    p = np.mean(np.array(differences) >= differences[0] * (1 - 1e-12))
    assert f"p = {p:.2g}" in only(looked).sentence


@pytest.mark.parametrize("method", ["triple_difference", "arms_by_unit"])
def test_countries_are_redrawn_within_pairs(
    small: Small, looked_at: LookedAt, rough: Rough, method: str
) -> None:
    """Six pairs: 64 assignments; two countries of no pair stay in B."""
    resolved = small(
        lifts={"P": (1.5, 1.0), "Q": (1.5, 1.0)},
        arm_a=dict.fromkeys("PQ", COUNTRIES[:6]),
        paint=rough,
        assignment=Assignment(countries=PAIRED),
    )
    finding = only(looked_at(resolved, "all", method))
    assert "of 64 assignments" in finding.sentence
    assert finding.status is Status.PASS
    assert "p = 0.016" in finding.sentence


def test_a_claim_that_chance_makes_often_fails(
    small: Small, looked_at: LookedAt, rough: Rough
) -> None:
    """The row's estimate replaced by one that claims an effect where nothing was planted."""
    bold = looked_at(ordered(small, 1.5, rough), "all", "order_of_waves")
    still = looked_at(ordered(small, 1.0, rough), "all", "order_of_waves")
    finding = only(replace(still, outcome=bold.outcome))
    assert finding.status is Status.FAIL
    assert finding.margin is not None
    assert finding.margin < 0


def test_what_nobody_declares_is_not_redrawn(
    small: Small, looked_at: LookedAt, rough: Rough
) -> None:
    assert not assignment_redrawn(looked_at(small(paint=rough), "P", "arms_by_unit")).findings
    lists = small(paint=rough, assignment=Assignment(countries=PAIRED))
    finding = only(looked_at(lists, "all", "triple_difference"))
    assert finding.status is Status.NOT_RUN
    assert "countries of its own in arm A" in finding.sentence
