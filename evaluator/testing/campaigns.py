"""The world that an estimator is tried on: counts of courses × weeks with a planted lift."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evaluator.resampling.simulate import simulate
from evaluator.resampling.worlds import Launch, Pulse, Shocks, World

if TYPE_CHECKING:
    import pandas as pd

START = date(2024, 1, 1)
"""A Monday."""
WEEK = 7


@dataclass(frozen=True, slots=True, eq=False)
class Campaign:
    """What an estimator may see of one simulated campaign; the truth is not in it."""

    counts: NDArray[np.int64]
    """(courses, weeks) enrolments."""
    promoted: NDArray[np.bool_]
    """(courses,) promoted individually."""
    window: NDArray[np.bool_]
    """(weeks,) of the campaign: the last ones."""

    def to_pandas(self) -> pd.DataFrame:
        """A line a course and week: course, week, promoted, window, count."""
        import pandas as pd

        courses, weeks = self.counts.shape
        return pd.DataFrame(
            {
                "course": np.repeat(np.arange(courses), weeks),
                "week": np.tile(np.arange(weeks), courses),
                "promoted": np.repeat(self.promoted, weeks),
                "window": np.tile(self.window, courses),
                "count": self.counts.ravel(),
            }
        )


@dataclass(frozen=True, slots=True)
class Campaigns:
    """A declared truth from which campaigns are drawn: call it with a generator.

    Courses share weeks that are good or bad for all of them; each also has weeks of its own
    (`shocks.course_sd`, with serial correlation) and counts that vary more than Poisson's.
    """

    lift: float = 1.0
    """Multiplicative, of every promoted course in every week of the window: the truth."""
    promoted: int = 1
    others: int = 20
    history: int = 26
    """Weeks before the window."""
    window: int = 4
    """Weeks."""
    level: float = 200.0
    """Enrolments that a course expects in an ordinary week."""
    shocks: Shocks = field(default=Shocks())

    def __call__(self, rng: np.random.Generator) -> tuple[Campaign, float]:
        """One campaign, and its lift."""
        drawn = simulate(self._world(), rng).counts
        courses, weeks = self.promoted + self.others, self.history + self.window
        counts = drawn.reshape(courses, weeks, WEEK).sum(axis=-1)
        window = np.arange(weeks) >= self.history
        return Campaign(counts, np.arange(courses) < self.promoted, window), self.lift

    def _world(self) -> World:
        courses, days = self.promoted + self.others, WEEK * (self.history + self.window)
        pulses = tuple(
            Pulse("", "", None, course, WEEK * self.history, days - 1, _of_one(self.lift), 0.0)
            for course in range(self.promoted)
        )
        return World(
            courses=tuple(f"course {number}" for number in range(courses)),
            countries=("all",),
            start=START,
            days=days,
            promoted=np.arange(courses) < self.promoted,
            levels=np.full(courses, self.level),
            opens=np.zeros(courses, np.intp),
            launch=Launch(),
            shares=np.ones((courses, 1)),
            arm_a=np.zeros((courses, 1), bool),
            weekdays=np.ones(WEEK),
            season=np.zeros(days),
            anchor=0,
            pulses=pulses if self.lift != 1 else (),
            shocks=self.shocks,
        )


campaigns = Campaigns


def _of_one(lift: float) -> NDArray[np.float64]:
    return np.array([np.log(lift)])
