from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluator.comparisons.channels import AFTER
from evaluator.report.remarks import range_of, ranged_over, remarks
from evaluator.report.terminal import to_text
from evaluator.results import Estimand, Row, RowKey, RowRole, RowStatus, Simultaneous

HOLM = "courses: lift, extra and p adj. hold together (Holm"
BH = "cells: exploratory: lift, extra and p adj. under false-discovery control"
ALONE = "p not adjusted"


def said(shown: list[Row], rows: list[Row] | None = None) -> str:
    blocks = remarks(shown, rows or shown)
    return " ".join(" ".join(to_text(block, colour=False).split()) for block in blocks)


def together(row: Row) -> Row:
    assert row.effect is not None
    return replace(row, simultaneous=Simultaneous(row.effect, 2.0, 0.01))


@pytest.mark.parametrize(
    ("pooled", "role", "expected", "never"),
    [
        (True, RowRole.HEADLINE, [f"{HOLM} behind “all”)"], [BH, ALONE]),
        (False, RowRole.HEADLINE, [f"{HOLM})"], [BH, ALONE]),
        (True, RowRole.EXPLORATORY, [BH, "“all”: p not adjusted"], [HOLM]),
        (True, None, [ALONE], [HOLM, BH, "“all”: p"]),
    ],
)
def test_how_p_is_adjusted_is_said_by_family(
    make_row: Callable[..., Row],
    pooled: bool,
    role: RowRole | None,
    expected: list[str],
    never: list[str],
) -> None:
    rows = [make_row("all")] if pooled else []
    rows += [together(make_row("P", role=role))] if role else []
    text = said(rows)
    assert all(sentence in text for sentence in expected)
    assert not any(sentence in text for sentence in never)


def test_what_all_means_is_said_where_it_is_a_mean(make_row: Callable[..., Row]) -> None:
    meaning = "“all”: lift is the mean of the courses, extra their sum (each with its own p)"
    key = RowKey("promoted_vs_other", "all", method="these_courses")
    assert meaning in said([make_row(key=key)])
    assert meaning not in said([make_row(key=replace(key, method="controlled_its"))])


def test_the_range_is_of_the_same_estimand(make_row: Callable[..., Row]) -> None:
    key = RowKey("channels", "all", "ads", method="channel_mean")
    row = make_row(log_lift=1.0, key=key)
    rows = [row] + [
        make_row(log_lift=lift, key=replace(key, variant=name), role=RowRole.SENSITIVITY)
        for lift, name in ((0.1, "waves -1 week"), (0.2, "waves +1 week"), (2.0, AFTER))
    ]
    assert range_of(row, rows) == ("1.11 to 1.22", 2)
    assert "all ads ×1.11 to 1.22 (2; its own ×2.72 lies outside)" in said([row], rows)


@pytest.mark.parametrize(
    ("variants", "name"),
    [
        (["reference: last 4 weeks", "reference: all history"], "references"),
        (["waves -1 week", "waves +1 week (5 of 7 may move)"], "dates"),
        (["waves -1 week", "reference: all history"], "choices"),
        ([], "choices"),
    ],
)
def test_a_range_is_named_by_what_it_ranges_over(
    make_row: Callable[..., Row], variants: list[str], name: str
) -> None:
    key = RowKey("portfolio", "all", "mail")
    rows = [make_row(key=replace(key, variant=v), role=RowRole.SENSITIVITY) for v in variants]
    assert ranged_over([make_row(key=key), *rows]) == name


def test_every_estimand_of_a_table_says_what_it_identifies(make_row: Callable[..., Row]) -> None:
    other = Estimand("log lift − log lift of the rest", "", "how much more", (), "why")
    rows = [make_row("P"), make_row("Q", estimand=other, role=RowRole.EXPLORATORY)]
    text = said(rows)
    assert "log lift: identifies: being promoted does not identify: the rest" in text
    assert "log lift − log lift of the rest: identifies: how much more" in text
    assert "log lift:" not in said(rows[:1])


def test_a_group_and_its_lift_against_the_rest_are_refused_by_two_names(
    make_row: Callable[..., Row],
) -> None:
    key = RowKey("geography", "all", "ads", "group: Asia", "group_lift")
    refused = {"effect": None, "extra": None, "status": RowStatus.REFUSED, "reason": "too few"}
    rows = [
        make_row(key=own, role=RowRole.EXPLORATORY, **refused)
        for own in (key, replace(key, method="group_against_rest"))
    ]
    assert "refused: all ads, Asia; all ads, Asia vs rest of the world: too few" in said(rows)


def test_the_extra_of_an_arm_is_said_to_be_in_it(make_row: Callable[..., Row]) -> None:
    key = RowKey("a_vs_b", "P", arm="A")
    assert "extra: in arm A" in said([make_row(key=key)])
    both = [make_row(key=key), make_row("P")]
    assert "extra of “A over B”: in arm A" in said(both)
