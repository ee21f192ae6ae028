"""A panel so small that every sum is worked out here.

Course P in KE: 2 on day 0 (tag ad), 3 on day 2 (tag none). P in UG: 5 on day 1 (none).
Q in KE: 7 on day 2 (none), given in two parts of 4 and 3.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from evaluator.panel import Panel, panel_from_cells, panel_from_codes

DAY = [date(2022, 10, 1), date(2022, 10, 2), date(2022, 10, 3)]
CELLS: list[tuple[str, str, str, date, float]] = [
    ("Q", "KE", "none", DAY[2], 4),
    ("P", "KE", "ad", DAY[0], 2),
    ("P", "UG", "none", DAY[1], 5),
    ("P", "KE", "none", DAY[2], 3),
    ("Q", "KE", "none", DAY[2], 3),
]


@pytest.fixture
def panel() -> Panel:
    return panel_from_cells(*zip(*CELLS, strict=True))


def test_labels_are_sorted_and_days_run_from_first_to_last(panel: Panel) -> None:
    assert panel.courses == ("P", "Q")
    assert panel.countries == ("KE", "UG")
    assert panel.tags == ("ad", "none")
    assert (panel.start, panel.end, panel.days) == (DAY[0], DAY[2], 3)
    assert [panel.day(day) for day in (date(2022, 9, 30), *DAY)] == [-1, 0, 1, 2]


SUMS: list[tuple[tuple[str, ...], dict[str, Any], Any]] = [
    ((), {}, 17),
    ((), {"course": ["P"]}, 10),
    (("day",), {}, [2, 5, 10]),
    (("course", "day"), {}, [[2, 5, 3], [0, 0, 7]]),
    (("day", "course"), {}, [[2, 0], [5, 0], [3, 7]]),
    (("course", "day"), {"course": ["Q", "P"]}, [[0, 0, 7], [2, 5, 3]]),
    (("country",), {"course": ["P"], "tag": ["none"]}, [3, 5]),
    (("tag", "country"), {"country": ["UG"]}, [[0], [5]]),
    (("course", "day"), {"course": []}, np.zeros((0, 3)).tolist()),
    (("day",), {"country": []}, [0, 0, 0]),
]


@pytest.mark.parametrize(("axes", "only", "expected"), SUMS)
def test_sums_over_the_axes_left_out(
    panel: Panel, axes: tuple[str, ...], only: dict[str, Any], expected: Any
) -> None:
    before = panel.cells.copy(), panel.values.copy()
    assert panel.array(*axes, **only).tolist() == expected
    assert np.array_equal(panel.cells, before[0])
    assert np.array_equal(panel.values, before[1])


def test_labels_that_are_not_there_or_asked_for_twice_are_errors(panel: Panel) -> None:
    with pytest.raises(KeyError, match="Z"):
        panel.array("day", course=["Z"])
    with pytest.raises(ValueError, match="asked for twice"):
        panel.array("course", course=["P", "P"])


def test_a_span_widens_the_days() -> None:
    wide = panel_from_cells(*zip(*CELLS, strict=True), span=(date(2022, 9, 30), date(2022, 10, 5)))
    assert wide.array("day").tolist() == [0, 2, 5, 10, 0, 0]


def test_a_cell_outside_the_span_is_an_error() -> None:
    with pytest.raises(ValueError, match="invalid entry"):
        panel_from_cells(*zip(*CELLS, strict=True), span=(DAY[1], DAY[2]))


def test_codes_and_cells_make_the_same_panel(panel: Panel) -> None:
    codes = np.array([[0, 0, 0, 0], [0, 0, 1, 2], [0, 1, 1, 1], [1, 0, 1, 2]]).T
    labels = (panel.courses, panel.countries, panel.tags)
    values = np.array([2.0, 3.0, 5.0, 7.0])
    other = panel_from_codes(labels, codes, values, span=(DAY[0], DAY[2]))
    assert other.fingerprint() == panel.fingerprint()


def test_the_fingerprint_is_of_the_data_not_of_their_order(panel: Panel) -> None:
    backwards = panel_from_cells(*zip(*CELLS[::-1], strict=True))
    assert backwards.fingerprint() == panel.fingerprint()


CHANGES: dict[str, dict[str, Any]] = {
    "a count": {"values": np.array([2.0, 3.0, 5.0, 8.0])},
    "a label": {"countries": ("KE", "UK")},
    "the start": {"start": date(2022, 10, 2)},
    "the length": {"days": 4},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_of_the_data_changes_the_fingerprint(
    panel: Panel, change: dict[str, Any]
) -> None:
    assert replace(panel, **change).fingerprint() != panel.fingerprint()
