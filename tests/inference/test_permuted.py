"""Labels redrawn with no effect imposed."""

import numpy as np
import pytest

from evaluator.inference.permuted import ratios_of_sets, relabelled, share_beyond


def test_every_set_once_and_the_real_one_first() -> None:
    sets = relabelled(6, 2, np.random.default_rng(1))
    assert sets[0].tolist() == [0, 1]
    assert len({tuple(own) for own in sets.tolist()}) == len(sets) == 15


def test_too_many_sets_are_drawn() -> None:
    sets = relabelled(40, 6, np.random.default_rng(1))
    assert len(sets) == 2000
    assert sets[0].tolist() == list(range(6))
    assert all(len(set(own)) == 6 for own in sets.tolist())
    assert sets[1:].max() == 39


def test_a_ratio_worked_out() -> None:
    """Courses 0 and 1 doubled and trebled, all others stood still at 100: mean of log 2 and
    log 3, up to the ½ in each total."""
    reference = np.full(12, 1e6)
    window = reference * np.array([2, 3, *[0.99, 1.01] * 5])
    sets = np.array([[0, 1], [2, 3]])
    lifts, t = ratios_of_sets(window, reference, sets)
    assert lifts[0] == pytest.approx((np.log(2) + np.log(3)) / 2, abs=1e-4)
    rest = np.log((5 + 4 * 2) / 10)
    assert lifts[1] == pytest.approx((np.log(0.99) + np.log(1.01)) / 2 - rest, abs=1e-4)
    assert t[0] > 0 > t[1]


def test_the_p_value_is_uniform_where_nothing_was_promoted() -> None:
    """Size at most .05 + 3 Monte-Carlo errors (.0345) at p ≤ .05 in 400 draws."""
    rng = np.random.default_rng(3)
    level = rng.lognormal(5, 0.5, 30)
    sets = relabelled(30, 1, rng)
    p = []
    for _ in range(400):
        rate = level * np.exp(0.1 * rng.normal(size=(2, 30)))
        window, reference = rng.poisson(rate).astype(float)
        p.append(share_beyond(ratios_of_sets(window, reference, sets)[1]))
    assert np.mean(np.array(p) <= 0.05) < 0.085
    assert 0.4 < np.mean(p) < 0.6
