"""What is left when promotion has stopped: a channel's lift in the weeks after its waves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluator.comparisons import Comparison, Planned
from evaluator.comparisons.after import weeks_after
from evaluator.effects import Setting, effect_alone
from evaluator.results import Effect, Interval, NotRun, Row, RowRole


@dataclass(frozen=True, slots=True)
class WeekAfter:
    """The mean over a channel's courses in one week: 0 is the wave's own."""

    week: int
    courses: tuple[str, ...]
    """In which the week can be told from other waves."""
    observed: float | None = None
    """Counted in it, in these courses."""
    log_lift: float | None = None
    interval: Interval | None = None
    reason: str = ""
    """Why there is no number."""


@dataclass(frozen=True, slots=True)
class Decay:
    """A channel's lift in its waves and in the weeks after, from the one joint model."""

    channel: str
    weeks: tuple[WeekAfter, ...]


def decays(planned: Sequence[Planned], rows: Sequence[Row], setting: Setting) -> Iterator[Decay]:
    """Every channel with a lift of its own.

    Parameters
    ----------
    rows : of `planned`, in its order
    """
    for plan, row in zip(planned, rows, strict=True):
        built = plan.comparison
        headline = plan.key.method == "channel_mean" and plan.role is RowRole.HEADLINE
        if headline and row.effect is not None and isinstance(built, Comparison):
            later = (_week(week, own, plan, setting) for week, own in weeks_after(built))
            first = _told(0, built, row.effect, setting)
            yield Decay(plan.key.channel, (first, *later))


def _week(
    week: int, comparison: Comparison | NotRun, planned: Planned, setting: Setting
) -> WeekAfter:
    if isinstance(comparison, NotRun):
        return WeekAfter(week, (), reason=comparison.reason)
    effect = effect_alone(comparison, planned.key.method, setting)
    if isinstance(effect, NotRun):
        return WeekAfter(week, comparison.series, comparison.observed, reason=effect.reason)
    return _told(week, comparison, effect, setting)


def _told(week: int, comparison: Comparison, effect: Effect, setting: Setting) -> WeekAfter:
    interval = effect.interval(setting.level)
    return WeekAfter(week, comparison.series, comparison.observed, effect.log_lift, interval)
