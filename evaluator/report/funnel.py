"""The funnel of each channel, in plain types."""

from __future__ import annotations

from typing import Any

from evaluator.claims.funnel import Stage
from evaluator.evaluation import Funnel
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
