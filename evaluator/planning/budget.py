"""What money buys: extra enrolments per unit of it, from past results, shrunk over courses.

The yield of a channel on a course is its extra enrolments over what was spent on it. Yields are
pooled on that scale and not as costs: an extra that may be none has a yield near 0, but no cost.
Returns are taken as proportional to spend: a past with one dose of each says nothing of how they
diminish, so what is spent beyond the past dose is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from evaluator.claims.cost import cost
from evaluator.comparisons import ALL, channels
from evaluator.estimators.arrays import Array
from evaluator.results import Amount, Interval, Row

DRAWS = 20_000
GRID = 200
REACH = 4.0
"""The largest spread of yields considered, in standard deviations of the estimates."""
FEWEST_CELLS = 3
"""Courses of a channel from which a spread over courses can be learned."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel on one course, as measured."""

    channel: str
    course: str
    spend: float
    extra: float
    error: float
    """Of the extra: half-width of its interval over the normal quantile of its level."""


@dataclass(frozen=True, slots=True, eq=False)
class Yield:
    """Extra enrolments per unit of money of a channel, with what is not known of it."""

    channel: str
    courses: tuple[str, ...]
    doses: tuple[float, ...]
    """Spent on each course in the past."""
    own: tuple[float, ...]
    """As measured on each course."""
    draws: Array
    """(DRAWS, courses + 1) of the true yields given the measured ones; the last column is a
    course like these that was never measured."""

    @property
    def shrunk(self) -> tuple[float, ...]:
        """Of each course, drawn towards their mean."""
        return tuple(float(value) for value in self.draws[:, :-1].mean(axis=0))

    def of(self, course: str) -> Array:
        """(DRAWS,) of a course; of one like these where it was never measured."""
        known = self.courses.index(course) if course in self.courses else len(self.courses)
        return np.asarray(self.draws[:, known])

    def cost_per_extra(self, level: float) -> tuple[float | None, Interval | None]:
        """Of a course like these: the yield's interval, inverted."""
        found = amount(self.of(""), level)
        priced = cost(1.0, None, found)
        return priced.per_extra, priced.interval


@dataclass(frozen=True, slots=True)
class Share:
    """A channel's part of a budget."""

    channel: str
    share: float
    """Of the budget: the chance that the channel is the one that buys most."""
    spend: float
    extra: Amount
    beyond: bool
    """Whether more is spent on a course than ever was: what that buys is an extrapolation."""


@dataclass(frozen=True, slots=True)
class Split:
    """A budget over channels, beside the two ends it lies between."""

    shares: tuple[Share, ...]
    extra: Amount
    """Of this split."""
    even: Amount
    """Of the same budget in equal parts."""
    alone: tuple[tuple[str, Amount], ...]
    """Of the whole budget in each channel alone."""


def cells_of(rows: Sequence[Row]) -> tuple[Cell, ...]:
    """Channels on courses that were estimated and paid for, with the two weeks after the waves."""
    found = []
    for row in rows:
        key, extra = row.key, row.extra
        if key.method != "joint_daily" or key.variant != channels.AFTER or key.course == ALL:
            continue
        if extra is None or not row.spend:
            continue
        interval = extra.realised.interval
        # As wide as the interval, whose own law has heavier tails than the model below.
        error = (interval.high - interval.low) / (
            2 * NormalDist().inv_cdf((1 + interval.level) / 2)
        )
        found.append(Cell(key.channel, key.course, row.spend, extra.realised.value, error))
    return tuple(found)


def yields(cells: Sequence[Cell], seed: int, draws: int = DRAWS) -> tuple[Yield, ...]:
    """Yields of every channel with three courses or more; a channel with fewer has none.

    A normal model, cell_i ~ N(θ_i, v_i) and θ_i ~ N(mean, τ²), with flat priors on mean and τ;
    drawn jointly, so that sums over courses have the right width.

    References
    ----------
    Gelman (2006); the same model as `inference.shrinkage`.
    """
    named = dict.fromkeys(cell.channel for cell in cells)
    return tuple(
        own
        for number, channel in enumerate(named)
        if (own := _yield([c for c in cells if c.channel == channel], [seed, number], draws))
    )


