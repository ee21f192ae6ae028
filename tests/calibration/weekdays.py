"""One series and its weekdays: how often the intervals cover where nothing else is compared.

`python tests/calibration/weekdays.py [WORLDS] [SEED] [--write]` prints the table and, if asked,
writes it into the README beside it. Designs are those that the program plans for the shipped
experiment of one organisation; the days are drawn with planted lifts.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from evaluator.api import load_experiment
from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.comparisons.design import WINDOW
from evaluator.effects import METHODS, Setting
from evaluator.effects.facts import each_conditions
from evaluator.effects.many import laws_of_many
from evaluator.effects.methods import SINGLE
from evaluator.inference.family import behind_a_gate
from evaluator.inference.refusals import flags
from evaluator.resampling.shocks import ar1, by_weekday, gamma, season, weeks
from evaluator.results import Status
from tests.calibration.written import write

EXPERIMENT = Path(__file__).parents[2] / "experiments" / "employee-advocacy-2022"
COURSE = "sessions"
LEVEL = 0.95
PROFILE = 7 * np.array([0.16, 0.18, 0.21, 0.18, 0.13, 0.03, 0.11])
"""Monday to Sunday, mean 1."""
HOLIDAYS = "with the year-end holidays"
DAILY_ALPHA, DIP, WINDOW_DAYS = 0.04, -0.6, 90
HALF_LIFE = 30
"""Days in which a lift that fades is halved."""

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Case:
    """What a kind of world changes. Weeks: sd .1, ρ .5, a holiday dip; days: α .04."""

    a_day: float = 33.0
    lift: tuple[float, float] = (1.0, 1.0)
    """On weekdays and at the weekend."""
    fades: bool = False
    sd: float = 0.1
    rho: float = 0.5


CASES: Mapping[str, Case] = {
    "ordinary weeks, no lift": Case(),
    "ordinary weeks, ×1.5": Case(lift=(1.5, 1.5)),
    "— ×1.4, at weekends ×2.5": Case(lift=(1.4, 2.5)),
    "— ×2.25, halved every 30 days": Case(lift=(2.25, 2.25), fades=True),
    "shocks of a week, ρ 0": Case(rho=0.0),
    "shocks that last, ρ .8": Case(rho=0.8),
    "harsher, sd .2": Case(sd=0.2),
    "twelve a day": Case(a_day=12.0),
    "four a day": Case(a_day=4.0),
    "one a day": Case(a_day=1.0),
}


@dataclass(frozen=True)
class Drawn:
    """(R, D) counts, expected counts, and what was expected without the campaign."""

    counts: Array
    mean: Array
    base: Array
    start: date


@dataclass(frozen=True)
class Tally:
    """Of the worlds in which a row was not refused: how often its interval covered, how wide."""

    coverage: float
    half_width: float
    answered: float
    flagged: float = 0.0
    """Share of the answered in which a finding warns of small counts."""

    def __str__(self) -> str:
        if not self.answered:
            return "refused"
        few = f" of {self.answered:.0%}" if self.answered < 0.995 else ""
        return f"{self.coverage:.3f}{few} (±{self.half_width:.2f})"


@dataclass(frozen=True)
class Together:
    """The seven weekdays of a series."""

    each: tuple[Tally, ...]
    all_hold: float
    """Share of worlds in which all simultaneous intervals cover."""
    alarm: float
    """Share of worlds in which Holm finds a change on any day."""


def main(worlds: int, seed: int, *, keep: bool) -> None:
    lines = [
        f"R = {worlds:,} worlds of each kind, seed {seed}; Monte-Carlo error near .95:"
        f" {np.sqrt(0.95 * 0.05 / worlds):.3f}. Version {version('campaign-evaluator')}, NumPy"
        f" {np.__version__}.",
        "",
        "| world | **by week** | holidays not left out | by day | segmented NW | **a weekday**:"
        " mean | lowest | all seven | any found |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, case in CASES.items():
        series, days = measured(case, worlds, seed)
        answered = [one for one in days.each if one.answered]
        mean = Tally(*(float(np.mean(part)) for part in zip(*map(_parts, answered), strict=True)))
        lowest = min(answered, key=lambda one: one.coverage)
        flag = "ᶠ" if lowest.flagged >= 0.5 else ""
        cells = [*map(str, series), str(mean), f"{lowest.coverage:.3f}{flag}"]
        cells.append(f"{days.all_hold:.3f}")
        lines.append(f"| {name} | {' | '.join(cells)} | {days.alarm:.3f} |")
        print(lines[-1], flush=True)
    if keep:
        write("weekdays", "\n".join(lines))


def measured(case: Case, worlds: int, seed: int) -> tuple[tuple[Tally, ...], Together]:
    """The rows of the whole series, then those of its weekdays."""
    series, days = designs()
    drawn = draw(case, series[0], worlds, np.random.default_rng([seed, worlds]))
    return tuple(_series(row, drawn) for row in series), together(days, drawn)


def designs() -> tuple[list[Planned], list[Planned]]:
    """Rows of one metric: by week, with the holidays, by day, segmented; then each weekday."""
    planned = planned_rows(load_experiment(EXPERIMENT).resolved())
    own = [row for row in planned if row.key.course == COURSE]
    by_method = {(row.key.method, row.key.variant): row for row in own}
    default = by_method["single_its", "default"]
    if not isinstance(default.comparison, Comparison):
        raise TypeError("the series is not compared")
    daily = replace(default, comparison=replace(default.comparison, period_days=1))
    others = [
        by_method["single_its", HOLIDAYS],
        daily,
        by_method["segmented_newey_west", "default"],
    ]
    return [default, *others], [row for row in own if row.key.method == "weekday_its"]


def draw(case: Case, row: Planned, worlds: int, rng: np.random.Generator) -> Drawn:
    """Worlds on the days of a design, whose window begins on the first of January."""
    comparison = _compared(row)
    start, days = comparison.start, comparison.codes.shape[1]
    week = weeks(start, days)
    shocks = ar1(rng, np.full(worlds, case.sd), int(week[-1]) + 1, case.rho)[:, week]
    calm = case.a_day * by_weekday(start, days, PROFILE) * np.exp(season(start, days, 0.0, DIP))
    base = calm * np.exp(shocks)
    first = days - WINDOW_DAYS
    at_weekends = (np.arange(days) + start.weekday()) % 7 >= 5
    lift = np.where(at_weekends, np.log(case.lift[1]), np.log(case.lift[0]))
    since = np.arange(days) - first
    effect = lift * np.where(case.fades, 0.5 ** (since / HALF_LIFE), 1.0) * (since >= 0)
    mean = base * np.exp(effect)
    counts = rng.poisson(mean * gamma(rng, mean.shape, DAILY_ALPHA)).astype(float)
    return Drawn(counts, mean, base, start)


def _series(row: Planned, drawn: Drawn) -> Tally:
    """Also where the program refuses it: this is why."""
    comparison = _compared(row)
    batch = replace(comparison, treated=drawn.counts[:, None, None, :])
    each = [batch]
    if row.key.method in SINGLE:
        each = [replace(batch, treated=own[None, None]) for own in drawn.counts]
    laws = [METHODS[row.key.method](own, Setting(LEVEL)).distribution for own in each]
    tail = (1 - LEVEL) / 2
    low, high = (np.hstack([np.asarray(law.quantile(p)) for law in laws]) for p in (tail, 1 - tail))
    return _tally(low, high, _truth(comparison, drawn), np.zeros(len(low), dtype=bool))


def together(rows: Sequence[Planned], drawn: Drawn) -> Together:
    """All rows of one series' weekdays, as they are read together."""
    columns = [_of_weekday(_compared(row), drawn) for row in rows]
    batches = [
        replace(_compared(row), treated=own.counts[:, None, None, :])
        for row, own in zip(rows, columns, strict=True)
    ]
    laws, truths, each = [], [], []
    for place, row in enumerate(rows):
        rest = tuple(batches[:place] + batches[place + 1 :])
        law = laws_of_many(replace(batches[place], companions=rest), row.key, Setting(LEVEL))
        truth = _truth(_compared(row), columns[place])
        low, high = law.interval(LEVEL)
        laws.append(law)
        truths.append(truth)
        tally = _tally(low, high, truth, law.refused)
        each.append(replace(tally, flagged=_flagged(batches[place], row, law.refused)))
    p_values = np.stack([law.p_value() for law in laws], axis=-1)
    divisors, adjusted = behind_a_gate(p_values, np.zeros(len(p_values)), LEVEL)
    divisors = np.where(np.isnan(p_values), np.nan, divisors)
    missed = np.zeros(len(p_values), dtype=bool)
    for place, (law, truth) in enumerate(zip(laws, truths, strict=True)):
        low, high = law.interval(1 - (1 - LEVEL) / divisors[:, place])
        missed |= (truth < low) | (truth > high)  # neither, where refused
    alarm = np.any(adjusted <= 1 - LEVEL, axis=-1)
    return Together(tuple(each), float(1 - missed.mean()), float(alarm.mean()))


