"""Stand-ins are the other courses' own counts, held out, at the place they were moved to."""

from datetime import date

import numpy as np
import pytest

from evaluator.calibration.layout import layout_of
from evaluator.calibration.placebos import course_roles, drawn_campaigns, placebos
from evaluator.comparisons import Comparison
from evaluator.comparisons.design import EARLIER, REFERENCE, WINDOW
from evaluator.results import Estimand, RowKey

OTHERS, WEEKS = 9, 20
KEYS = {name: RowKey("q", "P", method=name) for name in ("these_courses", "arms_two_series")}
LIFTS = (1.0, 3.0, 0.5)


def comparison(series: tuple[str, ...] = ("P",), units: int = 1, arms: bool = False) -> Comparison:
    """Counts that say whose they are and when: 1,000 × course + week, on every day."""
    week = np.arange(7 * WEEKS) // 7
    other = 1000.0 * np.arange(1, OTHERS + 1)[:, None, None] + week
    codes = np.repeat([EARLIER] * 12 + [REFERENCE] * 5 + [WINDOW] * 3, 7).astype(np.int8)
    return Comparison(
        Estimand("", "", ""),
        series,
        np.ones((len(series), units, 7 * WEEKS)),
        np.repeat(other, units, axis=1),
        np.tile(codes, (len(series), 1)),
        date(2023, 1, 2),
        in_a=np.tile(np.arange(units) < units // 2, (len(series), 1)) if arms else None,
    )


def drawn(own: Comparison, key: RowKey, campaigns: int = 60) -> Comparison:
    found = placebos(own, key, LIFTS, campaigns, np.random.default_rng(1))
    assert not isinstance(found, str)
    (batch,) = next(found.batches)
    return batch


@pytest.mark.parametrize("series", [("P",), ("P", "Q"), ("P+Q",)], ids=str)
def test_stand_ins_are_held_out_and_keep_the_calendar(series: tuple[str, ...]) -> None:
    batch = drawn(comparison(series), KEYS["these_courses"])
    codes = np.repeat([REFERENCE, WINDOW], [5, 3])
    np.testing.assert_array_equal(batch.codes, np.tile(codes, (len(series), 1)))
    stood_in, left = batch.treated[0, :, :, 0] / 7, batch.other[:, :, 0] / 7
    assert left.shape == (60, OTHERS - len("".join(series).replace("+", "")), 8)
    np.testing.assert_allclose(np.diff(left, axis=-1), 1)
    moved = left[:, 0, -1] % 1000
    assert set(moved) <= {float(week) for week in range(7, WEEKS)}, "the whole pattern fits"
    together = stood_in.sum(axis=1) + left.sum(axis=1)
    everything = 1000 * OTHERS * (OTHERS + 1) / 2 + OTHERS * (moved[:, None] + np.arange(-7, 1))
    np.testing.assert_allclose(together, everything)


def test_a_lift_is_planted_in_the_window_alone() -> None:
    batch = drawn(comparison(), KEYS["these_courses"])
    unlifted, *lifted = batch.treated
    for counts, lift in zip(lifted, LIFTS[1:], strict=True):
        np.testing.assert_array_equal(counts[..., :5], unlifted[..., :5])
        ratio = counts[..., 5:].sum() / unlifted[..., 5:].sum()
        assert ratio == pytest.approx(lift, rel=0.002)


def test_a_lift_of_arm_a_leaves_arm_b_alone() -> None:
    batch = drawn(comparison(units=4, arms=True), KEYS["arms_two_series"])
    unlifted, tripled, _ = batch.treated
    np.testing.assert_array_equal(tripled[..., 2:, :], unlifted[..., 2:, :])
    assert np.all(tripled[..., :2, -3:] > unlifted[..., :2, -3:])


def test_a_method_that_reads_history_keeps_half_of_it_everywhere() -> None:
    """Twelve earlier weeks: six stay, so windows move by six weeks at most."""
    batch = drawn(comparison(units=4, arms=True), KEYS["arms_two_series"])
    assert batch.codes.shape[-1] == 6 + 5 + 3
    assert set(batch.treated[0, :, 0, 0, -1] / 7 % 1000) == {float(w) for w in range(13, 20)}


def test_no_placebo_of_one_course_is_drawn_twice() -> None:
    own = drawn_campaigns(np.random.default_rng(2), others=6, wanted=1, places=5, campaigns=1000)
    pairs = set(zip(own.courses[:, 0], own.moved, strict=True))
    assert len(pairs) == len(own.moved) == 30


def test_a_sum_of_courses_is_stood_in_for_by_as_many() -> None:
    assert [list(role) for role in course_roles(comparison(("P+Q", "R")))] == [[0, 1], [2]]


def test_a_sum_knows_how_many_courses_its_stand_ins_are_worth() -> None:
    """Stand-ins of about 1,000 to 9,000 a day: two of one size are worth two, uneven ones less."""
    effective = np.asarray(drawn(comparison(("P+Q",)), KEYS["these_courses"]).effective)
    total = drawn(comparison(("P+Q",)), KEYS["these_courses"]).treated[0, :, 0, 0, 0] / 7
    assert effective.shape == (60,)
    even, uneven = 2, (1 + 9) ** 2 / (1 + 81)
    assert effective.min() == pytest.approx(uneven, abs=0.02)
    assert 1.98 < effective.max() < even
    assert np.all(effective[total > 16_500] > 1.98), "8,000 and 9,000"


def test_too_few_others_are_said() -> None:
    own = comparison(("A", "B", "C", "D", "E"))
    found = placebos(own, KEYS["these_courses"], LIFTS, 50, np.random.default_rng(3))
    assert found == "9 other courses cannot stand in for 5 and be compared with"


def test_the_layout_is_anchored_at_the_window() -> None:
    layout = layout_of(comparison(), "these_courses")
    assert (layout.anchor, len(layout.edges), layout.stop) == (5, 8, 7 * WEEKS)
    assert list(layout.weeks) == list(range(8))
