"""10,000 placebo campaigns through each default in one call, against statsmodels in a loop.

`python tests/benchmarks/placebos.py [CAMPAIGNS] [LOOPED]` prints a table. The loop fits the same
model with statsmodels, the fewest fits that give the same interval, to the first `LOOPED`
campaigns; its time is scaled to all of them. Both sides end with the interval, and the column
"differ" holds the largest difference between the two in any end of any interval.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.linalg import toeplitz
from scipy.optimize import nnls
from scipy.stats import t as student

from evaluator.estimators.autoregression import (
    Candidates,
    ar1_profile,
    forecast_shift,
    mean_forecast_shift,
)
from evaluator.estimators.clusters import arm_ratios, triple_ratios
from evaluator.inference.arms import by_unit
from evaluator.inference.distributions import StudentT
from evaluator.inference.ratios import Totals, of_forecast, size_adjusted, these_courses
from evaluator.inference.series import at_shared_rho

Array = NDArray[np.float64]
TAIL, RHO = 0.025, np.linspace(0.0, 0.95, 20)
OTHERS, PROMOTED, COUNTRIES, IN_A = 35, 7, 80, 10
BEFORE, DURING = 26, 12
MEMBERS = np.stack([np.arange(COUNTRIES) < IN_A, np.roll(np.arange(COUNTRIES) < IN_A, 3)])


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Counts of campaigns that raised nothing."""

    course: tuple[Array, Array]
    """(R, promoted) totals of the window, of the reference"""
    others: tuple[Array, Array]
    """(R, others)"""
    by_country: tuple[Array, Array]
    """(R, 2 promoted, countries)"""
    others_by_country: tuple[Array, Array]
    """(R, 1, countries)"""
    weekly: Array
    """(R, promoted, weeks)"""
    weekly_each: Array
    """(R, others, weeks)"""

    @property
    def weekly_others(self) -> Array:
        """(R, weeks), all of them pooled."""
        return np.asarray(self.weekly_each.sum(axis=1))


@dataclass(frozen=True, slots=True)
class Case:
    """One default: the laws of all campaigns at once, and the interval of one, plainly."""

    name: str
    aim: float  # seconds
    batch: Callable[[Campaigns], StudentT]
    one: Callable[[Campaigns, int], tuple[float, float]]


def drawn(campaigns: int, seed: int) -> Campaigns:
    """Poisson counts around levels that move by themselves: no campaign raised anything."""
    rng = np.random.default_rng(seed)

    def totals(level: float, *shape: int, sd: float = 0.1) -> tuple[Array, Array]:
        moved = np.exp(sd * rng.standard_normal((campaigns, *shape)))
        window, reference = rng.poisson(level * DURING * moved), rng.poisson(8 * level, moved.shape)
        return window.astype(float), reference.astype(float)

    shocks = 0.1 * rng.standard_normal((campaigns, PROMOTED + OTHERS, BEFORE + DURING))
    for week in range(1, BEFORE + DURING):
        shocks[..., week] = 0.5 * shocks[..., week - 1] + np.sqrt(0.75) * shocks[..., week]
    levels = np.repeat([40.0, 27.0], [PROMOTED, OTHERS])
    weekly = rng.poisson(levels[:, None] * np.exp(shocks)).astype(float)
    return Campaigns(
        totals(27, PROMOTED),
        totals(27, OTHERS),
        totals(0.5, 2, COUNTRIES, sd=0.2),
        totals(12, 1, COUNTRIES, sd=0.2),
        weekly[:, :PROMOTED],
        weekly[:, PROMOTED:],
    )


# ── all campaigns at once ─────────────────────────────────────────────────────────────────


def ratio_batch(c: Campaigns) -> StudentT:
    return size_adjusted(Totals(*(t[:, :1] for t in c.course), *(t[:, None] for t in c.others)))


