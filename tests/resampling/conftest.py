from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol
from evaluator.resampling.worlds import Launch, Pulse, Shocks, World

QUIET = Shocks(week_sd=0, course_sd=0, country_sd=0, weekly_alpha=0, daily_alpha=0)
EXPERIMENT = Path(__file__).parents[2] / "experiments" / "itcilo-2022"


@pytest.fixture
def protocol() -> Protocol:
    return load_protocol(EXPERIMENT)


@pytest.fixture
def small() -> Callable[..., World]:
    """Two courses, three countries, from a Monday; the first course is promoted, A = {KE}."""

    def build(
        pulses: tuple[Pulse, ...] = (), shocks: Shocks = QUIET, days: int = 70, level: float = 700
    ) -> World:
        return World(
            courses=("P", "O"),
            countries=("KE", "NG", "UG"),
            start=date(2024, 1, 1),
            days=days,
            promoted=np.array([True, False]),
            levels=np.array([level, level]),
            opens=np.array([0, 0]),
            launch=Launch(),
            shares=np.array([[0.5, 0.3, 0.2]] * 2),
            arm_a=np.array([[True, False, False], [False, False, False]]),
            weekdays=np.ones(7),
            season=np.zeros(days),
            anchor=35,
            pulses=pulses,
            shocks=shocks,
        )

    return build


@pytest.fixture
def pulse() -> Callable[..., Pulse]:
    """A wave on the first course, days 35 to 41: ×3 in arm A, ×2 in arm B, half left a day on."""

    def build(channel: str = "ads", first: int = 35, last: int = 41, course: int = 0) -> Pulse:
        log_lift = np.log([3.0, 2.0, 2.0])
        return Pulse(f"{channel}-wave", channel, channel, course, first, last, log_lift, 0.5)

    return build
