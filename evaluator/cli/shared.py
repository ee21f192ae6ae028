"""What verbs share: the argument, the exit codes, how text leaves the program."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

OK, GATE_FAILED, BAD_INPUT, NO_DATA, BUG = 0, 1, 2, 3, 4
"""Exit codes. 2 and 3 are the errors' own, see `evaluator.errors`."""
INTERRUPTED, CLOSED_PIPE = 130, 141

Declared = Annotated[
    Path, typer.Argument(metavar="EXPERIMENT", help="Folder with an experiment.toml, or the file.")
]


def show(text: str) -> None:
    """Text as it is, also on a terminal that lacks a sign, or to a reader who left early."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain once more when it flushes the closed stream at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(CLOSED_PIPE) from None


def wants_colour() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain
