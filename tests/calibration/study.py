"""The fresh coverage study: every default and its named rivals, on small worlds.

`python tests/calibration/study.py [WORLDS] [SEED] [--write]` prints the tables and, if asked,
writes them into the README beside it. Rows are planned and estimated as in an evaluation, so what
is measured is what is offered; what the program says of a row is asked in the first worlds.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from evaluator.comparisons import ALL, Comparison, Planned, planned_rows
from evaluator.effects import Setting, estimate, estimate_many
from evaluator.resampling.simulate import Simulated, simulate
from evaluator.results import NotRun, Status
from tests.calibration.cases import CASES, Case
from tests.calibration.written import write
from tests.worlds import Array, filled, findings_of, met, truth

LEVEL = 0.95
BATCH = 50
"""Worlds estimated in one call."""
LOOKED_AT = 10
"""Worlds in which the findings of every row are read."""
BAND = 0.93, 0.97

Flags = NDArray[np.bool_]
Name = tuple[str, str]
"""Method, and `one` course or `all`."""

FAMILIES: Mapping[str, Mapping[Name, str]] = {
    "Against the other courses": {
        ("size_adjusted_ratio", "one"): "**ratio, one**",
        ("ranked_ratio", "one"): "ranked, one",
        ("these_courses", "all"): "**these courses**",
        ("courses_like_these", "all"): "courses like these",
        ("controlled_its", "one"): "**ITS, one**",
        ("controlled_its", "all"): "**ITS, all**",
        ("level_shift", "one"): "level shift *d*",
        ("single_its", "one"): "single ITS *d*",
        ("segmented_newey_west", "one"): "segmented NW *d*",
    },
    "Arm A against arm B": {
        ("arms_wider", "one"): "**wider, one**",
        ("arms_by_unit", "one"): "by country, one",
        ("arms_two_series", "one"): "two series, one",
        ("triple_difference", "one"): "triple, one",
        ("triple_difference", "all"): "**triple, all**",
        ("arms_by_unit", "all"): "by country, all",
    },
    "Per channel": {
        ("channel_mean", "all"): "**these courses**",
        ("channel_like_these", "all"): "courses like these",
        ("joint_daily", "one"): "one course's cell",
    },
}
"""Columns of the tables; defaults are bold, *d* is a row the program calls descriptive."""
COLUMNS = tuple(name for names in FAMILIES.values() for name in names)
DEFAULTS = tuple(
    name for names in FAMILIES.values() for name, title in names.items() if title.startswith("**")
)


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What one row did in the worlds of one case."""

    held: Flags
    """(worlds,) whether the interval held the truth; False where refused"""
    refused: Flags
    """(worlds,)"""
    half_widths: Array
    """(worlds,)"""
    reasons: Mapping[str, int]
    """Of refusals, in the worlds looked at."""
    warned: Mapping[str, int]
    """Findings that warned or failed, in the worlds looked at."""
    looked_at: int
    counted: float
    """Enrolments drawn in all worlds: the same wherever random numbers are the same."""

    @property
    def answered(self) -> int:
        return int(np.sum(~self.refused))

    @property
    def coverage(self) -> float:
        return float(self.held.sum() / self.answered)

    @property
    def error(self) -> float:
        return float(np.sqrt(self.coverage * (1 - self.coverage) / self.answered))

    def flags(self) -> Mapping[str, float]:
        """Findings that warned or failed in half of the worlds looked at, or more."""
        shares = {name: times / self.looked_at for name, times in self.warned.items()}
        return {name: share for name, share in shares.items() if share >= 0.5}


def measured(
    case: Case,
    worlds: int,
    seed: int,
    looked_at: int = LOOKED_AT,
    asked: Collection[Name] = COLUMNS,
) -> dict[Name, Tally]:
    """Coverage of the rows asked for in one case, by method and course."""
    counted = 0.0
    held: dict[Name, list[Array]] = defaultdict(list)
    said: dict[Name, Said] = defaultdict(Said)
    plain, seeds = case.world(), np.random.SeedSequence(seed).spawn(worlds)
    for first in range(0, worlds, BATCH):
        drawn = []
        for own in seeds[first : first + BATCH]:
            rng = np.random.default_rng(own)
            drawn.append(simulate(case.drawn(plain, rng), rng))
        counts = np.stack([one.counts for one in drawn]).astype(float)
        pooled = counts.sum(axis=2, keepdims=True)
        counted += float(pooled.sum())
        for name, planned in _wanted(planned_rows(met(case.protocol, drawn[0])), asked):
            assert isinstance(planned.comparison, Comparison)
            of_units = planned.comparison.treated.shape[-2] > 1
            batch = filled(planned.comparison, plain, counts if of_units else pooled)
            many = estimate_many(batch, planned.key, Setting(LEVEL, 0))
            truths = np.array([truth(planned, one) for one in drawn])
            inside = (many.low <= truths) & (truths <= many.high)
            held[name].append(np.array([inside, many.refused, (many.high - many.low) / 2]))
        for simulated in drawn[: max(looked_at - first, 0)]:
            _look(case, simulated, said)
    return {
        name: _tally(np.concatenate(parts, axis=1), said[name], counted)
        for name, parts in held.items()
    }


