"""What is gained when people are contacted in the order of their predicted effect.

The curve is that of Radcliffe (2007), of scores rather than of raw outcomes: at a share q of the
list, what contacting the first q adds, per person of the whole list. A random order gains
q × the effect on all; contacting everybody gains all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.estimators.arrays import Array
from evaluator.targeting.contacts import Codes
from evaluator.targeting.groups import ranks
from evaluator.targeting.scores import Mean, mean_of, together

SHARES = tuple(share / 10 for share in range(1, 11))


@dataclass(frozen=True, slots=True)
class Point:
    """Of the curve: a share of the list, the most promising first."""

    share: float
    gain: Mean
    against_random: Mean
    """The gain, less that of as many people at random."""
    against_everyone: Mean
    """The gain, less that of contacting everybody."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The curve and the areas it encloses."""

    points: tuple[Point, ...]
    area: Mean
    """Under the curve (AUUC): mean gain over all shares."""
    qini: Mean
    """Between the curve and that of a random order."""
    against_everyone: Mean
    """The area, less that under contacting everybody whatever the share."""


def ranking(predicted: Array, scores: Array, fold: Codes, level: float, seed: int) -> Ranking:
    """Curve and areas, with intervals; those of the curve hold at all shares at once.

    Parameters
    ----------
    predicted : by models that have not seen the person. (people,)
    scores : whose mean is the effect. (people,)
    fold : people are ranked among those whom the same model predicts. (people,)
    """
    rank = ranks(predicted, fold)
    tied = _tied(rank, fold)
    curve = np.column_stack([_curve(rank, tied, scores, share) for share in SHARES])
    shares = np.array(SHARES)
    everyone = scores[:, None]
    gains = _means(curve, level, seed)
    random = _means(curve - shares * everyone, level, seed)
    all_ = _means(curve - everyone, level, seed)
    area = _area(rank, scores)
    points = zip(SHARES, gains, random, all_, strict=True)
    return Ranking(
        tuple(Point(*point) for point in points),
        mean_of(area),
        mean_of(area - scores / 2),
        mean_of(area - scores),
    )


def _tied(rank: Array, fold: Codes) -> Array:
    """Share of their fold that has the same rank as each person. (people,)"""
    tied = np.empty(len(rank))
    for held in np.unique(fold):
        own = fold == held
        _, level, counts = np.unique(rank[own], return_inverse=True, return_counts=True)
        tied[own] = counts[level] / own.sum()
    return tied


def _curve(rank: Array, tied: Array, scores: Array, share: float) -> Array:
    """What each person adds to the gain at a share: its mean is the gain. (people,)

    Of people with the same rank as many are let in as there is room for, at random. The threshold
    is a quantile of the ranks, not a number known before: who is let in when it moves has the
    effect of those at the threshold, which is subtracted from both sides.
    """
    inside = np.clip((rank + tied / 2 - (1 - share)) / tied, 0.0, 1.0)
    near = np.abs(rank - (1 - share)) <= 0.05
    margin = float(scores[near].mean()) if near.any() and share < 1 else 0.0
    added: Array = inside * scores - margin * (inside - inside.mean())
    return added


def _area(rank: Array, scores: Array) -> Array:
    """What each person adds to the area under the curve: its mean is the area. (people,)

    The area is the mean of score × rank; the second part is what a person does to the ranks of
    the others: the scores of those above, and half of those of the same rank.
    """
    _, level = np.unique(rank, return_inverse=True)
    own = np.bincount(level, weights=scores)
    above = ((own.sum() - np.cumsum(own) + own / 2) / len(scores))[level]
    added: Array = scores * rank + (above - above.mean())
    return added


def _means(columns: Array, level: float, seed: int) -> list[Mean]:
    """Means of columns with simultaneous intervals. (people, shares)"""
    means = [mean_of(column) for column in columns.T]
    return together(means, columns, level, seed)
