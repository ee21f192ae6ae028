"""A test of a coverage that draws worlds until it is sure: for a long nightly run.

The likelihood of the worlds so far, averaged over all coverages (Jeffreys' prior), over that of
one coverage p is a martingale if p is the truth, so it ever exceeds 1/α with probability at most α
(Ville). All p that it has not refuted are a confidence sequence: one may look after every world.

References
----------
Robbins (1970), section 2; Waudby-Smith & Ramdas (2024), section 1
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from evaluator.testing.calibrated import FALSE_ALARMS, Estimator, World, held_in_turn

AT_MOST = 100_000


class Answer(StrEnum):
    """What a sequential test came to. *Not decided* is never a pass."""

    HOLDS = "holds"
    OFF = "off"
    NOT_DECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Claimed:
    """What an interval claims, and how far from it its coverage may be.

    An interval that is off by at most `tolerance` is failed, and one off by more than twice that
    is passed, with probability at most `false_alarms` each, however long the test runs.
    """

    level: float = 0.95
    tolerance: float = 0.01
    false_alarms: float = FALSE_ALARMS
    conservative: bool = False
    """Whether to cover more than claimed is allowed."""

    def answer(self, held: int, draws: int) -> Answer:
        """After so many worlds, of which the interval held the truth in so many."""
        found = held / draws if draws else self.level
        near, far = self.tolerance, 2 * self.tolerance
        sides = (-1,) if self.conservative else (-1, 1)
        for side in sides:
            if side * (found - self.level) > near and self._refuted(side * near, held, draws):
                return Answer.OFF
        inside = all(
            side * (found - self.level) < far and self._refuted(side * far, held, draws)
            for side in sides
        )
        return Answer.HOLDS if inside else Answer.NOT_DECIDED

    def _refuted(self, by: float, held: int, draws: int) -> bool:
        """Whether the coverage `level + by` is outside the confidence sequence."""
        coverage = self.level + by
        if not 0 < coverage < 1:
            return True
        return log_evidence(held, draws, coverage) >= -math.log(self.false_alarms)


@dataclass(frozen=True, slots=True)
class Sequential:
    """Where a sequential test stopped."""

    claimed: Claimed
    held: int
    draws: int

    @property
    def answer(self) -> Answer:
        return self.claimed.answer(self.held, self.draws)

    def assert_coverage(self) -> None:
        """Fail unless the coverage is known to be near its claim.

        Raises
        ------
        AssertionError : it is off, or not decided; says the count
        """
        __tracebackhide__ = True
        if self.answer is not Answer.HOLDS:
            claimed = self.claimed
            said = {
                Answer.OFF: f"is off by more than {claimed.tolerance:g}",
                Answer.NOT_DECIDED: "is not decided, which is no pass: allow more worlds",
            }
            raise AssertionError(
                f"the interval held the truth in {self.held:,} of {self.draws:,} worlds"
                f" ({self.held / max(self.draws, 1):.4f}): its coverage of {claimed.level:g}"
                f" {said[self.answer]} (false alarms ≤ {claimed.false_alarms:g}, whenever it stops)"
            )


def calibrate_until_sure(
    estimator: Estimator[Any],
    world: World[Any],
    *,
    seed: int = 0,
    claimed: Claimed | None = None,
    at_most: int = AT_MOST,
) -> Sequential:
    """Draw worlds until the coverage is known to be near its claim, or off it.

    Parameters
    ----------
    estimator, world, seed : as for `calibrate`; the same worlds in the same order
    at_most : worlds after which it stops undecided
    """
    claimed = claimed or Claimed()
    held = draws = 0
    for held_this in islice(held_in_turn(estimator, world, seed), at_most):
        held, draws = held + held_this, draws + 1
        if claimed.answer(held, draws) is not Answer.NOT_DECIDED:
            break
    return Sequential(claimed, held, draws)


def log_evidence(held: int, draws: int, coverage: float) -> float:
    """Log of the averaged likelihood over that of one coverage in (0, 1).

    >>> log_evidence(0, 0, 0.95)
    0.0
    >>> round(log_evidence(1, 1, 0.95), 6)  # ½ on average, .95 if it is the truth
    -0.641854
    """
    missed = draws - held
    averaged = _log_beta(held + 0.5, missed + 0.5) - _log_beta(0.5, 0.5)
    return averaged - held * math.log(coverage) - missed * math.log1p(-coverage)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
