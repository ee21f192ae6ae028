"""(Comparison, method) → Effect or NotRun: the one way a number is made.

A method is a function of a comparison; run, calibration, planning and the gate all come
through `estimate`, so that what is calibrated is what is reported.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from evaluator.comparisons.design import REFERENCE, WINDOW, Comparison
from evaluator.comparisons.periods import Periods, periods_of
from evaluator.errors import NotIdentified, Refusal, TooFewPeriods
from evaluator.estimators.arrays import Array, Flags
from evaluator.estimators.autoregression import (
    Candidates,
    ar1_profile,
    forecast_shift,
    level_shift,
)
from evaluator.estimators.clusters import ArmRatio, arm_ratios, triple_ratios
from evaluator.estimators.least_squares import newey_west
from evaluator.estimators.ratio import HALF
from evaluator.inference import arms as arm_laws
from evaluator.inference import ratios as ratio_laws
from evaluator.inference.distributions import StudentT
from evaluator.inference.extra import extra_of_one, extra_of_several, overdispersion
from evaluator.inference.refusals import Conditions, refusal
from evaluator.inference.series import at_shared_rho, mixed
from evaluator.results import Distribution, Effect, Extra, NotRun, RowKey


@dataclass(frozen=True, slots=True)
class Joint:
    """Log lifts of several series that are uncertain together."""

    log_lifts: Array
    covariance: Array
    dof: float


@dataclass(frozen=True, slots=True)
class Law:
    """What a method returns: a point, its law, and where the two came from."""

    log_lift: float
    distribution: Distribution
    joint: Joint | None = None
    chosen: str = ""
    """Which of several laws was quoted, where a method chooses."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """An effect with what it is worth in counts."""

    effect: Effect
    extra: Extra
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an estimate depends on besides the comparison: the declared level and the seed."""

    level: float = 0.95
    seed: int = 0

    def generator(self, key: RowKey) -> np.random.Generator:
        """A stream of random numbers of its own for every row, whatever rows stand beside it."""
        text = "\x1f".join(
            (key.question, key.course, key.channel, key.arm, key.method, key.variant)
        )
        return np.random.default_rng([self.seed, zlib.crc32(text.encode())])


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
    return Estimated(effect, _extra(comparison, law, effect, key, setting), law.chosen)


def conditions(comparison: Comparison) -> Conditions:
    """What the refusal table looks at."""
    treated, other = window_and_reference(comparison)
    inside = treated if comparison.in_a is None else treated * comparison.in_a
    cells = list(np.ravel(inside.sum(axis=-1)))
    if len(comparison.other):
        cells += list(np.ravel(other.sum(axis=(-2, -1))))
    if comparison.in_a is not None:
        cells += list(np.ravel((treated * ~comparison.in_a).sum(axis=-1)))
    zero, alpha = _sparseness(comparison)
    return Conditions(
        reference_weeks=comparison.reference_weeks,
        window_weeks=comparison.window_weeks,
        others=len(comparison.other),
        series=len(comparison.series),
        smallest_total=float(min(cells)),
        arm_units=None if comparison.in_a is None else int(comparison.in_a.sum(axis=1).min()),
        zero_weeks=zero,
        alpha=alpha,
        trend=comparison.trend,
    )


def window_and_reference(comparison: Comparison) -> tuple[Array, Array]:
    """Totals of the treated (2, S, U) and of the other courses (2, S, n, U): window, reference."""
    codes = comparison.codes
    masks = np.stack([codes == WINDOW, codes == REFERENCE]).astype(float)
    treated = np.einsum("sud,csd->csu", comparison.treated, masks)
    other = np.tensordot(masks, comparison.other, axes=([2], [2]))
    return treated, other


# ── one course, or several, against the other courses ─────────────────────────────────────


def _totals(comparison: Comparison) -> ratio_laws.Totals:
    treated, other = window_and_reference(comparison)
    return ratio_laws.Totals(
        treated[0].sum(axis=-1),
        treated[1].sum(axis=-1),
        other[0].sum(axis=-1),
        other[1].sum(axis=-1),
    )


def _size_adjusted(comparison: Comparison, _: Setting) -> Law:
    law = ratio_laws.size_adjusted(_totals(comparison)).at(0)
    return Law(float(law.location), law)


def _ranked(comparison: Comparison, _: Setting) -> Law:
    law = ratio_laws.ranked(_totals(comparison))
    return Law(law.location, law)


def _these_courses(comparison: Comparison, _: Setting) -> Law:
    totals = _totals(comparison)
    law = ratio_laws.these_courses(totals)
    joint = Joint(totals.ratios().log_lift, ratio_laws.joint_covariance(totals), law.dof)
    return Law(float(law.location), law, joint)


def _courses_like_these(comparison: Comparison, setting: Setting) -> Law:
    law = ratio_laws.courses_like_these(_totals(comparison))
    return Law(float(law.location), law, _these_courses(comparison, setting).joint)


# ── arm A against arm B ───────────────────────────────────────────────────────────────────


def _arms_by_unit(comparison: Comparison, _: Setting) -> Law:
    return _by_unit(comparison, _arm_ratios(comparison))


