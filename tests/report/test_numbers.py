import math

import pytest

from evaluator.report import numbers
from evaluator.results import Amount, Interval


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.834, "×1.83"),
        (0.004, "×0.00"),
        (999.99, "×999.99"),
        (12345.6, "×12,346"),
        (math.inf, "×∞"),
    ],
)
def test_lift(value: float, shown: str) -> None:
    assert numbers.lift(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3508, "3,508"), (-0.4, "0"), (-1234.6, "−1,235"), (math.inf, "∞"), (-math.inf, "−∞")],
)
def test_count(value: float, shown: str) -> None:
    assert numbers.count(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "<.001"), (0.00099, "<.001"), (0.034, ".034"), (0.9996, ">.999"), (1.0, ">.999")],
)
def test_p_value(value: float, shown: str) -> None:
    assert numbers.p_value(value) == shown


def test_intervals_have_both_ends() -> None:
    assert numbers.lift_interval(Interval(0.0, math.log(2), 0.95)) == "[1.00; 2.00]"
    assert numbers.lift_interval(Interval(-math.inf, 800.0, 0.95)) == "[0.00; ∞]"
    assert numbers.amount(Amount(12.3, Interval(-4.5, 29.1, 0.95), 0.2)) == "12 [−4; 29]"
