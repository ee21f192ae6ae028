"""How often the two intervals of a difference of shares hold it, by exact sums over two binomials.

    python -m tests.calibration.two_shares          # writes its table into README.md

Nothing is drawn: every pair of counts has its probability, and the coverage is the sum over the
pairs whose interval holds the true difference (pairs below 1e-12 of the most likely are left out).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlog1py, xlogy

from evaluator.claims.two_shares import difference
from tests.calibration.written import write

LEVEL = 0.95
SIZES = ((20, 20), (50, 50), (200, 200), (50, 500), (1000, 1000))
SHARES = ((0.01, 0.01), (0.05, 0.02), (0.1, 0.1), (0.2, 0.1), (0.22, 0.2), (0.5, 0.5), (0.9, 0.6))


def coverage(n: int, m: int, p: float, q: float) -> tuple[float, float]:
    """Of the pooled and of the hybrid interval."""
    first, second = _probabilities(n, p), _probabilities(m, q)
    held = np.zeros(2)
    for x in np.flatnonzero(first > 1e-12 * first.max()):
        for y in np.flatnonzero(second > 1e-12 * second.max()):
            found = difference((float(x), n), (float(y), m), LEVEL)
            inside = [p - q in interval for interval in (found.pooled, found.hybrid)]
            held += first[x] * second[y] * np.array(inside)
    return float(held[0]), float(held[1])


def _probabilities(n: int, p: float) -> NDArray[np.float64]:
    k = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + xlogy(k, p) + xlog1py(n - k, -p)
    return np.exp(logs)


def table() -> str:
    """The README's rows, one a design and pair of shares."""
    lines = [
        "| trials | true shares | pooled, as published | **hybrid score** |",
        "|---|---|---:|---:|",
    ]
    for n, m in SIZES:
        for p, q in SHARES:
            pooled, hybrid = coverage(n, m, p, q)
            lines.append(f"| {n}, {m} | {p:g}, {q:g} | {pooled:.3f} | {hybrid:.3f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    write("two shares", table())
