"""The study in small: whether each default still covers the worlds that it covered.

`python tests/calibration/paired.py --write` measures anew and stores, for each default, in which
worlds its interval held the truth. Where random numbers are the same, two versions of the program
are compared world by world (McNemar's exact test), which sees changes far smaller than the
Monte-Carlo error of a coverage; elsewhere as two independent samples (Fisher's exact test).
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a program, from anywhere
from tests.calibration.cases import Case
from tests.calibration.study import DEFAULTS, measured
from tests.worlds import Small

STORED = Path(__file__).with_name("paired.json")
SMALL = Small(others=20, countries=12, in_a=6, history=10, window=4)
WORLDS, SEED = 750, 40
ALARM = 0.002
"""False alarms of one default, by a change that loses as many worlds as it gains."""
CHANGE = 0.02
"""Change of coverage that is to be caught."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Default → (worlds,) whether the interval held the truth; and what was drawn."""

    by_default: Mapping[str, Flags]
    counted: float


def now() -> Held:
    tallies = measured(Case(SMALL), WORLDS, SEED, 0, DEFAULTS)
    by_default = {" ".join(name): tally.held for name, tally in tallies.items()}
    return Held(by_default, next(iter(tallies.values())).counted)


def stored() -> Held:
    kept = json.loads(STORED.read_text("utf-8"))
    bits = {
        name: np.unpackbits(
            np.frombuffer(base64.b64decode(packed), dtype=np.uint8), count=WORLDS
        ).astype(bool)
        for name, packed in kept["held"].items()
    }
    return Held(bits, kept["counted"])


def chance(before: Flags, after: Flags, *, same_worlds: bool) -> float:
    """Two-sided p-value of an unchanged coverage."""
    from scipy.stats import binomtest, fisher_exact

    if same_worlds:
        lost, won = int(np.sum(before & ~after)), int(np.sum(after & ~before))
        return float(binomtest(lost, lost + won).pvalue) if lost + won else 1.0
    table = np.array([[held.sum(), (~held).sum()] for held in (before, after)])
    return float(fisher_exact(table).pvalue)


def write() -> None:
    found = now()
    kept = {
        "made by": f"python tests/calibration/paired.py --write, NumPy {np.__version__}",
        "counted": found.counted,
        "held": {
            name: base64.b64encode(np.packbits(held).tobytes()).decode()
            for name, held in found.by_default.items()
        },
    }
    STORED.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    for name, held in stored().by_default.items():
        print(f"{name:<28} {held.mean():.3f} of {len(held)} worlds")
