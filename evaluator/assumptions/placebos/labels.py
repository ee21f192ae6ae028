"""The label “promoted” redrawn over all courses: does the rank bear the interval out?"""

from __future__ import annotations

import numpy as np

from evaluator.assumptions.looked import Looked, Seen
from evaluator.assumptions.placebos.contrast import Contrast, contrast_of
from evaluator.assumptions.placebos.replay import replayed
from evaluator.assumptions.trends.weekly import has_weeks
from evaluator.errors import Refusal
from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import fitted_scale
from evaluator.inference.permuted import labellings, share_beyond
from evaluator.results import Effect, Evidence, Finding, NotRun, Placebos, Status

IN_SPACE, PERMUTED = "placebo in space", "labels permuted"
AGREES = 2.0
"""Labellings may be this much more frequent than the level at which the row claims an effect: two
tests of one hypothesis differ by that much."""


def labels_redrawn(looked: Looked) -> Seen:
    """The rank of the row among other courses; of its set of courses among all sets.

    Ratios of totals are redrawn at once, with no effect imposed; a forecast is made again for
    each other course.
    """
    effect = looked.effect
    if effect is None or not has_weeks(looked):
        return Seen(())
    totals = contrast_of(looked)
    found: Placebos | NotRun = NotRun("its method gives no interval to some of them")
    if not len(looked.comparison.other):
        found = NotRun("there is none")
    elif totals is not None:
        found = _permuted(totals, looked)
    elif (replays := replayed(looked)) is not None:
        z = replays.other[:, 0] / replays.other_se[:, 0]
        z = np.append(replays.own[0] / replays.own_se[0], z)
        found = Placebos("in space", ascending(replays.other[:, 0]), share_beyond(z))
    if isinstance(found, NotRun):
        sentence = f"no other course can stand in the row's place: {found.reason}"
        return Seen((Finding(IN_SPACE, Status.NOT_RUN, sentence),))
    return Seen((_rank(looked, effect, found),), Evidence(placebos=(found,)))


def redrawn(totals: Contrast, rng: np.random.Generator) -> tuple[Array, Array]:
    """Estimates under redrawn labels, and their size-adjusted t statistics.

    A course's estimate is judged by its size, √(κ + φh), fitted to what every course does against
    the rest, the promoted ones included: under no effect they are like the others, and redrawing
    leaves the scale as it is.

    Returns
    -------
    log lifts and t, (labellings,) each, the true labelling first

    Raises
    ------
    TooFewUnits, TooFewCounts : the courses give no scale

    References
    ----------
    Fisher (1935); MacKinnon & Webb (2020), randomization inference with few treated clusters,
    on the t statistic.
    """
    every = np.concatenate([totals.crossed.sum(axis=-1), totals.other.sum(axis=-1)], axis=2)
    series, whole = every.shape[1], every.sum(axis=-1)
    labels = labellings(every.shape[2], series, rng)
    chosen = every[:, np.arange(series), labels]
    rest = whole[:, None] - every[:, :, labels].sum(axis=-1).swapaxes(1, 2)
    log_lifts = totals.log_lift(chosen, rest).mean(axis=-1)
    alone = totals.log_lift(every, whole[..., None] - every)
    scale = fitted_scale(alone, totals.noise(every))
    variance = np.sum(scale.kappa + scale.phi * totals.noise(chosen), axis=-1)
    # Where count noise is nil and so is what courses do by themselves, all weigh alike.
    return log_lifts, log_lifts * series / np.sqrt(np.maximum(variance, 1e-300))


def ascending(log_lifts: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in np.sort(log_lifts))


def _permuted(totals: Contrast, looked: Looked) -> Placebos | NotRun:
    try:
        log_lifts, t = redrawn(totals, looked.setting.generator(looked.planned.key))
    except Refusal as refused:
        return NotRun(refused.reason)
    kind = "permuted" if totals.promoted.shape[1] > 1 else "in space"
    return Placebos(kind, ascending(log_lifts[1:]), share_beyond(t))


def _rank(looked: Looked, effect: Effect, found: Placebos) -> Finding:
    """An effect that is claimed at α has a rank near α, or is no larger than what courses do."""
    alpha, number = 1 - looked.setting.level, len(found.log_lifts)
    name = PERMUTED if found.kind == "permuted" else IN_SPACE
    where = "sets of courses" if found.kind == "permuted" else "courses"
    farther = round(found.p * (number + 1)) - 1
    said = (
        f"{farther or 'none'} of {number:,} other {where} in the row's place move as far by"
        f" themselves: p = {found.p:.2g} by rank"
    )
    if 1 / (number + 1) > alpha:
        return Finding(name, Status.NOT_RUN, f"{said}, which can be no smaller with so few")
    if effect.p_value() > alpha:
        sentence = f"no effect is claimed that a rank could refute; {said}"
        return Finding(name, Status.NOT_RUN, sentence)
    margin = AGREES * alpha - found.p
    if margin >= 0:
        return Finding(name, Status.PASS, said, "", margin)
    sentence = f"{said}, where the row's own law gives {effect.p_value():.2g}"
    todo = "read the effect as no larger than what courses do by themselves"
    return Finding(name, Status.FAIL, sentence, todo, margin)
