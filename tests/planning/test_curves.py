"""Designs that differ in one thing, their power, and the smallest lift that is noticed."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from evaluator.effects import Setting
from evaluator.errors import UsageError
from evaluator.experiment.protocol import Listed, Protocol, Question
from evaluator.planning.curves import Trial, curves
from evaluator.planning.detectable import minimum_detectable
from evaluator.planning.power import powers
from evaluator.planning.varied import Axis, varied
from evaluator.resolve import Resolved

SETTING = Setting(seed=2)


@pytest.fixture
def following(drawn: Resolved) -> Protocol:
    return replace(
        drawn.protocol,
        window=drawn.protocol.window.shifted(364),
        waves=tuple(replace(w, span=w.span.shifted(364)) for w in drawn.protocol.waves),
        questions=(Question.PROMOTED_VS_OTHER,),
    )


def weeks_of(protocol: Protocol) -> dict[str, tuple[int, int]]:
    """Wave → first week of the window, days."""
    start = protocol.window.start
    return {w.id: ((w.span.start - start).days // 7, w.span.days) for w in protocol.waves}


def test_a_shorter_window_holds_its_waves(drawn: Resolved, following: Protocol) -> None:
    """Twelve weeks become six: waves of week 0, 1, 2, 4, 6, 8 move to half of that."""
    half = varied(drawn, following, Axis.WEEKS, 6)
    assert half.window.days == 42
    assert weeks_of(half) == {
        "ads-P0": (0, 7),
        "ads-P1": (0, 7),
        "ads-P2": (1, 7),
        "posts-P0": (2, 7),
        "posts-P1": (3, 7),
        "posts-P2": (4, 7),
    }
    for weeks in (1, 5, 12, 20):
        other = varied(drawn, following, Axis.WEEKS, weeks)
        assert all(other.window.contains(wave.span) for wave in other.waves)
    assert varied(drawn, following, Axis.WEEKS, 12).waves == tuple(
        replace(wave, bounds=None) for wave in following.waves
    )


def test_more_courses_are_the_largest_others(drawn: Resolved, following: Protocol) -> None:
    """With waves like the declared ones; and no longer among the other courses."""
    two = varied(drawn, following, Axis.COURSES, 2)
    assert [course.code for course in two.courses] == ["P0", "P1"]
    assert {code for wave in two.waves for code in wave.courses} == {"P0", "P1"}
    five = varied(drawn, following, Axis.COURSES, 5)
    assert [course.code for course in five.courses][3:] == ["O23", "O22"]
    assert not set(five.others.codes) & {"O22", "O23"}
    assert weeks_of(five)["ads-P1-O22"] == weeks_of(five)["ads-P1"]


def test_waves(drawn: Resolved, following: Protocol) -> None:
    """One of each course; or three, the third a copy two weeks after the last."""
    one = varied(drawn, following, Axis.WAVES, 1)
    assert set(weeks_of(one)) == {"ads-P0-P0", "ads-P1-P1", "ads-P2-P2"}
    three = weeks_of(varied(drawn, following, Axis.WAVES, 3))
    assert three["ads-P0-P0+2"] == (6, 7)
    assert len(three) == 9


def test_reference_and_countries(drawn: Resolved, following: Protocol) -> None:
    reference = varied(drawn, following, Axis.REFERENCE, 5).reference
    assert (reference.weeks, reference.its_weeks) == (5, 5)
    arms = varied(drawn, following, Axis.COUNTRIES, 10).arms
    assert arms is not None
    assert isinstance(arms.rule, Listed)
    own = dict(arms.rule.by_course)["P0"]
    assert len(own) == 10
    assert set(drawn.arm_a["P0"]) < set(own)
    assert varied(drawn, following, Axis.LIFT, 1.5) == following


@pytest.mark.parametrize(
    ("axis", "value"),
    [
        (Axis.WEEKS, 0),
        (Axis.COURSES, 2.5),
        (Axis.COURSES, 99),
        (Axis.WAVES, 12),
        (Axis.COUNTRIES, 21),
    ],
)
def test_what_is_not_possible(
    drawn: Resolved, following: Protocol, axis: Axis, value: float
) -> None:
    with pytest.raises(UsageError, match=f"{value:g} is not possible"):
        varied(drawn, following, axis, value)


def test_no_arms_to_vary(drawn: Resolved, following: Protocol) -> None:
    with pytest.raises(UsageError, match="no arms"):
        varied(drawn, replace(following, arms=None), Axis.COUNTRIES, 6)


def test_curves(drawn: Resolved, following: Protocol) -> None:
    """A point is what `powers` says of its protocol; more waves are more power."""
    trial = Trial(2.0, 150, SETTING)
    pooled, *each = curves(drawn, following, Axis.WAVES, (1, 3), trial)
    assert [len(curve.points) for curve in (pooled, *each)] == [2] * 4
    assert pooled.points[0].power.power < pooled.points[1].power.power
    three = varied(drawn, following, Axis.WAVES, 3)
    assert pooled.points[1].power == powers(drawn, three, [2.0], 150, SETTING)[0]
    along = curves(drawn, following, Axis.LIFT, (1.5, 2.0), trial)[0]
    assert [point.value for point in along.points] == [1.5, 2.0]
    assert along.points[1].power == powers(drawn, following, [2.0], 150, SETTING)[0]


def test_the_smallest_lift_that_is_noticed(drawn: Resolved, following: Protocol) -> None:
    """Asked for again, it has the power it was found for, up to interpolation."""
    pooled, *each = minimum_detectable(drawn, following, 400, SETTING)
    assert 1 < pooled.low <= pooled.lift <= pooled.high
    again = powers(drawn, following, [pooled.lift], 400, SETTING)[0]
    assert again.power == pytest.approx(0.8, abs=0.03)
    assert np.log(again.truth) == pytest.approx(np.log(pooled.truth), abs=0.02)
    assert all(own.lift > pooled.lift for own in each)
    half = minimum_detectable(drawn, following, 400, SETTING, power=0.5)[0]
    assert half.lift < pooled.lift


def test_no_lift_is_large_enough(drawn: Resolved, following: Protocol) -> None:
    """Of one day in a window of a year's weeks nothing is noticed of one course."""
    day = following.window.start + timedelta(3)
    waves = tuple(
        replace(wave, span=replace(wave.span, start=day, end=day)) for wave in following.waves[:3]
    )
    waves = tuple(
        replace(wave, courses=(course.code,))
        for wave, course in zip(waves, following.courses, strict=True)
    )
    window = replace(following.window, end=following.window.start + timedelta(7 * 30 - 1))
    found = minimum_detectable(
        drawn, replace(following, waves=waves, window=window), 60, SETTING, power=0.99
    )
    assert found[-1].lift == np.inf
    assert "no lift up to ×20" in found[-1].reason
