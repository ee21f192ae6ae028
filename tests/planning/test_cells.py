"""Which days are promoted, and what a lift on them is to a row."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from evaluator.calibration.layout import layout_of
from evaluator.comparisons import Comparison, planned_rows
from evaluator.experiment.protocol import Channel, Question, Span, Wave
from evaluator.planning.cells import promoted_cells, promoted_spans
from evaluator.resolve import Resolved
from evaluator.results import RowRole

Small = Callable[..., Resolved]
CHANNELS = (Channel("ads", "paid"), Channel("mail", "email"), Channel("links", "page"))


def wave(past: Resolved, name: str, first: int, days: int, **rest: Any) -> Wave:
    start = past.protocol.window.start + timedelta(first)
    own = Wave(name, name, ("P",), False, Span(start, start + timedelta(days - 1)))
    return replace(own, **rest)


def spans_of(past: Resolved, waves: list[Wave], arm: str | None = None) -> list[tuple[int, int]]:
    protocol = replace(past.protocol, channels=CHANNELS, waves=tuple(waves))
    start = protocol.window.start
    found = promoted_spans(protocol, "P", arm=arm)
    return [((span.start - start).days, span.days) for span in found]


def test_promoted_days(small: Small) -> None:
    """Those of the waves that name the course alone, inside the window."""
    past = small()
    assert spans_of(past, [wave(past, "ads", 7, 7), wave(past, "mail", 20, 1)]) == [(7, 7), (20, 1)]
    assert spans_of(past, [wave(past, "ads", -3, 7), wave(past, "ads", 40, 7)]) == [(0, 4), (40, 2)]
    only_b = wave(past, "mail", 20, 1, arms=("B",))
    assert spans_of(past, [wave(past, "ads", 7, 7), only_b], arm="A") == [(7, 7)]


@pytest.mark.parametrize(
    "changes", [{"portfolio": True}, {"channel": "links"}, {"courses": ("Q",)}]
)
def test_the_whole_window_where_no_wave_names_the_course(
    small: Small, changes: dict[str, Any]
) -> None:
    past = small()
    assert spans_of(past, [wave(past, "ads", 7, 7, **changes)]) == [(0, 42)]


def test_a_lift_on_some_days_on_paper(small: Small) -> None:
    """Six weeks without a season, one of them promoted: ×4 there is (5 + 4)/6 = ×1.5 to the row.

    A wave from the fourth day of a week covers what the weekdays from Thursday weigh: of 7 in
    all, 1 + 1 + .7 + .7 = 3.4 in its first week and 3.6 in its second.
    """
    past = small(season=False)
    protocol = replace(past.protocol, channels=CHANNELS, questions=(Question.PROMOTED_VS_OTHER,))
    for first, parts in ((14, [0, 0, 1, 0, 0, 0]), (17, [0, 0, 3.4 / 7, 3.6 / 7, 0, 0])):
        resolved = replace(past, protocol=replace(protocol, waves=(wave(past, "ads", first, 7),)))
        row = next(
            row
            for row in planned_rows(resolved)
            if row.key.course == "P" and row.role is RowRole.HEADLINE
        )
        assert isinstance(row.comparison, Comparison)
        layout = layout_of(row.comparison, row.key.method)
        cells = promoted_cells(resolved, ("P", "Q"), layout, None)
        np.testing.assert_allclose(cells.share[0, -6:], parts, atol=1e-6)
        np.testing.assert_allclose(cells.factors(4.0)[0, 0, -6:], 1 + 3 * np.array(parts))
        assert not cells.share[0, :-6].any()
        assert cells.log_lift(row.comparison, layout, 4.0) == pytest.approx(math.log(1.5))


def test_arms_are_lifted_in_a(small: Small) -> None:
    past = small(season=False)
    row = next(row for row in planned_rows(past) if row.key.method == "triple_difference")
    assert isinstance(row.comparison, Comparison)
    layout = layout_of(row.comparison, row.key.method)
    cells = promoted_cells(past, ("P", "Q"), layout, row.comparison.in_a)
    factors = cells.factors(2.0)
    for position, course in enumerate("PQ"):
        raised = {
            past.panel.countries[unit] for unit in np.flatnonzero(factors[position, :, -1] > 1)
        }
        assert raised == set(past.arm_a[course])
    assert cells.log_lift(row.comparison, layout, 2.0) == pytest.approx(math.log(2))
