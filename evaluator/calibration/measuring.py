"""From many estimates of a known truth to coverage, with an error that knows what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.calibration.planting import Truth
from evaluator.comparisons.design import Comparison
from evaluator.comparisons.periods import Days
from evaluator.effects import Many
from evaluator.estimators.arrays import Array
from evaluator.results import Measured

FEWEST = 50
"""Campaigns without which a coverage says nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """What R campaigns have in common: courses, and weeks."""

    courses: Days
    """(R, m) the courses of each; drawn worlds have one "course" each, the draw they come from"""
    moved: Days
    """(R,) weeks by which its window is moved"""
    weeks: int
    """Length of a window: windows moved less far apart overlap; 0 where windows share nothing."""

    def kernel(self) -> Array:
        """(R, R) how much two campaigns have in common, 1 for a campaign and itself.

        A shared course counts by its part in the campaign, overlapping windows by their
        overlap (Bartlett); what either has in common counts (two-way clusters).

        References
        ----------
        Cameron, Gelbach & Miller (2011); Conley (1999).
        """
        member = np.zeros((len(self.courses), int(self.courses.max()) + 1))
        np.put_along_axis(member, self.courses, 1.0, axis=1)
        course = member @ member.T / self.courses.shape[1]
        apart = np.abs(self.moved[:, None] - self.moved[None, :])
        window = np.maximum(1 - apart / self.weeks, 0.0) if self.weeks else 0.0
        return np.asarray(course + window - course * window)


@dataclass(frozen=True, slots=True, eq=False)
class Campaigns:
    """Drawn campaigns of rows that are drawn together: K kinds, R of each."""

    truths: tuple[tuple[tuple[int, Truth], ...], ...]
    """Of each row: what it is judged on, and at which place on the axis of kinds it stands."""
    batches: Iterator[tuple[Comparison, ...]]
    """One comparison a row, outcomes with leading axes (K, ...); the rest of all batches is R."""
    sharing: Sharing | None
    """None: nothing."""


def of_one_row(
    truths: Sequence[Truth], batches: Iterator[Comparison], sharing: Sharing | None
) -> Campaigns:
    """Campaigns of a row by itself, all kinds its own."""
    return Campaigns((tuple(enumerate(truths)),), ((batch,) for batch in batches), sharing)


def measured(truth: Truth, many: Many, kernel: Array | None, level: float) -> Measured | None:
    """Coverage, power and the stretch that coverage would have taken; None from too few.

    Parameters
    ----------
    many : of campaigns (R,)
    kernel : (R, R) see `Sharing`; None where campaigns share nothing
    """
    kept = ~many.refused & np.isfinite(many.low + many.high)
    if kept.sum() < FEWEST:
        return None
    log_lift, low, high, p = (
        column[kept] for column in (many.log_lift, many.low, many.high, many.p)
    )
    covered = (low <= truth.log_lift) & (truth.log_lift <= high)
    shared = kernel[np.ix_(kept, kept)] if kernel is not None else None
    return Measured(
        world=truth.world,
        lift=truth.lift,
        campaigns=int(kept.sum()),
        coverage=float(covered.mean()),
        coverage_se=clustered(covered.astype(float), shared),
        found=float((p <= 1 - level).mean()),
        half_width=float((high - low).mean() / 2),
        stretch=_stretch(truth.log_lift, log_lift, low, high, level),
    )


def clustered(covered: Array, kernel: Array | None) -> float:
    """Standard error of a share; never below that of as many independent campaigns."""
    campaigns = len(covered)
    # Two more of each: where all are covered, the error is not nothing (Agresti & Coull).
    share = (covered.sum() + 2) / (campaigns + 4)
    variance = share * (1 - share) / campaigns
    if kernel is not None:
        away = covered - covered.mean()
        common = float(kernel.mean())
        # As G / (G − 1) for G clusters of one size: 1/G is the mean of their kernel.
        clustered = away @ kernel @ away / campaigns**2 / (1 - common)
        variance = max(variance, float(clustered))
    return float(np.sqrt(variance))


def _stretch(truth: float, log_lift: Array, low: Array, high: Array, level: float) -> float:
    """The smallest factor on the half-widths with which the share `level` is covered."""
    reach = np.where(truth > log_lift, high - log_lift, log_lift - low)
    needed = np.sort(np.abs(truth - log_lift) / np.maximum(reach, 1e-300))
    rank = int(np.ceil(round(level * (len(needed) + 1), 9)))
    return float(needed[min(rank, len(needed)) - 1])