def courses_batch(c: Campaigns) -> StudentT:
    """As a run calls it: the other courses' totals on each course's own reference."""
    return these_courses(Totals(*c.course, *(t[:, None].repeat(PROMOTED, 1) for t in c.others)))


def arms_batch(c: Campaigns) -> StudentT:
    window, reference = (total[:, :1] for total in c.by_country)
    return by_unit(arm_ratios(window, reference, MEMBERS[:1]), IN_A)


def triple_batch(c: Campaigns) -> StudentT:
    others = arm_ratios(*c.others_by_country, MEMBERS)
    return by_unit(triple_ratios(arm_ratios(*c.by_country, MEMBERS), others), IN_A)


def candidates(course: Array, others: Array) -> Candidates:
    """The forecast of one course in every campaign, at each ρ; (R, weeks) each."""
    y = np.log(course[:, :BEFORE] + 0.5) - np.log(others[:, :BEFORE] + 0.5)
    ones = np.ones((BEFORE + DURING, 1))
    profile = ar1_profile(y, ones[:BEFORE], RHO)
    window = course[:, BEFORE:], others[:, BEFORE:]
    return forecast_shift(profile, ones[BEFORE - 1], ones[BEFORE:], *window)


def mean_shift(course: Array, others: Array) -> Array:
    """The forecast of each series averaged over ρ; (..., weeks) each."""
    y = np.log(course[..., :BEFORE] + 0.5) - np.log(others[..., :BEFORE] + 0.5)
    profile, ahead = ar1_profile(y, np.ones((BEFORE, 1)), RHO), np.ones((DURING, 1))
    return mean_forecast_shift(profile, ahead, course[..., BEFORE:], others[..., BEFORE:])


def halves(weekly: Array) -> tuple[Array, Array]:
    """Totals of the window and of the reference."""
    return weekly[..., BEFORE:].sum(axis=-1), weekly[..., :BEFORE].sum(axis=-1)


def forecast_batch(c: Campaigns) -> StudentT:
    pooled, each = c.weekly_others, c.weekly_each
    placebos = mean_shift(each, pooled[:, None] - each)
    totals = Totals(*halves(c.weekly[:, :1]), *halves(each[:, None]))
    return of_forecast(mean_shift(c.weekly[:, 0], pooled), placebos, totals, 1.0)


def shared_rho_batch(c: Campaigns) -> StudentT:
    own, *companions = (candidates(c.weekly[:, i], c.weekly_others) for i in range(PROMOTED))
    means = c.weekly[..., :BEFORE].mean(axis=-1)
    noise = 1 / (means + 0.5) + 1 / (c.weekly_others[:, :BEFORE].mean(axis=-1) + 0.5)[:, None]
    return at_shared_rho(own, companions, list(noise.T))


# ── one campaign, with statsmodels ────────────────────────────────────────────────────────


SATURATED = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0]], dtype=float)


def poisson(*cells: float) -> float:
    """Effect in a Poisson regression of treated W, treated R, other W, other R, each + ½."""
    fit = sm.GLM(np.array(cells) + 0.5, SATURATED, family=sm.families.Poisson()).fit(tol=1e-12)
    return float(fit.params[-1])


def placebo_line(window: Array, reference: Array) -> tuple[float, float, float]:
    """κ, φ and the spread, from each other course against the rest."""
    rest = window.sum() - window, reference.sum() - reference
    placebos = np.array([poisson(*cells) for cells in zip(window, reference, *rest, strict=True)])
    return line_of(placebos, window, reference)


def line_of(placebos: Array, window: Array, reference: Array) -> tuple[float, float, float]:
    h = 1 / (window + 0.5) + 1 / (reference + 0.5)
    (kappa, phi), _ = nnls(np.column_stack([1 / h, np.ones(len(h))]), placebos**2 / h)
    return kappa, phi, float(np.mean(placebos**2 / (kappa + phi * h)))


