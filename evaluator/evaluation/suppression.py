"""Small cells left out of what is meant to be shared, and what would give them away.

A cell is what a course, a channel and an arm counted of one outcome in the window. One below the
declared minimum is suppressed, and with it every row about it, for a lift and its extra enrolments
give the count away. Where a total and its other parts would give it by subtraction, the smallest
of these is suppressed too.

References
----------
Cox (1980): complementary suppression; the audit here is exact for sums, cell by cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from evaluator.comparisons import ALL
from evaluator.evaluation import Accounting, Evaluation
from evaluator.evaluation.shared_claims import (
    shared_accounting,
    shared_arms,
    shared_claims,
    told_by_kinds,
    told_by_rows,
)
from evaluator.evaluation.shared_funnel import shared_decay, shared_funnels
from evaluator.results import Finding, Row, RowKey, RowStatus, Verdict

AXES = ("course", "channel", "arm")
MOST_PARTS = 12
"""Parts of which every selection is tried as the parts of a total."""
TELLING = frozenset({"small cells", "published totals", "batch enrolment"})
"""Findings whose sentences and margins say how much was counted in a cell."""

Cell = tuple[str, str, str, str, float]
"""Outcome, course, channel, arm, and what was counted: rows about one cell share its fate."""
Sum = Mapping[Cell, int]
"""Cells with the signs with which they add up to nothing."""


def suppressed(evaluation: Evaluation) -> Evaluation:
    """What may be shared of an evaluation: itself, where no minimum is declared."""
    minimum = evaluation.protocol.sharing.minimum_cell
    if minimum <= 1:
        return evaluation
    gone = hidden({row.key: row.observed for row in evaluation.rows}, minimum)
    series = (own for own in evaluation.series if own.key not in gone)
    rows = tuple(shared_row(row, minimum, gone) for row in evaluation.rows)
    funnel = shared_funnels(evaluation.funnel, evaluation.rows, minimum, gone)
    window = evaluation.protocol.window
    told = told_by_rows(rows, funnel, window)
    accounting = _accounted(evaluation.accounting, minimum)
    accounting = shared_accounting(accounting, told, minimum, window)
    told += told_by_kinds(accounting, window)
    arms = shared_arms(evaluation.exposed, minimum)
    lost = gone | frozenset(arms.suppressed if arms else ())
    return replace(
        evaluation,
        rows=rows,
        findings=tuple(map(_untold, evaluation.findings)),
        accounting=accounting,
        claims=shared_claims(evaluation.claims, told, minimum, lost),
        exposed=arms,
        series=tuple(
            own
            for own in series
            if not any(_is_small(count, minimum) for count in (*own.observed, *own.beside))
        ),
        decay=tuple(shared_decay(own, minimum, gone) for own in evaluation.decay),
        funnel=funnel,
    )


def shared_row(row: Row, minimum: int, gone: Collection[RowKey]) -> Row:
    """A row as it may be shared.

    Parameters
    ----------
    gone : rows of which nothing counted may be shown, see `hidden`
    """
    if row.key in gone:
        return Row(
            key=row.key,
            role=row.role,
            status=RowStatus.SUPPRESSED,
            estimand=row.estimand,
            verdict=Verdict.REFUSED,
            level=row.level,
            reason=f"suppressed: it would tell a count below {minimum}",
        )
    if row.attributed is not None and _is_small(row.attributed, minimum):
        row = replace(row, attributed=None, cost_per_attributed=None)
    if row.share is not None and _is_small(round(row.share.value * row.share.of), minimum):
        row = replace(row, share=None)
    return row


def hidden(counts: Mapping[RowKey, float | None], minimum: int) -> frozenset[RowKey]:
    """Rows about a cell that is small, or that would give a small one away by subtraction.

    Nothing counted says nothing of anybody: a zero is shown.

    Parameters
    ----------
    counts : what each row counted in its window; None where it counts nothing
    """
    cells = {key: _cell(key, count) for key, count in counts.items() if count is not None}
    sums, unseen = _sums(cells)
    known = set(cells.values())
    small = {cell for cell in known | unseen if _is_small(cell[-1], minimum)}
    gone = small & known
    while True:
        told = _told(sums, small, gone | unseen, minimum)
        shown = {cell for own in told for cell in own} - gone - unseen
        # Where a sum shows nothing more, other sums tell what it hides.
        beyond = _reached(told, sums, gone | unseen)
        others = shown or {cell for own in beyond for cell in own} - gone - unseen
        if not others:
            return frozenset(key for key, cell in cells.items() if cell in gone)
        gone.add(min(others, key=lambda cell: (cell[-1], cell)))


def _told(
    sums: Sequence[Sum], small: Collection[Cell], gone: Collection[Cell], minimum: int
) -> list[Sum]:
    """Sums that tell a small cell: by itself, with others, or by how little is left to it."""
    columns = sorted(gone)
    matrix = np.array([[own.get(cell, 0) for cell in columns] for own in sums], dtype=float)
    if not sums or not columns:
        return []
    _, sizes, directions = np.linalg.svd(matrix)
    free = directions[int(np.sum(sizes > 1e-9)) :]  # changes of the hidden that no sum notices
    exact = {
        cell
        for position, cell in enumerate(columns)
        if cell in small and not np.any(np.abs(free[:, position]) > 1e-9)
    }
    return [
        own
        for own in sums
        if exact & own.keys()
        or (small & own.keys() and 0 < sum(c[-1] for c in own if c in gone) < minimum)
    ]


def _reached(told: Sequence[Sum], sums: Sequence[Sum], gone: Collection[Cell]) -> list[Sum]:
    """Sums that have a hidden cell in common with these, or with others that have."""
    reached = list(told)
    while True:
        cells = {cell for own in reached for cell in own if cell in gone}
        more = [own for own in sums if own not in reached and cells & own.keys()]
        if not more:
            return reached
        reached += more


def _sums(cells: Mapping[RowKey, Cell]) -> tuple[list[Sum], set[Cell]]:
    """All sums that the cells make, and the cells in them that have no row: an arm's rest."""
    known = sorted(set(cells.values()))
    sums: list[Sum] = []
    unseen: set[Cell] = set()
    for axis in range(1, 4):
        for total in (cell for cell in known if cell[axis] == ALL):
            parts = [
                cell
                for cell in known
                if cell[axis] != ALL and _rest(cell, axis) == _rest(total, axis)
            ]
            sums += [dict.fromkeys(own, 1) | {total: -1} for own in _adding_up(parts, total, axis)]
            if AXES[axis - 1] == "arm":
                for part in (cell for cell in parts if cell[-1] < total[-1]):
                    rest = (*total[:3], f"all but {part[3]}", total[-1] - part[-1])
                    unseen.add(rest)
                    sums.append({part: 1, rest: 1, total: -1})
    return sums, unseen


