"""Which markets to promote in: candidates by likeness, judged on the last weeks of history.

GeoLift's selection, in batches: every candidate set of markets, length of test and planted
effect is one of many synthetic controls solved together, and all share the permutations of the
conformal test. What it reports has GeoLift's meaning, so that tables can be compared; the
house's own intervals for such a design are those of `a_vs_b`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array
from evaluator.planning.synthetic import residuals

Index = NDArray[np.intp]
DECIMALS = 3
"""To which GeoLift rounds the error of the lift before it ranks by it."""
POWERED = 0.8


@dataclass(frozen=True, slots=True)
class Markets:
    """What is known of the markets, and what is asked of a selection."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    """Numbers of markets to promote in."""
    durations: tuple[int, ...]
    """Lengths of the test, in periods."""
    effects: tuple[float, ...]
    """Relative effects that are planted; negative where promotion is taken away."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Never promoted in; they stay donors."""
    cost_per_extra: float = 1.0
    budget: float | None = None
    alpha: float = 0.1
    looked_back: int = 1
    """Tests that would have ended in the last so many periods."""
    draws: int = 10_000
    """Permutations of the conformal test."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Market:
    """A set of markets with a length of test, and the smallest effect it would have found."""

    names: tuple[str, ...]
    duration: int
    effect: float
    """Smallest planted effect with power above .8."""
    power: float
    """Share of the looked-back tests with p < alpha."""
    imbalance: float
    """Scaled L2: 0 a perfect fit before the test, 1 no better than equal weights."""
    investment: float
    """Cost of the effect: what it adds, times the cost of an extra unit."""
    att: float
    """Estimated effect a period and market."""
    detected: float
    """Estimated relative effect."""
    share: float
    """Of all outcome, in these markets."""
    abs_lift_in_zero: float
    """Error of the estimated relative effect."""
    holdout: float
    """Share of all outcome that sees no promotion."""
    rank: int


def select_markets(outcomes: Array, asked: Markets) -> tuple[Market, ...]:
    """Sets of markets by the rank of their effect, power and error; ties share a rank.

    Parameters
    ----------
    outcomes : (U, T) history of every market, as long as wanted for the fit

    Raises
    ------
    TooFewUnits : no set has the markets asked for, or none finds any planted effect

    References
    ----------
    GeoLift 2.7, `GeoLiftMarketSelection` (Meta, MIT licence). One difference: of two powers
    above .8 the higher ranks first; there it ranks last (all are 1 in the published table).
    """
    candidates = [own for size in asked.sizes for own in candidate_sets(outcomes, asked, size)]
    if not candidates:
        listed = ", ".join(asked.include)
        raise TooFewUnits(f"no set of {asked.sizes} markets alike in their series holds {listed}")
    found = [
        market
        for sets in _by_size(candidates)
        for duration in asked.durations
        for market in _smallest_found(outcomes, asked, sets, duration)
    ]
    ranked = _ranked(found)
    if asked.budget is not None:
        ranked = _reranked([own for own in ranked if own.investment < asked.budget])
    if not ranked:
        raise TooFewUnits("no set of markets finds any of the effects within the budget")
    return tuple(ranked)


def candidate_sets(outcomes: Array, asked: Markets, size: int) -> list[tuple[int, ...]]:
    """Each market with those whose series are most like its own."""
    usable = [i for i, name in enumerate(asked.names) if name not in asked.exclude]
    needed = {asked.names.index(name) for name in asked.include}
    alike = np.atleast_2d(np.corrcoef(outcomes[usable]))
    sets = {
        tuple(sorted(usable[j] for j in np.argsort(-row, kind="stable")[:size])) for row in alike
    }
    return sorted(own for own in sets if needed <= set(own))


def _by_size(candidates: Sequence[tuple[int, ...]]) -> Iterator[Index]:
    for size in sorted({len(own) for own in candidates}):
        yield np.array([own for own in candidates if len(own) == size], dtype=np.intp)


def _smallest_found(
    outcomes: Array, asked: Markets, sets: Index, duration: int
) -> Iterator[Market]:
    """Of each set the smallest effect that the test finds, if it finds any."""
    effects, judged = np.array(asked.effects), _judged(outcomes, asked, sets, duration)
    total, last = outcomes.sum(), outcomes[:, -duration:]
    for row, members in enumerate(sets):
        powered = np.flatnonzero((judged.power[row] > POWERED) & (effects != 0))
        if not len(powered):
            continue
        # The smallest; of two alike the one that adds.
        best = min(powered, key=lambda e: (abs(effects[e]), effects[e] < 0))
        effect, detected = float(effects[best]), float(judged.detected[row, best])
        share = float(outcomes[members].sum() / total)
        yield Market(
            tuple(asked.names[i] for i in members),
            duration,
            effect,
            float(judged.power[row, best]),
            float(judged.imbalance[row]),
            abs(asked.cost_per_extra * float(last[members].sum()) * effect),
            float(judged.att[row, best]),
            detected,
            share,
            round(abs(detected - effect), DECIMALS),
            share if effect < 0 else 1 - share,
            0,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """Of C sets and E effects, averaged over the looked-back tests."""

    power: Array
    """(C, E)"""
    att: Array
    detected: Array
    imbalance: Array
    """(C,)"""


def _judged(outcomes: Array, asked: Markets, sets: Index, duration: int) -> _Judged:
    ends = range(outcomes.shape[1], outcomes.shape[1] - asked.looked_back, -1)
    tests = [_one_test(outcomes[:, :end], asked, sets, duration) for end in ends]
    return _Judged(
        *(
            np.mean([getattr(test, name) for test in tests], axis=0)
            for name in ("power", "att", "detected", "imbalance")
        )
    )


def _one_test(outcomes: Array, asked: Markets, sets: Index, duration: int) -> _Judged:
    """The test that would have ended with the last period, of every set and effect."""
    units, periods = outcomes.shape
    before, effects = periods - duration, np.array(asked.effects)
    inside = np.zeros((len(sets), units), dtype=bool)
    np.put_along_axis(inside, sets, True, axis=1)
    donors = np.argsort(inside, axis=1, kind="stable")[:, : units - sets.shape[1]]
    plain = outcomes[sets].mean(axis=1)
    left, _ = residuals(outcomes, plain, donors, before)
    # Weights do not know the test period: a planted effect only adds to what is left.
    expected = (plain - left)[:, None, before:].sum(axis=-1)
    planted = plain[:, None, before:].sum(axis=-1) * (1 + effects)
    centred = outcomes - outcomes[:, :before].mean(axis=1, keepdims=True)
    even = np.stack([centred[own, :before].mean(axis=0) for own in donors])
    alone = plain[:, :before] - plain[:, :before].mean(axis=1, keepdims=True) - even
    imbalance = np.linalg.norm(left[:, :before], axis=1) / np.linalg.norm(alone, axis=1)
    return _Judged(
        (_conformal(outcomes, plain, donors, asked, duration) < asked.alpha).astype(float),
        (planted - expected) / duration,
        (planted - expected) / expected,
        imbalance,
    )


def _conformal(
    outcomes: Array, plain: Array, donors: Index, asked: Markets, duration: int
) -> Array:
    """(C, E) p of no effect: fitted to all periods, residuals permuted over them.

    References
    ----------
    Chernozhukov, Wüthrich & Zhu (2021), with permutations that are independent and identical.
    """
    periods = outcomes.shape[1]
    lifted = np.repeat(plain[:, None], len(asked.effects), axis=1)
    lifted[..., -duration:] *= 1 + np.array(asked.effects)[:, None]
    each = np.repeat(donors[:, None], len(asked.effects), axis=1)
    size = np.abs(residuals(outcomes, lifted, each, periods)[0])
    rng = np.random.default_rng([asked.seed, duration, periods])
    keys = rng.random((asked.draws, periods))
    member = np.zeros((asked.draws, periods))
    np.put_along_axis(member, np.argpartition(keys, duration, axis=1)[:, :duration], 1.0, axis=1)
    observed = size[..., -duration:].sum(axis=-1)
    return np.asarray(np.mean(size @ member.T >= observed[..., None] - 1e-9, axis=-1))


def _ranked(found: Sequence[Market]) -> list[Market]:
    """By the mean of three dense ranks."""
    keys = [
        [abs(own.effect) for own in found],
        [-own.power for own in found],
        [own.abs_lift_in_zero for own in found],
    ]
    dense = np.mean([np.unique(key, return_inverse=True)[1] for key in keys], axis=0)
    scored = [
        replace(own, rank=int(np.sum(dense < d - 1e-9)) + 1)
        for own, d in zip(found, dense, strict=True)
    ]
    return sorted(scored, key=lambda own: (own.rank, own.names, own.duration))


def _reranked(kept: Sequence[Market]) -> list[Market]:
    ranks = [own.rank for own in kept]
    return [replace(own, rank=sum(rank < own.rank for rank in ranks) + 1) for own in kept]
