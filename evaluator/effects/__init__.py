"""(Comparison, method) → Effect or NotRun: the one way a number is made.

A method is a function of a comparison; run, calibration, planning and the gate all come
through `estimate`, so that what is calibrated is what is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evaluator.comparisons.design import Comparison
from evaluator.effects import arms, groups, ratios, series, shares, waves
from evaluator.effects.facts import conditions, weekly_overdispersion, window_and_reference
from evaluator.effects.law import Law, Setting
from evaluator.errors import Refusal
from evaluator.inference.extra import extra_of_one, extra_of_several
from evaluator.inference.refusals import refusal
from evaluator.results import Effect, Extra, NotRun, RowKey, Share

__all__ = ["METHODS", "Estimated", "Setting", "conditions", "estimate"]


METHODS: Mapping[str, Callable[[Comparison, Setting], Law]] = {
    "size_adjusted_ratio": ratios.size_adjusted,
    "ranked_ratio": ratios.ranked,
    "these_courses": ratios.these_courses,
    "courses_like_these": ratios.courses_like_these,
    "arms_wider": arms.arms_wider,
    "arms_wider_summed": arms.arms_wider,
    "arms_by_unit": arms.arms_by_unit,
    "arms_two_series": arms.arms_two_series,
    "triple_difference": arms.triple_difference,
    "arms_within_campaign": arms.arms_by_unit,
    "controlled_its": series.controlled_its,
    "level_shift": series.level_shift,
    "single_its": series.single_its,
    "segmented_newey_west": series.segmented_newey_west,
    "within_campaign": series.within_campaign,
    "joint_daily": waves.joint_daily,
    "channel_mean": waves.channel_mean,
    "channel_like_these": waves.channel_like_these,
    "overlap_joint": waves.overlap_joint,
    "group_lift": groups.group_lift,
    "group_against_rest": groups.group_against_rest,
    "share_ratio": shares.share_ratio,
}


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
    try:
        reason = refusal(key.method, conditions(comparison))
        if reason:
            return NotRun(reason)
        law = METHODS[key.method](comparison, setting)
    except Refusal as refused:
        return NotRun(refused.reason)
    effect = Effect(law.log_lift, law.distribution, comparison.estimand)
    if law.share is not None:
        return Estimated(effect, None, law.chosen, law.share)
    return Estimated(effect, _extra(comparison, law, effect, key, setting), law.chosen)


def _extra(
    comparison: Comparison, law: Law, effect: Effect, key: RowKey, setting: Setting
) -> Extra:
    noise = (weekly_overdispersion(comparison), max(round(comparison.window_weeks), 1))
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
