"""Attempts to refute a row: labels redrawn, courses left out, a common cause added.

By resampling of our own, on our own estimate: rows of weeks drawn at random, as libraries do it,
would destroy the serial dependence that the interval is about.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from evaluator.assumptions.departure import standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.refutations.common_cause import common_cause
from evaluator.assumptions.refutations.contrast import Contrast, contrast
from evaluator.effects import Estimated
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import fitted_scale
from evaluator.results import Effect, Evidence, Finding, Placebos, Status

LABELLINGS = 999
"""At most; all of them where there are no more."""
AGREES = 2.0
"""Labellings may be this much more frequent than the level at which the row claims an effect: two
tests of one hypothesis differ by that much."""
SUBSETS = 500
LEFT_OUT = 0.2
"""Share of the other courses (where arms are compared: of the countries) that a subset lacks."""
MAY_MOVE = 0.075
"""Share of subsets that may move the estimate by a standard error. Independent countries do so in
.05 of them; where one country alone makes up a standard error, in half of those without it: .10,
which 500 subsets tell from .075 with a chance of .97."""

PLACEBO, SUBSET, CAUSE = (
    f"refutation: {what}" for what in ("placebo treatment", "subset of courses", "common cause")
)


def refutations(looked: Looked) -> Seen:
    """The three attempts, for rows that are a ratio of totals."""
    totals = contrast(looked.comparison, looked.planned.key.method)
    effect = looked.effect
    if totals is None or effect is None or looked.comparison.trials is not None:
        return Seen(())
    rng = looked.setting.generator(looked.planned.key)
    finding, placebos = _placebo(totals, effect, looked.setting.level, rng)
    found = (
        finding,
        _subsets(totals, looked, effect, rng),
        common_cause(CAUSE, looked.comparison, totals, effect, looked.setting.level),
    )
    return Seen(found, Evidence(placebos=placebos))


def _placebo(
    totals: Contrast, effect: Effect, level: float, rng: np.random.Generator
) -> tuple[Finding, tuple[Placebos, ...]]:
    """The label “promoted” redrawn over all courses."""
    if not totals.other.shape[2]:
        return Finding(PLACEBO, Status.NOT_RUN, "no other course to redraw the label over"), ()
    try:
        log_lifts = permuted(totals, rng)
    except Refusal as refused:
        return Finding(PLACEBO, Status.NOT_RUN, refused.reason), ()
    p = float(np.mean(np.abs(log_lifts) >= abs(log_lifts[0]) * (1 - 1e-9)))
    evidence = Placebos("permuted", tuple(sorted(round(float(x), 9) for x in log_lifts)), p)
    return _placebo_finding(effect, p, len(log_lifts), 1 - level), (evidence,)


def _placebo_finding(effect: Effect, p: float, labellings: int, alpha: float) -> Finding:
    own = effect.p_value()
    drawn = f"with “promoted” redrawn over all courses, {p:.1%} of {labellings:,} labellings"
    said = f"{drawn} move at least as far from no effect as this one"
    if own > alpha:
        return Finding(
            PLACEBO, Status.NOT_RUN, f"no effect is claimed, so there is none to refute; {said}"
        )
    if 1 / labellings > alpha:
        return Finding(
            PLACEBO,
            Status.NOT_RUN,
            f"{labellings} courses are too few: the rarest labelling is one in {labellings}, which"
            f" is no rarer than {alpha:.0%}",
        )
    if p <= AGREES * alpha:
        return Finding(PLACEBO, Status.PASS, said, margin=AGREES * alpha - p)
    return Finding(
        PLACEBO,
        Status.FAIL,
        f"{said}, where the row's own law gives {own:.1%}",
        "read the effect as no larger than what courses do by themselves",
        AGREES * alpha - p,
    )


def permuted(totals: Contrast, rng: np.random.Generator) -> Array:
    """Estimates under redrawn labels, each on the scale of the row's own.

    A course's estimate is judged by its size: √(κ + φh), fitted to the other courses' placebo
    effects. The p-value is that of the standardised estimates.

    Returns
    -------
    (labellings,) natural-log units, the true labelling first

    Raises
    ------
    TooFewUnits, TooFewCounts : the other courses give no scale
    """
    every = np.concatenate([totals.crossed.sum(axis=-1), totals.other.sum(axis=-1)], axis=2)
    series = every.shape[1]
    labels = _labellings(every.shape[2], series, rng)
    slots = np.arange(series)
    chosen = every[:, slots, labels]
    rest = every.sum(axis=-1)[:, None] - every[:, :, labels].sum(axis=-1).swapaxes(1, 2)
    effects = totals.log_lift(chosen, rest)
    others = totals.other.sum(axis=-1)
    placebo = totals.log_lift(others, others.sum(axis=-1, keepdims=True) - others)
    scale = fitted_scale(placebo, totals.noise(others))
    variance = np.sum(scale.kappa + scale.phi * totals.noise(chosen), axis=-1)
    # Where count noise is nil and so is what courses do by themselves, all weigh alike.
    relative = np.sqrt(np.maximum(variance, 1e-300))
    standardised: Array = effects.mean(axis=-1) / relative * relative[0]
    return standardised


def _labellings(courses: int, series: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """(R, series) which courses carry the labels; first the promoted ones, who come first."""
    own = np.arange(series)
    if math.comb(courses, series) <= LABELLINGS:
        return np.array(list(combinations(range(courses), series)))
    drawn = np.argsort(rng.random((LABELLINGS - 1, courses)), axis=-1)[:, :series]
    return np.concatenate([own[None], drawn])


def _subsets(totals: Contrast, looked: Looked, effect: Effect, rng: np.random.Generator) -> Finding:
    """The estimate on random parts of the courses, or of the countries."""
    arms = looked.comparison.in_a is not None
    moved = without_countries(totals, rng) if arms else without_courses(totals, rng)
    what = looked.resolved.protocol.unit if arms else "other course"
    far = float(np.mean(np.abs(moved) > standard_error(effect)))
    low, high = (effect.log_lift + float(x) for x in np.quantile(moved, [0.025, 0.975]))
    quoted = isinstance(looked.outcome, Estimated) and looked.outcome.chosen == "two series"
    sentence = (
        f"without a fifth of the {_plural(what)}, drawn {SUBSETS} times, the"
        f" {'ratio of totals' if quoted else 'estimate'} moves by a standard error or more in"
        f" {far:.1%}; 95% of the estimates lie from ×{math.exp(low):.2f} to ×{math.exp(high):.2f}"
    )
    holds = far <= MAY_MOVE
    return Finding(
        SUBSET,
        Status.PASS if holds else Status.FAIL,
        sentence,
        "" if holds else f"find the {what} that the estimate hangs on",
        MAY_MOVE - far,
    )


def without_courses(totals: Contrast, rng: np.random.Generator) -> Array:
    """By how much the estimate moves without a fifth of the other courses, (SUBSETS,).

    The promoted ones stay: they are what the row is about.
    """
    own, other = totals.promoted.sum(axis=-1), totals.other.sum(axis=-1)
    kept = _kept(rng, other.shape[2])
    lifts = totals.log_lift(own[:, None], np.einsum("ksn,rn->krs", other, kept))
    moved: Array = lifts.mean(axis=-1) - totals.log_lift(own, other.sum(axis=-1)).mean()
    return moved


def without_countries(totals: Contrast, rng: np.random.Generator) -> Array:
    """The same without a fifth of the countries, (SUBSETS,)."""
    own, other = totals.promoted, totals.other.sum(axis=2)
    kept = _kept(rng, own.shape[-1])
    lifts = totals.log_lift(*(np.einsum("ksu,ru->krs", part, kept) for part in (own, other)))
    whole = totals.log_lift(own.sum(axis=-1), other.sum(axis=-1))
    moved: Array = lifts.mean(axis=-1) - whole.mean()
    return moved


def _kept(rng: np.random.Generator, number: int) -> Array:
    """(SUBSETS, number) 1 for all but a fifth, drawn without replacement."""
    keep = math.ceil((1 - LEFT_OUT) * number)
    order = np.argsort(rng.random((SUBSETS, number)), axis=-1)
    return (order < keep).astype(float)


def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
