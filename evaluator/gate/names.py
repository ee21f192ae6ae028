"""Short names of rows: in the lock, in reports of a check, and for `--only`."""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.comparisons import ALL
from evaluator.errors import Problem, UsageError, did_you_mean
from evaluator.results import RowKey, RowRole

DATA, GRAPH, CLAIMS = "data", "graph", "claims"
"""Where findings stand that belong to no row."""


def row_name(key: RowKey, role: RowRole) -> str:
    """Name of a row, unique in an evaluation.

    What is "all" is left out; the method too, where the row decides.

    >>> row_name(RowKey("a_vs_b", "ODPS", arm="A", method="arms_wider"), RowRole.HEADLINE)
    'a_vs_b/ODPS/A'
    >>> row_name(RowKey("a_vs_b", "all", arm="A", method="crv", variant="4"), RowRole.SENSITIVITY)
    'a_vs_b/all/A/crv/4'
    """
    parts = [key.question, key.course, *(p for p in (key.channel, key.arm) if p != ALL)]
    if role is not RowRole.HEADLINE:
        parts.append(key.method)
    if key.variant != "default":
        parts.append(key.variant)
    return "/".join(parts)


def chosen(asked: str, names: Iterable[str]) -> str:
    """The row that a reader means by its name, or by the end of it where that is enough.

    >>> chosen("ODPS", ["promoted_vs_other/all", "promoted_vs_other/ODPS"])
    'promoted_vs_other/ODPS'

    Raises
    ------
    UsageError : no row, or several, are called so
    """
    known = list(names)
    found = [n for n in known if n == asked] or [n for n in known if n.endswith(f"/{asked}")]
    if len(found) == 1:
        return found[0]
    if found:
        rule = f"rows that end so: {', '.join(found[:5])}{' …' if len(found) > 5 else ''}"
        raise UsageError(Problem("--only", f'"{asked}" names {len(found)} rows', rule))
    hint = did_you_mean(asked, known) or "the names of rows stand in lock.json"
    raise UsageError(Problem("--only", f'there is no row "{asked}"', "", hint))
