from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.resampling.simulate import (
    NO_TAG,
    as_panel,
    rates,
    simulate,
    tag_probabilities,
    tagged,
)
from evaluator.resampling.worlds import LastTouch, Pulse, Shocks, World

Build = Callable[..., World]
Make = Callable[..., Pulse]


def test_without_shocks_the_base_is_level_times_share(small: Build) -> None:
    """700 a week is 100 a day: 50, 30 and 20 by country."""
    base, mean, mixing = rates(small(), np.random.default_rng(0))
    assert base == pytest.approx(np.broadcast_to([[50.0], [30.0], [20.0]], (2, 3, 70)))
    assert (mean == base).all()
    assert (mixing == 1).all()


def test_the_planted_lift_is_the_ratio_of_mean_to_base(small: Build, pulse: Make) -> None:
    """In the wave A × 3 and B × 2, so the course × (3 · .5 + 2 · .5) = 2.5, whatever the shocks
    common to its countries."""
    shocks = Shocks(country_sd=0)
    drawn = simulate(small((pulse(),), shocks), np.random.default_rng(3))
    wave, before = slice(35, 42), slice(0, 35)
    in_a = drawn.world.arm_a[0]
    assert np.exp(drawn.log_lift(wave, "P")) == pytest.approx(2.5)
    assert np.exp(drawn.log_lift(wave, "P", in_a)) == pytest.approx(3)
    assert np.exp(drawn.log_lift(wave, "P", ~in_a)) == pytest.approx(2)
    assert drawn.log_lift(before, "P") == 0
    assert drawn.log_lift(wave, "O") == 0


def test_the_same_seed_draws_the_same_world(small: Build, pulse: Make) -> None:
    world = small((pulse(),), Shocks())
    first, again, other = (simulate(world, np.random.default_rng(s)) for s in (5, 5, 6))
    assert (first.counts == again.counts).all()
    assert (first.counts != other.counts).any()


@pytest.mark.parametrize(("bin_days", "alpha"), [(1, 0.04), (7, 0.015)])
def test_counts_are_over_dispersed_as_declared(small: Build, bin_days: int, alpha: float) -> None:
    """Var = mean + alpha mean², a course, by day and by week; 2 × 5,600 days."""
    quiet = Shocks(week_sd=0, course_sd=0, country_sd=0)
    drawn = simulate(small((), quiet, days=39_200, level=3500), np.random.default_rng(7))
    total = drawn.counts.sum(axis=1).reshape(2, -1, bin_days).sum(axis=2)
    expected = 500.0 * bin_days
    assert total.mean() == pytest.approx(expected, rel=0.01)
    assert (total.var() - expected) / expected**2 == pytest.approx(alpha, rel=0.08)


@pytest.mark.parametrize(
    ("shocks", "spread"),
    [
        (Shocks(week_sd=0, country_sd=0, course_sd=0.1), (0.1, 0.1)),
        (Shocks(week_sd=0, country_sd=0, course_sd=0.1, promoted_sd=0.4), (0.4, 0.1)),
    ],
)
def test_course_shocks_are_of_the_declared_size(
    small: Build, shocks: Shocks, spread: tuple[float, float]
) -> None:
    base, _, _ = rates(small((), shocks, days=28_000), np.random.default_rng(8))
    weekly = np.log(base.sum(axis=1)[:, ::7])
    assert weekly.std(axis=1) == pytest.approx(spread, rel=0.06)


def test_course_noise_is_unequal_as_declared(small: Build) -> None:
    """500 worlds of two courses: the log of a course's sd has sd .5 about that of .1; 400 weeks
    of noise add 1/√800."""
    shocks = Shocks(week_sd=0, country_sd=0, course_rho=0, course_sd=0.1, course_sd_spread=0.5)
    spreads = [
        np.log(
            np.log(
                rates(small((), shocks, days=2800), np.random.default_rng(seed))[0][:, 0, ::7]
            ).std(axis=1)
        )
        for seed in range(500)
    ]
    assert np.mean(spreads) == pytest.approx(np.log(0.1), abs=0.06)
    assert np.std(spreads) == pytest.approx(0.5, rel=0.1)


