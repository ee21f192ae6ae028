from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.resampling.pin import TagTotal, Totals, allocate, pin
from evaluator.resampling.worlds import Pulse, Shocks, World

Build = Callable[..., World]
Make = Callable[..., Pulse]

TOTALS = Totals(
    window=slice(35, 70),
    by_course={"P": 6000},
    by_tag=(TagTotal("ads", ("P",), 1234),),
    earlier=slice(0, 20),
    portfolio=4321,
)


def test_binomials_given_their_sum_are_hypergeometric() -> None:
    """Sizes 2 and 3, equal odds, sum 2: 0, 1, 2 in the first with chances .3, .6, .1."""
    rng = np.random.default_rng(1)
    first = [allocate(2, np.array([2, 3]), np.array([0.5, 0.5]), rng)[0] for _ in range(2000)]
    assert np.bincount(first, minlength=3) / 2000 == pytest.approx([0.3, 0.6, 0.1], abs=0.05)


def test_binomials_given_their_sum_follow_their_odds() -> None:
    """Sizes 1 and 1, odds 3 and 1, sum 1: the first with chance 3/4."""
    rng = np.random.default_rng(2)
    first = [allocate(1, np.array([1, 1]), np.array([3.0, 1.0]), rng)[0] for _ in range(2000)]
    assert np.mean(first) == pytest.approx(0.75, abs=0.05)


def test_every_total_is_met(small: Build, pulse: Make) -> None:
    world = small((pulse(), pulse("mail", 38, 38)), Shocks())
    simulated, labels, by_tag = pin(world, TOTALS, np.random.default_rng(3))
    assert simulated.counts[0, :, 35:].sum() == 6000
    assert by_tag[labels.index("ads"), 0].sum() == 1234
    assert simulated.counts[:, :, :20].sum() == 4321
    assert (by_tag.sum(axis=0) == simulated.counts).all()


def test_a_tag_pinned_over_courses_adds_up(small: Build, pulse: Make) -> None:
    world = small((pulse(), pulse(course=1), pulse("mail", 38, 38)))
    both = replace(
        TOTALS,
        by_course={"P": 6000, "O": 5000},
        by_tag=(TagTotal("mail", ("P",), 77), TagTotal("ads", ("P", "O"), 2000)),
    )
    simulated, labels, by_tag = pin(world, both, np.random.default_rng(4))
    assert simulated.counts[:, :, 35:].sum(axis=(1, 2)).tolist() == [6000, 5000]
    assert by_tag[labels.index("mail"), 0].sum() == 77
    assert by_tag[labels.index("ads")].sum() == 2000


def test_planted_lifts_are_scaled_to_the_totals(small: Build, pulse: Make) -> None:
    """So the truth agrees with the counts: expected in the window is the total."""
    simulated, _, _ = pin(small((pulse(),), Shocks()), TOTALS, np.random.default_rng(5))
    assert simulated.mean[0, :, 35:].sum() == pytest.approx(6000)
    assert simulated.log_lift(slice(35, 70), "P") > 0
    assert simulated.log_lift(slice(35, 70), "O") == 0


@pytest.mark.parametrize(
    ("change", "waves", "message"),
    [
        ({"by_course": {"P": 100}}, (35, 41), "no multiple of the planted lifts"),
        ({}, (33, 39), "left outside the window"),
        (
            {"by_tag": (TagTotal("ads", ("P", "O"), 5), TagTotal("ads", ("P",), 5))},
            (35, 41),
            "last",
        ),
    ],
)
def test_totals_that_cannot_be_are_errors(
    small: Build, pulse: Make, change: dict[str, object], waves: tuple[int, int], message: str
) -> None:
    totals = replace(TOTALS, **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=message):
        pin(small((pulse("ads", *waves),)), totals, np.random.default_rng(6))