@dataclass(slots=True)
class Said:
    """What the program said of a row in the worlds looked at."""

    warned: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    worlds: int = 0


def _look(case: Case, simulated: Simulated, said: dict[Name, Said]) -> None:
    resolved = met(case.protocol, simulated)
    for name, planned in _wanted(planned_rows(resolved), COLUMNS):
        if not isinstance(planned.comparison, Comparison):
            continue
        outcome = estimate(planned.comparison, planned.key, Setting(LEVEL, 0))
        if isinstance(outcome, NotRun):
            said[name].reasons[outcome.reason.split(":")[0]] += 1
            continue
        said[name].worlds += 1
        said[name].warned.update(
            finding.name
            for finding in findings_of(planned, resolved, outcome)
            if finding.status in (Status.WARN, Status.FAIL)
        )


def _tally(values: Array, said: Said, counted: float) -> Tally:
    inside, refused = values[0] == 1, values[1] == 1
    return Tally(inside, refused, values[2], said.reasons, said.warned, said.worlds, counted)


def _wanted(rows: Sequence[Planned], asked: Collection[Name]) -> Iterator[tuple[Name, Planned]]:
    """The rows of the tables: of all courses, and of the first one."""
    for planned in rows:
        key = planned.key
        name = (key.method, "all" if key.course == ALL else "one")
        ours = key.course in (ALL, "P0") and key.channel in ("all", "ads")
        arms_in_wave = key.channel != "all" and key.arm != "all"
        fits = isinstance(planned.comparison, Comparison) and key.variant == "default"
        if ours and fits and not arms_in_wave and name in asked:
            yield name, planned


def table(results: Mapping[str, Mapping[Name, Tally]], family: str) -> str:
    """Markdown: a line a kind of world, a column a row of the program."""
    names = FAMILIES[family]
    lines = [
        f"| world | {' | '.join(names.values())} |",
        f"|---|{'---:|' * len(names)}",
    ]
    for world, tallies in results.items():
        cells = [_cell(tallies.get(name)) for name in names]
        if any(cells):
            lines.append(f"| {world} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(tally: Tally | None) -> str:
    if tally is None or not tally.answered:
        return "refused" if tally else ""
    shown = f"{tally.coverage:.3f}".removeprefix("0")
    low, high = BAND
    mark = "↓" if tally.coverage < low else "↑" if tally.coverage > high else ""
    return shown + mark + ("ᶠ" if tally.flags() else "")


def outside(results: Mapping[str, Mapping[Name, Tally]]) -> str:
    """Markdown: defaults below the band, with what the program says there."""
    lines = [
        "| world | default | coverage | half-width | the program says |",
        "|---|---|---|---|---|",
    ]
    for world, tallies in results.items():
        for names in FAMILIES.values():
            for name in names:
                tally = tallies.get(name)
                if tally is None or name not in DEFAULTS or not tally.answered:
                    continue
                if tally.coverage >= BAND[0]:
                    continue
                said = "; ".join(f"{flag} ({share:.0%})" for flag, share in tally.flags().items())
                lines.append(
                    f"| {world} | {name[0]}, {name[1]} | {tally.coverage:.3f} ± {tally.error:.3f}"
                    f" | {np.nanmedian(tally.half_widths):.2f} | {said or '**nothing**'} |"
                )
    return "\n".join(lines)


def refusals(results: Mapping[str, Mapping[Name, Tally]]) -> str:
    """Markdown: what is refused where, in which share of the worlds."""
    lines = ["| world | row | refused | by |", "|---|---|---:|---|"]
    for world, tallies in results.items():
        for name, tally in tallies.items():
            if tally.refused.any():
                why = ", ".join(tally.reasons)
                share = f"{tally.refused.mean():.0%}"
                lines.append(f"| {world} | {name[0]}, {name[1]} | {share} | {why} |")
    return "\n".join(lines)


def page(worlds: int, seed: int, cases: Mapping[str, Case] = CASES) -> str:
    """Markdown: every table, with what it took."""
    began, results = time.perf_counter(), {}
    for number, (name, case) in enumerate(cases.items()):
        results[name] = measured(case, worlds, seed + 1000 * number)
        print(f"{time.perf_counter() - began:6.0f} s  {name}", file=sys.stderr, flush=True)
    minutes = (time.perf_counter() - began) / 60
    near = np.sqrt(0.95 * 0.05 / worlds)
    parts = [
        f"R = {worlds:,} worlds of each kind, seed {seed}; Monte-Carlo error near .95: {near:.3f}."
        f" Version {version('campaign-evaluator')}, NumPy {np.__version__}; {minutes:.0f} minutes."
    ]
    parts += [f"### {family}\n\n{table(results, family)}" for family in FAMILIES]
    parts += [f"### Defaults below the band\n\n{outside(results)}"]
    parts += [f"### Refused\n\n{refusals(results)}"]
    return "\n\n".join(parts)


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    worlds, seed = (*numbers, *(1000, 20)[len(numbers) :])
    text = page(worlds, seed)
    print(text)
    if "--write" in sys.argv:
        write("study", text)
