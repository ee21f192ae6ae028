"""Exact tests of a coverage: how many of so many worlds an interval may hold, and changes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Band:
    """Counts that an interval with this coverage leaves once in 1 / `false_alarms` times."""

    level: float
    draws: int
    false_alarms: float
    conservative: bool = False
    """Whether to hold more often than claimed is allowed."""

    @property
    def ends(self) -> tuple[int, int]:
        """Smallest and largest count inside; exact, from the binomial law."""
        from scipy.stats import binom

        law = binom(self.draws, self.level)
        tail = self.false_alarms if self.conservative else self.false_alarms / 2
        # ppf: the smallest k with P(X ≤ k) ≥ tail, so P(X < k) < tail.
        low = int(law.ppf(tail))
        high = self.draws if self.conservative else int(law.isf(tail))
        return low, high

    def __contains__(self, held: int) -> bool:
        low, high = self.ends
        return low <= held <= high

    def noticed(self, power: float = 0.9) -> float:
        """Largest coverage below the level that leaves the band with this chance, to .001."""
        from scipy.stats import binom

        low, _ = self.ends
        below = np.arange(int(self.level * 1000)) / 1000
        return float(below[binom.cdf(low - 1, self.draws, below) >= power].max(initial=0.0))


def unchanged(before: Flags, after: Flags) -> float:
    """Two-sided p-value of an unchanged coverage, over the same worlds (McNemar, exact).

    Valid over other worlds as well, where it notices less.

    >>> bits = np.array([True] * 10 + [False] * 3)
    >>> unchanged(bits, ~bits), unchanged(bits, bits)
    (0.0922..., 1.0)
    """
    from scipy.stats import binomtest

    lost, gained = lost_and_gained(before, after)
    return float(binomtest(lost, lost + gained).pvalue) if lost + gained else 1.0


def lost_and_gained(before: Flags, after: Flags) -> tuple[int, int]:
    return int(np.sum(before & ~after)), int(np.sum(after & ~before))
