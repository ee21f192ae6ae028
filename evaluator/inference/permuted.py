"""Which courses were promoted, redrawn: a randomization test with no effect imposed."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from evaluator.estimators.arrays import Array
from evaluator.estimators.ratio import counterfactual_noise, placebo_scale, ratio_of_totals

Sets = NDArray[np.intp]

MOST_SETS = 2000


def relabelled(courses: int, promoted: int, rng: np.random.Generator) -> Sets:
    """Sets of courses that might have been promoted, the first of them the one that was.

    All of them where they are at most `MOST_SETS`, otherwise as many drawn.

    Parameters
    ----------
    courses : how many there are, the promoted ones first
    promoted : how many were

    Returns
    -------
    (sets, promoted)
    """
    own = np.arange(promoted)[None]
    if math.comb(courses, promoted) <= MOST_SETS:
        return np.array(list(combinations(range(courses), promoted)), dtype=np.intp)
    drawn = rng.permuted(np.tile(np.arange(courses), (MOST_SETS - 1, 1)), axis=1)
    return np.concatenate([own, np.sort(drawn[:, :promoted], axis=1)]).astype(np.intp)


def ratios_of_sets(window_total: Array, reference_total: Array, sets: Sets) -> tuple[Array, Array]:
    """Mean log ratio of each set of courses against all others, and its size-adjusted t.

    The scale is fitted to all courses, the promoted ones included: under no effect they are
    like the others, and relabelling leaves it as it is.

    Parameters
    ----------
    window_total, reference_total : (courses,)
    sets : (sets, promoted)

    Returns
    -------
    log ratios and t statistics, (sets,) each

    References
    ----------
    Fisher (1935); MacKinnon & Webb (2020), randomization inference with few treated clusters,
    on the t statistic.
    """
    inside = window_total[sets], reference_total[sets]
    rest = [
        (total.sum() - own.sum(axis=1))[:, None]
        for total, own in zip((window_total, reference_total), inside, strict=True)
    ]
    ratio = ratio_of_totals(*inside, *rest)
    scale = placebo_scale(window_total, reference_total)
    variance = scale.kappa + scale.phi * counterfactual_noise(ratio)
    promoted = sets.shape[1]
    standard_error = np.sqrt(variance.sum(axis=1)) / promoted
    lifts = ratio.log_lift.mean(axis=1)
    return lifts, lifts / standard_error


def share_beyond(statistics: Array) -> float:
    """Share of the sets that are at least as far from no effect as the first."""
    own = abs(float(statistics[0]))
    return float(np.mean(np.abs(statistics) >= own * (1 - 1e-12)))
