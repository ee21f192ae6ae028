"""The main job and the light verbs as a user runs them: seconds and peak memory.

`python tests/benchmarks/commands.py [RUNS]` prints medians. *Cold* compiles this package anew,
into an empty folder; everything else is compiled already and in the file cache.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXPERIMENT = ROOT / "experiments" / "itcilo-2022"
OURS = ROOT / "evaluator"


@dataclass(frozen=True, slots=True)
class Case:
    """A command line and what it should take at most."""

    name: str
    arguments: tuple[str, ...]
    seconds: float
    megabytes: float
    cold: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process took; `user` is of all its threads and processes."""

    wall: float
    user: float
    megabytes: float


RUN = ("run", str(EXPERIMENT))
CALIBRATE = ("calibrate", str(EXPERIMENT))
WRITES = {"run", "calibrate"}
CASES = (
    Case("run, warm", RUN, 2.5, 400),
    Case("run, cold", RUN, 2.5, 400, cold=True),
    Case("validate", ("validate", str(EXPERIMENT)), 0.3, 400),
    Case("--help", ("--help",), 0.3, 400),
    Case("calibrate", CALIBRATE, 20, 1000, once=True),
)


def spent(arguments: Sequence[str], folder: Path, *, cold: bool) -> Spent:
    """Run the program once in a process of its own.

    Raises
    ------
    RuntimeError : the program did not exit with 0
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "evaluator", *arguments]
    if cold:
        uncompile()
    began = time.perf_counter()
    quiet = os.open(folder / "printed", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    redirected = [(os.POSIX_SPAWN_DUP2, quiet, descriptor) for descriptor in (1, 2)]
    pid = os.posix_spawn(sys.executable, command, environment, file_actions=redirected)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    os.close(quiet)
    if status:
        raise RuntimeError(f"{' '.join(command)}:\n{(folder / 'printed').read_text()}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Spent(wall, usage.ru_utime, usage.ru_maxrss / unit)


def uncompile() -> None:
    """Throw the bytecode of this package away."""
    for compiled in OURS.rglob("__pycache__/*.pyc"):
        compiled.unlink(missing_ok=True)


def measured(case: Case, runs: int) -> str:
    """One line of the table; the first run only warms up, unless one is all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        arguments = list(case.arguments)
        if arguments[0] in WRITES:
            arguments += ["--out", str(folder / "results")]
        times = 1 if case.once else runs + 1
        every = [spent(arguments, folder, cold=case.cold) for _ in range(times)][-runs:]
    wall, user, peak = (
        statistics.median(getattr(one, field) for one in every) for field in Spent.__slots__
    )
    return (
        f"{case.name:<12}{wall:>8.2f} s{case.seconds:>6.1f} s{user:>8.2f} s"
        f"{peak:>8.0f} MB{case.megabytes:>6.0f} MB"
    )


def main(arguments: Sequence[str]) -> None:
    runs = int(arguments[0]) if arguments else 5
    print(f"Median of {runs}")
    print(f"{'':<12}{'wall':>10}{'aim':>8}{'user':>10}{'peak':>11}{'aim':>9}")
    for case in CASES:
        print(measured(case, runs), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
