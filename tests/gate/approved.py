"""A small experiment in files, approved: what tests of the gate break."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from evaluator.experiment import load_protocol
from evaluator.experiment.protocol import Protocol
from evaluator.gate.accept import accept
from evaluator.gate.check import check
from evaluator.gate.items import Checked
from evaluator.gate.lock import Lock
from evaluator.gate.stored import lock_path, read_lock
from evaluator.resolve import Resolved, resolve
from evaluator.sources import load

WINDOW, WEEKS, HISTORY = date(2023, 7, 31), 6, 30
COURSES = ("P", "Q", *(f"O{n:02d}" for n in range(14)))
COUNTRIES = tuple(f"C{n}" for n in range(12))
DECLARED = """\
[experiment]
name = "small"
as_of = 2023-09-10
data_kind = "synthetic"
seed = 7
questions = ["promoted_vs_other", "a_vs_b", "pre_vs_campaign", "channels"]

[window]
start = 2023-07-31
end = 2023-09-10

[assumptions]
causal_graph = false

[gate]
campaigns = 100

[[courses]]
code = "P"

[[courses]]
code = "Q"

[others]
codes = ["O00", "O01", "O02", "O03", "O04", "O05", "O06", "O07", "O08", "O09", "O10", "O11", \
"O12", "O13"]

[arms.listed]
countries = ["C0", "C1", "C2", "C3", "C4", "C5"]

[[channels]]
name = "ads"
kind = "paid"

[[waves]]
id = "first"
channel = "ads"
courses = ["P"]
start = 2023-07-31
end = 2023-08-13

[[waves]]
id = "second"
channel = "ads"
courses = ["Q"]
start = 2023-08-14
end = 2023-08-27

[[sources]]
name = "counts"
kind = "counts"
path = "counts-*.csv"
absent_is_zero = true
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the approved experiment, to be broken and checked."""

    folder: Path
    known: Resolved
    """As read when it was approved."""

    @property
    def protocol(self) -> Protocol:
        return load_protocol(self.folder)

    @property
    def lock(self) -> Lock:
        found = read_lock(lock_path(self.protocol.path))
        assert found is not None
        return found

    def declare(self, old: str, new: str) -> None:
        """Change the declaration in one place."""
        self._replace(self.folder / "experiment.toml", old, new)

    def count(self, old: str, new: str) -> None:
        """Change the counts before the window in one place."""
        self._replace(self.folder / "counts-1.csv", old, new)

    def edit_lock(self, old: str, new: str) -> None:
        self._replace(self.folder / "lock.json", old, new)

    def read(self) -> Resolved:
        protocol = self.protocol
        return resolve(protocol, load(protocol))

    def check(self, *, anew: bool = True, only: str = "", today: date | None = None) -> Checked:
        """Parameters: anew, whether the files have to be read again."""
        protocol = self.protocol
        known = replace(self.known, protocol=protocol)
        return check(protocol, self.read if anew else lambda: known, only=only, today=today)

    def accept(self, reason: str = "so it is", *, only: str = "") -> None:
        accept(self.protocol, self.read, reason, only=only)

    def _replace(self, path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new), "utf-8")


def approve(folder: Path) -> Copy:
    """Write the experiment into a folder, evaluate it and accept it."""
    folder.mkdir(parents=True)
    (folder / "experiment.toml").write_text(DECLARED, "utf-8")
    for name, text in _exports():
        (folder / name).write_text(text, "utf-8")
    protocol = load_protocol(folder)
    resolved = resolve(protocol, load(protocol))
    accept(protocol, lambda: resolved, "first")
    return Copy(folder, resolved)


def _exports() -> Iterator[tuple[str, str]]:
    """Two exports of daily counts: before the window, and in it."""
    rng = np.random.default_rng(11)
    days = 7 * (HISTORY + WEEKS)
    start = WINDOW - timedelta(7 * HISTORY)
    season = np.exp(0.2 * np.sin(np.arange(days) / 20))
    size = rng.uniform(0.4, 1.5, (len(COURSES), len(COUNTRIES)))
    shocks = np.exp(0.1 * rng.standard_normal((len(COURSES), 1, days // 7))).repeat(7, axis=2)
    means = size[:, :, None] * season * shocks
    means[:2, :, 7 * HISTORY :] *= 1.5
    means[:2, :6, 7 * HISTORY :] *= 1.4
    counts = rng.poisson(means)
    for name, inside in (("1", range(7 * HISTORY)), ("2", range(7 * HISTORY, days))):
        rows = [
            f"{course},{country},{start + timedelta(day)},{counts[c, k, day]}"
            for day in inside
            for c, course in enumerate(COURSES)
            for k, country in enumerate(COUNTRIES)
            if counts[c, k, day]
        ]
        yield f"counts-{name}.csv", "\n".join(["course,country,day,value", *rows, ""])