def _flagged(batch: Comparison, row: Planned, refused: Flags) -> float:
    """Share of the worlds with an answer in which the program warns of what is small."""
    told = [flags(row.key.method, conditions) for conditions in each_conditions(batch)]
    warns = np.array([any(one.status is Status.WARN for one in own) for own in told])
    return float(warns[~refused].mean()) if not refused.all() else 0.0


def _of_weekday(comparison: Comparison, drawn: Drawn) -> Drawn:
    """The days of the worlds that a weekday's design has."""
    days = slice((comparison.start - drawn.start).days, None, 7)
    return Drawn(drawn.counts[:, days], drawn.mean[:, days], drawn.base[:, days], comparison.start)


def _truth(comparison: Comparison, drawn: Drawn) -> Array:
    inside = comparison.codes[0] == WINDOW
    with_, without = (part[:, inside].sum(axis=1) for part in (drawn.mean, drawn.base))
    return np.asarray(np.log(with_ / without))


def _tally(low: Array, high: Array, truth: Array, refused: Flags) -> Tally:
    kept = ~refused
    if not kept.any():
        return Tally(np.nan, np.nan, 0.0)
    held = (low <= truth) & (truth <= high)
    return Tally(
        float(held[kept].mean()), float(np.mean(high[kept] - low[kept]) / 2), float(kept.mean())
    )


def _parts(tally: Tally) -> tuple[float, float, float]:
    return tally.coverage, tally.half_width, tally.answered


def _compared(row: Planned) -> Comparison:
    if not isinstance(row.comparison, Comparison):
        raise TypeError(f"{row.key} is not compared")
    return row.comparison


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*(given + [2000, 20][len(given) :]), keep="--write" in sys.argv)
