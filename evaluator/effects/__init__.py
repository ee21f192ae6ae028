"""(Comparison, method) → Effect or NotRun: the one way a number is made.

A method is a function of a comparison; run, calibration, planning and the gate all come
through `estimate`, or through `estimate_many` with many campaigns of one design at once, so
that what is calibrated is what is reported.
"""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.comparisons.design import Comparison
from evaluator.effects.facts import conditions, weekly_overdispersion, window_and_reference
from evaluator.effects.law import Law, Setting
from evaluator.effects.many import Many, estimate_many
from evaluator.effects.methods import METHODS
from evaluator.errors import Refusal
from evaluator.inference.extra import extra_of_one, extra_of_several
from evaluator.inference.refusals import refusal
from evaluator.results import Effect, Extra, NotRun, RowKey, Share

__all__ = [
    "METHODS",
    "Estimated",
    "Many",
    "Setting",
    "conditions",
    "effect_alone",
    "estimate",
    "estimate_many",
]


@dataclass(frozen=True, slots=True)
class Estimated:
    """An effect with what it is worth in counts; a ratio of shares is worth none."""

    effect: Effect
    extra: Extra | None
    chosen: str = ""
    share: Share | None = None


def estimate(comparison: Comparison, key: RowKey, setting: Setting) -> Estimated | NotRun:
    """The effect of a comparison by the method its row names.

    Returns
    -------
    `Estimated`, or `NotRun` with the reason when the data cannot identify it
    """
    law = _law(comparison, key.method, setting)
    if isinstance(law, NotRun):
        return law
    effect = _effect(law, comparison)
    if law.share is not None:
        return Estimated(effect, None, law.chosen, law.share)
    return Estimated(effect, _extra(comparison, law, effect, key, setting), law.chosen)


def effect_alone(comparison: Comparison, method: str, setting: Setting) -> Effect | NotRun:
    """The same effect without what it is worth in counts."""
    law = _law(comparison, method, setting)
    return law if isinstance(law, NotRun) else _effect(law, comparison)


def _law(comparison: Comparison, method: str, setting: Setting) -> Law | NotRun:
    try:
        reason = refusal(method, conditions(comparison))
        if reason:
            return NotRun(reason)
        law = METHODS[method](comparison, setting)
    except Refusal as refused:
        return NotRun(refused.reason)
    own = _effect(law, comparison).interval(setting.level)
    if not own.low < own.high:
        return NotRun(
            "nothing varies by itself here, so nothing says how far an estimate may be off"
        )
    return law


def _effect(law: Law, comparison: Comparison) -> Effect:
    return Effect(float(law.log_lift), law.distribution, comparison.estimand)


def _extra(
    comparison: Comparison, law: Law, effect: Effect, key: RowKey, setting: Setting
) -> Extra:
    alpha = float(weekly_overdispersion(comparison))
    noise = (alpha, max(round(comparison.window_weeks), 1))
    if law.joint is None or len(law.joint.log_lifts) == 1:
        return extra_of_one(effect, comparison.observed, *noise, setting.level)
    treated, _ = window_and_reference(comparison)
    inside = treated[0] if comparison.in_a is None else treated[0] * comparison.in_a
    joint = law.joint
    return extra_of_several(
        joint.log_lifts,
        joint.covariance,
        joint.dof,
        inside.sum(axis=-1),
        noise,
        setting.level,
        setting.generator(key),
    )
