"""The search: candidates within budget, judged by what they tell apart, then by power.

The candidate with the highest score among several looks better than it is, because chance
helped it win. So the winner is scored again on worlds that no candidate was chosen on, and both
scores are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.effects import Setting
from evaluator.experiment.protocol import Protocol
from evaluator.planning.power import Power, powers
from evaluator.planning.schedule import Schedule
from evaluator.planning.separability import Separability
from evaluator.resolve import Resolved
from evaluator.results import RowKey

FINALISTS = 4
"""Candidates whose power is computed: those that tell most apart."""
REACH = 1.96
"""Standard errors of a Monte-Carlo band, either way."""
FRESH = 1_000_003
"""Added to the seed for the worlds of the second score."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A design that could be run."""

    name: str
    protocol: Protocol
    schedule: Schedule
    separability: Separability
    cost: float


@dataclass(frozen=True, slots=True)
class Score:
    """Mean power of the questions' rows at one lift, and how wide their intervals will be."""

    power: float
    """Mean over the rows that decide; NaN where none could be drawn."""
    half_width: float
    """Mean expected half-width, log scale."""
    rows: tuple[tuple[RowKey, float], ...]
    """Power of each."""
    worlds: int
    error: float = 0.0
    """Monte-Carlo standard error of `power`, at most: as if all rows had the same luck."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score of the search and, for the winner, that on fresh worlds."""

    candidate: Candidate
    searched: Score | None
    """None where it was not among the finalists."""
    fresh: Score | None = None


Judge = Callable[[Protocol, int], Score]
"""The score of a protocol on the worlds of one seed."""


@dataclass(frozen=True, slots=True)
class ByPower:
    """The score that `power.powers` gives."""

    past: Resolved
    lift: float
    worlds: int
    level: float

    def __call__(self, protocol: Protocol, seed: int) -> Score:
        setting = Setting(self.level, seed)
        found = powers(self.past, protocol, (self.lift,), self.worlds, setting)
        drawn = [own for own in found if own.campaigns]
        rows = tuple((own.key, own.power) for own in drawn)
        errors = [(own.power_high - own.power_low) / (2 * REACH) for own in drawn]
        power, width = _mean([p for _, p in rows]), _mean(_widths(drawn))
        return Score(power, width, rows, self.worlds, _mean(errors))


def searched(candidates: Sequence[Candidate], judge: Judge, seed: int) -> tuple[Scored, ...]:
    """Candidates, the winner first and scored twice; then the finalists, then the rest.

    Finalists are those that identify most contrasts, over courses and then within each, and of
    these the ones with the highest D-efficiency.
    All are judged on the same worlds, so that they differ by design and not by luck.
    """
    order = sorted(candidates, key=_told_apart, reverse=True)
    finalists = [Scored(own, judge(own.protocol, seed)) for own in order[:FINALISTS]]
    finalists.sort(key=_rank, reverse=True)
    winner, *rest = finalists
    again = judge(winner.candidate.protocol, seed + FRESH)
    others = [Scored(own, None) for own in order[FINALISTS:]]
    return (replace(winner, fresh=again), *rest, *others)


def _told_apart(candidate: Candidate) -> tuple[int, int, float, float]:
    found = candidate.separability
    identified = sum(contrast.identified for contrast in found.contrasts)
    by_course = sum(np.isfinite(contrast.in_daily_model) for contrast in found.contrasts)
    return identified, int(by_course), found.efficiency, found.washout


def _rank(scored: Scored) -> tuple[float, float]:
    score = scored.searched
    if score is None or np.isnan(score.power):
        return -1.0, -np.inf
    return score.power, -score.half_width


def _widths(found: Sequence[Power]) -> list[float]:
    return [own.half_width for own in found if np.isfinite(own.half_width)]


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
