"""Nothing below the declared minimum is shared, and nothing shared gives it away."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evaluator
from evaluator.evaluation.suppression import hidden, suppressed
from evaluator.experiment.limits import Sharing
from evaluator.results import RowKey, RowStatus, Verdict

MINIMUM = 10
COURSES = ("P", "Q", "R", "S")


def keyed(question: str = "q", **names: float) -> dict[RowKey, float | None]:
    """Counts of rows called `course_channel_arm`, "all" where a name is left out."""
    found: dict[RowKey, float | None] = {}
    for name, count in names.items():
        course, channel, arm, *_ = (*name.split("_"), "all", "all")
        found[RowKey(question, course, channel, arm, "m")] = count
    return found


def gone(counts: Mapping[RowKey, float | None]) -> set[str]:
    found = hidden(counts, MINIMUM)
    return {"_".join(p for p in (k.course, k.channel, k.arm) if p != "all") or "all" for k in found}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (keyed(all=90, P=50, Q=40), set()),
        # Q = all − P − R: the smallest of what gives it away goes too.
        (keyed(all=90, P=50, Q=4, R=36), {"Q", "R"}),
        # Two are hidden already, but the total leaves them 1 each.
        (keyed(all=52, P=50, Q=1, R=1), {"P", "Q", "R"}),
        # Two small ones hide each other: their sum is not small.
        (keyed(all=62, P=50, Q=5, R=7), {"Q", "R"}),
        # Nobody is nobody.
        (keyed(all=90, P=50, Q=0, R=40), set()),
        # A total of other courses gives nothing away.
        (keyed(all=86, P=50, Q=4, R=36), {"Q"}),
        # Arm B has no row; A and the course would give its 3 away.
        (keyed(P=50) | keyed("arms", P_all_A=47), {"P_A"}),
        # So would a total over channels.
        (keyed(P=60, P_ads=50, P_mail=6, P_post=4), {"P_mail", "P_post"}),
    ],
    ids=[
        *("nothing small", "complement", "sum too small", "two small", "zero", "other total"),
        *("arm without a row", "channels"),
    ],
)
def test_small_cells_and_their_complements(
    counts: dict[RowKey, float | None], expected: set[str]
) -> None:
    assert gone(counts) == expected


def test_one_cell_in_two_rows_has_one_fate() -> None:
    """Another method, another question about the same course: none of them may tell."""
    again = keyed("pre", P=4)
    other = {replace(key, method="n", variant="x"): n for key, n in keyed(P=4).items()}
    assert hidden(keyed(P=4) | again | other, MINIMUM) == {*keyed(P=4), *again, *other}
    apart = keyed("secondary: new learners", P=40)
    assert hidden(keyed(P=4) | apart, MINIMUM) == set(keyed(P=4))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=8, max_size=8))
def test_no_small_cell_is_told_by_subtraction(values: list[int]) -> None:
    """Courses by arm with all their margins: every way to fill the gaps leaves each small cell
    at least two values, found by trying."""
    table = np.array(values).reshape(4, 2)
    counts = _with_margins(table)
    lost = hidden(counts, MINIMUM)
    assert {key for key, count in counts.items() if 0 < (count or 0) < MINIMUM} <= lost
    seen = {(k.course, k.arm): n for k, n in counts.items() if k not in lost}
    for course, arm in itertools.product(range(4), range(2)):
        if 0 < table[course, arm] < MINIMUM:
            assert _may_differ(seen, course, arm), (table, seen)


def _with_margins(
    table: np.ndarray[tuple[int, int], np.dtype[np.int_]],
) -> dict[RowKey, float | None]:
    counts: dict[RowKey, float | None] = {}
    for position, course in enumerate(COURSES):
        for arm, count in zip("AB", table[position], strict=True):
            counts[RowKey("q", course, arm=arm)] = float(count)
        counts[RowKey("q", course)] = float(table[position].sum())
    for position, arm in enumerate("AB"):
        counts[RowKey("q", "all", arm=arm)] = float(table[:, position].sum())
    counts[RowKey("q", "all")] = float(table.sum())
    return counts


def _may_differ(
    seen: Mapping[tuple[str, str], float | None],
    course: int,
    arm: int,
) -> bool:
    """Whether some change of the table alters the cell, and nothing that is seen."""
    cells = list(itertools.product(range(4), range(2)))
    rows = []
    for name, of_arm in seen:
        rows.append(
            [float(name in ("all", COURSES[c]) and of_arm in ("all", "AB"[a])) for c, a in cells]
        )
    matrix = np.array(rows).reshape(-1, len(cells))
    unit = np.zeros(len(cells))
    unit[cells.index((course, arm))] = 1
    ranks = [np.linalg.matrix_rank(m) if len(m) else 0 for m in (matrix, np.vstack([matrix, unit]))]
    return bool(ranks[1] > ranks[0])


def test_the_shared_evaluation(flagship: evaluator.Result) -> None:
    """Rows, figures and findings are gone from what is shared; what is kept is left alone."""
    evaluation = flagship.evaluation
    assert suppressed(evaluation) is evaluation, "nothing is declared"
    declared = replace(evaluation.protocol, sharing=Sharing(MINIMUM))
    shared = suppressed(replace(evaluation, protocol=declared))
    assert len(shared.rows) == len(evaluation.rows)
    lost = {row.key for row in shared.rows if row.status is RowStatus.SUPPRESSED}
    small = {row.key for row in evaluation.rows if 0 < (row.observed or 0) < MINIMUM}
    assert small
    assert small <= lost
    for row, own in zip(shared.rows, evaluation.rows, strict=True):
        if row.key not in lost:
            assert row.verdict is own.verdict
            continue
        assert row.verdict is Verdict.REFUSED
        numbers = (row.observed, row.effect, row.extra, row.shrunk, row.share, row.attributed)
        assert numbers == (None,) * len(numbers)
        assert not row.findings
    assert all(not 0 < n < MINIMUM for series in shared.series for n in series.observed)
    told = next(finding for finding in shared.findings if finding.name == "small cells")
    assert told.margin is None
