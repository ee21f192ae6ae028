"""Chance within blocks: sizes, pairs, balance, and the distribution a randomisation p needs."""

from itertools import combinations

import numpy as np
import pytest

from evaluator.errors import TooFewUnits
from evaluator.experiment.assignment import AssignmentRule
from evaluator.planning.assignment import (
    FEWEST_ALLOCATIONS,
    Rule,
    Units,
    allocations,
    assign,
    matched_pairs,
    randomisation_p,
    shares,
    strata,
    switchback,
)

SIZES = np.array([90.0, 40, 35, 30, 22, 20, 15, 11, 9, 4])
NAMES = tuple("ABCDEFGHIJ")


def rule(first: int, second: int, accepted: float = 1.0, seed: int = 3) -> Rule:
    groups = (("in", first), ("out", second))
    return Rule(AssignmentRule.STRATIFIED, groups, (seed, 1), accepted=accepted)


def test_same_seed_same_assignment() -> None:
    units = Units(NAMES, tuple((float(np.log(s)),) for s in SIZES))
    assert assign(units, rule(5, 5, 0.1)) == assign(units, rule(5, 5, 0.1))
    assert assign(units, rule(5, 5)).labels != assign(units, rule(5, 5, seed=4)).labels


@pytest.mark.parametrize(
    "blocks", [(), (0, 0, 1, 1, 2, 2, 3, 3, 4, 4), (0, 0, 0, 1, 1, 1, 1, 2, 2, 2)]
)
@pytest.mark.parametrize("first", [1, 3, 5, 8])
def test_sizes_come_out_as_asked(blocks: tuple[int, ...], first: int) -> None:
    drawn = allocations(assign(Units(NAMES, (), blocks), rule(first, 10 - first)), 500)
    assert np.all((drawn == 0).sum(axis=1) == first)


@pytest.mark.parametrize("n", [6, 7, 9, 10])
def test_of_a_pair_one_is_drawn(n: int) -> None:
    """An odd unit out goes to the larger group: the pairs stay whole."""
    blocks = matched_pairs(np.log(SIZES[:n])[:, None])
    drawn = allocations(assign(Units(NAMES[:n], (), blocks), rule(n // 2, n - n // 2)), 300)
    for block in range(n // 2):
        assert np.all((drawn[:, np.array(blocks) == block] == 0).sum(axis=1) == 1)


def test_every_unit_of_a_block_is_as_likely() -> None:
    """3 of 10 in one block: .3 each; 6 standard errors of 20,000 draws are .02."""
    drawn = allocations(assign(Units(NAMES), rule(3, 7)), 20_000)
    assert np.abs((drawn == 0).mean(axis=0) - 0.3).max() < 0.02


def test_pairs_are_the_best_of_all_pairings() -> None:
    """Six units, 15 pairings, compared one by one."""
    rng = np.random.default_rng(5)
    known = rng.normal(size=(6, 2))
    scaled = (known - known.mean(0)) / known.std(0)

    def cost(pairs: list[tuple[int, int]]) -> float:
        return float(sum(np.sum((scaled[i] - scaled[j]) ** 2) for i, j in pairs))

    every = list(combinations(range(6), 2))
    best = min(cost(list(p)) for p in combinations(every, 3) if len({i for q in p for i in q}) == 6)
    blocks = matched_pairs(known)
    found = [tuple(np.flatnonzero(np.array(blocks) == b)) for b in range(3)]
    assert cost([(int(i), int(j)) for i, j in found]) == pytest.approx(best)


@pytest.mark.parametrize("n", [40, 41])
def test_pairs_are_those_of_a_matching_algorithm(n: int) -> None:
    """Edmonds' blossoms, as in networkx; an odd unit is left out by both."""
    networkx = pytest.importorskip("networkx")
    known = np.random.default_rng(6).normal(size=(n, 2))
    scaled = (known - known.mean(0)) / known.std(0)
    cost = np.sum((scaled[:, None] - scaled[None]) ** 2, axis=2)
    graph = networkx.Graph()
    graph.add_weighted_edges_from((i, j, -cost[i, j]) for i, j in combinations(range(n), 2))
    best = sum(cost[i, j] for i, j in networkx.max_weight_matching(graph, maxcardinality=True))
    blocks = np.array(matched_pairs(known))
    pairs = [np.flatnonzero(blocks == block) for block in range(n // 2)]
    assert sum(cost[i, j] for i, j in pairs) == pytest.approx(best)


def test_redrawing_makes_groups_alike() -> None:
    units = Units(NAMES, tuple((float(np.log(s)),) for s in SIZES))
    loose, tight = assign(units, rule(5, 5)), assign(units, rule(5, 5, accepted=0.1))
    assert tight.imbalance <= tight.threshold < loose.threshold
    assert tight.allocations >= FEWEST_ALLOCATIONS
    assert tight.drawn.rule is AssignmentRule.RE_RANDOMISED
    assert f"draw {tight.looked_at}" in tight.drawn.criterion


def test_balance_leaves_a_distribution() -> None:
    """Seven courses in two groups have 35 allocations: none is rejected."""
    units = Units(NAMES[:7], tuple((float(s),) for s in SIZES[:7]))
    assert assign(units, rule(4, 3, accepted=0.01)).allocations == 35


def test_the_p_of_paper() -> None:
    """Four units, two drawn: of six allocations two are as extreme as {A, B} against {C, D}."""
    drawn = assign(Units(tuple("ABCD")), rule(2, 2))
    high = set(drawn.members("in"))
    values = {name: 10.0 if name in high else 0.0 for name in "ABCD"}
    p = randomisation_p(drawn, values, "in", count=30_000)
    assert p == pytest.approx(2 / 6, abs=0.02)


def test_p_is_uniform_where_nothing_happened() -> None:
    """Rejections at .1 over 400 designs with accepted draws only: binomial(400, ≤ .1)."""
    values = dict(zip(NAMES, SIZES, strict=True))
    known = tuple((float(np.log(s)),) for s in SIZES)
    found = [
        randomisation_p(assign(Units(NAMES, known), rule(5, 5, 0.3, seed=s)), values, "in", 600)
        for s in range(400)
    ]
    assert np.mean(np.array(found) <= 0.1) <= 0.1 + 3 * np.sqrt(0.09 / 400)


def test_strata_are_of_like_size_and_the_unknown_are_apart() -> None:
    sizes = np.append(SIZES, [np.nan, np.nan])
    assert strata(sizes, 4) == (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3)
    assert strata(SIZES[:9], 4)[-1] == 1, "a stratum of one joins the one before"


def test_switchback_is_balanced_in_both_directions() -> None:
    on = switchback(Units(NAMES), 6, (1,))
    assert np.all(on.sum(axis=0) == 5)
    assert np.all(on.sum(axis=1) == 3)


def test_sizes_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(TooFewUnits, match="10 units for groups of in 5, out 6"):
        assign(Units(NAMES), rule(5, 6))


def test_shares_leave_nobody_out_of_either_group() -> None:
    assert [shares(10, s) for s in (0.0, 0.01, 0.25, 0.99, 1.0)] == [
        *((0, 10), (1, 9), (2, 8), (9, 1), (10, 0))
    ]
