"""One rule for every test of an assumption."""

import numpy as np
import pytest

from evaluator.assumptions.departure import Departure, standard_error
from evaluator.inference.distributions import StudentT
from evaluator.results import Effect, Estimand, Status


@pytest.mark.parametrize(
    ("low", "high", "rejected", "power", "status", "margin"),
    [
        (-0.05, 0.08, False, 0.9, Status.PASS, 0.2),
        (-0.05, 0.08, False, 0.79, Status.NOT_RUN, 0.2),
        (0.01, 0.09, True, 0.9, Status.WARN, 0.1),
        (-0.12, -0.02, True, 0.9, Status.FAIL, -0.2),
        (0.02, 0.3, True, 0.1, Status.FAIL, -2.0),
    ],
)
def test_what_a_departure_means_for_a_standard_error_of_a_tenth(
    low: float, high: float, rejected: bool, power: float, status: Status, margin: float
) -> None:
    departure = Departure((low + high) / 2, low, high, rejected, power)
    assert departure.status(0.1) is status
    assert departure.margin(0.1) == pytest.approx(margin)


def test_the_standard_error_of_a_law_that_is_all_but_normal() -> None:
    law = StudentT(np.asarray(0.5), np.asarray(0.2), 1e9)
    effect = Effect(0.5, law, Estimand("", "", ""))
    assert standard_error(effect) == pytest.approx(0.2, rel=1e-4)
