"""A fifth of the courses, or of the countries, left out at random: does the estimate hold?

By resampling of our own, on our own estimate: rows of weeks drawn at random, as libraries do it,
would destroy the serial dependence that the interval is about.
"""

from __future__ import annotations

import math

import numpy as np

from evaluator.assumptions.departure import standard_error
from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.placebos.contrast import Contrast, contrast_of
from evaluator.effects import Estimated
from evaluator.estimators.arrays import Array
from evaluator.results import Finding, Status

SUBSETS = 500
LEFT_OUT = 0.2
"""Share of the other courses (where arms are compared: of the countries) that a subset lacks."""
MAY_MOVE = 0.075
"""Share of subsets that may move the estimate by a standard error. Independent countries do so in
.05 of them; where one country alone makes up a standard error, in half of those without it: .10,
which 500 subsets tell from .075 with a chance of .97."""

NAME = "refutation: subset of courses"


def subsets(looked: Looked) -> Seen:
    """The estimate on random parts of the courses, or of the countries, of a ratio of totals."""
    totals, effect = contrast_of(looked), looked.effect
    if totals is None or effect is None:
        return Seen(())
    arms = looked.comparison.in_a is not None
    if isinstance(looked.outcome, Estimated) and looked.outcome.chosen == "two series":
        sentence = (
            "the row quotes two series, of just these units: with some of them left out it would"
            " be about others"
        )
        return Seen((Finding(NAME, Status.NOT_RUN, sentence),))
    rng = looked.setting.generator(looked.planned.key)
    moved = without_countries(totals, rng) if arms else without_courses(totals, rng)
    what = looked.resolved.protocol.unit if arms else "other course"
    far = float(np.mean(np.abs(moved) > standard_error(effect)))
    low, high = (effect.log_lift + float(x) for x in np.quantile(moved, [0.025, 0.975]))
    sentence = (
        f"without a fifth of the {_plural(what)}, drawn {SUBSETS} times, the estimate moves by a"
        f" standard error or more in {far:.1%}; 95% of the estimates lie from"
        f" ×{math.exp(low):.2f} to ×{math.exp(high):.2f}"
    )
    holds = far <= MAY_MOVE
    status = Status.PASS if holds else Status.FAIL
    todo = "" if holds else f"find the {what} that the estimate hangs on"
    return Seen((Finding(NAME, status, sentence, todo, MAY_MOVE - far),))


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
