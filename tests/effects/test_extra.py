"""What lifts are worth in counts, row by row and pooled."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.comparisons import Comparison, planned_rows
from evaluator.effects import Estimated, Setting, estimate
from evaluator.resolve import Resolved
from evaluator.results import Amount, NotRun, RowKey

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
Paint = Callable[[Counts, int], None]
Name = tuple[str, str, str, str]
Estimates = Callable[[Resolved], dict[Name, Estimated | NotRun]]
LIFTS = {"P": (2.0, 1.5), "Q": (1.2, 1.1)}


def test_realised_extra_is_what_was_counted_less_the_counterfactual(small: Small) -> None:
    found = comparisons(small(lifts=LIFTS))
    for (_, course, method, variant), (built, answer) in found.items():
        if not isinstance(answer, Estimated) or (course == "all" and method != "controlled_its"):
            continue
        counterfactual = built.observed / answer.effect.lift
        value = realised(answer).value
        assert value == pytest.approx(built.observed - counterfactual), (method, variant)


def test_pooled_extra_is_the_sum_over_courses(small: Small, estimates: Estimates) -> None:
    found = estimates(small(lifts=LIFTS))
    names = {
        "these_courses": ("promoted_vs_other", "size_adjusted_ratio"),
        "triple_difference": ("a_vs_b", "triple_difference"),
        "arms_by_unit": ("a_vs_b", "arms_by_unit"),
    }
    for method, (question, of_course) in names.items():
        pooled = found[question, "all", method, "default"]
        own = [found[question, course, of_course, "default"] for course in ("P", "Q")]
        parts = [realised(answer).value for answer in own]
        assert realised(pooled).value == pytest.approx(sum(parts))
        assert realised(pooled).value in realised(pooled).interval


def test_extra_of_courses_like_these_is_their_lift_s(small: Small, estimates: Estimates) -> None:
    """Their lift is a population's: its extra is what these courses would gain at that lift."""
    found = estimates(small(lifts=LIFTS))[
        "promoted_vs_other", "all", "courses_like_these", "default"
    ]
    assert isinstance(found, Estimated)
    law = found.effect.interval(0.95)
    extra = realised(found).interval
    assert (0.0 not in law) == (0.0 not in extra)
    assert realised(found).p == found.effect.p_value()


def test_expected_extra_is_less_certain_than_realised(small: Small, estimates: Estimates) -> None:
    for answer in estimates(small(lifts=LIFTS)).values():
        if isinstance(answer, Estimated) and answer.extra is not None:
            own, expected = realised(answer), answer.extra.expected
            assert expected.value == own.value
            slack = 1e-3 * abs(own.value)  # where both are drawn
            assert expected.interval.low <= own.interval.low + slack
            assert expected.interval.high >= own.interval.high - slack


def test_a_row_has_random_numbers_of_its_own(small: Small) -> None:
    """Alike in every evaluation; unlike those of another row, and under another seed."""
    built, first = comparisons(small(lifts=LIFTS))[
        "promoted_vs_other", "all", "these_courses", "default"
    ]
    key = RowKey("promoted_vs_other", "all", method="these_courses")
    again = estimate(built, key, Setting())
    varied = estimate(built, replace(key, variant="another"), Setting())
    seeded = estimate(built, key, Setting(seed=2))
    intervals = [realised(answer).interval for answer in (first, again, varied, seeded)]
    assert intervals[0] == intervals[1]
    assert len(set(intervals)) == 3


def realised(answer: Estimated | NotRun) -> Amount:
    assert isinstance(answer, Estimated)
    assert answer.extra is not None
    return answer.extra.realised


def comparisons(resolved: Resolved) -> dict[Name, tuple[Comparison, Estimated | NotRun]]:
    found: dict[Name, tuple[Comparison, Estimated | NotRun]] = {}
    for planned in planned_rows(resolved):
        key, built = planned.key, planned.comparison
        if isinstance(built, Comparison):
            answer = estimate(built, key, Setting())
            found[key.question, key.course, key.method, key.variant] = built, answer
    return found
