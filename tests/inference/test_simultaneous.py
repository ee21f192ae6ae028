"""The largest of several coefficients."""

import numpy as np
import pytest
from scipy.stats import norm, t

from evaluator.inference.simultaneous import largest_of


def test_one_coefficient_has_the_t_law() -> None:
    law = largest_of(np.array([[2.0]]), 20.0, 1)
    assert law.scale == pytest.approx(2.0)
    assert law.critical(0.95) == pytest.approx(t.ppf(0.975, 20), abs=0.1)


def test_independent_coefficients_pay_for_their_number() -> None:
    """Of K independent ones, all inside ±c with probability (2Φ(c) − 1)^K."""
    law = largest_of(np.eye(40) * 3, 1e6, 1)
    expected = norm.ppf((1 + 0.95 ** (1 / 40)) / 2)
    assert law.critical(0.95) == pytest.approx(expected, abs=0.1)


def test_the_p_value_reaches_the_level_at_the_critical_value() -> None:
    law = largest_of(np.eye(5), 20.0, 1)
    at = np.array([0.0, 0.0, law.critical(0.95), 0.0, 0.0])
    assert law.p_value(at) == pytest.approx(0.05, abs=0.002)


def test_a_coefficient_without_variance_is_never_the_largest() -> None:
    law = largest_of(np.array([[1.0, 0.0], [0.0, 0.0]]), 20.0, 1)
    assert law.p_value(np.array([0.0, 100.0])) == 1.0


def test_a_shift_is_noticed_as_often_as_the_t_says() -> None:
    law = largest_of(np.array([[1.0]]), 1e6, 1)
    seen = law.noticed(np.array([2.0]), 1.96).mean()
    assert seen == pytest.approx(norm.sf(1.96 - 2.0) + norm.cdf(-1.96 - 2.0), abs=0.03)
