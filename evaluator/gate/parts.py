"""Which of protocol, data, code and environment differ between two states, and in what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from evaluator.gate.fingerprints import COURSE, WEEK, named, shown
from evaluator.gate.items import Part
from evaluator.gate.lock import PARTS, Lock


def parts_moved(approved: Lock, now: Lock) -> tuple[Part, ...]:
    """The four parts, each with what of it moved."""
    return tuple(_part(name, approved.parts[name], now.parts[name]) for name in PARTS)


def is_moved(parts: Sequence[Part], name: str) -> bool:
    return any(part.moved for part in parts if part.name == name)


def rewritten(approved: Lock, now: Lock) -> tuple[list[str], list[str]]:
    """Courses and weeks of which something else is counted than when they were approved."""
    old, new = approved.parts["data"], now.parts["data"]
    changed = [name for name, value in old.items() if new.get(name) != value]
    courses = [name.removeprefix(COURSE) for name in changed if name.startswith(COURSE)]
    weeks = [name.removeprefix(WEEK) for name in changed if name.startswith(WEEK)]
    return courses, [f"{date.fromisoformat(week):%-d %b %Y}" for week in weeks]


def counted_again(courses: Sequence[str], weeks: Sequence[str]) -> str:
    """Where: `ODPS in the week of 3 Oct 2022`."""
    if not weeks:
        return named(courses)
    when = f"the week{'s' * (len(weeks) > 1)} of {named(weeks)}"
    return f"{named(courses)} in {when}" if courses else when


def _part(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Part:
    changed = sorted(n for n in {*old, *new} if old.get(n) != new.get(n))
    if not changed:
        return Part(name, moved=False)
    told = list(_of_data(old, changed) if name == "data" else _of_names(old, new, changed))
    return Part(name, moved=True, what="; ".join(told[:4]) + (" …" if len(told) > 4 else ""))


def _of_names(
    old: Mapping[str, Any], new: Mapping[str, Any], changed: Sequence[str]
) -> Iterator[str]:
    for name in changed:
        yield from _change(name, old.get(name), new.get(name))


def _change(name: str, before: Any, after: Any) -> Iterator[str]:
    """What changed, as near to the value as it can be said."""
    if before is None or after is None:
        yield f"{name} {'added' if before is None else 'removed'}"
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in before:
            if before[key] != after.get(key):
                yield from _change(f"{name} {key}", before[key], after.get(key))
    elif shown(before) and shown(after) and not _is_hash(before):
        yield f"{name} {shown(before)} → {shown(after)}"
    else:
        yield name


def _of_data(old: Mapping[str, Any], changed: Sequence[str]) -> Iterator[str]:
    counted = [name for name in changed if name.startswith((COURSE, WEEK))]
    again = [name for name in counted if name in old]
    courses = [name.removeprefix(COURSE) for name in again if name.startswith(COURSE)]
    weeks = [name.removeprefix(WEEK) for name in again if name.startswith(WEEK)]
    if again:
        days = [f"{date.fromisoformat(week):%-d %b %Y}" for week in weeks]
        yield counted_again(courses, days)
    added = [name for name in counted if name not in old and name.startswith(WEEK)]
    if added:
        yield f"{len(added)} week{'s' * (len(added) > 1)} added"
    yield from (name for name in changed if name not in counted)


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 12 and not set(value) - set("0123456789abcdef")
