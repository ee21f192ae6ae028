"""Campaigns in processes of their own, and the pieces of work that they take.

Plain processes (`python -m evaluator.calibration`), not `multiprocessing`: the program that calls
may be a script without a main guard.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator.calibration.rows import Group, Kind
from evaluator.calibration.stored import Found, found_from_dict
from evaluator.effects import Setting

MODULE = "evaluator.calibration"


@dataclass(frozen=True, slots=True)
class Piece:
    """One group's campaigns of one kind."""

    group: int
    """Its place among `calibrated_groups`."""
    kind: Kind


def pieces(groups: Sequence[Group]) -> list[Piece]:
    """All the work, what takes longest first."""
    costly = ("channel_mean", "arms", "triple")

    def cost(piece: Piece) -> int:
        method = groups[piece.group].rows[0].key.method
        return next((at for at, name in enumerate(costly) if name in method), len(costly))

    return sorted((Piece(n, kind) for n in range(len(groups)) for kind in Kind), key=cost)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that measures pieces, one at a time."""

    process: subprocess.Popen[str]

    def measured(self, piece: Piece) -> tuple[Found, ...]:
        """What it found.

        Raises
        ------
        RuntimeError : the process ended
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            print(piece.group, piece.kind.value, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a process of calibration ended with code {self.process.wait()}")
        return tuple(found_from_dict(row) for row in json.loads(line))


@contextlib.contextmanager
def worker(experiment: Path, worlds: int, setting: Setting) -> Iterator[Worker]:
    """A worker that does not outlive the block."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=_environment(),
        start_new_session=True,  # an interrupt is for the caller, who ends them
    )
    try:
        assert process.stdin is not None
        asked = {"experiment": str(experiment.resolve()), "worlds": worlds, "seed": setting.seed}
        print(json.dumps(asked), file=process.stdin, flush=True)
        yield Worker(process)
    finally:
        process.kill()
        process.communicate()


def _environment() -> dict[str, str]:
    """This process's, with its import path and one thread."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