def _triple_difference(comparison: Comparison, _: Setting) -> Law:
    in_a = _membership(comparison)
    other = window_and_reference(comparison)[1].sum(axis=2)
    ratios = triple_ratios(_arm_ratios(comparison), arm_ratios(other[0], other[1], in_a))
    return _by_unit(comparison, ratios)


def _arms_two_series(comparison: Comparison, _: Setting) -> Law:
    own = _arm_candidates(comparison)
    if not comparison.companions:
        law = mixed(own)
        return Law(float(law.location), law, chosen="weekly series")
    noise = [_arm_noise(c) for c in (comparison, *comparison.companions)]
    companions = [_arm_candidates(companion) for companion in comparison.companions]
    shared = at_shared_rho(own, companions, noise)
    return Law(float(shared.location), shared, chosen="weekly series")


def _arms_wider(comparison: Comparison, setting: Setting) -> Law:
    """By country or as series, whichever is wider; the series alone where units are few."""
    series = _arms_two_series(comparison, setting)
    try:
        units = _arms_by_unit(comparison, setting)
    except Refusal:
        return series
    chosen = arm_laws.wider(units.distribution, series.distribution, setting.level)
    return series if chosen else units


def _arm_ratios(comparison: Comparison) -> ArmRatio:
    treated, _ = window_and_reference(comparison)
    return arm_ratios(treated[0], treated[1], _membership(comparison))


def _by_unit(comparison: Comparison, ratios: ArmRatio) -> Law:
    arm_units = int(_membership(comparison).sum(axis=1).min())
    law = arm_laws.by_unit(ratios, arm_units)
    joint = Joint(ratios.log_lift, ratios.covariance(), law.dof)
    return Law(float(law.location), law, joint if len(comparison.series) > 1 else None, "by unit")


def _arm_candidates(comparison: Comparison) -> Candidates:
    periods = periods_of(comparison, earlier=True)
    arm_a, arm_b = _arm_series(comparison, periods)
    return _forecast(arm_a, arm_b, periods)


def _arm_series(comparison: Comparison, periods: Periods) -> tuple[Array, Array]:
    """Weekly totals of arm A and of arm B, summed over the series."""
    in_a = _membership(comparison)[:, :, None]
    daily = [(comparison.treated * member).sum(axis=(0, 1)) for member in (in_a, ~in_a)]
    return periods.sums(daily[0]), periods.sums(daily[1])


def _arm_noise(comparison: Comparison) -> Array:
    periods = periods_of(comparison, earlier=True)
    means = [np.mean(s[~periods.window]) for s in _arm_series(comparison, periods)]
    return np.asarray(sum(1 / (mean + HALF) for mean in means))


def _membership(comparison: Comparison) -> Flags:
    if comparison.in_a is None:
        raise TypeError("a comparison of arms needs the membership of its units")
    return comparison.in_a


# ── before against during: interrupted time series ────────────────────────────────────────


SPIKE = 1.8
"""A window week of the other courses above this multiple of their mean reference week."""


def spike_of_others(comparison: Comparison) -> float:
    """Largest whole window week of the other courses over their mean reference week."""
    daily, codes = comparison.other.sum(axis=(0, 1)), comparison.codes[0]
    window = np.flatnonzero(codes == WINDOW)
    weeks = len(window) // 7
    base = daily[codes == REFERENCE].mean() * 7
    if not weeks or base == 0:
        return 0.0
    return float(daily[window[: weeks * 7]].reshape(weeks, 7).sum(axis=1).max() / base)


def _controlled_its(comparison: Comparison, setting: Setting) -> Law:
    """The forecast from the other courses; beside a deadline, the wider of it and the ratio."""
    periods = periods_of(comparison)
    law = mixed(_forecast(*_ratio_series(comparison, periods), periods))
    forecast = Law(float(law.location), law, chosen="forecast")
    if spike_of_others(comparison) <= SPIKE:
        return forecast
    if comparison.window_weeks < 2:
        raise NotIdentified(
            "a window of one week in which the other courses peak: the forecast covers .70–.78"
            " where .95 is claimed"
        )
    ratio = replace(_size_adjusted(comparison, setting), chosen="ratio of totals")
    wide = arm_laws.wider(forecast.distribution, ratio.distribution, setting.level)
    return ratio if wide else forecast


def _single_its(comparison: Comparison, _: Setting) -> Law:
    periods = periods_of(comparison)
    course, _others = _ratio_series(comparison, periods)
    constant = periods.lengths / comparison.period_days - HALF
    law = mixed(_forecast(course, constant, periods))
    return Law(float(law.location), law)


def _level_shift(comparison: Comparison, _: Setting) -> Law:
    periods = periods_of(comparison)
    X = np.column_stack([periods.columns, periods.window.astype(float)])
    law = mixed(level_shift(ar1_profile(_log_ratio(*_ratio_series(comparison, periods)), X)))
    return Law(float(law.location), law)