def against_others(c: Campaigns, i: int, courses: int) -> tuple[Array, Array, float]:
    """Estimates of the first courses, their variances, and the variance they share."""
    others = c.others[0][i], c.others[1][i]
    kappa, phi, spread = placebo_line(*others)
    window, reference = (float(total.sum()) for total in others)
    own = np.column_stack([total[i, :courses] for total in c.course])
    h = (1 + (reference + 0.5) / (window + 0.5)) / (own[:, 1] + 0.5)
    estimates = np.array([poisson(*totals, window, reference) for totals in own])
    return estimates, spread * (kappa + phi * h), spread * kappa / OTHERS


def ratio_one(c: Campaigns, i: int) -> tuple[float, float]:
    (estimate,), (variance,), _ = against_others(c, i, 1)
    return t_interval(estimate, variance, 10)


def courses_one(c: Campaigns, i: int) -> tuple[float, float]:
    estimates, variances, common = against_others(c, i, PROMOTED)
    variance = float(variances.mean()) / PROMOTED + common
    return t_interval(float(estimates.mean()), variance, 10)


def deletions(window: Array, reference: Array, in_a: NDArray[np.bool_]) -> Array:
    """The estimate with every country, then without each in turn."""
    kept = np.vstack([np.ones(COUNTRIES), 1 - np.eye(COUNTRIES)])
    cells = [kept @ (t * member) for member in (in_a, ~in_a) for t in (window, reference)]
    return np.array([poisson(*row) for row in zip(*cells, strict=True)])


def jackknifed(estimates: Array) -> tuple[float, float]:
    squares = float(((estimates[1:] - estimates[0]) ** 2).sum())
    return t_interval(float(estimates[0]), squares * (COUNTRIES - 1) / COUNTRIES, IN_A - 1)


def arms_one(c: Campaigns, i: int) -> tuple[float, float]:
    return jackknifed(deletions(c.by_country[0][i, 0], c.by_country[1][i, 0], MEMBERS[0]))


def triple_one(c: Campaigns, i: int) -> tuple[float, float]:
    (window,), (reference,) = (total[i] for total in c.others_by_country)
    own = zip(*(total[i] for total in c.by_country), MEMBERS, strict=True)
    triples = [deletions(w, r, a) - deletions(window, reference, a) for w, r, a in own]
    return jackknifed(np.mean(triples, axis=0))


class Forecast(NamedTuple):
    estimate: float
    unit: float
    variance: float
    log_likelihood: float


def forecasts(course: Array, others: Array) -> list[Forecast]:
    """Generalised least squares at each ρ, and what it says of the window."""
    y = np.log(course[:BEFORE] + 0.5) - np.log(others[:BEFORE] + 0.5)
    found = []
    for rho in RHO:
        omega = toeplitz(rho ** np.arange(BEFORE + DURING))
        past, cross, future = omega[:BEFORE, :BEFORE], omega[BEFORE:, :BEFORE], omega[BEFORE:]
        fit = sm.GLS(y, np.ones((BEFORE, 1)), sigma=past).fit()
        gain = np.linalg.solve(past, cross.T).T
        path = (others[BEFORE:] + 0.5) * np.exp(fit.params[0] + gain @ (y - fit.params[0]))
        weights = path / path.sum()
        unit_cov = float(fit.normalized_cov_params[0, 0])
        left = 1 - gain.sum(axis=1)
        covariance = future[:, BEFORE:] - gain @ cross.T + unit_cov * np.outer(left, left)
        determinants = np.linalg.slogdet(past)[1] - np.log(unit_cov)
        likelihood = -0.5 * (determinants + (BEFORE - 1) * np.log(fit.ssr))
        estimate = float(np.log(course[BEFORE:].sum() + 0.5) - np.log(path.sum()))
        unit = float(weights @ covariance @ weights)
        found.append(Forecast(estimate, unit, fit.ssr / (BEFORE - 1), float(likelihood)))
    return found


