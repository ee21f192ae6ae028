"""The smallest departure with which an interval holds no effect."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from evaluator.estimators.arrays import Array, Flags

Holds = Callable[[Array], Flags]
"""Whether no effect is held, at each size of the departure."""

PARTS = 32
FINER = 16
ROUNDS = 4
"""Each divides the bracket by `FINER`: together they leave 1e-6 of the first cell times `PARTS`."""
DOUBLINGS = 60


def breakdown_value(holds: Holds, far: float) -> float:
    """Smallest size at which no effect is held; 0 if it always is, infinite if never.

    What holds at a size need not hold at a larger one, so that the first crossing is looked for
    on a grid, which is then refined within its cell.

    Parameters
    ----------
    holds : as a function of the sizes, of their shape
    far : a size > 0 at which no effect should be held; doubled where it is not
    """
    if holds(np.zeros(1))[0]:
        return 0.0
    reach = far * 2.0 ** np.arange(DOUBLINGS)
    far = next((float(size) for size in reach if holds(np.array([size]))[0]), math.inf)
    if math.isinf(far):
        return far
    near = 0.0
    for parts in (PARTS, *[FINER] * ROUNDS):
        grid = np.linspace(near, far, parts + 1)
        first = 1 + int(np.argmax(holds(grid[1:])))
        near, far = float(grid[first - 1]), float(grid[first])
    return far
