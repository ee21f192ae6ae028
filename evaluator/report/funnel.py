"""The funnel of each channel and its lift in the weeks after its waves: plain types, and tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from evaluator.claims.funnel import Stage
from evaluator.evaluation import Decay, Funnel
from evaluator.evaluation.decay import WeekAfter
from evaluator.report import numbers
from evaluator.report.layout import NOTHING, Laid, Line, laid_out
from evaluator.report.words import channel_label
from evaluator.results import Interval, Share

TITLE = "Funnel"
HEADS = ("saw it", "engaged", "clicked", "enrolled", "shared")
LEGEND = (
    "counted (last touch), and as a share of the stage before: a description, no effect; [ ; ]"
    " Wilson, where the one count is a part of the other"
)


def funnel_block(funnels: Sequence[Funnel]) -> Iterator[RenderableType]:
    """A line of counts for each channel, and below it their shares of the stage before."""
    if not funnels:
        return
    lines: list[Line] = []
    for own in funnels:
        counts = (NOTHING if s.count is None else numbers.count(s.count) for s in own.stages)
        shares = tuple(map(_share_of, own.stages))
        lines.append(Line(channel_label(own.channel), tuple(counts)))
        lines += [Line("  share", shares)] if any(shares) else []
    yield Text()
    yield Text(TITLE, style="bold")
    yield laid_out(Line("", HEADS), lines)
    yield Text(LEGEND, style="dim")


def decay_table(decays: Sequence[Decay]) -> Laid | None:
    """Every channel's lift in its waves and the weeks after; None where none has one."""
    if not decays:
        return None
    names = ("in the waves", "the week after", "the second week after")
    lines = [Line(own.channel, tuple(map(_lift_in, own.weeks))) for own in decays]
    return laid_out(Line("", names), lines)


def _lift_in(week: WeekAfter) -> str:
    if week.log_lift is None or week.interval is None:
        return NOTHING
    return f"{numbers.log_lift(week.log_lift)} {numbers.lift_interval(week.interval)}"


def _share_of(stage: Stage) -> str:
    if stage.share is None:
        return ""
    if stage.interval is None:
        return f"{stage.share:.1%}"
    return numbers.share(Share(stage.share, stage.interval, stage.of or 0.0))


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
