from __future__ import annotations

import pytest

from evaluator.claims.claim import Figure, Standing, against, said, same
from evaluator.results import Interval


@pytest.mark.parametrize(
    ("recomputed", "published", "holds"),
    [
        (869.29, 869, True),
        (869.51, 869, False),
        (0.314, 0.31, True),
        (0.316, 0.31, False),
        (4027.14, 3304, False),
        (2e15, 1e15, False),
    ],
)
def test_the_same_as_far_as_published(recomputed: float, published: float, holds: bool) -> None:
    assert (same(recomputed, published) is Standing.HOLDS) is holds


@pytest.mark.parametrize(
    ("interval", "holds"),
    [
        (Interval(5, 9, 0.95), Standing.HOLDS),
        (Interval(4, 9, 0.95), Standing.WITHIN_NOISE),
        (Interval(1, 5, 0.95), Standing.WITHIN_NOISE),
        (Interval(1, 4, 0.95), Standing.FAILS),
        (None, Standing.HOLDS),
    ],
)
def test_against_what_is_needed(interval: Interval | None, holds: Standing) -> None:
    assert against(Figure(5, "a day", interval=interval), 5) is holds


@pytest.mark.parametrize(
    ("value", "text"),
    [(869.29, "869"), (4027.14, "4,027"), (33.57, "33.6"), (0.9218, "0.92"), (114.0, "114")],
)
def test_no_more_digits_than_say_something(value: float, text: str) -> None:
    assert said(value) == text
