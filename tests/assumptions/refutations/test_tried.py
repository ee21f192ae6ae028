"""Each attempt refutes what it should, in an experiment where nothing else is random."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions import Looked
from evaluator.assumptions.refutations.contrast import contrast
from evaluator.assumptions.refutations.tried import CAUSE, PLACEBO, SUBSET, permuted, refutations
from evaluator.effects import Estimated, Setting, estimate
from evaluator.estimators.ratio import fitted_scale
from evaluator.inference.distributions import StudentT
from evaluator.resolve import Resolved
from evaluator.results import Finding, NotRun, Status

Built = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, NDArray[np.float64]]
TWICE: Mapping[str, tuple[float, float]] = MappingProxyType({"P": (2.0, 2.0), "Q": (2.0, 2.0)})
IN_A: Mapping[str, tuple[float, float]] = MappingProxyType({"P": (2.0, 1.0), "Q": (2.0, 1.0)})


def arm_a_wide(counts: Counts, window: int) -> None:
    """A shock to the countries of P's arm A that every course has."""
    for daily in counts.values():
        daily[:6, window:] *= 1.5


def one_country(counts: Counts, window: int) -> None:
    counts["P"][0, window:] *= 40


def by_size(counts: Counts, window: int) -> None:
    """Large courses grow in the window, and the promoted are the largest."""
    for code, daily in counts.items():
        if code in "PQ":
            daily *= 12
        daily[:, window:] *= (daily.mean() / 1e5) ** 0.2


def found(looked: Looked) -> dict[str, Finding]:
    return {finding.name: finding for finding in refutations(looked).findings}


CASES = {
    "an effect of both": (TWICE, None, "all", "these_courses", PLACEBO, Status.PASS),
    "an effect of one": (TWICE, None, "P", "size_adjusted_ratio", PLACEBO, Status.PASS),
    "no effect": ({}, None, "P", "size_adjusted_ratio", PLACEBO, Status.NOT_RUN),
    "arm A, net": (IN_A, None, "all", "triple_difference", PLACEBO, Status.PASS),
    "arm A": (IN_A, None, "P", "arms_wider", PLACEBO, Status.PASS),
    "a shock that all have": ({}, arm_a_wide, "P", "arms_wider", PLACEBO, Status.FAIL),
    "steady courses": (TWICE, None, "all", "these_courses", SUBSET, Status.PASS),
    "steady countries": (IN_A, None, "P", "arms_wider", SUBSET, Status.PASS),
    "nothing known explains it": (TWICE, None, "all", "these_courses", CAUSE, Status.PASS),
    "size explains it": ({}, by_size, "all", "these_courses", CAUSE, Status.FAIL),
}


@pytest.mark.parametrize(
    ("lifts", "paint", "course", "method", "name", "status"), CASES.values(), ids=CASES.keys()
)
def test_refutation(
    small: Built,
    looked_at: LookedAt,
    lifts: Mapping[str, tuple[float, float]],
    paint: Callable[[Counts, int], None] | None,
    course: str,
    method: str,
    name: str,
    status: Status,
) -> None:
    painted = {} if paint is None else {"paint": paint}
    looked = looked_at(small(lifts=lifts, others=24, **painted), course, method)
    own = found(looked)[name]
    assert own.status is status, own.sentence
    if status in (Status.PASS, Status.FAIL):
        assert own.margin is not None
        assert (own.margin >= 0) is (status is Status.PASS)


def test_an_interval_that_knows_of_one_country_less_is_refuted(
    small: Built, looked_at: LookedAt
) -> None:
    """The jackknife's own interval holds what one country does; one of count noise does not."""
    looked = looked_at(small(paint=one_country), "P", "arms_by_unit")
    assert isinstance(looked.outcome, Estimated)
    assert found(looked)[SUBSET].status is Status.PASS
    effect = looked.outcome.effect
    narrow = replace(effect, distribution=StudentT(np.array(effect.log_lift), np.array(0.05), 10.0))
    own = found(replace(looked, outcome=replace(looked.outcome, effect=narrow)))[SUBSET]
    assert own.status is Status.FAIL
    assert own.margin is not None
    assert own.margin < 0


def test_few_courses_cannot_refute(small: Built, looked_at: LookedAt) -> None:
    """Thirteen labels: the rarest is one in thirteen."""
    looked = looked_at(small(lifts=TWICE, others=12), "P", "size_adjusted_ratio")
    own = found(looked)[PLACEBO]
    assert own.status is Status.NOT_RUN
    assert "too few" in own.sentence


def test_labels_redrawn_are_campaigns_of_other_courses(small: Built, looked_at: LookedAt) -> None:
    """The fast path against the estimator, one labelling at a time."""
    looked = looked_at(small(lifts=TWICE, others=10), "all", "these_courses")
    totals = contrast(looked.comparison, "these_courses")
    assert totals is not None
    fast = permuted(totals, np.random.default_rng(1))
    daily = np.concatenate([looked.comparison.treated, looked.comparison.other])
    others = totals.other.sum(axis=-1)
    scale = fitted_scale(
        totals.log_lift(others, others.sum(axis=-1, keepdims=True) - others), totals.noise(others)
    )
    slow, spread = [], []
    for labelled in combinations(range(12), 2):
        rest = [course for course in range(12) if course not in labelled]
        redrawn = replace(looked.comparison, treated=daily[list(labelled)], other=daily[rest])
        again = estimate(redrawn, looked.planned.key, Setting())
        assert not isinstance(again, NotRun)
        slow.append(again.effect.log_lift)
        base = contrast(redrawn, "these_courses")
        assert base is not None
        noise = base.noise(base.promoted.sum(axis=-1))
        spread.append(np.sqrt(np.sum(scale.kappa + scale.phi * noise)))
    np.testing.assert_allclose(fast, np.array(slow) / spread * spread[0], atol=1e-9)


def test_evidence_is_ascending_and_agrees_with_p(small: Built, looked_at: LookedAt) -> None:
    looked = looked_at(small(lifts=TWICE, others=24), "all", "these_courses")
    (placebos,) = refutations(looked).evidence.placebos
    assert placebos.kind == "permuted"
    assert list(placebos.log_lifts) == sorted(placebos.log_lifts)
    assert looked.effect is not None
    far = np.abs(placebos.log_lifts) >= abs(looked.effect.log_lift) - 1e-6
    assert placebos.p == pytest.approx(far.mean())


def test_the_same_twice(small: Built, looked_at: LookedAt) -> None:
    resolved = small(lifts=TWICE, others=60)
    first, second = (refutations(looked_at(resolved, "all", "these_courses")) for _ in range(2))
    assert first == second


def test_forecasts_are_left_alone(small: Built, looked_at: LookedAt) -> None:
    assert not refutations(looked_at(small(), "P", "controlled_its")).findings
