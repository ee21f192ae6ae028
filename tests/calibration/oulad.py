"""Placebo campaigns on real enrolment series: 22 presentations of OULAD on 4 calendars.

`python tests/calibration/oulad.py [SEED] [--write]` plants lifts where nobody promoted anything,
estimates them through `evaluator.effects`, and prints how often the intervals hold them. Weeks
count from a presentation's start; −6 to −3 hold its registration deadline. Each presentation is
taken relative to the others of its calendar (log shares), so that all 22 stand on one calendar.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from evaluator.comparisons import ALL, Comparison
from evaluator.comparisons.design import EARLIER, LEFT_OUT, REFERENCE, WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.estimators.ratio import effective_number
from evaluator.results import Estimand, RowKey
from tests.calibration.written import write

DATA = Path(__file__).parents[3] / "shared" / "data" / "edu_oulad" / "daily_registrations.csv"
LEVEL = 0.95
FIRST, LAST, DEADLINE = -24, -3, -6
"""Weeks used, and the first of those before a deadline."""
REFERENCE_WEEKS = 8
LENGTHS = (1, 2, 4)
LIFTS = (1.0, 1.5, 3.0)
LATER = 4
"""Weeks by which the others' deadline comes later, where calendars are mixed."""
COMPANIONS = 4
"""Every so many-th other presentation shares its autocorrelation."""
SPARSE = 0.02
"""Weeks in which a calendar has less than this share of its mean are scaled as if they had it."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a method, how many are promoted, and what is declared."""

    method: str
    promoted: int = 1
    mixed: bool = False
    declared: bool = True
    """Whether the deadline is declared where the window touches it."""


ROWS: Mapping[str, tuple[Row, str, str]] = {
    # Name → row, and what statistics.md claims in ordinary weeks and beside deadlines.
    "ratio, one": (Row("size_adjusted_ratio"), ".940–.969", ".940–.969"),
    "— ranked": (Row("ranked_ratio"), ".95–.97", ".95–.97"),
    "— a deadline of its own, 4 weeks before": (
        Row("size_adjusted_ratio", mixed=True),
        "",
        ".47–.56: refused",
    ),
    "these courses, 2": (Row("these_courses", 2), ".93–.96", ".93–.96"),
    "these courses, 4": (Row("these_courses", 4), ".93–.96", ".93–.96"),
    "courses like these, 4": (Row("courses_like_these", 4), ".94–1.00", ".94–1.00"),
    "two series, shared ρ": (Row("arms_two_series"), ".96", ".92"),
    "ITS, one": (Row("controlled_its"), ".93–.96", ""),
    "ITS, the sum of 4": (Row("controlled_its", 4), ".93–.96", ""),
    "level shift, not declared": (Row("level_shift", declared=False), ".93–.96", ".70–.78"),
}


@dataclass(frozen=True, slots=True)
class Window:
    """Weeks from a presentation's start."""

    start: int
    weeks: int

    @property
    def days(self) -> slice:
        """Positions on the axis of days."""
        return slice(7 * (self.start - FIRST), 7 * (self.start - FIRST + self.weeks))


