"""The laws that every batched estimator obeys: one table of estimators, one test a law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.autoregression import ar1_profile, design, forecast_shift, level_shift
from evaluator.estimators.clusters import ArmRatio, arm_ratios, triple_ratios
from evaluator.estimators.ratio import HALF, log_ratio_of_ratios, totals
from evaluator.inference.arms import by_unit
from evaluator.inference.distributions import Mixture, StudentT
from evaluator.inference.ratios import Totals, courses_like_these, size_adjusted, these_courses
from evaluator.inference.series import at_shared_rho, mixed

UNITS, PERIODS, TREATED, FIRST = 24, 20, 8, 16

Estimator = Callable[[Array, Flags, Flags], tuple[Array, Array]]
"""Counts (..., U, P), treated (..., U) and window (..., P) to location and scale."""


@dataclass(frozen=True)
class Case:
    """An estimator and the laws that are not every estimator's."""

    name: str
    run: Estimator
    swaps: bool = True
    """Whether treated and comparison units play the same part."""
    many_windows: bool = True
    """Whether windows may differ along the leading axes."""

    def __repr__(self) -> str:
        return self.name


def _ratio(counts: Array, treated: Flags, window: Flags) -> tuple[Array, Array]:
    fit = log_ratio_of_ratios(counts, _signs(treated), _signs(window))
    return fit.log_lift, fit.counterfactual


def _other_courses(law: Callable[[Totals], StudentT]) -> Estimator:
    def run(counts: Array, treated: Flags, window: Flags) -> tuple[Array, Array]:
        inside, before = totals(counts, _signs(window))
        shape = np.broadcast_shapes(inside.shape, treated.shape)
        order = np.argsort(~np.broadcast_to(treated, shape), axis=-1, kind="stable")
        sides = []
        for total in (inside, before):
            own = np.take_along_axis(np.broadcast_to(total, shape), order, axis=-1)
            others = np.repeat(own[..., None, TREATED:], TREATED, axis=-2)
            sides.append((own[..., :TREATED], others))
        fit = law(Totals(sides[0][0], sides[1][0], sides[0][1], sides[1][1]))
        return fit.location, fit.scale

    return run


def _arms(counts: Array, treated: Flags, window: Flags) -> tuple[Array, Array]:
    law = by_unit(_arm_fit(counts, treated, window), TREATED)
    return law.location, law.scale


def _triple(counts: Array, treated: Flags, window: Flags) -> tuple[Array, Array]:
    """Against other courses in which every unit counts alike."""
    alike = np.full_like(counts, 1e7)
    other = _arm_fit(alike, treated, window)
    law = by_unit(triple_ratios(_arm_fit(counts, treated, window), other), TREATED)
    return law.location, law.scale


def _forecast(counts: Array, treated: Flags, window: Flags) -> tuple[Array, Array]:
    arms = _arm_series(counts, treated)
    y = np.log(arms[0] + HALF) - np.log(arms[1] + HALF)
    trend = design(PERIODS, [np.arange(PERIODS) / PERIODS])
    profile = ar1_profile(y[..., ~window], trend[~window])
    inside = (arm[..., window] for arm in arms)
    return _moments(mixed(forecast_shift(profile, trend[~window][-1], trend[window], *inside)))


def _level_shift(counts: Array, treated: Flags, window: Flags) -> tuple[Array, Array]:
    a, b = _arm_series(counts, treated)
    profile = ar1_profile(
        np.log(a + HALF) - np.log(b + HALF), design(PERIODS, [window.astype(float)])
    )
    return _moments(mixed(level_shift(profile)))


def _shared_rho(counts: Array, treated: Flags, window: Flags) -> tuple[Array, Array]:
    """Two courses: the panel, and one whose shares do not depend on it."""
    X = design(PERIODS, [window.astype(float)])
    a, b = _arm_series(counts, treated)
    own = level_shift(ar1_profile(np.log(a + HALF) - np.log(b + HALF), X))
    wave = np.broadcast_to(np.sin(np.arange(PERIODS)), a.shape)
    noise = np.broadcast_to(np.asarray(0.1), a.shape[:-1])
    law = at_shared_rho(own, [level_shift(ar1_profile(wave, X))], [noise, 2 * noise])
    return law.location, law.scale


CASES = (
    Case("log ratio of ratios", _ratio, swaps=False),
    Case("size-adjusted ratio", _other_courses(size_adjusted), swaps=False),
    Case("these courses", _other_courses(these_courses), swaps=False),
    Case("courses like these", _other_courses(courses_like_these), swaps=False),
    Case("arms by unit", _arms),
    Case("triple difference", _triple),
    Case("forecast, mixed over ρ", _forecast, many_windows=False),
    Case("level shift, mixed over ρ", _level_shift, many_windows=False),
    Case("level shift at a shared ρ", _shared_rho, many_windows=False),
)
every_case = pytest.mark.parametrize("case", CASES, ids=repr)


@pytest.fixture
def counts() -> Array:
    rng = np.random.default_rng(11)
    level = rng.lognormal(3, 0.6, size=(UNITS, 1)) * np.exp(rng.normal(0, 0.2, size=PERIODS))
    return rng.poisson(level * np.exp(rng.normal(0, 0.1, size=(UNITS, PERIODS)))).astype(float)


@pytest.fixture
def treated() -> Flags:
    return np.arange(UNITS) < TREATED


@pytest.fixture
def window() -> Flags:
    return np.arange(PERIODS) >= FIRST


