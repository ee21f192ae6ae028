"""Confidence distributions: each gives an interval and a p-value that cannot contradict.

Their fields are arrays, so that one object holds the laws of ten thousand placebo campaigns;
`at` picks one of them, the `Distribution` of an `Effect`. Of many laws a quantile may be asked at a
probability each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import EllipsisType

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit

from evaluator.estimators.arrays import Array, Flags
from evaluator.results import Distribution

Index = int | EllipsisType | tuple[int | EllipsisType, ...]
ITERATIONS = 80
"""More than bisection alone would need."""


@dataclass(frozen=True, slots=True, eq=False)
class StudentT:
    """location + scale · t(dof); `location` and `scale` of shape (...,)."""

    location: Array
    scale: Array
    dof: float

    def cdf(self, x: Array | float) -> Array:
        return np.asarray(stdtr(self.dof, (x - self.location) / self.scale))

    def quantile(self, probability: Array | float) -> Array:
        return np.asarray(self.location + self.scale * _t_quantile(self.dof, probability))

    def at(self, index: Index) -> StudentT:
        return StudentT(np.asarray(self.location[index]), np.asarray(self.scale[index]), self.dof)


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Student-t components, (..., R), with weights that sum to one over the last axis."""

    locations: Array
    scales: Array
    weights: Array
    dof: float

    @property
    def location(self) -> Array:
        """Median: the point that every equal-tailed interval of the law holds."""
        return self.quantile(0.5)

    def cdf(self, x: Array | float) -> Array:
        standard = (np.asarray(x)[..., None] - self.locations) / self.scales
        below = np.sum(self.weights * stdtr(self.dof, standard), axis=-1)
        return np.asarray(np.minimum(below, 1.0))  # weights sum to one up to rounding

    def quantile(self, probability: Array | float) -> Array:
        ends = self.locations + self.scales * _t_quantile(self.dof, probability)[..., None]
        low, high = ends.min(axis=-1), ends.max(axis=-1)
        if self.locations.ndim == 1:
            probability = float(probability)
            return np.asarray(self._root(probability, float(low), float(high)))
        return self._roots(probability, low, high)

    def _roots(self, probability: Array | float, low: Array, high: Array) -> Array:
        """Many quantiles: Newton's method, halving the bracket where a step would leave it."""
        ends, bounded = low, np.isfinite(low)  # at 0 and 1 every end is infinite, on one side
        low, high = np.where(bounded, low, 0.0), np.where(bounded, high, 0.0)
        x = (low + high) / 2
        for _ in range(ITERATIONS):
            excess = self.cdf(x) - probability
            low, high = np.where(excess < 0, x, low), np.where(excess < 0, high, x)
            slope = self._density(x)
            step = x - np.divide(excess, slope, out=np.full_like(x, np.inf), where=slope > 0)
            last, x = x, np.where((step >= low) & (step <= high), step, (low + high) / 2)
            if np.allclose(x, last, rtol=1e-12, atol=1e-12):
                break
        return np.where(bounded, x, ends)

    def _density(self, x: Array) -> Array:
        half = (self.dof + 1) / 2
        constant = math.exp(math.lgamma(half) - math.lgamma(self.dof / 2))
        standard = (x[..., None] - self.locations) / self.scales
        kernel = (1 + standard**2 / self.dof) ** -half / self.scales
        total = np.sum(self.weights * kernel, axis=-1)
        return np.asarray(total * constant / math.sqrt(self.dof * math.pi))

    def _root(self, probability: float, low: float, high: float) -> float:
        """One quantile: Brent's method takes a tenth of the evaluations of bisection."""
        if low == high:  # also where both are infinite
            return low

        def excess(x: float) -> float:
            return float(self.weights @ stdtr(self.dof, (x - self.locations) / self.scales)) - (
                probability
            )

        # Far in a tail the ends differ by less than the law can tell.
        if excess(low) >= 0 or excess(high) <= 0:
            return low if excess(low) >= 0 else high
        return float(brentq(excess, low, high, xtol=1e-14, rtol=1e-14))

    def at(self, index: Index) -> Mixture:
        return Mixture(self.locations[index], self.scales[index], self.weights[index], self.dof)


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """Of two laws of many campaigns, the one that was chosen in each."""

    first: Distribution
    second: Distribution
    second_where: Flags
    """(...,)"""

    def cdf(self, x: Array | float) -> Array:
        # The protocol speaks of one number; both laws take and give arrays.
        return self._chosen(self.first.cdf(x), self.second.cdf(x))  # type: ignore[arg-type]

    def quantile(self, probability: Array | float) -> Array:
        first, second = (
            law.quantile(probability)  # type: ignore[arg-type]
            for law in (self.first, self.second)
        )
        return self._chosen(first, second)

    def _chosen(self, first: object, second: object) -> Array:
        return np.where(self.second_where, np.asarray(second), np.asarray(first))


