"""How far trends would have to part for a row's conclusion to fall, as a finding."""

from __future__ import annotations

import math

from evaluator.assumptions.bounds import NAME, honest_bounds
from evaluator.assumptions.departure import standard_error
from evaluator.assumptions.event_study import study_of
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.pretrend import trend_carried_on
from evaluator.assumptions.weekly import has_weeks
from evaluator.errors import TooFewPeriods
from evaluator.results import Beside, Bounds, Effect, Finding, Interval, Status

AS_BEFORE = 1.0
"""Departure in the window, relative to the largest before it, that a conclusion should stand."""


def bounded(looked: Looked) -> Seen:
    """Bounds under departures from parallel trends, what they say, and one of them beside the row
    where the weeks before the window were not parallel."""
    effect = looked.effect
    if effect is None or not has_weeks(looked):
        return Seen(())
    seen = honest_bounds(looked)
    if not seen.evidence.bounds:
        return Seen(seen.findings, beside=_beside(looked, effect, None))
    relative = seen.evidence.bounds[0]
    found = _finding(effect.interval(looked.setting.level), relative)
    return Seen((found,), seen.evidence, _beside(looked, effect, relative), seen.breakdown)


def _finding(own: Interval, relative: Bounds) -> Finding:
    breakdown = relative.breakdown
    if 0.0 in own:
        sentence = "the interval holds no effect even if the trends stay parallel: nothing to bound"
        return Finding(NAME, Status.NOT_RUN, sentence)
    stands = breakdown >= AS_BEFORE
    if math.isinf(breakdown):
        sentence = "no effect is excluded however far, in proportion to before, the trends depart"
    else:
        sentence = (
            "no effect is excluded unless the trend after departs by more than"
            f" {breakdown:.1f} × the largest departure before"
        )
    return Finding(
        NAME,
        Status.PASS if stands else Status.WARN,
        sentence,
        "" if stands else "say why the trends should have moved less in the window than before it",
        breakdown - AS_BEFORE,
    )


def _beside(looked: Looked, effect: Effect, relative: Bounds | None) -> tuple[Beside, ...]:
    """The wider interval of a row whose trends were seen to part before the window."""
    try:
        departure = trend_carried_on(looked, effect, study_of(looked))
    except TooFewPeriods:
        return ()
    if departure.status(standard_error(effect)) is not Status.FAIL:
        return ()
    if relative is not None:
        interval = relative.intervals[relative.at.index(AS_BEFORE)]
        return (Beside("trends part as far as before", interval=interval),)
    own = effect.interval(looked.setting.level)
    interval = Interval(own.low - departure.high, own.high - departure.low, own.level)
    return (Beside("without the trend before", interval=interval),)
