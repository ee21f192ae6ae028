"""What a method is given and what it returns."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from evaluator.estimators.arrays import Array, Flags
from evaluator.inference.distributions import Either
from evaluator.results import Distribution, RowKey, Share


@dataclass(frozen=True, slots=True)
class Joint:
    """Log lifts of several series that are uncertain together."""

    log_lifts: Array
    covariance: Array
    dof: float


@dataclass(frozen=True, slots=True)
class Law:
    """What a method returns: a point, its law, and where the two came from.

    Of one campaign, or of many of one design: then everything has their leading axes.
    """

    log_lift: Array
    """(...,)"""
    distribution: Distribution
    joint: Joint | None = None
    chosen: str = ""
    """Which of several laws was quoted, where a method chooses; empty for many campaigns."""
    share: Share | None = None
    """The share itself, where a ratio of shares is estimated."""


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


def either(first: Law, second: Law, second_where: Flags) -> Law:
    """The second of two laws in the campaigns where it is chosen, the first in the others."""
    if second_where.all() or not second_where.any():
        return second if second_where.any() else first
    log_lift = np.where(second_where, second.log_lift, first.log_lift)
    return Law(log_lift, Either(first.distribution, second.distribution, second_where))
