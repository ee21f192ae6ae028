"""Findings against the approved ones: none may get worse, vanish, or stop running.

What was not run is never a pass. A finding that was not run when its state was approved, and is
not run now, is no new failure: its row passes, and the sentence counts it. One that ran then and
does not now fails, whatever it said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaluator.gate.items import Gate, Item
from evaluator.gate.lock import Found, Lock
from evaluator.gate.names import DATA
from evaluator.gate.recorded import ORDER
from evaluator.results import Status


def findings_kept(approved: Lock, now: Lock) -> Iterator[Item]:
    """One item a row; what belongs to the data is looked at by the gate of the data."""
    for name in dict.fromkeys((*approved.findings, *now.findings)):
        if name != DATA and (name in now.rows or name not in approved.rows):
            row = now.rows.get(name)
            yield Item(
                Gate.ASSUMPTIONS,
                name,
                *compared(approved.findings.get(name, {}), now.findings.get(name, {})),
                row=row.key if row else None,
            )


def compared(old: Mapping[str, Found], new: Mapping[str, Found]) -> tuple[Status, str, str, str]:
    """Status of the item, its sentence, and what changed for the worse: before and after."""
    worse = [
        name for name in dict.fromkeys((*old, *new)) if _is_worse(old.get(name), new.get(name))
    ]
    if not worse:
        return Status.PASS, _unchanged(new), "", ""
    told = "; ".join(_told(name, old.get(name), new.get(name)) for name in worse)
    before, after = (
        "; ".join(f"{name}: {_brief(found.get(name))}" for name in worse) for found in (old, new)
    )
    return Status.FAIL, told, before, after


def not_run(now: Lock) -> int:
    """How many findings were not run."""
    every = (found for own in now.findings.values() for found in own.values())
    return sum(found.status is Status.NOT_RUN for found in every)


def _is_worse(old: Found | None, new: Found | None) -> bool:
    if old is None or new is None:
        # A new look that passes says nothing against the row.
        return new is None or new.status is not Status.PASS
    stopped = new.status is Status.NOT_RUN and old.status is not Status.NOT_RUN
    return stopped or ORDER.index(new.status) > ORDER.index(old.status)


def _unchanged(new: Mapping[str, Found]) -> str:
    not_run = sum(found.status is Status.NOT_RUN for found in new.values())
    also = f"; {not_run} not run, as approved" if not_run else ""
    return f"none of {len(new)} findings got worse{also}"


def _told(name: str, old: Found | None, new: Found | None) -> str:
    if new is None:
        return f"“{name}” is no longer looked at"
    if old is None:
        return f"“{name}” is new and has not been approved: {new.sentence or new.status.value}"
    how = "is no longer run" if new.status is Status.NOT_RUN else "got worse"
    return f"“{name}” {how}: {new.sentence or new.status.value}"


def _brief(found: Found | None) -> str:
    if found is None:
        return "–"
    margin = f" (margin {found.margin:.3g})" if found.margin is not None else ""
    return f"{found.status.value}{margin}"