def _adding_up(parts: Sequence[Cell], total: Cell, axis: int) -> Iterator[tuple[Cell, ...]]:
    """Selections of parts, one of each name, that add up to a total."""
    sizes = range(2, len(parts) + 1) if len(parts) <= MOST_PARTS else (len(parts),)
    for size in sizes:
        for own in combinations(parts, size):
            if len({cell[axis] for cell in own}) == size:
                if abs(sum(cell[-1] for cell in own) - total[-1]) < 0.5:
                    yield own


def _cell(key: RowKey, count: float) -> Cell:
    outcome = key.question if key.question.startswith("secondary") else ""
    return outcome, key.course, key.channel, key.arm, count


def _rest(cell: Cell, axis: int) -> tuple[object, ...]:
    """What two cells have in common that differ along one axis."""
    return tuple(part for position, part in enumerate(cell[:4]) if position != axis)


def _is_small(count: float, minimum: int) -> bool:
    return 0 < count < minimum


def _untold(finding: Finding) -> Finding:
    if finding.name not in TELLING:
        return finding
    return replace(finding, sentence="suppressed: it would tell small counts", margin=None)


def _accounted(accounting: Accounting, minimum: int) -> Accounting:
    """Courses in fewer kinds, where one kind alone has too few: called by the weaker name."""
    kinds = ("identified", "descriptive", "not_identifiable")
    for stronger, weaker in (kinds[:2], kinds[1:], (kinds[0], kinds[2])):
        pair = [getattr(accounting, name) for name in (stronger, weaker)]
        if pair[0] and any(_is_small(count, minimum) for count in pair):
            courses = [getattr(accounting, f"{name}_courses") for name in (weaker, stronger)]
            changed = {
                stronger: 0.0,
                f"{stronger}_courses": (),
                weaker: sum(pair),
                f"{weaker}_courses": courses[0] + courses[1],
            }
            extra = None if stronger == kinds[0] else accounting.extra
            accounting = replace(accounting, **changed, extra=extra)
    return accounting
