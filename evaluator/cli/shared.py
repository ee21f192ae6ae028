"""What verbs share: the argument, the exit codes, how text leaves the program."""

from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from evaluator.errors import Problem, UsageError

OK, GATE_FAILED, BAD_INPUT, NO_DATA, BUG = 0, 1, 2, 3, 4
"""Exit codes. 2 and 3 are the errors' own, see `evaluator.errors`."""
INTERRUPTED, CLOSED_PIPE = 130, 141

PLAIN = dict(zip("×−–—·“”’─│╭╮╰╯", 'x----""\'-|++++', strict=True)) | {
    "…": "...",
    "→": "->",
    "€": "EUR ",
    "§": "section ",
    "∞": "inf",
    "≡": "==",
    "≤": "<=",
    "≥": ">=",
    "±": "+-",
}
"""Sign → what says the same where a terminal lacks it: a minus must not become a question mark."""


def folders(incomplete: str) -> list[str]:
    """Experiment folders that a shell offers, at most two levels below what was typed."""
    base = Path(incomplete).parent if not incomplete.endswith("/") else Path(incomplete)
    files = (file for depth in ("*", "*/*") for file in base.glob(f"{depth}/experiment.toml"))
    return sorted(str(f.parent) for f in files if str(f.parent).startswith(incomplete))


Declared = Annotated[
    Path,
    typer.Argument(
        metavar="EXPERIMENT",
        help="Folder with an experiment.toml, or the file.",
        autocompletion=folders,
    ),
]


def show(text: str) -> None:
    """Text as it is; on a terminal that lacks a sign, what says the same; or to nobody.

    Raises
    ------
    UsageError : the output cannot be written
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        codecs.register_error("plain", _in_plain_signs)
        sys.stdout.reconfigure(errors="plain")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # Python would complain once more when it flushes the stream at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(CLOSED_PIPE) from None
        what = f"the output cannot be written: {error.strerror or error}"
        raise UsageError(Problem("standard output", what)) from None


def wants_colour() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def _in_plain_signs(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(PLAIN.get(sign, "?") for sign in lacking), error.end
