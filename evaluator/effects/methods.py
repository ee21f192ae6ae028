"""The methods by the names that rows give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evaluator.comparisons.design import Comparison
from evaluator.effects import arms, groups, ratios, series, shares, waves
from evaluator.effects.law import Law, Setting

METHODS: Mapping[str, Callable[[Comparison, Setting], Law]] = {
    "size_adjusted_ratio": ratios.size_adjusted,
    "ranked_ratio": ratios.ranked,
    "these_courses": ratios.these_courses,
    "against_left_out": ratios.against_left_out,
    "order_of_waves": ratios.order_of_waves,
    "weeks_on_off": ratios.courses_like_these,
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
    "weekday_its": series.weekday_its,
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

SINGLE = frozenset({"ranked_ratio", "segmented_newey_west", "group_lift", "group_against_rest"}) | {
    "share_ratio"
}
"""Methods that take one campaign at a time; all others take leading axes."""