def mean_forecast(course: Array, others: Array) -> float:
    found = forecasts(course, others)
    likelihood = np.array([f.log_likelihood for f in found])
    weights = np.exp(likelihood - likelihood.max())
    return float(weights @ [f.estimate for f in found] / weights.sum())


def forecast_one(c: Campaigns, i: int) -> tuple[float, float]:
    own, each, pooled = c.weekly[i, 0], c.weekly_each[i], c.weekly_others[i]
    placebos = np.array([mean_forecast(other, pooled - other) for other in each])
    kappa, phi, spread = line_of(placebos, *halves(each))
    (window, reference), (_, base) = halves(pooled), halves(own)
    h = (1 + (reference + 0.5) / (window + 0.5)) / (base + 0.5)
    variance = max(spread * (kappa * (1 + 1 / OTHERS) + phi * h), h)
    return t_interval(mean_forecast(own, pooled), float(variance), 10)


def shared_rho_one(c: Campaigns, i: int) -> tuple[float, float]:
    series = [forecasts(c.weekly[i, course], c.weekly_others[i]) for course in range(PROMOTED)]
    best = int(np.argmax(np.sum([[f.log_likelihood for f in own] for own in series], axis=0)))
    variance = np.array([own[best].variance for own in series])
    means = c.weekly[i, :, :BEFORE].mean(axis=-1) + 0.5
    h = 1 / means + 1 / (c.weekly_others[i, :BEFORE].mean() + 0.5)
    (level, slope), _ = nnls(np.column_stack([1 / h, np.ones(PROMOTED)]), variance / h)
    dof = BEFORE - 1
    shrunk = (4 * (level + slope * h[0]) + dof * variance[0]) / (4 + dof)
    return t_interval(series[0][best].estimate, shrunk * series[0][best].unit, dof + 4)


def t_interval(estimate: float, variance: float, dof: float) -> tuple[float, float]:
    reach = float(np.sqrt(variance) * student.ppf(1 - TAIL, dof))
    return estimate - reach, estimate + reach


CASES = (
    Case("one course, size-adjusted ratio", 2, ratio_batch, ratio_one),
    Case("these seven courses", 2, courses_batch, courses_one),
    Case("arms by country (CRV3)", 2, arms_batch, arms_one),
    Case("triple difference, two courses", 2, triple_batch, triple_one),
    Case("AR(1) forecast, others' scale", 5, forecast_batch, forecast_one),
    Case("GLS, ρ shared by seven series", 5, shared_rho_batch, shared_rho_one),
)


def measured(case: Case, campaigns: Campaigns, looped: int) -> str:
    """One line of the table."""
    began = time.perf_counter()
    law = case.batch(campaigns)
    low, high = (law.quantile(p).ravel() for p in (TAIL, 1 - TAIL))
    seconds = time.perf_counter() - began
    covered = np.mean((low <= 0) & (high >= 0))
    began = time.perf_counter()
    plain = np.array([case.one(campaigns, i) for i in range(looped)])
    loop = (time.perf_counter() - began) * len(low) / looped
    differ = np.abs(plain - np.column_stack([low, high])[:looped]).max()
    return (
        f"{case.name:<32}{seconds:>7.2f} s{case.aim:>6.0f} s{loop:>10,.0f} s"
        f"{loop / seconds:>9,.0f}×{differ:>9.0e}{covered:>8.3f}"
    )


def main(arguments: Sequence[str]) -> None:
    count, looped = (int(a) for a in (*arguments, *("10000", "20")[len(arguments) :]))
    campaigns = drawn(count, seed=1)
    # A saturated regression predicts perfectly and has no residual degree of freedom: meant.
    warnings.filterwarnings("ignore", module="statsmodels")
    print(f"{count:,} placebo campaigns; the loop over statsmodels is scaled from {looped}")
    print(f"{'':<32}{'one call':>9}{'aim':>8}{'loop':>12}{'ratio':>10}{'differ':>9}{'covers':>8}")
    for case in CASES:
        print(measured(case, campaigns, looped), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