@dataclass(frozen=True, slots=True)
class Measured:
    """Coverage over placebo campaigns, with its error clustered by presentation and window."""

    campaigns: int
    refused: int
    coverage: float
    error: float
    half_width: float


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Presentations on one calendar.

    `counted` (presentations, days) times `factor` keeps the log share of a presentation in the
    rest of its own calendar, and has everybody's calendar in common.
    """

    names: tuple[str, ...]
    counted: Array
    factor: Array
    opened: NDArray[np.intp]
    """First day of the first whole week in which one could register."""


def read() -> Series:
    days = np.arange(7 * FIRST, 7 * LAST + 7)
    counted: dict[str, Array] = defaultdict(lambda: np.zeros(len(days)))
    with DATA.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            position = int(line["day"]) - days[0]
            if 0 <= position < len(days):
                name = f"{line['code_module']} {line['code_presentation']}"
                counted[name][position] += float(line["registrations"])
    names = tuple(sorted(counted))
    daily = np.array([counted[name] for name in names])
    weekly = daily.reshape(len(names), -1, 7).sum(axis=2)
    calendars = np.array([name.split()[1] for name in names])
    rest = np.array([weekly[calendars == own].sum(axis=0) for own in calendars]) - weekly
    profile = rest / rest.mean(axis=1, keepdims=True)
    factor = np.repeat(profile.mean(axis=0) / np.maximum(profile, SPARSE), 7, axis=1)
    first = np.argmax(daily > 0, axis=1)
    return Series(names, daily, factor, np.where(first < 7, 0, 7 * -(-first // 7)))


def measured(row: Row, lift: float, *, deadline: bool, seed: int) -> Measured:
    """Coverage of one row over all presentations (or sets of them) and windows.

    Parameters
    ----------
    deadline : windows that touch the deadline weeks; otherwise those that end before
    """
    series = read()
    rng = np.random.default_rng(seed)
    held, clusters, widths, refused = [], [], [], 0
    for weeks in LENGTHS:
        for start in _starts(weeks, deadline=deadline, mixed=row.mixed):
            for chosen in _sets(len(series.names), row.promoted, rng):
                daily = _planted(series, chosen, Window(start, weeks), lift, rng)
                comparison = _comparison(row, daily, chosen, Window(start, weeks), series.opened)
                comparison = replace(comparison, deadline=deadline and row.declared)
                key = RowKey("oulad", ALL, method=row.method)
                outcome = estimate(comparison, key, Setting(LEVEL, 0))
                if not isinstance(outcome, Estimated):
                    refused += 1
                    continue
                interval = outcome.effect.interval(LEVEL)
                held.append(float(np.log(lift)) in interval)
                widths.append((interval.high - interval.low) / 2)
                clusters.append((chosen[0], start))
    if not held:
        return Measured(0, refused, np.nan, np.nan, np.nan)
    return Measured(
        len(held),
        refused,
        float(np.mean(held)),
        clustered_error(np.array(held, dtype=float), np.array(clusters)),
        float(np.median(widths)),
    )


def clustered_error(values: Array, clusters: NDArray[np.intp]) -> float:
    """Standard error of a mean whose terms share presentations and windows.

    Cameron, Gelbach & Miller (2011): by the one, plus by the other, minus by both; never below
    that of independent terms.
    """
    centred, n = values - values.mean(), len(values)

    def squares(labels: NDArray[np.intp]) -> float:
        _, position = np.unique(labels, axis=0, return_inverse=True)
        return float(np.sum(np.bincount(position.ravel(), centred) ** 2))

    both = squares(clusters)
    two_way = squares(clusters[:, :1]) + squares(clusters[:, 1:]) - both
    return float(np.sqrt(max(two_way, float(np.sum(centred**2))))) / n


def _starts(weeks: int, *, deadline: bool, mixed: bool) -> range:
    """First weeks of windows with a whole reference before them."""
    earliest = FIRST + REFERENCE_WEEKS + LATER * mixed
    if deadline:
        return range(max(DEADLINE - weeks + 1, earliest), LAST - weeks + 2)
    return range(earliest, DEADLINE - weeks + 1)


def _sets(presentations: int, size: int, rng: np.random.Generator) -> Iterator[tuple[int, ...]]:
    """Every presentation alone, or as many sets drawn anew, each with another first one."""
    for first in range(presentations):
        rest = [i for i in range(presentations) if i != first]
        yield (first, *map(int, rng.choice(rest, size - 1, replace=False)))


def _planted(
    series: Series, chosen: Sequence[int], window: Window, lift: float, rng: np.random.Generator
) -> Array:
    """The chosen with a lift: everywhere but in the window each registration is kept with chance
    1 / lift, so that the noise of the counts is that of counts."""
    counted = series.counted.astype(np.int64)
    for row in chosen:
        kept = rng.binomial(counted[row], 1 / lift)
        kept[window.days] = counted[row, window.days]
        counted[row] = kept
    planted: Array = counted * series.factor
    return planted


def _comparison(
    row: Row, daily: Array, chosen: Sequence[int], window: Window, opened: NDArray[np.intp]
) -> Comparison:
    """The presentations against all others; series share ρ with some of these."""
    others = np.array([i for i in range(len(daily)) if i not in chosen])
    if row.mixed:
        daily = daily.copy()
        daily[others] = np.roll(daily[others], 7 * LATER, axis=1)
    ratios = row.method not in ("controlled_its", "level_shift")
    codes = np.full(daily.shape[1], EARLIER, dtype=np.int8)
    codes[window.days.start - 7 * REFERENCE_WEEKS if ratios else 0 : window.days.start] = REFERENCE
    codes[window.days] = WINDOW
    codes[window.days.stop :] = LEFT_OUT
    if row.method in ("arms_two_series", "controlled_its", "level_shift"):
        codes[: int(opened[list(chosen)].max())] = LEFT_OUT
    if row.method == "arms_two_series":
        own = [_arms(daily, i, codes) for i in (chosen[0], *others[::COMPANIONS])]
        return replace(own[0], companions=tuple(own[1:]))
    treated = daily[list(chosen)][:, None]
    effective = effective_number(treated[:, 0, codes == REFERENCE].sum(axis=-1))
    if not ratios:
        treated = treated.sum(axis=0, keepdims=True)
    return Comparison(
        Estimand("", "", ""),
        tuple(str(i) for i in range(len(treated))),
        treated,
        daily[others][:, None],
        np.tile(codes, (len(treated), 1)),
        date(2013, 1, 7),
        effective=float(effective),
    )


def _arms(daily: Array, position: int, codes: NDArray[np.int8]) -> Comparison:
    """A presentation as arm A, all the others as arm B."""
    own = daily[position]
    return Comparison(
        Estimand("", "", ""),
        (str(position),),
        np.stack([own, daily.sum(axis=0) - own])[None],
        np.zeros((0, 2, len(own))),
        codes[None],
        date(2013, 1, 7),
        in_a=np.array([[True, False]]),
    )


def table(seed: int) -> str:
    """Markdown: coverage at each planted lift together, beside what statistics.md claims."""
    lines = [
        "| row | ordinary weeks | claimed | weeks beside a deadline | claimed |",
        "|---|---|---|---|---|",
    ]
    for name, (row, *claims) in ROWS.items():
        cells = [name]
        for deadline, claim in zip((False, True), claims, strict=True):
            found = [measured(row, lift, deadline=deadline, seed=seed) for lift in LIFTS]
            cells += [_cell(found), claim]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(found: Sequence[Measured]) -> str:
    """Coverage at each lift, the largest error, and what is refused."""
    refused = found[0].refused / (found[0].refused + found[0].campaigns)
    if refused == 1:
        return "refused"
    shown = " · ".join(f"{one.coverage:.3f}".removeprefix("0") for one in found)
    error = max(one.error for one in found)
    return f"{shown} ± {error:.3f}" + (f", {refused:.0%} refused" if refused else "")


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    began = time.perf_counter()
    text = table(numbers[0] if numbers else 1)
    text += f"\n\nMade in {time.perf_counter() - began:.0f} s."
    print(text)
    if "--write" in sys.argv:
        write("oulad", text)
