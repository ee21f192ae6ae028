"""Progress of a long step, on the error stream of a terminal, and only if it is long."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

PATIENCE = 1.0
"""Seconds after which a person wonders what the program does."""


@contextmanager
def shown_progress() -> Iterator[Callable[[int, int, str], None] | None]:
    """A callback for (steps done, steps in all or 0, what is next); None without a terminal.

    A dumb one cannot take a line back, so nothing is drawn on it.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    # Imported here, so that nobody pays for it who does not look.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (BarColumn(20), TextColumn("{task.description}", markup=False))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def report(done: int, total: int, what: str) -> None:
        shown = f"{done} of {total}: {what}" if total else what
        bar.update(task, completed=done, total=total or None, description=shown)

    timer = Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield report
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
