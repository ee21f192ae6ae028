"""Market selection among 40 locations: all sets in batches, against one set after the other.

`python tests/benchmarks/geo.py [LOOPED]` prints a table. The loop is GeoLift's: for every set,
length and planted effect one synthetic control before the test and one over all periods, each
by a compiled active-set solver (SciPy's `nnls`), then 1,000 permutations, one at a time. It runs
over the first `LOOPED` sets; its time is scaled to all of them. Both sides draw 1,000
permutations; "differ" is the largest difference between the two in any estimated effect.
The 40 locations are drawn here, so that nothing need be fetched.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from itertools import product

import numpy as np
from scipy.optimize import nnls

from evaluator.estimators.arrays import Array
from evaluator.planning.geo import Markets, candidate_sets, select_markets

LOCATIONS, DAYS = 40, 90
EFFECTS = tuple(np.round(np.arange(-5, 6) * 0.05, 2).tolist())
ASKED = Markets(
    tuple(f"L{n:02d}" for n in range(LOCATIONS)), (2, 3, 4, 5), (10, 15), EFFECTS, draws=1000
)
HEAVY = 1e4
"""On the row that holds the sum of the weights at 1, in largest outcomes."""


def drawn(seed: int) -> Array:
    """(locations, days) series that share seasons, as sales of cities do."""
    rng = np.random.default_rng(seed)
    seasons = rng.normal(size=(4, DAYS)).cumsum(axis=1) * 0.02
    week = 0.1 * np.sin(2 * np.pi * np.arange(DAYS) / 7)
    noise = 0.03 * rng.normal(size=(LOCATIONS, DAYS))
    paths = rng.dirichlet(np.ones(4), size=LOCATIONS) @ seasons + week + noise
    return np.asarray(rng.uniform(500, 8000, size=(LOCATIONS, 1)) * np.exp(paths))


def leftover(treated: Array, donors: Array, fitted: int) -> Array:
    y = treated - treated[:fitted].mean()
    X = donors - donors[:, :fitted].mean(axis=1, keepdims=True)
    heavy = HEAVY * np.abs(X).max()
    A = np.vstack([X[:, :fitted].T, np.full(len(X), heavy)])
    weights = nnls(A, np.append(y[:fitted], heavy), maxiter=10_000)[0]
    return np.asarray(y - weights @ X)


def one(outcomes: Array, members: tuple[int, ...], rng: np.random.Generator) -> list[float]:
    """Estimated effects of one set, every length and planted effect in turn."""
    inside = np.isin(np.arange(LOCATIONS), members)
    found = []
    for duration, effect in product(ASKED.durations, ASKED.effects):
        own = outcomes.copy()
        own[inside, -duration:] *= 1 + effect
        treated = own[inside].mean(axis=0)
        left = leftover(treated, own[~inside], DAYS - duration)[-duration:].sum()
        found.append(left / (treated[-duration:].sum() - left))
        size = np.abs(leftover(treated, own[~inside], DAYS))
        observed = size[-duration:].sum()
        drawn = [rng.permutation(size)[-duration:].sum() for _ in range(ASKED.draws)]
        np.mean(np.array(drawn) >= observed)
    return found


def main(arguments: Sequence[str]) -> None:
    looped = int(arguments[0]) if arguments else 6
    outcomes = drawn(seed=1)
    began = time.perf_counter()
    selected = select_markets(outcomes, ASKED)
    batch = time.perf_counter() - began
    sets = [own for size in ASKED.sizes for own in candidate_sets(outcomes, ASKED, size)]
    chosen = sets[:: max(len(sets) // looped, 1)][:looped]
    began = time.perf_counter()
    plain = [one(outcomes, members, np.random.default_rng(1)) for members in chosen]
    loop = (time.perf_counter() - began) * len(sets) / len(chosen)
    keys = list(product(ASKED.durations, ASKED.effects))
    differ = max(
        abs(own.detected - plain[position][keys.index((own.duration, own.effect))])
        for own in selected
        for position, members in enumerate(chosen)
        if own.names == tuple(ASKED.names[i] for i in members)
    )
    fits = 2 * len(sets) * len(keys)
    print(f"{LOCATIONS} locations, {len(sets)} sets, {fits:,} synthetic controls")
    print(f"{'':<24}{'in batches':>12}{'loop':>10}{'ratio':>9}{'differ':>9}")
    print(
        f"{'market selection':<24}{batch:>10.2f} s{loop:>8.0f} s{loop / batch:>8.0f}×{differ:>9.0e}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
