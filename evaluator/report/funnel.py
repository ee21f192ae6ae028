"""The funnel of each channel and its lift in the weeks after its waves, in plain types."""

from __future__ import annotations

import math
from typing import Any

from evaluator.claims.funnel import Stage
from evaluator.evaluation import Decay, Funnel
from evaluator.evaluation.decay import WeekAfter
from evaluator.results import Interval


def funnel_of(funnel: Funnel) -> dict[str, Any]:
    """A channel's record in results.json."""
    plain = ("channel", "kind", "network", "attributed", "extra", "extra_note", "spend")
    costs = ("currency", "cost_per_attributed", "cost_per_extra", "cost_note")
    return {
        **{name: getattr(funnel, name) for name in plain},
        **_ends("extra", funnel.extra_interval),
        **{name: getattr(funnel, name) for name in costs},
        **_ends("cost_per_extra", funnel.cost_per_extra_interval),
        "courses": list(funnel.courses),
        "stages": [_stage(stage) for stage in funnel.stages],
    }


def decay_of(decay: Decay) -> dict[str, Any]:
    """A channel's lifts by week after its waves, in results.json."""
    return {"channel": decay.channel, "weeks": [_week(week) for week in decay.weeks]}


def _week(week: WeekAfter) -> dict[str, Any]:
    lifts = week.interval.exp() if week.interval else None
    return {
        "week": week.week,
        "lift": math.exp(week.log_lift) if week.log_lift is not None else None,
        "lift_low": lifts.low if lifts else None,
        "lift_high": lifts.high if lifts else None,
        "level": lifts.level if lifts else None,
        "observed": week.observed,
        "courses": list(week.courses),
        "reason": week.reason,
    }


def _stage(stage: Stage) -> dict[str, Any]:
    names = ("stage", "unit", "count", "of", "of_stage", "share", "note")
    ends = stage.interval
    return {
        **{name: getattr(stage, name) for name in names},
        "low": ends.low if ends else None,
        "high": ends.high if ends else None,
        "level": ends.level if ends else None,
    }


def _ends(name: str, interval: Interval | None) -> dict[str, float | None]:
    return {
        f"{name}_low": interval.low if interval else None,
        f"{name}_high": interval.high if interval else None,
    }
