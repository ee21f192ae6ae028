import math

import numpy as np
import pytest

from evaluator.testing import Answer, Claimed, Sequential, calibrate_until_sure
from evaluator.testing.sequential import log_evidence


def uniform(rng: np.random.Generator) -> tuple[float, float]:
    return rng.random(), 1.0


def holds_with(coverage: float, data: float) -> tuple[float, float]:
    return (0.0, 1.0) if data < coverage else (2.0, 2.0)


@pytest.mark.parametrize(
    ("coverage", "answer"),
    [(0.95, Answer.HOLDS), (0.60, Answer.OFF), (0.88, Answer.OFF), (1.0, Answer.OFF)],
)
def test_stops_with_the_right_answer(coverage: float, answer: Answer) -> None:
    found = calibrate_until_sure(
        lambda data: holds_with(coverage, data), uniform, claimed=Claimed(tolerance=0.02)
    )
    assert found.answer is answer
    assert found.draws < 20_000
    if answer is Answer.HOLDS:
        found.assert_coverage()
    else:
        with pytest.raises(AssertionError, match=r"coverage of 0\.95 is off by more than 0\.02"):
            found.assert_coverage()


def test_to_cover_more_is_allowed_where_that_was_said() -> None:
    claimed = Claimed(tolerance=0.02, conservative=True)
    assert calibrate_until_sure(lambda _: (0, 2), uniform, claimed=claimed).answer is Answer.HOLDS


def test_not_decided_is_no_pass() -> None:
    found = calibrate_until_sure(lambda _: (0, 2), uniform, at_most=5)
    assert (found.answer, found.draws) == (Answer.NOT_DECIDED, 5)
    with pytest.raises(AssertionError, match="is not decided, which is no pass"):
        found.assert_coverage()
    with pytest.raises(AssertionError, match="0 of 0 worlds"):
        Sequential(Claimed(), 0, 0).assert_coverage()


def test_the_evidence_averages_to_one() -> None:
    """The average of exp(log_evidence) over what n worlds can give is exactly 1: a martingale."""
    for coverage, draws in ((0.95, 12), (0.5, 7)):
        mean = sum(
            math.comb(draws, held)
            * coverage**held
            * (1 - coverage) ** (draws - held)
            * math.exp(log_evidence(held, draws, coverage))
            for held in range(draws + 1)
        )
        assert mean == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("coverage", "wrong"),
    [(0.93, Answer.OFF), (0.97, Answer.OFF), (0.91, Answer.HOLDS), (0.99, Answer.HOLDS)],
    ids=["at the tolerance", "at it above", "at twice the tolerance", "at twice above"],
)
def test_errs_more_rarely_than_it_says_whenever_it_looks(coverage: float, wrong: Answer) -> None:
    """300 runs of 1,500 worlds, looked at after each; at α = .10 more than 50 would err with
    probability below .0003 (exact binomial)."""
    claimed = Claimed(0.95, 0.02, 0.10)
    runs, worlds = 300, 1500
    held = (np.random.default_rng(3).random((runs, worlds)) < coverage).cumsum(axis=1)
    looks = range(0, worlds, 10)
    erred = sum(any(claimed.answer(int(run[n]), n + 1) is wrong for n in looks) for run in held)
    assert erred <= 50
