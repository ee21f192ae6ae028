"""Curves of 20 lifts with 2,000 worlds a point, question by question, on the flagship's panel.

`python tests/benchmarks/power.py [WORLDS] [POINTS]` prints a table. A question's rows are drawn and
concluded together, so all of its curves come at once; the last column is what one of them takes.
Seconds are of the processor: run it with OMP_NUM_THREADS=1 and OPENBLAS_NUM_THREADS=1.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

import evaluator
from evaluator.calibration.rows import Kind
from evaluator.effects import Setting
from evaluator.experiment.protocol import Protocol
from evaluator.planning.curves import Trial, curves
from evaluator.planning.power import QUESTIONS
from evaluator.planning.varied import Axis
from evaluator.resolve import Resolved

FLAGSHIP = Path(__file__).parents[2] / "experiments" / "itcilo-2022"
YEAR = 364


def a_year_later(past: Resolved) -> Protocol:
    """The shipped experiment again, in which every course has a history by now."""
    protocol, year = past.protocol, timedelta(YEAR)
    return replace(
        protocol,
        window=protocol.window.shifted(YEAR),
        waves=tuple(
            replace(wave, span=wave.span.shifted(YEAR), bounds=None) for wave in protocol.waves
        ),
        courses=tuple(replace(course, available_from=None) for course in protocol.courses),
        as_of=protocol.as_of + year,
    )


def main(worlds: int, points: int) -> None:
    past = evaluator.load_experiment(FLAGSHIP).resolved()
    following = a_year_later(past)
    lifts = tuple(float(lift) for lift in np.exp(np.linspace(0.05, 1.5, points)))
    print(f"Power: curves of {points} lifts, {worlds:,} worlds a point, processor seconds")
    print(f"{'question':<20} {'worlds':<8} {'curves':>6} {'all':>8} {'each':>8}")
    for question in QUESTIONS:
        for kind in Kind:
            asked = replace(following, questions=(question,))
            began = time.process_time()
            found = curves(past, asked, Axis.LIFT, lifts, Trial(1.0, worlds, Setting(), kind))
            took = time.process_time() - began
            drawn = [curve for curve in found if curve.points[0].power.campaigns]
            each = took / max(len(drawn), 1)
            print(f"{question.value:<20} {kind.value:<8} {len(drawn):>6} {took:8.1f} {each:8.1f}")


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(*numbers, *(2000, 20)[len(numbers) :]))