def _segmented_newey_west(comparison: Comparison, _: Setting) -> Law:
    """Level and slope before, level and slope after: the mean departure over the window."""
    periods = periods_of(comparison)
    course, _others = _ratio_series(comparison, periods)
    time = np.arange(len(course)) - float(np.flatnonzero(periods.window)[0])
    after = periods.window.astype(float)
    X = np.column_stack([np.ones(len(time)), time, after, after * time])
    y = np.log(course + HALF) - np.log(periods.lengths / comparison.period_days)
    fit = newey_west(y, X, lags=int(4 * (len(y) / 100) ** (2 / 9)))
    contrast = np.array([0.0, 0.0, 1.0, time[periods.window].mean()])
    location = float(contrast @ fit.coefficients)
    scale = float(np.sqrt(contrast @ fit.covariance @ contrast))
    return Law(location, StudentT(np.asarray(location), np.asarray(scale), float(fit.dof)))


def _within_campaign(comparison: Comparison, _: Setting) -> Law:
    """A wave's weeks against the course's other campaign weeks, net of a launch decay."""
    length, codes = comparison.period_days, comparison.codes[0]
    campaign = np.flatnonzero(codes != 0) if not comparison.waves else _campaign_days(comparison)
    first, stop = int(campaign[0]), int(campaign[-1]) + 1
    edges = np.arange(first, stop, length, dtype=np.intp)
    periods = Periods(edges, stop, np.zeros(len(edges), dtype=bool), np.ones((len(edges), 1)))
    shares = [periods.sums(mark.astype(float)) / periods.lengths for _, mark in comparison.waves]
    X = np.column_stack([periods.columns, np.arange(len(edges), dtype=float), *shares])
    if len(edges) - X.shape[1] < 2:
        raise TooFewPeriods(f"{len(edges)} campaign weeks for {X.shape[1]} coefficients")
    y = _log_ratio(*_ratio_series(comparison, periods))
    law = mixed(level_shift(ar1_profile(y, X)))
    return Law(float(law.location), law)


def _campaign_days(comparison: Comparison) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    used = comparison.codes[0] != 0
    for _, mark in comparison.waves:
        used = used | (mark == 1)
    return np.flatnonzero(used)


def _ratio_series(comparison: Comparison, periods: Periods) -> tuple[Array, Array]:
    """The course's series and that of the pooled other courses, (N,) each."""
    course = periods.sums(comparison.treated.sum(axis=(0, 1)))
    return course, periods.sums(comparison.other.sum(axis=(0, 1)))


def _log_ratio(treated: Array, comparison: Array) -> Array:
    ratio: Array = np.log(treated + HALF) - np.log(comparison + HALF)
    return ratio


def _forecast(treated: Array, comparison: Array, periods: Periods) -> Candidates:
    before, during = ~periods.window, periods.window
    X = periods.columns
    profile = ar1_profile(_log_ratio(treated, comparison)[before], X[before])
    return forecast_shift(profile, X[before][-1], X[during], treated[during], comparison[during])


# ── what it is worth, and what the refusal table sees ─────────────────────────────────────


def _extra(
    comparison: Comparison, law: Law, effect: Effect, key: RowKey, setting: Setting
) -> Extra:
    noise = (_alpha(comparison), max(round(comparison.window_weeks), 1))
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


def _alpha(comparison: Comparison) -> float:
    """Weekly over-dispersion of the courses (or, without them, of the units) nobody treated."""
    before = int(np.flatnonzero(comparison.codes[0] == WINDOW)[0])
    used = np.flatnonzero(comparison.codes[0][:before])
    if len(used) < 14:
        return 0.0
    edges = np.arange(used[-1] + 1 - (used[-1] + 1 - used[0]) // 7 * 7, used[-1] + 1, 7)
    untreated = comparison.other.sum(axis=1)
    if not len(untreated) and comparison.in_a is not None:
        untreated = comparison.treated[0][~comparison.in_a[0]]
    if len(untreated) < 2:
        return 0.0
    return overdispersion(np.add.reduceat(untreated[:, : used[-1] + 1], edges, axis=-1))


def _sparseness(comparison: Comparison) -> tuple[float, float]:
    """Share of weeks without any outcome, and over-dispersion of the treated series."""
    shares = []
    for position in range(len(comparison.series)):
        used = np.flatnonzero(comparison.codes[position])
        edges = np.arange(used[0], used[-1] + 1, 7)
        weekly = np.add.reduceat(comparison.treated[position].sum(axis=0)[: used[-1] + 1], edges)
        shares.append(float(np.mean(weekly == 0)))
    return max(shares), _alpha(comparison)


METHODS: Mapping[str, Callable[[Comparison, Setting], Law]] = {
    "size_adjusted_ratio": _size_adjusted,
    "ranked_ratio": _ranked,
    "these_courses": _these_courses,
    "courses_like_these": _courses_like_these,
    "arms_wider": _arms_wider,
    "arms_wider_summed": _arms_wider,
    "arms_by_unit": _arms_by_unit,
    "arms_two_series": _arms_two_series,
    "triple_difference": _triple_difference,
    "arms_within_campaign": _arms_by_unit,
    "controlled_its": _controlled_its,
    "level_shift": _level_shift,
    "single_its": _single_its,
    "segmented_newey_west": _segmented_newey_west,
    "within_campaign": _within_campaign,
}
