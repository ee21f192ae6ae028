"""What is planted in the small experiment is recovered, by every method."""

from collections.abc import Callable
from datetime import timedelta
from math import exp, log

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.effects import Estimated
from evaluator.experiment.protocol import Bin, Course, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import NotRun

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
Paint = Callable[[Counts, int], None]
Name = tuple[str, str, str, str]
Estimates = Callable[[Resolved], dict[Name, Estimated | NotRun]]
LIFTS = {"P": (2.0, 1.5), "Q": (1.2, 1.1)}
"""Arm A is 6 of 14 equal countries: in all, P is raised by 24/14 and Q by 16/14."""
P, Q = log(24 / 14), log(16 / 14)
P_ARMS, Q_ARMS = log(2 / 1.5), log(1.2 / 1.1)

PLANTED: dict[tuple[str, str, str], float] = {
    ("promoted_vs_other", "all", "these_courses"): (P + Q) / 2,
    ("promoted_vs_other", "all", "courses_like_these"): (P + Q) / 2,
    ("promoted_vs_other", "P", "size_adjusted_ratio"): P,
    ("promoted_vs_other", "Q", "size_adjusted_ratio"): Q,
    ("promoted_vs_other", "P", "ranked_ratio"): P,
    ("promoted_vs_other", "Q", "ranked_ratio"): Q,
    ("a_vs_b", "all", "triple_difference"): (P_ARMS + Q_ARMS) / 2,
    ("a_vs_b", "all", "arms_by_unit"): (P_ARMS + Q_ARMS) / 2,
    ("a_vs_b", "P", "arms_wider"): P_ARMS,
    ("a_vs_b", "Q", "arms_wider"): Q_ARMS,
    ("a_vs_b", "P", "arms_by_unit"): P_ARMS,
    ("a_vs_b", "Q", "arms_by_unit"): Q_ARMS,
    ("a_vs_b", "P", "arms_two_series"): P_ARMS,
    ("a_vs_b", "Q", "arms_two_series"): Q_ARMS,
    ("a_vs_b", "P", "triple_difference"): P_ARMS,
    ("a_vs_b", "Q", "triple_difference"): Q_ARMS,
    # Their series are added: the lift of the sum.
    ("pre_vs_campaign", "all", "controlled_its"): log((exp(P) + exp(Q)) / 2),
    ("pre_vs_campaign", "all", "level_shift"): log((exp(P) + exp(Q)) / 2),
    ("pre_vs_campaign", "P", "controlled_its"): P,
    ("pre_vs_campaign", "Q", "controlled_its"): Q,
    ("pre_vs_campaign", "P", "level_shift"): P,
    ("pre_vs_campaign", "Q", "level_shift"): Q,
}
SINGLE: dict[tuple[str, str, str], float] = {
    ("pre_vs_campaign", course, method): lift
    for course, lift in (("all", log((exp(P) + exp(Q)) / 2)), ("P", P), ("Q", Q))
    for method in ("single_its", "segmented_newey_west")
}


@pytest.mark.parametrize("bin_", [Bin.WEEK, Bin.DAY])
def test_planted_lifts_are_recovered_by_every_method(
    small: Small, estimates: Estimates, bin_: Bin
) -> None:
    """On every reference, whatever the season, weekday by weekday or week by week."""
    found = estimates(small(lifts=LIFTS, others=20, bin=bin_))
    assert {name[:3] for name in found} == set(PLANTED) | set(SINGLE)
    for name, answer in found.items():
        if name[:3] in PLANTED:
            assert isinstance(answer, Estimated), name
            planted, off = expected(name)
            assert answer.effect.log_lift == pytest.approx(planted, abs=off), name


def expected(name: Name) -> tuple[float, float]:
    """The planted log lift of a row, and how near: other courses move in pairs that cancel."""
    question, course, method, variant = name
    if variant in ("without P", "without Q"):
        course, kept = "PQ".replace(variant[-1], ""), (P_ARMS, Q_ARMS)
        if question != "a_vs_b":
            kept = (P, Q)
        return kept["PQ".index(course)], 2e-6
    off = 2e-3 if variant.startswith("without the largest other course") else 2e-6
    return PLANTED[question, course, method], off


def test_without_a_season_a_course_tells_by_itself(small: Small, estimates: Estimates) -> None:
    start = small().protocol.window.start
    window = Span(start, start + timedelta(7 * 12 - 1))
    resolved = small(lifts=LIFTS, season=False, window=window, paint=unsteady)
    found = estimates(resolved)
    for name, truth in SINGLE.items():
        answer = found[*name, "default"]
        assert isinstance(answer, Estimated), name
        assert answer.effect.log_lift == pytest.approx(truth, abs=1e-3), name


