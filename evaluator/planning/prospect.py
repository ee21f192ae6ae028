"""From a past experiment to the next: its design, and what it would notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evaluator.effects import Setting
from evaluator.errors import DataError, Problem, Refusal
from evaluator.experiment.planned import Plan, plan_of
from evaluator.planning.design import Designed, design
from evaluator.planning.detectable import Detectable, minimum_detectable
from evaluator.planning.power import Power, powers
from evaluator.resolve import Resolved

WORLDS = 200
"""Campaigns of each power."""
PART = 4
"""The search judges a design by one world in so many."""
Progress = Callable[[int, int, str], None]
"""Called with (steps done, steps in all, what is next)."""


@dataclass(frozen=True, slots=True, eq=False)
class Prospect:
    """The next experiment before it begins."""

    past: Resolved
    plan: Plan
    designed: Designed
    powers: tuple[Power, ...]
    """Of every row that decides, at the smallest lift worth finding."""
    detectable: tuple[Detectable, ...]
    """The smallest lift that each would notice, as often as is wanted."""

    @property
    def noticed(self) -> tuple[Power | Detectable, ...]:
        """Both, in the order of the rows."""
        return (*self.powers, *self.detectable)


def prospect(past: Resolved, worlds: int = WORLDS, progress: Progress | None = None) -> Prospect:
    """Design the next experiment by the declared plan, and compute its power.

    Parameters
    ----------
    worlds : campaigns of each power
    progress : told of each step before it begins

    Raises
    ------
    DataError : too few courses, countries, weeks or money for what is wanted
    """
    plan = plan_of(past.protocol)
    tell = progress or (lambda *_: None)
    tell(0, 3, "searching a design")
    try:
        designed = design(past, plan, worlds=max(worlds // PART, 50))
    except Refusal as refused:
        raise DataError(Problem("plan", refused.reason)) from None
    setting = Setting(designed.protocol.decision.level, plan.seed)
    tell(1, 3, "drawing campaigns: power")
    found = powers(past, designed.protocol, (plan.smallest_lift,), worlds, setting)
    tell(2, 3, "drawing campaigns: the smallest lift that is noticed")
    detectable = minimum_detectable(past, designed.protocol, worlds, setting, power=plan.power)
    return Prospect(past, plan, designed, found, detectable)
