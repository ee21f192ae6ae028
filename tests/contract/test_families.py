"""What a family of rows decides, its intervals show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from evaluator.inference.distributions import StudentT
from evaluator.inference.family import adjusted_together, holm
from evaluator.results import Effect, Estimand

ESTIMAND = Estimand("log lift", "a", "b")
EDGE = 1e-9
"""Nearer to the boundary than this, rounding decides."""

laws = settings(max_examples=200, deadline=None, derandomize=True)
probabilities = st.one_of(
    st.floats(0, 1), st.sampled_from([0.0, 1e-20, 0.01, 0.02, 0.05, 1.0]), st.floats(0, 0.05)
)


@st.composite
def effects(draw: st.DrawFn) -> Effect:
    location, scale = draw(st.floats(-2, 2)), draw(st.floats(0.01, 2))
    dof = draw(st.sampled_from([3.0, 10.0, 20.0]))
    return Effect(location, StudentT(np.asarray(location), np.asarray(scale), dof), ESTIMAND)


@settings(laws, max_examples=20)  # statsmodels takes its time
@given(p_values=st.lists(probabilities, min_size=1, max_size=8))
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


@laws
@given(p_values=st.lists(probabilities, min_size=1, max_size=8))
def test_holm_is_the_textbooks(p_values: list[float]) -> None:
    """The smallest times m, the next times m − 1 but no less than that, …; at most 1."""
    slow: dict[float, float] = {}
    last = 0.0
    for rank, p in enumerate(sorted(p_values)):
        last = max(last, min(1, (len(p_values) - rank) * p))
        slow[p] = max(slow.get(p, 0), last)
    assert holm(p_values) == pytest.approx([slow[p] for p in p_values])


@laws
@given(
    family=st.lists(effects(), min_size=1, max_size=8),
    gate=st.none() | effects(),
    alpha=st.sampled_from([0.01, 0.05, 0.1, 0.2]),
)
def test_simultaneous_interval_and_adjusted_p_agree(
    family: list[Effect], gate: Effect | None, alpha: float
) -> None:
    together = adjusted_together(family, gate, 1 - alpha)
    for effect, row in zip(family, together, strict=True):
        p = effect.p_value()
        assume(abs(row.p_adjusted - alpha) > EDGE and abs(p * len(family) - alpha) > EDGE)
        assert (0 not in row.interval(1 - alpha)) == (row.p_adjusted <= alpha)
        assert p <= row.p_adjusted <= 1
        assert gate is None or gate.p_value() <= row.p_adjusted
        own, wide = effect.interval(1 - alpha), row.interval(1 - alpha)
        assert wide.low <= own.low
        assert own.high <= wide.high


@laws
@given(effect=effects(), alpha=st.sampled_from([0.01, 0.05, 0.2]))
def test_a_family_of_one_is_the_row_itself(effect: Effect, alpha: float) -> None:
    (row,) = adjusted_together([effect], None, 1 - alpha)
    assert row.p_adjusted == effect.p_value()
    own, interval = effect.interval(1 - alpha), row.interval(1 - alpha)
    assert (interval.low, interval.high) == pytest.approx((own.low, own.high))


@laws
@given(family=st.lists(effects(), min_size=2, max_size=6), seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(family: list[Effect], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(family))
    straight = adjusted_together(family, None, 0.95)
    mixed_up = adjusted_together([family[i] for i in order], None, 0.95)
    for position, row in zip(order, mixed_up, strict=True):
        assert row.p_adjusted == straight[position].p_adjusted
        assert row.divisor == straight[position].divisor
