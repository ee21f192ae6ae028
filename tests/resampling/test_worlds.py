from collections.abc import Callable

import numpy as np
import pytest

from evaluator.resampling.worlds import TAIL, Pulse, World, decayed

Build = Callable[..., World]
Make = Callable[..., Pulse]


def test_a_pulse_decays_geometrically_after_its_wave(pulse: Make) -> None:
    strength = decayed(pulse(first=2, last=4))
    assert strength[:6].tolist() == [1, 1, 1, 0.5, 0.25, 0.125]
    assert len(strength) == 3 + TAIL


def test_log_lifts_of_overlapping_waves_add(small: Build, pulse: Make) -> None:
    world = small((pulse("ads", 10, 16), pulse("mail", 16, 16)))
    lift = world.log_lift()
    assert np.exp(lift[0, :, 15]) == pytest.approx([3, 2, 2])
    assert np.exp(lift[0, :, 16]) == pytest.approx([9, 4, 4])
    assert lift == pytest.approx(world.log_lift(channel="ads") + world.log_lift(tag="mail"))
    assert not lift[1].any()
    assert not lift[:, :, :10].any()


def test_the_tail_of_a_wave_ends_with_the_calendar(small: Build, pulse: Make) -> None:
    world = small((pulse("ads", 66, 68),))
    assert np.exp(world.log_lift()[0, 0, 66:]) == pytest.approx([3, 3, 3, 3**0.5])


def test_tags_are_the_labels_that_waves_leave(small: Build, pulse: Make) -> None:
    assert small((pulse("ads"), pulse("mail"), pulse("ads", 50, 51))).tags == ("ads", "mail")


def test_arms_are_named_by_course(small: Build) -> None:
    assert small().countries_of_arm_a() == {"P": ("KE",)}
