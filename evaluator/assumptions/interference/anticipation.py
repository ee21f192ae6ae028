"""Whether people came, or waited, before the campaign: the last reference weeks."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from evaluator.assumptions.departure import Departure, chance, standard_error
from evaluator.assumptions.looked import Looked, Seen, estimated_as
from evaluator.assumptions.trends.weekly import has_weeks
from evaluator.comparisons import Comparison
from evaluator.comparisons.design import LEFT_OUT, REFERENCE, WINDOW, Codes
from evaluator.results import Beside, Effect, Finding, Interval, NotRun, Status

NAME = "anticipation"
DAYS = 14
"""Last days of the reference, in which a campaign may already have been felt."""
FEWEST = 3
"""Reference weeks needed before these."""
TRIAL = 0.25
"""Log units by which the last days are raised to see how far the estimate moves."""


def anticipated(looked: Looked) -> Seen:
    """The last two reference weeks against the others, by the row's own estimator.

    Its scale is the estimator's own, so for a row against other courses that of their placebos
    in these very weeks.
    """
    effect = looked.effect
    if effect is None or not has_weeks(looked):
        return Seen(())
    if looked.comparison.reference_weeks < FEWEST + DAYS // 7:
        return Seen((_too_short(f"{looked.comparison.reference_weeks} reference weeks"),))
    early = estimated_as(looked, last_weeks(looked.comparison))
    if isinstance(early, NotRun):
        return Seen((_too_short(early.reason),))
    departure = _departure(looked, effect, early)
    error = standard_error(effect)
    status = departure.status(error)
    finding = Finding(
        NAME,
        status,
        _sentence(early, departure, error),
        _TODO.get(status, ""),
        departure.margin(error),
        departure.power,
    )
    return Seen((finding,), beside=_beside(looked, effect, departure, status))


_TODO = {
    Status.FAIL: "read the row with the last two reference weeks left out",
    Status.WARN: "find out what was announced in these weeks",
    Status.NOT_RUN: "a longer reference, or other courses that move less, would tell",
}


def last_weeks(comparison: Comparison) -> Comparison:
    """The same question about the last reference weeks, with the weeks before as their base."""
    companions = tuple(
        last_weeks(companion)
        for companion in comparison.companions
        if companion.reference_weeks >= FEWEST + DAYS // 7
    )
    codes = comparison.codes.copy()
    codes[codes == WINDOW] = LEFT_OUT
    codes[_last_days(comparison)] = WINDOW
    return replace(comparison, codes=codes, companions=companions, deadline=False)


def _last_days(comparison: Comparison) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """(S, D) whether a day is among the last reference days of its series."""
    base: Codes = comparison.codes == REFERENCE
    from_the_end = np.cumsum(base[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(base & (from_the_end <= DAYS))


def _departure(looked: Looked, effect: Effect, early: Effect) -> Departure:
    """What the last weeks add to the row's log lift: a raised base takes away.

    A base of which they are a part w falls by log(1 + w(e^−δ − 1)) when what they are above the
    others, δ, is taken off; w is read off one trial, which for an estimator with memory holds
    its memory too.
    """
    raised = estimated_as(looked, _raised(looked.comparison))
    fall = effect.log_lift - raised.log_lift if isinstance(raised, Effect) else 0.0
    part = min(max(math.expm1(fall) / math.expm1(TRIAL), 1e-6), 1 - 1e-6)

    def bias(departure: float) -> float:
        return math.log1p(part * math.expm1(-departure))

    level = looked.setting.level
    own = early.interval(level)
    at_one = math.log1p(math.expm1(standard_error(effect)) / part)
    return Departure(
        bias(early.log_lift),
        bias(own.high),
        bias(own.low),
        0.0 not in own,
        chance(early, at_one, level),
    )


def _raised(comparison: Comparison) -> Comparison:
    """With the treated outcome of the last reference days raised by `TRIAL` (of arm A alone)."""
    days = _last_days(comparison)[:, None, :]
    where = days if comparison.in_a is None else days & comparison.in_a[:, :, None]
    return replace(comparison, treated=comparison.treated * np.where(where, math.exp(TRIAL), 1.0))


def _sentence(early: Effect, departure: Departure, error: float) -> str:
    seen = (
        f"a departure there that adds one standard error would be noticed in {departure.power:.0%}"
    )
    if not departure.rejected:
        return f"nothing sets the last two weeks before the window apart from those before; {seen}"
    return (
        f"the last two weeks before the window are ×{early.lift:.2f} of those before them: as part"
        f" of the base they add {departure.bias / error:+.1f} standard errors to the log lift"
    )


def _beside(
    looked: Looked, effect: Effect, departure: Departure, status: Status
) -> tuple[Beside, ...]:
    """The interval without what these weeks add, where the finding fails."""
    if status is not Status.FAIL:
        return ()
    own = effect.interval(looked.setting.level)
    moved = Interval(own.low - departure.bias, own.high - departure.bias, own.level)
    return (Beside("without anticipation", interval=moved),)


def _too_short(reason: str) -> Finding:
    sentence = f"too short a base to see whether people came before the campaign: {reason}"
    return Finding(NAME, Status.NOT_RUN, sentence, "a longer reference would tell")
