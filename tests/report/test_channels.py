from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator.comparisons.channels import AFTER
from evaluator.report.channels import costs, overlaps, shrunk
from evaluator.report.terminal import to_text
from evaluator.results import (
    Amount,
    Extra,
    Interval,
    Part,
    Row,
    RowKey,
    RowRole,
    Shrunk,
)

KEY = RowKey("channels", "all", "ads", method="channel_mean")


def text_of(blocks: object) -> list[str]:
    return [
        " ".join(line.split())
        for block in blocks  # type: ignore[attr-defined]
        for line in to_text(block, colour=False).splitlines()
    ]


@pytest.fixture
def priced(make_row: Callable[..., Row]) -> Row:
    return make_row(
        key=KEY,
        attributed=200.0,
        spend=62.0,
        cost_per_attributed=0.31,
        cost_per_extra=0.248,
        cost_per_extra_interval=Interval(0.2, float("inf"), 0.95),
    )


def test_the_extra_that_is_priced_is_that_with_the_weeks_after(
    priced: Row, make_row: Callable[..., Row]
) -> None:
    amount = Amount(250.0, Interval(-3.0, 310.0, 0.95), 0.06)
    after = make_row(
        key=replace(KEY, variant=AFTER), role=RowRole.SENSITIVITY, extra=Extra(amount, amount)
    )
    lines = text_of(costs([priced], [priced, after], "EUR"))
    assert "ads 200 250 [−3; 310] 0.31 0.25 [0.20; ∞]" in lines
    assert "attributed two weeks after attributed extra" in lines
    assert any("attributed (last touch, whole window) is not lift" in line for line in lines)


def test_without_a_row_of_the_weeks_after_there_is_no_extra_to_price(priced: Row) -> None:
    free = replace(
        priced,
        cost_per_attributed=None,
        cost_per_extra=None,
        cost_per_extra_interval=None,
    )
    lines = text_of(costs([free], [free], ""))
    assert "ads 200" in lines


def test_nothing_attributed_is_no_table(make_row: Callable[..., Row]) -> None:
    assert list(costs([make_row(key=KEY)], [], "EUR")) == []


def test_a_cell_is_shown_beside_the_mean_it_is_drawn_to(make_row: Callable[..., Row]) -> None:
    drawn = Shrunk(0.0, Interval(-0.1, 0.1, 0.95), 0.8)
    cells = [
        make_row(key=replace(KEY, course=course), role=RowRole.EXPLORATORY, shrunk=drawn)
        for course in ("P", "Q")
    ]
    lines = text_of(shrunk(cells))
    assert lines[2:] == ["ads", "P ×2.01 ×1.00 [0.90; 1.11] 80%", "Q ×2.01 ×1.00 [0.90; 1.11] 80%"]
    assert list(shrunk([make_row(key=KEY, shrunk=drawn)])) == []


def test_an_overlap_is_one_line_with_the_ends_of_its_split(make_row: Callable[..., Row]) -> None:
    parts = (Part("ads +1", 6.0, 12.0, 9.0), Part("mail", -2.0, -8.0, -5.0))
    row = make_row(key=replace(KEY, course="P", channel="ads +1 & mail"), parts=parts)
    lines = " ".join(text_of(overlaps([row])))
    assert lines.endswith(
        "P ads, week after & mail: ×2.01 [1.61; 2.52]:"
        " ads, week after 9 (6 to 12); mail −5 (−8 to −2)"
    )