@every_case
def test_the_order_of_units_does_not_matter(
    case: Case, counts: Array, treated: Flags, window: Flags
) -> None:
    """Within the treated, within the others, and all together."""
    order = np.random.default_rng(1).permutation(UNITS)
    whole = [np.sort(np.atleast_1d(a)) for a in case.run(counts, treated, window)]
    moved = [np.sort(np.atleast_1d(a)) for a in case.run(counts[order], treated[order], window)]
    assert moved[0] == pytest.approx(whole[0], abs=1e-12)
    assert moved[1] == pytest.approx(whole[1], rel=1e-10)


@every_case
def test_the_unit_of_counting_does_not_matter(
    case: Case, counts: Array, treated: Flags, window: Flags
) -> None:
    """Ten times large counts are the same lift, up to the ½ of the logarithms."""
    large = counts * 1e5
    once, tenfold = (case.run(c, treated, window)[0] for c in (large, 10 * large))
    assert tenfold == pytest.approx(once, abs=1e-5)


@every_case
def test_a_planted_lift_is_recovered(case: Case, treated: Flags, window: Flags) -> None:
    """No noise and many counts: level × period, the treated units × 1.8 in the window."""
    rng = np.random.default_rng(2)
    level = 1e7 * rng.lognormal(0, 0.5, size=(UNITS, 1)) * rng.lognormal(0, 0.3, size=PERIODS)
    # Units that never move have no spread for a scale to be fitted to.
    level *= 1 + 1e-9 * rng.normal(size=level.shape)
    lifted = np.where(treated[:, None] & window, 1.8, 1.0) * level
    location, _ = case.run(lifted, treated, window)
    assert location == pytest.approx(np.full(location.shape, np.log(1.8)), abs=1e-6)


@pytest.mark.parametrize("case", [c for c in CASES if c.swaps], ids=repr)
def test_swapping_the_arms_flips_the_sign(case: Case, counts: Array, treated: Flags) -> None:
    """In a window of one period: over several, each arm weighs them by its own counts."""
    last = np.arange(PERIODS) == PERIODS - 1
    location, scale = case.run(counts, treated, last)
    swapped, swapped_scale = case.run(counts, ~treated, last)
    assert swapped == pytest.approx(-location, abs=1e-12)
    assert swapped_scale == pytest.approx(scale, rel=1e-10)


def test_swapping_pooled_units_flips_the_sign(counts: Array, treated: Flags, window: Flags) -> None:
    location, swapped = (_ratio(counts, side, window)[0] for side in (treated, ~treated))
    assert swapped == pytest.approx(-location, abs=1e-14)


@every_case
def test_the_input_is_not_touched(case: Case, counts: Array, treated: Flags, window: Flags) -> None:
    given = counts.copy(), treated.copy(), window.copy()
    for flags in (counts.flags, treated.flags, window.flags):
        flags.writeable = False  # writing would raise
    case.run(counts, treated, window)
    assert (counts == given[0]).all()
    assert (treated == given[1]).all()
    assert (window == given[2]).all()


@every_case
def test_many_panels_are_a_loop_over_panels(
    case: Case, counts: Array, treated: Flags, window: Flags
) -> None:
    panels = np.random.default_rng(3).poisson(counts, size=(2, 3, UNITS, PERIODS)).astype(float)
    _same(
        case.run(panels, treated, window),
        [case.run(panels[i, j], treated, window) for i in range(2) for j in range(3)],
    )


@every_case
def test_many_designs_are_a_loop_over_designs(
    case: Case, counts: Array, treated: Flags, window: Flags
) -> None:
    rng = np.random.default_rng(4)
    designs = np.stack([rng.permutation(treated) for _ in range(4)])
    _same(
        case.run(counts, designs, window),
        [case.run(counts, own, window) for own in designs],
    )


@pytest.mark.parametrize("case", [c for c in CASES if c.many_windows], ids=repr)
def test_many_windows_are_a_loop_over_windows(case: Case, counts: Array, treated: Flags) -> None:
    first = np.array([5, 12, 19])
    windows = np.arange(PERIODS) >= first[:, None]
    _same(
        case.run(counts, treated, windows),
        [case.run(counts, treated, own) for own in windows],
    )


def _same(together: tuple[Array, Array], apart: list[tuple[Array, Array]]) -> None:
    for batch, single in zip(together, zip(*apart, strict=True), strict=True):
        assert batch.reshape(np.shape(single)) == pytest.approx(np.array(single), rel=1e-10)


def _signs(flags: Flags) -> Array:
    return np.where(flags, 1.0, -1.0)


def _arm_fit(counts: Array, treated: Flags, window: Flags) -> ArmRatio:
    """One series: its axis is between the leading ones and the units."""
    inside, before = totals(counts, _signs(window))
    shape = np.broadcast_shapes(inside.shape, treated.shape)
    in_a = np.broadcast_to(treated, shape)[..., None, :]
    inside, before = (np.broadcast_to(total, shape)[..., None, :] for total in (inside, before))
    return arm_ratios(inside, before, in_a)


def _arm_series(counts: Array, treated: Flags) -> tuple[Array, Array]:
    a, b = (
        np.einsum("...up,...u->...p", counts, side.astype(float)) for side in (treated, ~treated)
    )
    return np.asarray(a), np.asarray(b)


def _moments(law: Mixture) -> tuple[Array, Array]:
    """Mean, and the root of the mean squared scale: an order-free summary of the mixture."""
    return law.location, np.sqrt(np.sum(law.weights * law.scales**2, axis=-1))
