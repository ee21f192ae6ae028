"""Arm A against arm B: by unit, as weekly series, and the wider of the two."""

from __future__ import annotations

import numpy as np

from evaluator.comparisons.design import Comparison
from evaluator.comparisons.periods import Periods, periods_of
from evaluator.effects.facts import campaigns, each_conditions, window_and_reference
from evaluator.effects.law import Joint, Law, Setting, either
from evaluator.effects.series import forecast
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.autoregression import Candidates
from evaluator.estimators.clusters import ArmRatio, arm_ratios, triple_ratios
from evaluator.estimators.ratio import HALF
from evaluator.inference import arms as laws
from evaluator.inference.refusals import refusal
from evaluator.inference.series import at_shared_rho, mixed


def arms_by_unit(comparison: Comparison, _: Setting) -> Law:
    return _by_unit(comparison, _arm_ratios(comparison))


def triple_difference(comparison: Comparison, _: Setting) -> Law:
    in_a = _membership(comparison)
    other = window_and_reference(comparison)[1].sum(axis=-2)
    ratios = triple_ratios(_arm_ratios(comparison), arm_ratios(other[0], other[1], in_a))
    return _by_unit(comparison, ratios)


def arms_two_series(comparison: Comparison, _: Setting) -> Law:
    own = _arm_candidates(comparison)
    if not comparison.companions:
        law = mixed(own)
        return Law(law.location, law, chosen="two series")
    noise = [_arm_noise(c) for c in (comparison, *comparison.companions)]
    companions = [_arm_candidates(companion) for companion in comparison.companions]
    shared = at_shared_rho(own, companions, noise)
    return Law(shared.location, shared, chosen="two series")


def arms_wider(comparison: Comparison, setting: Setting) -> Law:
    """By unit or as two series, whichever is wider; one alone where the other is refused."""
    refused = np.array(
        [bool(refusal("arms_two_series", own)) for own in each_conditions(comparison)]
    ).reshape(campaigns(comparison))
    if refused.all():
        return arms_by_unit(comparison, setting)
    series = arms_two_series(comparison, setting)
    try:
        units = arms_by_unit(comparison, setting)
    except Refusal:
        if refused.any():
            raise
        return series
    wider = laws.wider(units.distribution, series.distribution, setting.level)
    return either(units, series, wider & ~refused)


def _arm_ratios(comparison: Comparison) -> ArmRatio:
    treated, _ = window_and_reference(comparison)
    return arm_ratios(treated[0], treated[1], _membership(comparison))


def _by_unit(comparison: Comparison, ratios: ArmRatio) -> Law:
    arm_units = int(_membership(comparison).sum(axis=1).min())
    law = laws.by_unit(ratios, arm_units)
    joint = Joint(ratios.log_lift, ratios.covariance(), law.dof)
    return Law(law.location, law, joint if len(comparison.series) > 1 else None, "by unit")


def _arm_candidates(comparison: Comparison) -> Candidates:
    periods = periods_of(comparison, earlier=True)
    arm_a, arm_b = _arm_series(comparison, periods)
    return forecast(arm_a, arm_b, periods)


def _arm_series(comparison: Comparison, periods: Periods) -> tuple[Array, Array]:
    """Weekly totals of arm A and of arm B, summed over the series: (..., N) each."""
    in_a = _membership(comparison)
    arms = np.stack([in_a, ~in_a], axis=1).astype(float) @ comparison.treated
    daily = arms.sum(axis=-3)
    return periods.sums(daily[..., 0, :]), periods.sums(daily[..., 1, :])


def _arm_noise(comparison: Comparison) -> Array:
    periods = periods_of(comparison, earlier=True)
    before = ~periods.window
    means = [np.mean(s[..., before], axis=-1) for s in _arm_series(comparison, periods)]
    return np.asarray(sum(1 / (mean + HALF) for mean in means))


def _membership(comparison: Comparison) -> Flags:
    if comparison.in_a is None:
        raise TypeError("a comparison of arms needs the membership of its units")
    return comparison.in_a
