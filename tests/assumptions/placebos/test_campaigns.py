"""Placebos in space and in time: what is noticed in counts with known departures."""

from collections.abc import Callable

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.placebos.campaigns import placebos
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, np.ndarray]


def rough(counts: Counts, window: int) -> None:
    """Every course wanders by a few percent from week to week."""
    rng = np.random.default_rng(5)
    for own in counts.values():
        weeks = rng.normal(scale=0.05, size=-(-own.shape[1] // 7))
        own *= np.exp(np.repeat(weeks, 7)[: own.shape[1]])
    del window


def wandering(counts: Counts, window: int) -> None:
    """And P, before the window, by ever more."""
    rough(counts, window)
    counts["P"][:, :window] *= np.exp(0.4 * np.sin(np.arange(window) / 40))


def named(looked: Looked, name: str) -> Finding:
    return next(f for f in placebos(looked).findings if f.name == name)


@pytest.mark.parametrize("lift", [1.0, 1.5])
def test_the_rank_bears_out_the_interval(small: Small, looked_at: LookedAt, lift: float) -> None:
    resolved = small(paint=rough, others=24, lifts={"P": (lift, lift)})
    looked = looked_at(resolved, "P", "size_adjusted_ratio")
    assert named(looked, "placebo in space").status is Status.PASS
    (in_space, in_time) = placebos(looked).evidence.placebos
    assert len(in_space.log_lifts) == 24
    assert list(in_space.log_lifts) == sorted(in_space.log_lifts)
    assert (in_space.p == pytest.approx(1 / 25)) == (lift > 1)
    assert in_time.kind == "in time"


def test_an_interval_that_the_rank_does_not_bear_out(small: Small, looked_at: LookedAt) -> None:
    """Two of the other courses leapt farther than P: the t law allows for it, the rank does not."""

    def paint(counts: Counts, window: int) -> None:
        rough(counts, window)
        for code, leap in (("O45", 1.7), ("O48", 0.55), ("P", 1.5)):
            counts[code][:, window:] *= leap

    looked = looked_at(small(paint=paint, others=50), "P", "size_adjusted_ratio")
    assert looked.effect is not None
    assert 0 not in looked.effect.interval()
    finding = named(looked, "placebo in space")
    assert finding.status is Status.WARN
    assert finding.margin is not None
    assert finding.margin < 0


def test_too_few_courses_have_no_rank(small: Small, looked_at: LookedAt) -> None:
    looked = looked_at(small(paint=rough, others=12), "P", "size_adjusted_ratio")
    assert named(looked, "placebo in space").status is Status.NOT_RUN


def test_labels_are_permuted_over_sets_of_courses(small: Small, looked_at: LookedAt) -> None:
    resolved = small(paint=rough, others=20, lifts={"P": (1.5, 1.5), "Q": (1.5, 1.5)})
    looked = looked_at(resolved, "all", "these_courses")
    assert named(looked, "labels permuted").status is Status.PASS
    permuted = placebos(looked).evidence.placebos[0]
    assert (permuted.kind, len(permuted.log_lifts)) == ("permuted", 22 * 21 // 2 - 1)
    assert permuted.p == pytest.approx(1 / 231)


def test_a_course_that_wandered_before_is_given_a_wider_interval(
    small: Small, looked_at: LookedAt
) -> None:
    looked = looked_at(small(paint=wandering, others=24), "P", "size_adjusted_ratio")
    seen = placebos(looked)
    finding = named(looked, "placebo in time")
    assert finding.status is Status.FAIL
    (beside,) = seen.beside
    assert beside.stretch > 1.4
    steady = looked_at(small(paint=rough, others=24), "P", "size_adjusted_ratio")
    assert placebos(steady).beside == ()
    calm = named(steady, "placebo in time")
    assert calm.power is not None
    assert (calm.status is Status.PASS) == (calm.power >= 0.8)


def test_a_short_history_has_no_earlier_windows(flagship_row: Callable[..., Looked]) -> None:
    finding = named(flagship_row("SEE", "arms_wider"), "placebo in time")
    assert finding.status is Status.NOT_RUN
    assert finding.power is None
