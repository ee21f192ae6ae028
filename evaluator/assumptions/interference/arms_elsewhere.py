"""Whether arm A moved apart from arm B in courses that nobody promoted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evaluator.assumptions.departure import Departure, departure_of, standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.comparisons import Comparison, arms
from evaluator.effects import METHODS
from evaluator.errors import Refusal
from evaluator.results import Beside, Effect, Finding, Status

NAME = "arms of the other courses"


def arms_elsewhere(looked: Looked) -> Seen:
    """The row's arms compared in the other courses, together: what moved A there biases the row.

    A triple difference has that taken off already.
    """
    effect, comparison = looked.effect, looked.comparison
    asked = looked.planned.key.question == arms.QUESTION
    if effect is None or not asked or looked.planned.key.method == "triple_difference":
        return Seen(())
    if not len(comparison.other):
        sentence = "no other courses in which an A-wide shock would show"
        return Seen((Finding(NAME, Status.NOT_RUN, sentence),))
    try:
        law = METHODS["arms_by_unit"](_others_alone(comparison), looked.setting)
        free = METHODS["triple_difference"](comparison, looked.setting).distribution
    except Refusal as refused:
        return Seen((Finding(NAME, Status.NOT_RUN, refused.reason),))
    error = standard_error(effect)
    elsewhere = Effect(float(law.log_lift), law.distribution, effect.estimand)
    departure = departure_of(elsewhere, error, looked.setting.level)
    status = departure.status(error)
    beside: tuple[Beside, ...] = ()
    if status is Status.FAIL:
        tail = (1 - looked.setting.level) / 2
        ends = (float(free.quantile(tail)), float(free.quantile(1 - tail)))
        own = effect.interval(looked.setting.level)
        beside = (
            Beside("free of shocks to arm A", interval=replace(own, low=ends[0], high=ends[1])),
        )
    return Seen((_finding(departure, status, error),), beside=beside)


def _others_alone(comparison: Comparison) -> Comparison:
    """All other courses summed, in the place of the row's course."""
    return replace(
        comparison,
        series=("other courses",),
        treated=comparison.other.sum(axis=0, keepdims=True),
        other=comparison.other[:0],
        companions=(),
    )


def _finding(departure: Departure, status: Status, error: float) -> Finding:
    moved = f"arm A moved by ×{np.exp(departure.bias):.2f} against arm B in the other courses"
    if departure.rejected:
        sentence = f"{moved}, {departure.bias / error:+.1f} standard errors of this row"
        todo = "read the triple difference, which takes that off"
    else:
        sentence = (
            f"{moved}, no more than countries move by themselves; a shock of one standard error"
            f" would be noticed in {departure.power:.0%}"
        )
        todo = "" if status is Status.PASS else "read the triple difference beside it"
    return Finding(NAME, status, sentence, todo, departure.margin(error), departure.power)
