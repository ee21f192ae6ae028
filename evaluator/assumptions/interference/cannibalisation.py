"""Whether promoted courses took their enrolments from the other courses."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from evaluator.assumptions.departure import Departure, chance, standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.comparisons import Comparison, campaign, promoted
from evaluator.comparisons.design import EARLIER, LEFT_OUT, REFERENCE, WINDOW, course_days
from evaluator.comparisons.periods import periods_of
from evaluator.effects.series import forecast, ratio_series
from evaluator.errors import Refusal
from evaluator.inference.series import mixed
from evaluator.resolve import Resolved
from evaluator.results import Beside, Effect, Finding, Interval, Status

NAME = "cannibalisation"
YEAR = 364
"""Days: a year of whole weeks, so that weekdays stay in their place."""
FEWEST = 4
"""Weeks of the base with a year before them that are needed."""


def cannibalised(looked: Looked) -> Seen:
    """What the lift would be if other courses lost what these won, and whether they lost any.

    The bound is accounting: every extra enrolment took one from another course. It is no pass,
    since one may have taken two. Losing a part 1 − s of theirs biases the log lift by −log s.
    """
    effect = looked.effect
    if effect is None or looked.planned.key.question not in (promoted.QUESTION, campaign.QUESTION):
        return Seen(())
    if not len(looked.comparison.other):
        return Seen(())
    taken = _taken(looked.resolved, looked.comparison)
    error, level = standard_error(effect), looked.setting.level
    own = effect.interval(level)
    most = -taken.log_share(1.0)
    change = others_since_last_year(looked.comparison, effect)
    departure = _departure(change, error, level)
    status = departure.status(error) if departure else Status.NOT_RUN
    finding = Finding(
        NAME,
        status,
        f"{_of_bound(effect, own, taken)}; {_of_change(change, departure, error)}",
        _TODO.get(status, ""),
        departure.margin(error) if departure else 1 - most / error,
        departure.power if departure else None,
    )
    beside = () if status is not Status.FAIL or change is None else (_beside(own, change),)
    return Seen((finding,), beside=beside)


_TODO = {
    Status.FAIL: "see which other courses lost most, and whether they are close to these",
    Status.WARN: "see which other courses lost most, and whether they are close to these",
    Status.NOT_RUN: "name the courses that these could replace, and look at the others alone",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """Totals of all promoted and of the other courses, in the window and the row's base."""

    promoted: float
    promoted_before: float
    other: float
    other_before: float

    def log_share(self, part: float) -> float:
        """log s: of what the other courses would have had, what is left if `part` of all extra
        enrolments was taken from them.

        They would have had O' with O' = O + part · (Y − Y_R · O'/O_R).
        """
        growth = part * self.promoted_before / max(self.other_before, 0.5)
        without = (self.other + part * self.promoted) / (1 + growth)
        return min(math.log(self.other + 0.5) - math.log(without + 0.5), 0.0)


def _taken(resolved: Resolved, comparison: Comparison) -> Taken:
    window, base = (comparison.codes[0] == code for code in (WINDOW, REFERENCE))
    # A course without history has no base: all of its enrolments are taken for extra.
    own = course_days(resolved, resolved.promoted, units=False).sum(axis=(0, 1))
    other = comparison.other.sum(axis=(0, 1))
    return Taken(*(float(days[mask].sum()) for days in (own, other) for mask in (window, base)))


def _breakdown(own: Interval, taken: Taken) -> float:
    """Smallest part, in hundredths, from which no effect is not excluded."""
    if own.low <= 0:
        return 0.0
    parts = (hundredth / 100 for hundredth in range(1, 101))
    return next((part for part in parts if own.low + taken.log_share(part) <= 0), math.inf)


def others_since_last_year(comparison: Comparison, effect: Effect) -> Effect | None:
    """The other courses' own change from base to window, over the same a year before.

    None where the data do not hold that year: a season cannot then be told from a loss.
    """
    daily = comparison.other.sum(axis=(0, 1))
    codes = np.where(comparison.codes[:1] == EARLIER, LEFT_OUT, comparison.codes[:1])
    base = np.flatnonzero(codes[0] == REFERENCE)
    known = base[base >= YEAR]
    # Whole weeks that end where the base does.
    known = known[len(known) % 7 :]
    if len(known) < 7 * FEWEST:
        return None
    codes[0, : known[0]] = LEFT_OUT
    before = np.concatenate([np.zeros(YEAR), daily[:-YEAR]])
    twice = replace(
        comparison,
        series=("other courses",),
        treated=daily[None, None],
        other=before[None, None],
        codes=codes,
        in_a=None,
        companions=(),
        trend=False,
    )
    periods = periods_of(twice)
    try:
        law = mixed(forecast(*ratio_series(twice, periods), periods))
    except Refusal:
        return None
    return Effect(float(law.location), law, effect.estimand)


def _departure(change: Effect | None, error: float, level: float) -> Departure | None:
    """A fall of the other courses adds as much to the log lift; a rise is not looked for here."""
    if change is None:
        return None
    one_sided = change.interval(2 * level - 1)
    fell = one_sided.high < 0
    return Departure(
        -change.log_lift,
        -one_sided.high,
        -one_sided.low,
        fell,
        chance(change, error, 2 * level - 1),
    )


def _of_bound(effect: Effect, own: Interval, taken: Taken) -> str:
    less = math.exp(effect.log_lift + taken.log_share(1.0))
    said = (
        f"if every extra enrolment had come from the other courses, the lift would be ×{less:.2f}"
    )
    if own.low <= 0:
        return said
    part = _breakdown(own, taken)
    if math.isinf(part):
        return f"{said}, and no effect still excluded"
    return f"{said} (no effect is excluded up to {max(part - 0.01, 0):.0%} of them)"


def _of_change(change: Effect | None, departure: Departure | None, error: float) -> str:
    if change is None or departure is None:
        return "whether the others lost any cannot be told without the same weeks a year before"
    if departure.rejected:
        return (
            f"the others are at ×{change.lift:.2f} of what their past and last year's season"
            f" give: {departure.bias / error:+.1f} standard errors if it was lost to these courses,"
            " none if these shared the fall"
        )
    return (
        "the others are not visibly below what their past and last year's season give, where a"
        f" loss that adds one standard error would be noticed in {departure.power:.0%}"
    )


def _beside(own: Interval, change: Effect) -> Beside:
    fall = change.log_lift
    return Beside(
        "if the others' fall was a loss to these",
        interval=Interval(own.low + fall, own.high + fall, own.level),
    )
