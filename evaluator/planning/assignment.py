"""Chance assigns: which units form which group, by a rule with which it can be drawn again.

One mechanism. Units lie in blocks (strata, matched pairs, or one block of all); in every block
the labels of its places are shuffled; draws whose groups differ by too much in what is known of
the units are drawn again. The set of draws that would have been accepted is the randomisation
distribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.errors import TooFewUnits
from evaluator.estimators.arrays import Array
from evaluator.experiment.assignment import AssignmentRule, Drawn

Index = NDArray[np.intp]
CRITERION = "largest difference of group means, in standard deviations of a covariate"
FEWEST_ALLOCATIONS = 40
"""Accepted allocations below which no randomisation p could fall to .05 with room to spare."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a part of a design is drawn, in full."""

    kind: AssignmentRule
    groups: tuple[tuple[str, int], ...]
    """Name and size of each; sizes add up to the units."""
    seed: tuple[int, ...]
    """Of the stream of random numbers: the experiment's seed, then the part's own number."""
    draws: int = 2000
    """Looked at to set the threshold; the first acceptable one is taken."""
    accepted: float = 0.2
    """Share of the draws that is acceptable; 1: no draw is rejected."""


@dataclass(frozen=True, slots=True)
class Units:
    """What is assigned, and what is known of it beforehand."""

    names: tuple[str, ...]
    covariates: tuple[tuple[float, ...], ...] = ()
    """A row a unit; NaN where nothing is known of it."""
    blocks: tuple[int, ...] = ()
    """Number of the block of each unit; empty: one block."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What chance decided, and everything needed to draw it again."""

    rule: Rule
    units: Units
    labels: tuple[str, ...]
    """Group of each unit."""
    imbalance: float
    """By the criterion, of the draw that was taken."""
    threshold: float
    """Largest imbalance that is acceptable."""
    looked_at: int
    """Draws up to the one that was taken, itself included."""
    allocations: int
    """Different acceptable allocations among the draws: no randomisation p is below 1 over it."""

    def members(self, group: str) -> tuple[str, ...]:
        pairs = zip(self.units.names, self.labels, strict=True)
        return tuple(name for name, label in pairs if label == group)

    @property
    def drawn(self) -> Drawn:
        """As an experiment file declares it; a block of one was not drawn within."""
        by_block: dict[int, list[str]] = {}
        for name, block in zip(self.units.names, self.units.blocks, strict=False):
            by_block.setdefault(block, []).append(name)
        groups = tuple(tuple(b) for b in by_block.values()) if len(by_block) > 1 else ()
        kind, criterion = self.rule.kind, ""
        if self.rule.accepted < 1:
            kind = AssignmentRule.RE_RANDOMISED
            criterion = (
                f"{CRITERION}, at most {self.threshold:.4g}: the first acceptable of"
                f" {self.rule.draws} draws of seed {'.'.join(map(str, self.rule.seed))},"
                f" draw {self.looked_at}"
            )
        return Drawn(kind, tuple(g for g in groups if len(g) > 1), criterion)


def assign(units: Units, rule: Rule) -> Assigned:
    """Draw until the groups are alike enough; the threshold is set before looking at any.

    The threshold is the quantile `accepted` of the imbalance over all draws, raised where that
    would leave fewer than `FEWEST_ALLOCATIONS` allocations: balance is not bought with a
    randomisation distribution that can prove nothing.

    Raises
    ------
    TooFewUnits : sizes that do not add up to the units, or a group without a unit

    References
    ----------
    Morgan & Rubin (2012), rerandomisation; Li, Ding & Rubin (2018).
    """
    sizes = [size for _, size in rule.groups]
    if sum(sizes) != len(units.names) or min(sizes) < 1:
        said = ", ".join(f"{name} {size}" for name, size in rule.groups)
        raise TooFewUnits(f"{len(units.names)} units for groups of {said}")
    labels = _draws(units, rule, rule.draws)
    off = _imbalance(units, labels, len(sizes))
    unique, inverse = np.unique(labels, axis=0, return_inverse=True)
    threshold = float(np.quantile(off, rule.accepted, method="inverted_cdf"))
    each = np.zeros(len(unique))
    each[inverse.ravel()] = off
    enough = np.sort(each)[min(FEWEST_ALLOCATIONS, len(each)) - 1]
    threshold = max(threshold, float(enough))
    first = int(np.argmax(off <= threshold))
    names = [name for name, _ in rule.groups]
    return Assigned(
        rule,
        units,
        tuple(names[label] for label in labels[first]),
        float(off[first]),
        threshold,
        first + 1,
        int(np.sum(each <= threshold)),
    )


def allocations(assigned: Assigned, count: int) -> Index:
    """Draws under the same rule, for a randomisation p: (at most count, units) group numbers.

    The draw that was taken is the first: its statistic is one of the distribution's.
    """
    rule, threshold = assigned.rule, assigned.threshold
    labels = _draws(assigned.units, rule, max(count, rule.draws))
    off = _imbalance(assigned.units, labels, len(rule.groups))
    kept = labels[off <= threshold]
    return kept[:count]


def randomisation_p(
    assigned: Assigned, statistic: Mapping[str, float], group: str, count: int = 10_000
) -> float:
    """Randomisation p of the difference in means of one group against the rest, two-sided.

    Parameters
    ----------
    statistic : of every unit, as it would be whatever its group (the sharp null)
    """
    values = np.array([statistic[name] for name in assigned.units.names])
    number = [name for name, _ in assigned.rule.groups].index(group)
    inside = allocations(assigned, count) == number
    means = inside @ values / inside.sum(axis=1)
    rest = ~inside @ values / (~inside).sum(axis=1)
    differences = np.abs(means - rest)
    return float(np.mean(differences >= differences[0] - 1e-12))


