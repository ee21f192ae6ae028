"""What the lift of A over B would be if some enrolments were counted in the wrong arm."""

from __future__ import annotations

import math

from evaluator.assumptions.departure import standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.comparisons import arms
from evaluator.results import Finding, Status

NAME = "enrolments in the wrong arm"
SHARES = (0.05, 0.1, 0.2)
"""Parts of each arm that may belong to the other."""


def mixed_up(looked: Looked) -> Seen:
    """How far the lift is from what it would be if some enrolments were in the wrong arm.

    Spill-over (neighbours who saw the other arm's campaign) and mis-classified countries mix the
    arms alike: each arm's ratio becomes (1 − m) of its own and m of the other's. That draws the
    difference towards none, so it can hide one and make none. No test of the counts would
    notice it: it is bounded, and never passed.
    """
    effect = looked.effect
    if effect is None or not _compares_arms(looked):
        return Seen(())
    error = standard_error(effect)
    shift = abs(unmixed(effect.log_lift, SHARES[-1]) - effect.log_lift)
    lifts = ", ".join(f"×{math.exp(unmixed(effect.log_lift, share)):.2f}" for share in SHARES)
    sentence = (
        f"counts cannot show it; with 5%, 10%, 20% of each arm in the other the lift would be"
        f" {lifts}, one standard error away from {_share_for(effect.log_lift, error):.0%} on: it"
        " draws the lift towards none, and cannot make one"
    )
    todo = "check how countries are assigned, and who saw what"
    return Seen((Finding(NAME, Status.NOT_RUN, sentence, todo, 1 - shift / error, 0.0),))


def unmixed(log_lift: float, share: float) -> float:
    """Log lift of A over B if a part `share` of each arm's enrolments belongs to the other.

    Infinite where no mixture of two arms would give so large a difference.

    >>> round(unmixed(math.log((0.9 * 2 + 0.1) / (0.9 + 0.1 * 2)), 0.1), 9) == round(math.log(2), 9)
    True
    """
    ratio = math.exp(log_lift)
    above, below = (1 - share) * ratio - share, (1 - share) - share * ratio
    if above <= 0 or below <= 0:
        return math.copysign(math.inf, log_lift)
    return math.log(above / below)


def _share_for(log_lift: float, error: float) -> float:
    """Smallest part, in hundredths, from which the lift moves by a standard error."""
    shares = (hundredth / 100 for hundredth in range(1, 50))
    moved = (s for s in shares if abs(unmixed(log_lift, s) - log_lift) >= error)
    return next(moved, 0.5)


def _compares_arms(looked: Looked) -> bool:
    return looked.planned.key.question == arms.QUESTION and looked.comparison.in_a is not None
