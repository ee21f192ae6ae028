"""Worlds in which each assumption is broken on purpose, and a clean one: which findings fire.

`python tests/assumptions/violations.py [WORLDS] [SEED] [--write]` prints how often each finding
warns or fails in each world and, if asked, writes the tables into the README beside it. An
assumption is broken by as much as biases the estimate concerned by one of its standard errors: the
strength is found on the expected counts, without noise.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from evaluator.assumptions import data_findings
from evaluator.assumptions.departure import standard_error
from evaluator.comparisons import Comparison, Planned, planned_rows
from evaluator.effects import Estimated, Setting, estimate
from evaluator.resampling.simulate import Simulated, rates, simulate
from evaluator.results import Finding, NotRun, Status
from tests.assumptions.broken import (
    QUIET,
    ROWS,
    SMALL,
    VIOLATIONS,
    RowName,
    Violation,
    clean_world,
)
from tests.calibration.written import write
from tests.worlds import findings_of, met, protocol_of

CLEAN_FOR_SCALE = 100
"""Clean worlds over which the standard error of a row is averaged."""
OFTEN = 0.1
"""Other findings that fire more often than this in a broken world are named."""
README = Path(__file__).with_name("README.md")

DATA: RowName = ("the data", "")


@dataclass(slots=True)
class Tally:
    """How often a finding said what of a row."""

    worlds: int = 0
    fired: int = 0
    failed: int = 0
    not_run: int = 0
    powers: list[float] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.fired += finding.status in (Status.WARN, Status.FAIL)
        self.failed += finding.status is Status.FAIL
        self.not_run += finding.status is Status.NOT_RUN
        if finding.power is not None:
            self.powers.append(finding.power)

    def shown(self) -> str:
        power = f", power {np.mean(self.powers):.2f}" if self.powers else ""
        not_run = f", not run {self.not_run / self.worlds:.2f}" if self.not_run else ""
        fails = f"fails {self.failed / self.worlds:.3f}"
        return f"{self.fired / self.worlds:.3f} ({fails}{not_run}{power})"


Tallies = dict[tuple[RowName, str], Tally]


def strength_of(violation: Violation) -> tuple[float, float]:
    """Strength that biases the row by one standard error, and that standard error."""
    errors = []
    for own in np.random.SeedSequence(0).spawn(CLEAN_FOR_SCALE):
        drawn = simulate(clean_world(), np.random.default_rng(own))
        planned = _row(drawn, violation.row)
        outcome = _estimated(planned)
        if isinstance(outcome, Estimated):
            errors.append(standard_error(outcome.effect))
    error = float(np.mean(errors))
    start = _expected(violation, 0.0)

    def excess(strength: float) -> float:
        bias = _expected(violation, strength) - start - violation.truth * strength
        return abs(bias) - error

    return float(brentq(excess, 0.0, violation.most, xtol=1e-4)), error


def tallied(name: str, worlds: int, seed: int) -> tuple[Tallies, float, float]:
    """Findings over worlds broken in one way (or clean), the strength, and the row's s.e."""
    violation = VIOLATIONS.get(name)
    world, strength, error = clean_world(), 0.0, 1.0
    if violation is not None:
        strength, error = strength_of(violation)
        world = violation.broken(world, strength)
    tallies: Tallies = defaultdict(Tally)
    for own in np.random.SeedSequence(seed).spawn(worlds):
        drawn = simulate(world, np.random.default_rng(own))
        resolved = met(protocol_of(SMALL), drawn)
        rows = list(ROWS) if violation is None else [violation.row]
        for row in rows:
            planned = _row(drawn, row)
            outcome = _estimated(planned)
            _add(tallies, row, findings_of(planned, resolved, outcome))
        _add(tallies, DATA, data_findings(resolved))
    for tally in tallies.values():
        tally.worlds = worlds
    return tallies, strength, error


def _add(tallies: Tallies, row: RowName, findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        if finding.name != "coverage":
            tallies[row, finding.name].add(finding)


def _row(drawn: Simulated, row: RowName) -> Planned:
    method, about = row
    for planned in planned_rows(met(protocol_of(SMALL), drawn)):
        key = planned.key
        if (key.method, key.variant) == (method, "default") and about in (key.course, key.channel):
            if method != "channel_mean" or key.channel == about:
                return planned
    raise KeyError(row)


def _estimated(planned: Planned) -> Estimated | NotRun:
    assert isinstance(planned.comparison, Comparison)
    return estimate(planned.comparison, planned.key, Setting())


def _expected(violation: Violation, strength: float) -> float:
    """The row's estimate on expected counts, a hundred times as many."""
    world = violation.broken(clean_world(QUIET), strength)
    base, mean, _ = rates(world, np.random.default_rng(0))
    drawn = Simulated(world, np.rint(100 * mean).astype(np.int64), mean, base)
    outcome = _estimated(_row(drawn, violation.row))
    assert isinstance(outcome, Estimated), outcome
    return outcome.effect.log_lift


def table_of_violations(found: Mapping[str, tuple[Tallies, float, float]]) -> Iterator[str]:
    yield "| broken | by | in row | its own finding fires | others that fire |"
    yield "|---|---|---|---|---|"
    for name, violation in VIOLATIONS.items():
        tallies, strength, error = found[name]
        by = violation.unit.format(
            strength, exp=np.exp(strength), fall=np.exp(-strength), peak=1 + strength
        )
        own = [
            f"{finding}: {tallies[violation.row, finding].shown()}"
            for finding in violation.own
            if (violation.row, finding) in tallies
        ]
        rest = [
            f"{finding} {tally.fired / tally.worlds:.2f}"
            for (_, finding), tally in tallies.items()
            if finding not in violation.own and tally.fired > OFTEN * tally.worlds
        ]
        row = f"{' '.join(violation.row)}, s.e. {error:.3f}"
        yield f"| {name} | {by} | {row} | {'<br>'.join(own)} | {', '.join(rest)} |"


def table_of_clean(tallies: Tallies) -> Iterator[str]:
    yield "| finding | row | fires | fails | not run | power |"
    yield "|---|---|---:|---:|---:|---:|"
    for (row, finding), tally in sorted(tallies.items(), key=lambda item: item[0][1]):
        if not (tally.fired or tally.not_run or tally.powers):
            continue
        shares = [n / tally.worlds for n in (tally.fired, tally.failed, tally.not_run)]
        power = f"{np.mean(tally.powers):.2f}" if tally.powers else ""
        cells = " | ".join(f"{share:.3f}" for share in shares)
        yield f"| {finding} | {' '.join(row)} | {cells} | {power} |"


def main(worlds: int = 500, seed: int = 30) -> str:
    began = time.perf_counter()
    names = ("clean", *VIOLATIONS)
    with ProcessPoolExecutor(2) as pool:
        seeds = [seed + number for number in range(len(names))]
        results = pool.map(tallied, names, [worlds] * len(names), seeds)
        found = dict(zip(names, results, strict=True))
    minutes = (time.perf_counter() - began) / 60
    head = (
        f"{worlds} worlds of each kind, seed {seed}; Monte-Carlo error at most"
        f" {np.sqrt(0.25 / worlds):.3f}, near .10 {np.sqrt(0.09 / worlds):.3f}; {minutes:.0f}"
        " minutes on two cores."
    )
    broken, clean = table_of_violations(found), table_of_clean(found["clean"][0])
    return "\n".join((head, "", *broken, "", "### Clean worlds", "", *clean))


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    text = main(*numbers)
    print(text)
    if "--write" in sys.argv:
        write("violations", text, README)