def unsteady(counts: Counts, window: int) -> None:
    """Enough movement for a variance: every other week of P and Q a thousandth higher."""
    week = np.arange(counts["P"].shape[1]) // 7
    for course in ("P", "Q"):
        counts[course] *= 1 + 0.001 * (week % 2) * (week != window // 7)


def test_a_pulse_is_spread_over_the_window(small: Small, estimates: Estimates) -> None:
    """×3 in the first of six weeks: of the total ×(3 + 5)/6, whatever the method that forecasts."""

    def pulse(counts: Counts, window: int) -> None:
        counts["P"][:, window : window + 7] *= 3

    found = estimates(small(season=False, paint=pulse))
    for name in (
        ("promoted_vs_other", "P", "size_adjusted_ratio", "default"),
        ("pre_vs_campaign", "P", "controlled_its", "default"),
        ("pre_vs_campaign", "P", "controlled_its", "with a trend"),
        ("pre_vs_campaign", "P", "single_its", "default"),
    ):
        assert point(found[name]) == pytest.approx(log(8 / 6), abs=1e-6), name


def test_a_pulse_does_not_widen_the_forecast(small: Small, estimates: Estimates) -> None:
    """The forecast is fitted before the window; a level shift takes the pulse for noise."""

    def pulse(counts: Counts, window: int) -> None:
        unsteady(counts, window)
        counts["P"][:, window : window + 7] *= 3

    before, after = (
        {
            method: width(estimates(small(paint=paint))["pre_vs_campaign", "P", method, "default"])
            for method in ("controlled_its", "level_shift")
        }
        for paint in (unsteady, pulse)
    )
    assert after["controlled_its"] == pytest.approx(before["controlled_its"], rel=1e-3)
    assert after["level_shift"] > 100 * before["level_shift"]


def test_a_wave_within_a_decaying_launch(small: Small, estimates: Estimates) -> None:
    """W opens with the window and loses a tenth a week; its third week is ×2 in A, ×1.5 in B."""

    def launch(counts: Counts, window: int) -> None:
        counts["W"][:, window:] *= np.exp(-0.1 * (np.arange(42) // 7))
        counts["W"][:6, window + 14 : window + 21] *= 2
        counts["W"][6:, window + 14 : window + 21] *= 1.5

    found = estimates(launched(small, paint=launch))
    for method, truth in (("within_campaign", P), ("arms_within_campaign", P_ARMS)):
        answer = found["within_campaign", "W", method, "default"]
        assert point(answer) == pytest.approx(truth, abs=1e-6), method


def test_arms_that_differ_by_course_are_deleted_together(
    small: Small, estimates: Estimates
) -> None:
    """The pooled triple difference against leaving out each country by hand.

    C04 and C05 are A in both courses, C00 – C03 only in P and C06 – C09 only in Q.
    """
    rng = np.random.default_rng(4)

    def paint(counts: Counts, window: int) -> None:
        for own in counts.values():
            own[:, window:] *= np.exp(0.2 * rng.standard_normal((14, 1)))

    resolved = small(lifts=LIFTS, paint=paint)
    answer = estimates(resolved)["a_vs_b", "all", "triple_difference", "default"]

    def plain(kept: list[str]) -> float:
        total = 0.0
        for course in resolved.promoted:
            for codes, sign in (([course], 1), (resolved.others, -1)):
                for inside, arm_sign in ((True, 1), (False, -1)):
                    arm = [c for c in kept if (c in resolved.arm_a[course]) == inside]
                    daily = resolved.panel.array("day", course=codes, country=arm)
                    ratio = daily[210:].sum() / daily[154:210].sum()
                    total += sign * arm_sign * log(ratio)
        return total / len(resolved.promoted)

    countries = list(resolved.panel.countries)
    whole = plain(countries)
    deleted = [plain([c for c in countries if c != out]) - whole for out in countries]
    scale = np.sqrt(13 / 14 * np.sum(np.square(deleted)))
    assert point(answer) == pytest.approx(whole, abs=1e-6)
    assert isinstance(answer, Estimated)
    t_975 = 2.5705818366147395  # five degrees of freedom: six countries in arm A
    assert width(answer) == pytest.approx(2 * t_975 * scale, rel=1e-5)


def launched(small: Small, **changes: object) -> Resolved:
    """W opens with the window and is advertised in its third week."""
    start = small().protocol.window.start
    third = Span(start + timedelta(14), start + timedelta(20))
    wave = Wave("own", "ads", ("W",), portfolio=False, span=third)
    return small(courses=(Course("W", "New", start),), waves=(wave,), **changes)


def point(answer: Estimated | NotRun) -> float:
    assert isinstance(answer, Estimated), answer
    return answer.effect.log_lift


def width(answer: Estimated | NotRun) -> float:
    assert isinstance(answer, Estimated), answer
    interval = answer.effect.interval()
    return interval.high - interval.low
