"""Each attempt refutes what it should, in an experiment where nothing else is random."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions import Looked
from evaluator.assumptions.refutations.common_cause import NAME as CAUSE
from evaluator.assumptions.refutations.common_cause import common_cause
from evaluator.assumptions.refutations.subsets import NAME as OF_COURSES
from evaluator.assumptions.refutations.subsets import subsets
from evaluator.effects import Estimated
from evaluator.inference.distributions import StudentT
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

Built = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, NDArray[np.float64]]
TWICE: Mapping[str, tuple[float, float]] = MappingProxyType({"P": (2.0, 2.0), "Q": (2.0, 2.0)})
IN_A: Mapping[str, tuple[float, float]] = MappingProxyType({"P": (2.0, 1.0), "Q": (2.0, 1.0)})


def one_country(counts: Counts, window: int) -> None:
    counts["P"][0, window:] *= 40


def by_size(counts: Counts, window: int) -> None:
    """Large courses grow in the window, and the promoted are the largest."""
    for code, daily in counts.items():
        if code in "PQ":
            daily *= 12
        daily[:, window:] *= (daily.mean() / 1e5) ** 0.2


def found(looked: Looked) -> dict[str, Finding]:
    return {f.name: f for look in (subsets, common_cause) for f in look(looked).findings}


CASES = {
    "steady courses": (TWICE, None, "all", "these_courses", OF_COURSES, Status.PASS),
    "steady countries": (IN_A, None, "P", "arms_wider", OF_COURSES, Status.PASS),
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
    assert found(looked)[OF_COURSES].status is Status.PASS
    effect = looked.outcome.effect
    narrow = replace(effect, distribution=StudentT(np.array(effect.log_lift), np.array(0.05), 10.0))
    own = found(replace(looked, outcome=replace(looked.outcome, effect=narrow)))[OF_COURSES]
    assert own.status is Status.FAIL
    assert own.margin is not None
    assert own.margin < 0


def test_the_same_twice(small: Built, looked_at: LookedAt) -> None:
    resolved = small(lifts=TWICE, others=60)
    first, second = (subsets(looked_at(resolved, "all", "these_courses")) for _ in range(2))
    assert first == second


def test_forecasts_are_left_alone(small: Built, looked_at: LookedAt) -> None:
    assert not found(looked_at(small(), "P", "controlled_its"))
