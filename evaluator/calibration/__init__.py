"""Coverage measured on the user's own panel: campaigns that could fail, and how often they did."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from importlib.metadata import version
from queue import SimpleQueue

from evaluator.calibration.planting import FITTED, PLACEBO
from evaluator.calibration.rows import Group, Kind, calibrated_groups, campaigns_of
from evaluator.calibration.stored import (
    FILE_NAME,
    NOT_CALIBRATED,
    Calibration,
    Found,
    beside,
    fingerprint,
    found_from_dict,
    found_to_dict,
    write,
)
from evaluator.calibration.workers import Piece, Worker, pieces, worker
from evaluator.effects import Setting
from evaluator.errors import Problem, UsageError
from evaluator.experiment.protocol import Protocol
from evaluator.resolve import Resolved

__all__ = [
    "FILE_NAME",
    "FITTED",
    "NOT_CALIBRATED",
    "PLACEBO",
    "Calibration",
    "Found",
    "Progress",
    "beside",
    "calibrate",
    "write",
]

Progress = Callable[[int, int, str], None]
"""Called with (pieces done, pieces in all, what was done last)."""


def calibrate(
    resolved: Resolved,
    worlds: int,
    seed: int,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> Calibration:
    """Measure the coverage of every row that decides.

    Every piece of work draws from a stream of its own, named by the row and the kind of
    campaign: the result does not depend on how many processes share the work.

    Parameters
    ----------
    worlds : campaigns of each kind, a row
    processes : above 1 they read the experiment themselves, from its file

    Raises
    ------
    UsageError : no row decides
    """
    setting = Setting(resolved.protocol.decision.level, seed)
    found: dict[Piece, tuple[Found, ...]] = {}
    with ExitStack() as stack:
        # Before anything else: they read the data while the groups are made.
        workers = [
            stack.enter_context(worker(resolved.protocol.path, worlds, setting))
            for _ in range(processes if processes > 1 else 0)
        ]
        groups = calibrated_groups(resolved)
        if not groups:
            raise UsageError(_nothing_decides(resolved.protocol))
        work = pieces(groups)
        results = _shared(workers, work) if workers else _here(groups, work, worlds, setting)
        for piece, own in results:
            found[piece] = own
            if progress is not None:
                key = groups[piece.group].rows[0].key
                progress(len(found), len(work), f"{key.question} · {key.course}, {piece.kind}")
    return Calibration(
        resolved.protocol.hash,
        resolved.hash,
        fingerprint(resolved),
        seed,
        worlds,
        _versions(),
        tuple(_rows(groups, found)),
    )


def _nothing_decides(protocol: Protocol) -> Problem:
    rule = "coverage is measured of the rows from which a conclusion is drawn"
    hint = "the methods guide says how often the intervals of descriptive rows cover"
    return Problem(protocol.name, "no row of it decides", rule, hint)


Results = Iterator[tuple[Piece, tuple[Found, ...]]]


def _here(groups: Sequence[Group], work: Sequence[Piece], worlds: int, setting: Setting) -> Results:
    for piece in work:
        found = campaigns_of(groups[piece.group], piece.kind, worlds, setting)
        # As a worker says it, to the same digits.
        yield piece, tuple(found_from_dict(found_to_dict(row)) for row in found)


def _shared(workers: Sequence[Worker], work: Sequence[Piece]) -> Results:
    """Each worker takes the next piece when it is done with one."""
    idle: SimpleQueue[Worker] = SimpleQueue()
    for own in workers:
        idle.put(own)

    def measured(piece: Piece) -> tuple[Piece, tuple[Found, ...]]:
        own = idle.get()
        try:
            return piece, own.measured(piece)
        finally:
            idle.put(own)

    with ThreadPoolExecutor(len(workers)) as threads:
        waited = [threads.submit(measured, piece) for piece in work]
        try:
            for done in as_completed(waited):
                yield done.result()
        except BaseException:
            for one in waited:
                one.cancel()
            for own in workers:  # or their threads would wait for the pieces under way
                own.process.kill()
            raise


def _rows(groups: Sequence[Group], found: Mapping[Piece, tuple[Found, ...]]) -> Iterator[Found]:
    """A line a row, in the order of the table, its kinds of campaigns together."""
    for number in range(len(groups)):
        kinds = [found[Piece(number, kind)] for kind in Kind]
        for parts in zip(*kinds, strict=True):
            measured = tuple(one for part in parts for one in part.measured)
            reasons = tuple(
                f"{kind.value}: {reason}"
                for kind, part in zip(Kind, parts, strict=True)
                for reason in part.reasons
            )
            yield Found(parts[0].key, measured, reasons)


def _versions() -> tuple[tuple[str, str], ...]:
    own = {name: version(name) for name in ("campaign-evaluator", "numpy", "scipy")}
    return tuple({**own, "python": platform.python_version()}.items())
