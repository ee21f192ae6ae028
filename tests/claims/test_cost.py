"""Cost by hand: an interval that excludes no extra has two ends, one that does not has one."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import pytest

from evaluator.claims.cost import Dose, cost, spend_by
from evaluator.errors import DataError
from evaluator.resolve import Resolved
from evaluator.results import Amount, Interval, NotRun

Make = Callable[..., Resolved]

DELIVERY = pd.DataFrame(
    {
        "wave": ["w-old", "w-old", "w-old-2", "w-both"],
        "arm": ["A", "B", "A", "all"],
        "spend_eur": ["10", "5.5", "4", "7"],
        "clicks": ["100", "", "40", "9"],
        "source": "delivery",
    }
)


def amount(value: float, low: float, high: float) -> Amount:
    return Amount(value, Interval(low, high, 0.95), 0.5)


@pytest.mark.parametrize(
    ("extra", "each", "least", "most", "why"),
    [
        (amount(50, 20, 80), 2.0, 1.25, 5.0, ""),
        (amount(50, 0, 80), 2.0, 1.25, math.inf, "only the least cost is known"),
        (amount(50, -20, 80), 2.0, 1.25, math.inf, "only the least cost is known"),
        (amount(-5, -20, 10), None, 10.0, math.inf, "only the least cost is known"),
        (amount(50, 20, math.inf), 2.0, 0.0, 5.0, ""),
    ],
)
def test_the_interval_is_the_extras_inverted(
    extra: Amount, each: float | None, least: float, most: float, why: str
) -> None:
    paid = cost(100, 200, extra)
    assert paid.per_attributed == 0.5
    assert paid.per_extra == each
    assert paid.interval == Interval(least, most, 0.95)
    assert why in paid.why
    assert bool(paid.why) == bool(why)


@pytest.mark.parametrize(
    ("attributed", "extra", "why"),
    [
        (None, amount(-9, -20, -1), "not identified: no extra was bought"),
        (0, NotRun("the two channels are aliased"), "the two channels are aliased"),
        (0, None, "no extra was estimated"),
    ],
)
def test_no_cost_without_something_bought(
    attributed: float | None, extra: Amount | NotRun | None, why: str
) -> None:
    paid = cost(100, attributed, extra)
    assert (paid.per_attributed, paid.per_extra, paid.interval) == (None, None, None)
    assert paid.why == why


def test_dose_by_channel_course_and_arm(make: Make) -> None:
    """A wave of two courses is neither's; what is blank is not 0."""
    assert spend_by(make().protocol, DELIVERY) == {
        ("ads", "OLD", "A"): Dose(spend=14, clicks=140, currency="EUR"),
        ("ads", "OLD", "B"): Dose(spend=5.5, currency="EUR"),
        ("ads", "OLD", "all"): Dose(spend=19.5, clicks=140, currency="EUR"),
        ("ads", "all", "all"): Dose(spend=7, clicks=9, currency="EUR"),
    }


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (DELIVERY.assign(wave="w-odl"), ('"w-odl" is not a declared wave', 'did you mean "w-old"')),
        (DELIVERY.assign(spend_eur="free"), ('"free" is no figure', "column spend_eur")),
        (DELIVERY.assign(spend_usd="1"), ("spend_eur, spend_usd", "one column")),
        (DELIVERY.drop(columns="arm"), ("column arm", "no such column")),
    ],
)
def test_what_is_wrong_with_deliveries(
    make: Make, table: pd.DataFrame, expected: tuple[str, str]
) -> None:
    with pytest.raises(DataError) as raised:
        spend_by(make().protocol, table)
    for part in expected:
        assert part in str(raised.value)
