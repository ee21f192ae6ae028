"""The worker process: started before the rows are estimated, read after them.

A subprocess rather than `multiprocessing`, which would run a caller's script a second time where
it has no main guard. Whatever happens to the worker, the evaluation goes on and says so.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluator.results import NotRun

MODULE = "evaluator.assumptions.graph.worker"
PATIENCE = 60.0
"""Seconds that the worker has once everything else is done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under way, or why there is none."""

    process: subprocess.Popen[str] | NotRun

    def answer(self, patience: float = PATIENCE) -> Mapping[str, Any] | NotRun:
        """What the worker wrote; a reason where it wrote nothing of use."""
        if isinstance(self.process, NotRun):
            return self.process
        try:
            written, _ = self.process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            return NotRun(f"DoWhy gave no answer in {patience:g} seconds after all else was done")
        if self.process.returncode:
            return NotRun(f"the process with DoWhy ended with code {self.process.returncode}")
        try:
            answer: dict[str, Any] = json.loads(written)
        except ValueError:
            return NotRun("the process with DoWhy gave no readable answer")
        return NotRun(f"DoWhy stopped: {answer['error']}") if "error" in answer else answer


@contextmanager
def asked_beside(request: Mapping[str, Any] | NotRun, module: str = MODULE) -> Iterator[Asked]:
    """The request in a process of its own, which does not outlive the block.

    Parameters
    ----------
    request : see `worker.answered`; with a `NotRun` no process is started
    """
    process = request if isinstance(request, NotRun) else _started(request, module)
    try:
        yield Asked(process)
    finally:
        if isinstance(process, subprocess.Popen):
            process.kill()
            process.communicate()


def _started(request: Mapping[str, Any], module: str) -> subprocess.Popen[str] | NotRun:
    if not sys.executable:
        return NotRun("it is not known where Python is, to start a process with DoWhy")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        # A file, because a pipe that nobody reads yet holds 64 kB.
        json.dump(request, file)
        file.seek(0)
        try:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", module],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                env=_environment(),
            )
        except OSError as error:
            return NotRun(f"no process with DoWhy could be started: {error}")


def _environment() -> dict[str, str]:
    """This process's, with its import path, one order of sets and one thread."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
