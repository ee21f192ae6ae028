import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.inference.distributions import StudentT
from evaluator.results import Effect, Estimand, Row, RowKey, RowRole, RowStatus, Verdict
from evaluator.testing import Calibrated, assert_interval_covers, calibrate, campaigns

Draw = Callable[[np.random.Generator], tuple[float, float]]


def normal(rng: np.random.Generator) -> tuple[float, float]:
    """A mean of 3, seen with a standard error of 1."""
    return rng.normal(3.0), 3.0


def of_width(z: float) -> Callable[[float], tuple[float, float]]:
    return lambda seen: (seen - z, seen + z)


def held(number: int, of: int = 400) -> Calibrated:
    return Calibrated(np.arange(of) < number)


def test_an_honest_interval_passes_and_a_narrow_one_is_caught() -> None:
    calibrate(of_width(1.96), normal, seed=1).assert_coverage()
    narrow = calibrate(of_width(1.4), normal, seed=1)  # covers 84%
    with pytest.raises(AssertionError, match=r"the 95% interval held the truth in 3\d\d of 400"):
        narrow.assert_coverage()
    narrow.assert_coverage(level=0.84)


@pytest.mark.parametrize(
    ("conservative", "inside", "outside"),
    [(False, (364, 393), (363, 394)), (True, (365, 400), (364,))],
)
def test_the_band_is_exact(
    conservative: bool, inside: tuple[int, ...], outside: tuple[int, ...]
) -> None:
    """Of 400 worlds at 95%: P(X ≤ 363) and P(X ≥ 394) are the first below .0005, P(X ≤ 364)
    the first below .001."""
    for number in inside:
        held(number).assert_coverage(conservative=conservative)
    for number in outside:
        with pytest.raises(AssertionError, match="but for 1 time in 1,000"):
            held(number).assert_coverage(conservative=conservative)


def test_the_same_worlds_for_every_estimator() -> None:
    seen: list[list[float]] = [[], []]
    for estimates in seen:

        def estimator(data: float, estimates: list[float] = estimates) -> tuple[float, float]:
            estimates.append(data)
            return -math.inf, math.inf

        calibrate(estimator, normal, seed=2, draws=10 + len(seen[0]))
    assert seen[0] == seen[1][:10]
    assert len(seen[1]) == 20


def test_a_change_of_four_per_cent_in_width_is_noticed_over_the_same_worlds() -> None:
    """The exact binomial band would not see it."""
    before = calibrate(of_width(1.96), normal, seed=1, draws=3000)
    after = calibrate(of_width(1.96 * 0.96), normal, seed=1, draws=3000)
    after.assert_coverage()
    with pytest.raises(AssertionError, match=r"\d+ lost, 0 gained"):
        after.assert_as_before(before)
    before.assert_as_before(before)
    with pytest.raises(ValueError, match="10 worlds before, 400 now"):
        held(400).assert_as_before(held(10, 10))


@pytest.mark.parametrize("ends", [(math.nan, 1.0), (0.0, math.nan), (2.0, 1.0)])
def test_what_is_no_interval_is_no_miss(ends: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match=r"world 0 of seed 5: .* is no interval"):
        calibrate(lambda _: ends, campaigns(), seed=5, draws=1)


def test_a_row_covers_what_its_rarest_interval_holds() -> None:
    """Wider than the 95% interval: a lift that this excludes is no failure."""
    estimand = Estimand("log lift", "promoted", "little")
    row = Row(
        RowKey("promoted_vs_other", "ODPS"), RowRole.HEADLINE, RowStatus.ESTIMATED, estimand,
        Verdict.RAISED, 0.95, Effect(0.7, StudentT(np.array(0.7), np.array(0.2), 10), estimand),
    )  # fmt: skip
    assert row.effect is not None
    assert_interval_covers(row, row.effect.interval(0.99).exp().low)
    ends = row.effect.interval(0.999).exp()
    for inside in (ends.low * 1.001, row.effect.lift, ends.high * 0.999):
        assert_interval_covers(row, inside)
    for outside in (ends.low * 0.999, ends.high * 1.001):
        with pytest.raises(AssertionError, match=r"promoted_vs_other · ODPS: the lift ×\d"):
            assert_interval_covers(row, outside)
    with pytest.raises(AssertionError, match="the row has no interval: too few weeks"):
        assert_interval_covers(replace(row, effect=None, reason="too few weeks"), 1.0)