@dataclass(frozen=True, slots=True, eq=False)
class Each:
    """The laws of many campaigns that were found one by one, in the order of `shape`."""

    laws: tuple[Distribution, ...]
    shape: tuple[int, ...]

    def cdf(self, x: float) -> Array:
        return np.array([float(law.cdf(x)) for law in self.laws]).reshape(self.shape)

    def quantile(self, probability: Array | float) -> Array:
        asked = np.broadcast_to(probability, self.shape).ravel().tolist()
        pairs = zip(self.laws, asked, strict=True)
        return np.array([float(law.quantile(p)) for law, p in pairs]).reshape(self.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Symmetric about `location`: half-widths are order statistics of placebo |z|, times `scale`.

    Finite only for n ≥ level/(1 − level) placebos (19 at 95%).

    References
    ----------
    Ferman & Pinto (2019); Conley & Taber (2011).
    """

    location: float
    scale: float
    ordered: tuple[float, ...]
    """|z| of the placebos, ascending."""

    def cdf(self, x: float) -> float:
        beyond = (x - self.location) / self.scale
        n = len(self.ordered)
        exceeding = n - int(np.searchsorted(self.ordered, abs(beyond), side="left"))
        tail = (1 + exceeding) / (n + 1) / 2
        return tail if beyond < 0 else 1 - tail

    def quantile(self, probability: float) -> float:
        n = len(self.ordered)
        rank = math.ceil(round(abs(2 * probability - 1) * (n + 1), 9))
        reach = math.inf if rank > n else (self.ordered[rank - 1] if rank > 0 else 0.0)
        return self.location + math.copysign(self.scale * reach, probability - 0.5)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """An empirical law of simulated values (ascending), for sums of jointly uncertain effects.

    Monte Carlo tails, (1 + draws beyond) / (n + 1): never 0, and alike on both sides.

    References
    ----------
    Davison & Hinkley (1997), section 4.2.
    """

    values: Array

    def cdf(self, x: float) -> float:
        n = len(self.values)
        below = (1 + int(np.searchsorted(self.values, x, side="right"))) / (n + 1)
        above = (1 + n - int(np.searchsorted(self.values, x, side="left"))) / (n + 1)
        return min(below, 0.5) if below < above else 1 - min(above, 0.5)

    def quantile(self, probability: float) -> float:
        n = len(self.values)
        rank = math.floor(round(min(probability, 1 - probability) * (n + 1), 9))
        if rank == 0:
            return math.copysign(math.inf, probability - 0.5)
        return float(self.values[rank - 1 if probability < 0.5 else n - rank])


def _t_quantile(dof: float, probability: Array | float) -> Array:
    """Of a standard t, infinite at 0 and 1, where SciPy's is not a number."""
    asked = np.asarray(probability)
    ends = np.where(asked == 0.0, -math.inf, math.inf)
    return np.where((asked == 0.0) | (asked == 1.0), ends, stdtrit(dof, asked))
