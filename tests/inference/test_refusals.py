from dataclasses import replace
from typing import Any

import pytest

from evaluator.effects import METHODS
from evaluator.inference.refusals import RULES, Conditions, flags, refusal
from evaluator.results import Finding, Status

GOOD = Conditions(
    reference_weeks=52,
    window_weeks=20,
    others=40,
    series=1,
    smallest_total=500,
    arm_units=10,
    zero_weeks=0,
    alpha=0.05,
)
REFUSE, WARN = "refuse", "warn"

# rule, a method it looks at, what it does, at the boundary, one step beyond it
TABLE: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "reference too short",
        "size_adjusted_ratio",
        REFUSE,
        {"reference_weeks": 2},
        {"reference_weeks": 3},
    ),
    (
        "few reference weeks",
        "size_adjusted_ratio",
        WARN,
        {"reference_weeks": 7},
        {"reference_weeks": 8},
    ),
    (
        "few reference weeks",
        "controlled_its",
        WARN,
        {"reference_weeks": 3},
        {"reference_weeks": 3, "series": 2},
    ),
    (
        "slope on a short history",
        "segmented_newey_west",
        REFUSE,
        {"reference_weeks": 7},
        {"reference_weeks": 8},
    ),
    (
        "slope on little history",
        "segmented_newey_west",
        WARN,
        {"reference_weeks": 25},
        {"reference_weeks": 26},
    ),
    (
        "slope with nothing to compare with",
        "segmented_newey_west",
        REFUSE,
        {"reference_weeks": 25, "others": 0},
        {"reference_weeks": 26, "others": 0},
    ),
    (
        "slope with nothing to compare with",
        "segmented_newey_west",
        REFUSE,
        {"reference_weeks": 8, "others": 0},
        {"reference_weeks": 8, "others": 1},
    ),
    ("one series by day", "single_its", REFUSE, {"bin_days": 1}, {"bin_days": 7}),
    (
        "trend on a short history",
        "controlled_its",
        REFUSE,
        {"reference_weeks": 7, "trend": True},
        {"reference_weeks": 8, "trend": True},
    ),
    (
        "trend on a short history",
        "controlled_its",
        REFUSE,
        {"reference_weeks": 7, "trend": True},
        {"reference_weeks": 7, "trend": False},
    ),
    (
        "Newey–West on few treated weeks",
        "segmented_newey_west",
        REFUSE,
        {"window_weeks": 9.9},
        {"window_weeks": 10},
    ),
    (
        "Newey–West, treated weeks barely enough",
        "segmented_newey_west",
        WARN,
        {"window_weeks": 13.9},
        {"window_weeks": 14},
    ),
    ("few other courses", "these_courses", REFUSE, {"others": 9}, {"others": 10}),
    (
        "too few other courses to judge a forecast by",
        "controlled_its",
        WARN,
        {"others": 9},
        {"others": 10},
    ),
    ("not many other courses", "size_adjusted_ratio", WARN, {"others": 18}, {"others": 19}),
    ("not many other courses", "controlled_its", WARN, {"others": 18}, {"others": 19}),
    ("thin other courses", "these_courses", WARN, {"other_total": 9.9}, {"other_total": 10}),
    ("few promoted courses", "courses_like_these", WARN, {"series": 5}, {"series": 6}),
    ("few units in arm A", "arms_wider", WARN, {"arm_units": 5}, {"arm_units": 6}),
    ("small totals", "triple_difference", WARN, {"smallest_total": 4}, {"smallest_total": 5}),
    (
        "one week beside a deadline",
        "level_shift",
        REFUSE,
        {"window_weeks": 1, "deadline": True},
        {"window_weeks": 2, "deadline": True},
    ),
    (
        "one week beside a deadline",
        "arms_two_series",
        REFUSE,
        {"window_weeks": 1, "deadline": True},
        {"window_weeks": 1, "deadline": False},
    ),
    (
        "thin weekday",
        "weekday_its",
        WARN,
        {"smallest_total": 23, "reference_weeks": 12, "window_weeks": 13},
        {"smallest_total": 24, "reference_weeks": 12, "window_weeks": 13},
    ),
    ("batch enrolment", "level_shift", REFUSE, {"alpha": 1.01}, {"alpha": 1}),
    ("batch enrolment", "arms_two_series", REFUSE, {"zero_weeks": 0.21}, {"zero_weeks": 0.2}),
]


@pytest.mark.parametrize(("name", "method", "action", "speaks", "silent"), TABLE)
def test_each_rule_at_its_boundary(
    name: str, method: str, action: str, speaks: dict[str, Any], silent: dict[str, Any]
) -> None:
    at, beyond = replace(GOOD, **speaks), replace(GOOD, **silent)
    if action == REFUSE:
        assert refusal(method, at).startswith(f"{name}: ")
        assert not refusal(method, beyond).startswith(f"{name}: ")
        return
    warned, passed = _flag(name, method, at), _flag(name, method, beyond)
    assert warned.status is Status.WARN
    assert warned.margin is not None
    assert warned.margin < 0
    assert passed.status is Status.PASS
    assert not refusal(method, at)


def test_the_table_holds_every_rule() -> None:
    assert {row[0] for row in TABLE} == {rule.name for rule in RULES}
    assert {row[0] for row in TABLE if row[2] == REFUSE} == {r.name for r in RULES if r.refuses}


def test_every_method_named_exists() -> None:
    for rule in RULES:
        assert rule.methods <= METHODS.keys(), rule.name


@pytest.mark.parametrize("method", METHODS)
def test_good_conditions_pass(method: str) -> None:
    conditions = replace(GOOD, series=6 if method == "courses_like_these" else 1)
    assert refusal(method, conditions) == ""
    for finding in flags(method, conditions):
        assert finding.status is Status.PASS, finding
        assert finding.margin is not None
        assert finding.margin >= 0, finding


def test_a_reason_shows_the_number() -> None:
    reason = refusal("size_adjusted_ratio", replace(GOOD, others=4))
    assert reason == "few other courses: 4 other courses: their placebos need 10"


def test_another_method_is_not_concerned() -> None:
    """Two cities in arm A are no reason against the two series."""
    few = replace(GOOD, arm_units=2)
    assert {f.name for f in flags("arms_two_series", few) if f.status is Status.WARN} == set()
    assert refusal("arms_two_series", replace(GOOD, others=0)) == ""


def _flag(name: str, method: str, conditions: Conditions) -> Finding:
    (found,) = (finding for finding in flags(method, conditions) if finding.name == name)
    return found
