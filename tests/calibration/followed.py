"""What is left after promotion: how often the intervals of the weeks after cover.

`python tests/calibration/followed.py [WORLDS] [SEED] [--write]` prints the table and, if asked,
writes it into the README beside it. Worlds are free ones of the flagship's configuration, with its
lifts and what they leave behind planted, or without any lift.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from evaluator.comparisons import ALL, Comparison, Planned, channels, planned_rows
from evaluator.comparisons.after import bins_after, moved_after, weeks_after
from evaluator.effects import Setting, effect_alone
from evaluator.evaluation.figures import FOLLOWED
from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol, Question
from evaluator.resampling.flagship import STORY, flagship_world
from evaluator.resampling.simulate import Simulated, simulate
from evaluator.results import Effect, RowRole
from tests.calibration.recovery import FLAGSHIP, LEVEL, Tally, _add, _truths, resolved_world
from tests.calibration.written import write

ASKED = (*FOLLOWED, channels.QUESTION)
Followed = tuple[str, Planned, Comparison]
"""What it is, the row that it follows, and the row's comparison on days after."""


def main(worlds: int, seed: int, *, keep: bool) -> None:
    found = [measured(worlds, seed, lifted=lifted) for lifted in (True, False)]
    lines = [
        f"R = {worlds:,} worlds of each kind, seed {seed}; Monte-Carlo error near .95:"
        f" {np.sqrt(0.95 * 0.05 / worlds):.3f}. Version {version('campaign-evaluator')}, NumPy"
        f" {np.__version__}.",
        "",
        "| interval | lifts planted: coverage | half-width | bias | no lift: coverage"
        " | half-width |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name in found[0]:
        planted, none = (tallies[name] for tallies in found)
        lines.append(
            f"| {name} | {planted.coverage:.3f} | {planted.half_widths / planted.worlds:.2f}"
            f" | {planted.bias / planted.worlds:+.2f} | {none.coverage:.3f}"
            f" | {none.half_widths / none.worlds:.2f} |"
        )
    text = "\n".join(lines)
    print(text)
    if keep:
        write("followed", text)


def measured(worlds: int, seed: int, *, lifted: bool) -> dict[str, Tally]:
    """Tallies by what is followed."""
    declared = load_protocol(FLAGSHIP)
    asked = tuple(question for question in declared.questions if question.value in ASKED)
    protocol = replace(declared, questions=tuple(map(Question, asked)))
    world = flagship_world(protocol, STORY if lifted else None)
    tallies: dict[str, Tally] = defaultdict(Tally)
    for own in np.random.SeedSequence(seed).spawn(worlds):
        simulated = simulate(world, np.random.default_rng(own))
        for name, planned, comparison in _followed(protocol, simulated):
            effect = effect_alone(comparison, planned.key.method, Setting(LEVEL, 0))
            if isinstance(effect, Effect):
                truth = float(np.mean(list(_truths(planned, comparison, simulated))))
                _add(tallies[name], effect.interval(LEVEL), truth)
    return dict(tallies)


def _followed(protocol: Protocol, simulated: Simulated) -> Iterator[Followed]:
    for planned in planned_rows(resolved_world(protocol, simulated)):
        key, built = planned.key, planned.comparison
        if planned.role is not RowRole.HEADLINE or not isinstance(built, Comparison):
            continue
        if key.question == channels.QUESTION:
            for week, own in weeks_after(built):
                if isinstance(own, Comparison):
                    yield f"{key.channel}, week {week} after its waves", planned, own
        elif key.course != ALL and not planned.descriptive:
            for start, days in bins_after(built):
                name = f"{key.question}, {key.course}: the {days} days after the window"
                yield name, planned, moved_after(built, start, days)


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--write"]
    main(*map(int, (*given, *("300", "20")[len(given) :])), keep="--write" in sys.argv)