def expected(
    known: Sequence[Yield], spend: Mapping[tuple[str, str], float], level: float
) -> Amount:
    """Extra enrolments of a spend by channel and course.

    Parameters
    ----------
    spend : (channel, course) → money; channels without a yield add nothing
    """
    return amount(_total(known, spend), level)


def split(known: Sequence[Yield], budget: float, courses: Sequence[str], level: float) -> Split:
    """The budget over channels, each by the chance that it buys most; over courses evenly.

    Where one channel surely buys most it gets all; where nobody can tell, all get the same. So
    the split moves no further than the past can tell.
    """
    bought = np.stack([_total([own], _evenly(own, budget, courses)) for own in known], axis=1)
    best = np.bincount(np.argmax(bought, axis=1), minlength=len(known)) / len(bought)
    shares = tuple(_shares(known, best, budget, courses, level))
    return Split(
        shares,
        amount(bought @ best, level),
        amount(bought.mean(axis=1), level),
        tuple(
            (own.channel, amount(column, level))
            for own, column in zip(known, bought.T, strict=True)
        ),
    )


def amount(draws: Array, level: float) -> Amount:
    """Mean, equal-tailed interval and two-sided p of draws."""
    tail = (1 - level) / 2
    low, high = (float(value) for value in np.quantile(draws, [tail, 1 - tail]))
    below = float(np.mean(draws <= 0))
    return Amount(
        float(draws.mean()), Interval(low, high, level), min(1.0, 2 * min(below, 1 - below))
    )


def _shares(
    known: Sequence[Yield], best: Array, budget: float, courses: Sequence[str], level: float
) -> Iterator[Share]:
    for own, share in zip(known, best, strict=True):
        spend = budget * float(share)
        each = spend / len(courses)
        yield Share(
            own.channel,
            float(share),
            spend,
            expected([own], _evenly(own, spend, courses), level),
            each > max(own.doses),
        )


def _evenly(own: Yield, budget: float, courses: Sequence[str]) -> dict[tuple[str, str], float]:
    return {(own.channel, course): budget / len(courses) for course in courses}


def _total(known: Sequence[Yield], spend: Mapping[tuple[str, str], float]) -> Array:
    """(draws,) extra enrolments; a course never measured has one unknown yield a channel."""
    by_channel = {own.channel: own for own in known}
    total = np.zeros(len(known[0].draws) if known else 1)
    for (channel, course), money in spend.items():
        if channel in by_channel:
            total = total + money * by_channel[channel].of(course)
    return total


def _yield(cells: Sequence[Cell], seed: Sequence[int], draws: int) -> Yield | None:
    if len(cells) < FEWEST_CELLS:
        return None
    spend = np.array([cell.spend for cell in cells])
    own = np.array([cell.extra for cell in cells]) / spend
    variance = (np.array([cell.error for cell in cells]) / spend) ** 2
    rng = np.random.default_rng(list(seed))
    top = REACH * float(np.std(own, ddof=1) + np.sqrt(np.min(variance)))
    tau = np.linspace(0.0, top, GRID)
    precision = 1 / (variance + tau[:, None] ** 2)
    total = precision.sum(axis=1)
    centre = precision @ own / total
    squares = np.sum(precision * (own - centre[:, None]) ** 2, axis=1)
    log_likelihood = 0.5 * (np.log(precision).sum(axis=1) - np.log(total) - squares)
    weights = np.exp(log_likelihood - log_likelihood.max())
    chosen = rng.choice(GRID, draws, p=weights / weights.sum())
    mean = centre[chosen] + rng.standard_normal(draws) / np.sqrt(total[chosen])
    spread = tau[chosen]
    keep = (spread[:, None] ** 2) * precision[chosen]
    shrunk = keep * own + (1 - keep) * mean[:, None]
    found = shrunk + np.sqrt(keep * variance) * rng.standard_normal((draws, len(cells)))
    new = mean + spread * rng.standard_normal(draws)
    return Yield(
        cells[0].channel,
        tuple(cell.course for cell in cells),
        tuple(cell.spend for cell in cells),
        tuple(float(value) for value in own),
        np.column_stack([found, new]),
    )
