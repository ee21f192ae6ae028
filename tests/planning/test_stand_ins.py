"""Who stands in for whom."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.comparisons import Comparison, planned_rows
from evaluator.planning.stand_ins import FEW, drawn_stand_ins, kept, sizes
from evaluator.resolve import Resolved

Small = Callable[..., Resolved]


@pytest.fixture
def base(small: Small) -> Comparison:
    """P and Q are of one unit, the twelve others of 1, 1, 2, 2 … 6, 6 units."""
    row = planned_rows(small(season=False))[0]
    assert isinstance(row.comparison, Comparison)
    return row.comparison


def of_size(base: Comparison, p: float, q: float) -> Comparison:
    return replace(base, treated=base.treated * np.array([p, q])[:, None, None])


def test_sizes(base: Comparison) -> None:
    own, others = sizes(of_size(base, 1, 3))
    assert own / own[0] == pytest.approx([1, 3], rel=0.01)
    assert others[0] / own[0] == pytest.approx(np.repeat(np.arange(1, 7), 2), rel=0.01)
    np.testing.assert_array_equal(others[0], others[1])


def test_stand_ins_are_at_least_as_large(base: Comparison) -> None:
    """Of four units there are six; they are drawn alike, none for both courses."""
    rng = np.random.default_rng(1)
    drawn = drawn_stand_ins(rng, of_size(base, 3.9, 0.5), range(6, 9), 3000)
    seen = Counter(drawn.courses[:, 0].tolist())
    assert set(seen) == set(range(6, 12))
    assert max(seen.values()) < 1.3 * min(seen.values())
    assert set(drawn.courses[:, 1].tolist()) == set(range(12))
    assert (drawn.courses[:, 0] != drawn.courses[:, 1]).all()
    assert set(drawn.moved.tolist()) == {6, 7, 8}


def test_the_largest_stand_in_for_one_larger_still(base: Comparison) -> None:
    """For each of two courses of nine units one of the five largest, never the same for both."""
    drawn = drawn_stand_ins(np.random.default_rng(1), of_size(base, 9, 9), range(1), 500)
    seen = set(drawn.courses[:, 0].tolist())
    assert len(seen) == FEW
    assert seen < set(range(6, 12))
    assert set(drawn.courses[:, 1].tolist()) == seen
    assert (drawn.courses[:, 0] != drawn.courses[:, 1]).all()


def test_what_is_kept(base: Comparison) -> None:
    """Of a course of three units in place of one of two, two thirds; of a smaller one all."""
    share = kept(of_size(base, 2, 9))
    assert share[0] == pytest.approx(
        [1, 1, 1, 1, 2 / 3, 2 / 3, 1 / 2, 1 / 2, 0.4, 0.4, 1 / 3, 1 / 3], rel=0.01
    )
    np.testing.assert_array_equal(share[1], 1)


def test_in_arms_sizes_are_those_of_arm_a(small: Small) -> None:
    """P's six countries of fourteen, of P itself and of every other course."""
    past = small(season=False)
    row = next(row for row in planned_rows(past) if row.key.method == "triple_difference")
    assert isinstance(row.comparison, Comparison)
    own, others = sizes(row.comparison)
    whole = row.comparison.treated[0].sum()
    assert own[0] / whole == pytest.approx(6 / 14, rel=0.01)
    assert others[0, -1] / own[0] == pytest.approx(6, rel=0.01)
