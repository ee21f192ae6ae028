"""Money to extra enrolments: cases worked out on paper, and the shipped coverage study."""

from pathlib import Path

import numpy as np
import pytest

import evaluator
from evaluator.planning.budget import Cell, cells_of, expected, split, yields

LEVEL = 0.95
COURSES = tuple("PQRS")


def cells(channel: str, extras: tuple[float, ...], error: float = 1.0) -> list[Cell]:
    return [
        Cell(channel, course, 10.0, extra, error)
        for course, extra in zip(COURSES, extras, strict=True)
    ]


def test_alike_and_precise_needs_no_shrinking() -> None:
    """20 extra for 10 on every course: 2 each; 30 on P and 10 on Q buy 80."""
    (found,) = yields(cells("ads", (20, 20, 20, 20), 0.01), 1)
    assert found.own == (2, 2, 2, 2)
    extra = expected([found], {("ads", "P"): 30, ("ads", "Q"): 10}, LEVEL)
    assert extra.value == pytest.approx(80, rel=1e-3)
    assert extra.interval.high - extra.interval.low < 1
    price, interval = found.cost_per_extra(LEVEL)
    assert price == pytest.approx(0.5, rel=0.01)
    assert interval is not None
    assert 0.5 in interval


def test_noise_is_shrunk_and_spread_is_not() -> None:
    noisy = cells("ads", (40, 20, 20, 0), 15)
    clear = cells("ads", (40, 20, 20, 0), 0.1)
    (a,), (b,) = yields(noisy, 1), yields(clear, 1)
    assert a.shrunk[0] < 3.6
    assert b.shrunk == pytest.approx(b.own, abs=0.01)


def test_a_course_never_measured_is_one_like_these() -> None:
    (found,) = yields(cells("ads", (40, 20, 20, 0), 0.1), 1)
    new = expected([found], {("ads", "new"): 10}, LEVEL)
    known = expected([found], {("ads", "P"): 10}, LEVEL)
    assert new.value == pytest.approx(20, abs=1)
    assert new.interval.low < 0 < 20 < new.interval.high
    assert known.interval.high - known.interval.low < 1


def test_one_dose_on_all_courses_is_not_independent_luck() -> None:
    """Where cells only tell their mean, its error is shared: four cells of error 1, mean ± .5."""
    (found,) = yields(cells("ads", (20, 20, 20, 20), 10), 1)
    extra = expected([found], {("ads", course): 10 for course in COURSES}, LEVEL)
    assert (extra.interval.high - extra.interval.low) / 2 == pytest.approx(1.96 * 20, rel=0.1)


def test_money_goes_where_it_surely_buys_most() -> None:
    known = yields([*cells("a", (50, 50, 52, 48)), *cells("b", (10, 12, 8, 10))], 1)
    found = split(known, 80, COURSES, LEVEL)
    assert [own.share for own in found.shares] == [1, 0]
    assert found.shares[0].beyond, "20 a course where 10 was the most"
    assert found.extra == dict(found.alone)["a"]
    assert found.extra.value > found.even.value


def test_where_nobody_can_tell_channels_share() -> None:
    known = yields([*cells("a", (20, 21, 19, 20), 9), *cells("b", (20, 19, 21, 20), 9)], 1)
    found = split(known, 20, COURSES, LEVEL)
    assert [own.share for own in found.shares] == pytest.approx([0.5, 0.5], abs=0.05)
    assert not any(own.beyond for own in found.shares)
    assert sum(own.spend for own in found.shares) == pytest.approx(20)
    ends = [own.value for _, own in found.alone]
    assert min(ends) <= found.extra.value <= max(ends)


def test_two_courses_teach_no_spread() -> None:
    assert yields(cells("ads", (1, 2, 3, 4))[:2], 1) == ()


def test_same_seed_same_numbers() -> None:
    one, two = (yields(cells("ads", (40, 20, 20, 0)), 5)[0] for _ in range(2))
    assert np.array_equal(one.draws, two.draws)


def test_the_shipped_experiment(flagship: evaluator.Result) -> None:
    """Its cells are those rows that were paid for, and Facebook bought more for less."""
    known = yields(cells_of(flagship.evaluation.rows), 1)
    assert [own.channel for own in known] == ["facebook_ads", "linkedin_ads"]
    facebook, linkedin = (float(np.mean(own.shrunk)) for own in known)
    assert facebook > 2 * linkedin
    rows = {row.key.course: row for row in flagship.evaluation.rows if row.spend}
    assert set(known[0].courses) <= set(rows)


def test_the_coverage_study_that_ships() -> None:
    """Every line of the table covers the extra within four errors of .95, or more."""
    table = (Path(__file__).parents[1] / "calibration" / "budget.txt").read_text("utf-8")
    head, _, *lines = table.splitlines()
    error = float(head.split()[-1])
    assert len(lines) == 12
    for line in lines:
        extra, new = (float(value) for value in line.split()[2:4])
        assert extra >= 0.95 - 4 * error
        assert new >= 0.95 - 4 * error