def strata(sizes: Array, per_block: int) -> tuple[int, ...]:
    """Blocks of units of like size: the largest so many, the next so many, …

    Parameters
    ----------
    sizes : (n,); NaN for units of which nothing is known: they are a block of their own
    """
    blocks = np.full(len(sizes), -1)
    known = np.flatnonzero(~np.isnan(sizes))
    order = known[np.argsort(-sizes[known], kind="stable")]
    blocks[order] = np.arange(len(order)) // max(per_block, 1)
    # A last block with one unit alone would decide nothing by chance: it joins the one before.
    last = blocks[order[-1]] if len(order) else 0
    if len(order) > per_block and np.sum(blocks == last) == 1:
        blocks[order[-1]] = last - 1
    blocks[blocks == -1] = blocks.max() + 1
    return tuple(int(block) for block in blocks)


def matched_pairs(covariates: Array) -> tuple[int, ...]:
    """Blocks of two: the pairing with the smallest sum of squared standardised distances.

    An odd unit out is the one whose absence leaves the best pairing; it is a block of its own.

    Parameters
    ----------
    covariates : (n, k)

    References
    ----------
    Greevy, Lu, Silber & Rosenbaum (2004); solved as a binary program with HiGHS.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    n = len(covariates)
    scaled = _standardised(covariates)
    first, second = np.triu_indices(n, 1)
    cost = np.sum((scaled[first] - scaled[second]) ** 2, axis=1)
    member = np.zeros((n, len(cost)))
    member[first, np.arange(len(cost))] = 1
    member[second, np.arange(len(cost))] = 1
    rows = [LinearConstraint(member, 1 - n % 2, 1)]
    if n % 2:
        rows.append(LinearConstraint(np.ones((1, len(cost))), n // 2, n // 2))
    found = milp(
        cost,
        integrality=np.ones(len(cost), dtype=int),
        bounds=Bounds(0, 1),
        constraints=rows,
        options={"mip_rel_gap": 0.0},  # the best, not one within a ten-thousandth of it
    )
    blocks = np.full(n, -1)
    for number, pair in enumerate(np.flatnonzero(np.asarray(found.x) > 0.5)):
        blocks[[first[pair], second[pair]]] = number
    blocks[blocks == -1] = n // 2
    return tuple(int(block) for block in blocks)


def switchback(units: Units, periods: int, seed: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which periods are promoted: of every two that follow each other, one, by chance.

    Half the units start with the first of a couple: every period has units on and units off,
    and every unit as many periods of one kind as of the other (of an even number).

    Returns
    -------
    (units, periods) True where promoted
    """
    n = len(units.names)
    on = np.zeros((n, periods), dtype=bool)
    for couple in range(0, periods, 2):
        sizes = (("first", n - n // 2), ("second", n // 2))
        drawn = assign(units, Rule(AssignmentRule.RE_RANDOMISED, sizes, (*seed, couple)))
        early = np.array(drawn.labels) == "first"
        on[:, couple] = early
        if couple + 1 < periods:
            on[:, couple + 1] = ~early
    return on


def shares(total: int, share: float) -> tuple[int, int]:
    """How many of `total` a share is, and the rest; neither is nobody where both are asked for."""
    taken = min(max(round(total * share), 1), total - 1) if 0 < share < 1 else round(total * share)
    return taken, total - taken


def _draws(units: Units, rule: Rule, count: int) -> Index:
    """(count, units) group numbers: in each block its labels shuffled, in each draw anew.

    How many of a group a block has follows from its size, by rounding along the blocks, so that
    a pair has one of each of two groups and all sizes come out as asked.
    """
    rng = np.random.default_rng(list(rule.seed))
    blocks = np.array(units.blocks or (0,) * len(units.names))
    through = np.cumsum(np.bincount(blocks))
    up_to = np.cumsum([size for _, size in rule.groups])
    # (blocks + 1, groups + 1) labels below a group in all blocks so far.
    laid = np.floor(np.outer(np.r_[0, through], np.r_[0, up_to] / up_to[-1]) + 0.5).astype(int)
    quotas = np.diff(np.diff(laid, axis=0), axis=1)
    labels_in_order = np.concatenate([np.repeat(np.arange(len(up_to)), row) for row in quotas])
    order = np.argsort(blocks + rng.random((count, len(blocks))), axis=1)
    labels = np.empty((count, len(blocks)), dtype=np.intp)
    np.put_along_axis(labels, order, labels_in_order[None].astype(np.intp), axis=1)
    return labels


def _imbalance(units: Units, labels: Index, groups: int) -> Array:
    """(count,) the criterion of each draw; 0 where nothing is known of the units."""
    if not units.covariates:
        return np.zeros(len(labels))
    scaled = np.nan_to_num(_standardised(np.array(units.covariates)))
    worst = np.zeros(len(labels))
    for group in range(groups):
        inside = (labels == group).astype(float)
        count = inside.sum(axis=1, keepdims=True)
        rest = (scaled.sum(axis=0) - inside @ scaled) / np.maximum(scaled.shape[0] - count, 1)
        difference = np.abs(inside @ scaled / np.maximum(count, 1) - rest)
        worst = np.maximum(worst, difference.max(axis=1))
    return worst


def _standardised(covariates: Array) -> Array:
    centred = covariates - np.nanmean(covariates, axis=0)
    spread = np.nanstd(covariates, axis=0)
    scaled: Array = centred / np.where(spread > 0, spread, 1.0)
    return scaled
