"""A declared outcome that promotion cannot have moved."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from evaluator.assumptions import Looked
from evaluator.assumptions.placebos.negative import negative_controls
from evaluator.panel import Panel
from evaluator.resolve import Resolved
from evaluator.results import Finding, Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
ROWS = [
    ("P", "size_adjusted_ratio"),
    ("all", "these_courses"),
    ("P", "arms_wider"),
    ("all", "triple_difference"),
    ("P", "controlled_its"),
    ("all", "controlled_its"),
]


def found(looked: Looked) -> Finding:
    (finding,) = negative_controls(looked).findings
    return finding


def beside(resolved: Resolved, panel: Panel) -> Resolved:
    return replace(resolved, negative={"certificates": panel})


@pytest.mark.parametrize(("course", "method"), ROWS)
def test_the_same_lift_in_it_as_in_the_row_fails(
    small: Small, looked_at: LookedAt, course: str, method: str
) -> None:
    moved = small(lifts={"P": (1.5, 1.2), "Q": (1.5, 1.2)})
    looked = looked_at(beside(moved, moved.panel), course, method)
    assert looked.effect is not None
    finding = found(looked)
    assert finding.status is Status.FAIL
    assert f"their lift is ×{looked.effect.lift:.2f}" in finding.sentence
    assert finding.todo
    assert finding.margin is not None
    assert finding.margin < 0


@pytest.mark.parametrize(("course", "method"), ROWS[:4])
def test_none_in_it_passes(small: Small, looked_at: LookedAt, course: str, method: str) -> None:
    """The margin says that no bias of a standard error is left; the power, that it was seen."""
    calm = small()
    steady = replace(calm.panel, values=calm.panel.values * 100)
    looked = looked_at(beside(small(lifts={"P": (1.5, 1.2)}), steady), course, method)
    finding = found(looked)
    assert finding.status in (Status.PASS, Status.NOT_RUN)
    assert finding.power is not None
    assert (finding.status is Status.PASS) == (finding.power >= 0.8)
    assert "their lift is ×1.00" in finding.sentence


def test_an_outcome_that_is_not_counted_by_country(small: Small, looked_at: LookedAt) -> None:
    resolved = small()
    panel = resolved.panel
    cells = panel.cells.copy()
    cells[1] = 0
    whole = replace(panel, countries=("all",), cells=cells)
    arms = found(looked_at(beside(resolved, whole), "P", "arms_wider"))
    assert (arms.status, arms.power) == (Status.NOT_RUN, None)
    assert "not counted by country" in arms.sentence
    ratio = found(looked_at(beside(resolved, whole), "P", "size_adjusted_ratio"))
    assert "their lift is ×1.00" in ratio.sentence


def test_an_outcome_that_hardly_happens(small: Small, looked_at: LookedAt) -> None:
    resolved = small()
    rare = replace(resolved.panel, values=np.where(resolved.panel.cells[3] % 50 == 0, 0.01, 0.0))
    finding = found(looked_at(beside(resolved, rare), "P", "size_adjusted_ratio"))
    assert finding.status is Status.NOT_RUN
    assert "behind a logarithm" in finding.sentence


def test_without_one_nothing_is_said(small: Small, looked_at: LookedAt) -> None:
    assert negative_controls(looked_at(small(), "P", "size_adjusted_ratio")).findings == ()


@pytest.mark.parametrize(
    ("course", "method"), [("ODPS", "size_adjusted_ratio"), ("all", "controlled_its")]
)
def test_the_shipped_one_did_not_move(
    flagship_row: Callable[[str, str], Looked], course: str, method: str
) -> None:
    finding = found(flagship_row(course, method))
    assert finding.name == "negative control: certificates of earlier learners"
    assert finding.status is not Status.FAIL