def test_a_calendar_moves_the_base_and_no_lift(small: Build, pulse: Make) -> None:
    """A holiday of the third country halves it for five weeks, with promotion and without."""
    calendar = np.zeros((1, 3, 70))
    calendar[:, 2, 35:] = np.log(0.5)
    plain = small((pulse(),))
    with_, without = (
        rates(world, np.random.default_rng(0))
        for world in (replace(plain, calendar=calendar), plain)
    )
    for moved, still in zip(with_[:2], without[:2], strict=True):
        assert moved[:, 2, 35:] == pytest.approx(still[:, 2, 35:] / 2)
        assert (moved[:, :2] == still[:, :2]).all()


def test_country_shocks_are_common_to_courses(small: Build) -> None:
    base, _, _ = rates(small((), Shocks(course_sd=0)), np.random.default_rng(9))
    assert base[0] == pytest.approx(base[1])
    assert np.log(base[0, 0] / base[0, 1]).std() > 0.1


def test_the_arm_shock_moves_the_a_countries_only(small: Build) -> None:
    shocks = Shocks(week_sd=0, course_sd=0, country_sd=0, arm_sd=0.2)
    base, _, _ = rates(small((), shocks, days=28_000), np.random.default_rng(10))
    assert np.log(base[:, 0, ::7]).std(axis=1) == pytest.approx([0.2, 0.2], rel=0.06)
    assert base[:, 1:].std(axis=2) == pytest.approx(np.zeros((2, 2)))


def test_a_differential_trend_is_counted_from_its_anchor(small: Build) -> None:
    shocks = Shocks(week_sd=0, course_sd=0, country_sd=0, promoted_slope=0.02)
    base, _, _ = rates(small((), shocks), np.random.default_rng(11))
    week = np.log(base.sum(axis=1) / 100)[:, ::7]
    assert week[0] == pytest.approx(0.02 * (np.arange(10) - 5))
    assert week[1] == pytest.approx(0)


def test_nobody_enrols_before_a_course_opens(small: Build) -> None:
    world = replace(small(), opens=np.array([0, 21]))
    counts = simulate(world, np.random.default_rng(12)).counts
    assert not counts[1, :, :21].any()
    assert counts[1, :, 21:].sum(axis=0).min() > 0


def test_a_simulated_panel_holds_the_counts(small: Build, pulse: Make) -> None:
    drawn = simulate(small((pulse(),)), np.random.default_rng(13))
    panel = as_panel(drawn)
    assert (panel.array("course", "country", "day") == drawn.counts).all()
    assert panel.tags == (NO_TAG,)
    labels, by_tag = tagged(drawn, np.random.default_rng(14))
    split = as_panel(drawn, (labels, by_tag))
    assert (split.array("tag", "course", "country", "day") == by_tag).all()


def test_tags_split_the_counts_where_waves_work(small: Build, pulse: Make) -> None:
    drawn = simulate(small((pulse("ads"), pulse("mail", 38, 38))), np.random.default_rng(15))
    labels, by_tag = tagged(drawn, np.random.default_rng(16))
    assert labels == ("ads", "mail", NO_TAG)
    assert (by_tag.sum(axis=0) == drawn.counts).all()
    assert not by_tag[:2, 1].any()
    assert not by_tag[:2, 0, :, :35].any()
    assert by_tag[0, 0, :, 35:42].sum() > by_tag[1, 0, :, 38:45].sum() > 0


def test_last_touch_catches_some_and_credits_some(small: Build, pulse: Make) -> None:
    """×2 in arm B: half is caused. Of it .8 is caught; of the rest .1 · min(log 2, 1) credited."""
    world = replace(small((pulse(),)), last_touch=LastTouch(caught=0.8, credited=0.1))
    where = tuple(np.array([i]) for i in (0, 1, 36))
    expected = 0.5 * 0.8 + 0.5 * 0.1 * np.log(2)
    assert tag_probabilities(world, where)[0] == pytest.approx([expected, 1 - expected])
