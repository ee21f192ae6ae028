"""What a result rests on, in parts small enough to name what moved."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evaluator.experiment.protocol import Protocol
from evaluator.panel import AXES, Panel
from evaluator.resolve import Resolved

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = Path(__file__).parents[1]
NO_NUMBERS = frozenset(
    {"gate", "guides", "planning", "pytest_plugin.py", "report", "testing", "api.py", "cli"}
    | {"__init__.py", "__main__.py", "whole.py"}
)
"""Of the package, what no result depends on."""
LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels")
DIGITS = 12
COURSE, WEEK = "course ", "week of "
"""First words of the names of what was counted."""

Words = NDArray[np.uint64]


def protocol_part(protocol: Protocol) -> dict[str, Any]:
    """The declaration, field by field; what is listed, item by item: values, not hashes."""
    told: dict[str, Any] = {}
    for name, value in protocol.to_dict().items():
        items = value if isinstance(value, list) else []
        keys = [_key(item) for item in items]
        if keys and all(keys) and len(set(keys)) == len(keys):
            told |= {f"{name} {key}": item for key, item in zip(keys, items, strict=True)}
        else:
            told[name] = value
    return told


def data_part(resolved: Resolved, since: date, until: date) -> dict[str, Any]:
    """What was counted: each course, each week over courses; side tables; what rules became.

    Parameters
    ----------
    since, until : days that an earlier state read: a week that `until` divides is two, so that
        what was counted up to then is compared with what was counted up to then
    """
    panel = resolved.panel
    words = _cells(panel)
    days = np.asarray(panel.cells[AXES.index("day")])
    inside = (days >= panel.day(since)) & (days <= panel.day(until))
    course = panel.cells[AXES.index("course")]
    own = _sums(words[inside], course[inside], len(panel.courses))
    told: dict[str, Any] = {
        f"{COURSE}{code}": _hex(word) for code, word in zip(panel.courses, own, strict=True)
    }
    starts = _starts(panel, resolved.protocol.window.start, until)
    week = np.searchsorted([panel.day(start) for start in starts], days, side="right") - 1
    by_week = _sums(words, week, len(starts))
    told |= {
        f"{WEEK}{start.isoformat()}": _hex(word)
        for start, word in zip(starts, by_week, strict=True)
        if start >= since
    }
    return told | dict(_beside(resolved))


@lru_cache(maxsize=1)
def code_part() -> Mapping[str, str]:
    """The package's own sources, room by room; those that no number comes from left out."""
    told: dict[str, str] = {}
    for room in sorted(PACKAGE.iterdir()):
        if room.name in NO_NUMBERS or not (room.suffix == ".py" or (room / "__init__.py").exists()):
            continue
        digest = hashlib.sha256()
        for path in sorted(room.rglob("*.py")) if room.is_dir() else [room]:
            text = path.read_text("utf-8")
            digest.update(f"{path.relative_to(PACKAGE).as_posix()}\x1e{text}\x1e".encode())
        told[room.stem] = digest.hexdigest()[:DIGITS]
    return told


@lru_cache(maxsize=1)
def environment_part() -> Mapping[str, str]:
    """Python, the libraries that calculate, and what they calculate with."""
    build: Any = np.show_config(mode="dicts")
    blas = build.get("Build Dependencies", {}).get("blas", {})
    return {
        "Python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "BLAS": f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def _key(item: Any) -> str:
    """What an item of a list is known by."""
    if not isinstance(item, Mapping):
        return ""
    return str(next((item[name] for name in ("id", "code", "name") if name in item), ""))


def _starts(panel: Panel, anchor: date, until: date) -> list[date]:
    """First days of the weeks that begin where the window's do, and the day after `until`."""
    first = panel.start - timedelta((panel.start - anchor).days % 7)
    weeks = [first + timedelta(7 * n) for n in range((panel.end - first).days // 7 + 1)]
    cut = until + timedelta(1)
    return sorted({*weeks, cut}) if cut <= panel.end else weeks


def _cells(panel: Panel) -> Words:
    """A word a cell, of its labels, its day and its count: the same in any order of the labels."""
    words = np.zeros(panel.values.shape, dtype=np.uint64)
    for axis in AXES[:3]:
        own = np.array([_word(f"{axis} {label}") for label in panel.labels(axis)], dtype=np.uint64)
        words = _mixed(words ^ own[panel.cells[AXES.index(axis)]])
    day = panel.cells[AXES.index("day")] + panel.start.toordinal()
    words = _mixed(words ^ day.astype(np.uint64))
    words = _mixed(words ^ panel.values.astype(np.float64).view(np.uint64))
    return np.where(panel.values == 0, np.uint64(0), words)


def _mixed(words: Words) -> Words:
    """Every bit of a word spread over all of it (SplitMix64)."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _sums(words: Words, groups: NDArray[np.intp], count: int) -> Words:
    sums = np.zeros(count, dtype=np.uint64)
    np.add.at(sums, groups, words)
    return sums


def _beside(resolved: Resolved) -> Iterator[tuple[str, Any]]:
    for kind, table in sorted(resolved.tables.items()):
        yield f"table {kind}", _table(table)
    for name, outcome in sorted(resolved.outcomes.items()):
        panels = (outcome.counted, outcome.trials, outcome.successes)
        yield f"outcome {name}", _digest(*(panel.fingerprint() for panel in panels))
    for name, panel in sorted(resolved.negative.items()):
        yield f"negative control {name}", _digest(panel.fingerprint())
    yield "other courses", list(resolved.others)
    if resolved.left_out:
        yield "courses left out", list(resolved.left_out)
    for course, units in resolved.arm_a.items():
        yield f"arm A of {course}", list(units)


def _table(table: pd.DataFrame) -> str:
    return _digest(table.to_csv(index=False, lineterminator="\n"))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\x1e".join(texts).encode()).hexdigest()[:DIGITS]


def _word(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def _hex(word: np.uint64) -> str:
    return f"{int(word):016x}"[:DIGITS]


def shown(value: Any, most: int = 40) -> str:
    """A value for a sentence; empty where it is too long to be read."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else ""


def named(names: Sequence[str], most: int = 3) -> str:
    """The first few, and how many more."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
