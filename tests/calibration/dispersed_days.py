"""How often the intervals of a difference of two shares hold it when the units of a day are alike.

    python -m tests.calibration.dispersed_days      # writes its table into README.md

Each arm has a share of its own on each day, from a beta law with the true share as its mean; the
correlation of two units of the same arm and day is its spread. Where the arms have the day in
common, both have the share of the day: that cancels in the difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.claims.two_shares import by_day_interval, difference
from tests.calibration.written import write

LEVEL, SEED, RUNS = 0.95, 20, 4000
SHARE = 0.2
CORRELATIONS = (0.0, 0.0005, 0.001, 0.002, 0.005, 0.01)
DAYS = ((23, 750), (7, 750), (60, 100))
"""Days and trials a day and arm: the first as the free-trial screener has them."""

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Held:
    """How often each interval held the difference, which is none."""

    pooled: float
    hybrid: float
    by_day: float


def held(
    days: int, trials: int, correlation: float, *, common: bool = False, runs: int = RUNS
) -> Held:
    rng = np.random.default_rng([SEED, days, trials, round(1e6 * correlation), common])
    found = np.zeros(3)
    wholes = np.full((2, days), float(trials))
    for _ in range(runs):
        shares = _shares(rng, days, correlation)
        counts = rng.binomial(trials, shares[[0, 0]] if common else shares).astype(float)
        totals = [(float(part), float(days * trials)) for part in counts.sum(axis=1)]
        apart = difference(totals[0], totals[1], LEVEL)
        every = apart.pooled, apart.hybrid, by_day_interval(counts, wholes, LEVEL)
        found += [0.0 in interval for interval in every]
    return Held(*(found / runs))


def _shares(rng: np.random.Generator, days: int, correlation: float) -> Counts:
    if correlation == 0:
        return np.full((2, days), SHARE)
    spread = 1 / correlation - 1
    return rng.beta(SHARE * spread, (1 - SHARE) * spread, size=(2, days))


def table() -> str:
    """The README's rows, one a design and correlation."""
    lines = [
        "| days × trials | correlation in a day | pooled | hybrid score | **by day** |",
        "|---|---|---:|---:|---:|",
    ]
    cases = [(design, each, False) for design in DAYS for each in CORRELATIONS]
    cases += [(DAYS[0], 0.01, True)]
    for (days, trials), correlation, common in cases:
        own = held(days, trials, correlation, common=common)
        said = f"{correlation:g}{', common to both arms' if common else ''}"
        lines.append(
            f"| {days} × {trials} | {said} | {own.pooled:.3f} | {own.hybrid:.3f}"
            f" | {own.by_day:.3f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    write("dispersed days", table())
