"""Clean worlds are covered as often as the interval says; worlds with one thing broken are not.

What a clean course's fitted worlds are covered in depends on its history: in 40 panels of this
kind .937 to .982 (mean .966), in placebos .946 to .977 (mean .962), and none of the 80 was called
short. With Monte-Carlo error (exact binomial, 1 in 1,000) that is the band here. A broken world
has to fall below what a sound interval reaches once in a million. The seeds are fixed.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import binom

from evaluator.calibration.rows import Group, Kind, campaigns_of
from evaluator.comparisons import Comparison, Planned
from evaluator.comparisons.channels import cell, channel_estimand
from evaluator.comparisons.design import EARLIER, REFERENCE, WINDOW
from evaluator.effects import Setting
from evaluator.experiment.protocol import Channel
from evaluator.resampling.shocks import ar1, gamma
from evaluator.results import Estimand, Measured, RowKey, RowRole

OTHERS, WEEKS, CAMPAIGNS = 25, 60, 1000
LIFTS = (1.0, 1.5, 0.7)
LOW, HIGH = (
    float(binom.ppf(chance, CAMPAIGNS, coverage)) / CAMPAIGNS
    for chance, coverage in ((0.001, 0.937), (0.999, 0.982))
)
BROKEN = float(binom.ppf(1e-6, CAMPAIGNS, 0.95)) / CAMPAIGNS
REFERENCE_WEEKS = {"controlled_its": 26}


def comparison(method: str) -> Comparison:
    """One promoted course, drawn as the others are: 8 a day, course sd .10, ρ .5, α .015."""
    rng = np.random.default_rng(11)
    weeks = REFERENCE_WEEKS.get(method, 8)
    codes = np.repeat([EARLIER] * (48 - weeks) + [REFERENCE] * weeks + [WINDOW] * 12, 7)
    units = 24 if method.startswith("arms") else 1
    shocks = np.exp(ar1(rng, np.full(OTHERS + 1, 0.1), WEEKS, 0.5))
    shocks *= gamma(rng, (OTHERS + 1, WEEKS), 0.015)
    countries = np.exp(ar1(rng, np.full(units, 0.2), WEEKS, 0.7))
    rates = shocks[:, None] * (countries if units > 1 else 1.0) * 56 / units
    daily = rng.poisson(np.repeat(rates / 7, 7, axis=-1)).astype(float)
    return Comparison(
        Estimand("", "", ""),
        ("P",),
        daily[:1],
        daily[1:],
        codes.astype(np.int8)[None],
        date(2022, 1, 3),
        in_a=(np.arange(units) % 3 == 0)[None] if units > 1 else None,
    )


def measured(method: str, kind: Kind) -> dict[tuple[str, float], Measured]:
    row = Planned(
        RowKey("q", "P", method=method), RowRole.HEADLINE, Estimand("", "", ""), comparison(method)
    )
    (found,) = campaigns_of(Group((row,), (LIFTS,)), kind, CAMPAIGNS, Setting(seed=1))
    assert not found.reasons
    return {(one.world, one.lift): one for one in found.measured}


@pytest.mark.parametrize("method", ["size_adjusted_ratio", "controlled_its"])
def test_clean_worlds_are_covered_and_broken_ones_are_not(method: str) -> None:
    found = measured(method, Kind.FITTED)
    for lift in LIFTS:
        assert LOW <= found["fitted", lift].coverage <= HIGH, lift
    broken = [one for (world, _), one in found.items() if world != "fitted"]
    assert [one.coverage < BROKEN for one in broken] == [True, True]
    assert all(one.stretch > 1.3 for one in broken)
    assert found["fitted", 1.5].found > 0.8 > 0.1 > found["fitted", 1.0].found


def test_a_shock_to_arm_a_is_not_covered() -> None:
    """By country the interval is a wide one (jackknife, the wider of two): clean it errs so."""
    found = measured("arms_by_unit", Kind.FITTED)
    assert found["fitted", 1.0].coverage > LOW
    (shock,) = (one for (world, _), one in found.items() if "shock" in world)
    assert shock.coverage < BROKEN


def test_placebos_of_a_clean_panel_are_covered() -> None:
    found = measured("size_adjusted_ratio", Kind.PLACEBO)
    clean = found["placebo", 1.0]
    assert LOW <= clean.coverage <= HIGH
    assert found["placebo", 1.5].found > 0.6


def channels(courses: int) -> tuple[Planned, ...]:
    """Two channels, a wave of each in every course, a fortnight apart."""
    panel = comparison("size_adjusted_ratio")
    days = np.arange(7 * WEEKS)
    codes = np.where(panel.codes[0] == EARLIER, 0, REFERENCE).astype(np.int8)[None]
    cells: dict[str, list[Comparison]] = {"ads": [], "posts": []}
    for course in range(courses):
        marks = {
            name: ((days // 7) == 48 + 2 * at + course).astype(np.int8)
            for at, name in enumerate(cells)
        }
        base = replace(
            panel,
            treated=panel.other[[course]],
            other=panel.other[courses:],
            codes=codes,
            series=(f"P{course}",),
            waves=tuple(marks.items()),
        )
        for name, own in cells.items():
            medium = Channel(name, "paid")
            own.append(cell(base, medium, channel_estimand(medium), after=False))
    return tuple(
        Planned(
            RowKey("channels", "all", name, method="channel_mean"),
            RowRole.HEADLINE,
            Estimand("", "", ""),
            replace(
                own[0],
                treated=np.concatenate([one.treated for one in own]),
                codes=np.concatenate([one.codes for one in own]),
                series=tuple(one.series[0] for one in own),
                companions=tuple(own),
            ),
        )
        for name, own in cells.items()
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_channels_are_drawn_together_and_found(kind: Kind) -> None:
    rows = channels(4)
    group = Group(rows, ((1.0, 2.0), (1.0, 0.5)))
    found = campaigns_of(group, kind, 200, Setting(seed=3))
    for row, lift in zip(found, (2.0, 0.5), strict=True):
        none, planted, *broken = row.measured
        assert (none.lift, planted.lift) == (1.0, lift)
        assert none.campaigns >= 200
        assert none.coverage > binom.ppf(0.001, 200, 0.95) / 200
        assert planted.coverage > 0.88
        assert planted.found > 0.9 > 0.15 > none.found
        assert len(broken) == (2 if kind is Kind.FITTED else 0)
        assert all(one.coverage < none.coverage for one in broken[:1])


def test_the_draws_of_a_row_are_its_own() -> None:
    """Same seed, same figures; another seed, or another row, other draws."""
    panel = comparison("size_adjusted_ratio")

    def figures(course: str, seed: int) -> tuple[Measured, ...]:
        key = RowKey("q", course, method="size_adjusted_ratio")
        row = Planned(key, RowRole.HEADLINE, Estimand("", "", ""), panel)
        (found,) = campaigns_of(Group((row,), (LIFTS,)), Kind.FITTED, 100, Setting(seed=seed))
        return found.measured

    assert figures("P", 1) == figures("P", 1)
    assert figures("P", 1) != figures("P", 2)
    assert figures("P", 1) != figures("Q", 1)
