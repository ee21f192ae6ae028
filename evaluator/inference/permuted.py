"""Which courses were promoted, redrawn: a randomization test with no effect imposed."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from evaluator.estimators.arrays import Array

Labels = NDArray[np.intp]

MOST = 2000


def labellings(courses: int, promoted: int, rng: np.random.Generator) -> Labels:
    """Labels of courses that might have been promoted, the first of them the one that was.

    All of them where they are at most `MOST`, otherwise as many drawn.

    Parameters
    ----------
    courses : how many there are, the promoted ones first
    promoted : how many were

    Returns
    -------
    (labellings, promoted) which courses carry the labels
    """
    own = np.arange(promoted)[None]
    if math.comb(courses, promoted) <= MOST:
        return np.array(list(combinations(range(courses), promoted)), dtype=np.intp)
    drawn = np.argsort(rng.random((MOST - 1, courses)), axis=1)[:, :promoted]
    return np.concatenate([own, drawn]).astype(np.intp)


def share_beyond(statistics: Array) -> float:
    """Share of the sets that are at least as far from no effect as the first."""
    own = abs(float(statistics[0]))
    return float(np.mean(np.abs(statistics) >= own * (1 - 1e-12)))
