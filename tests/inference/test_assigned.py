"""Two kinds of courses, assigned by chance: worked out by hand, and against scipy."""

import numpy as np
import pytest
from scipy import stats

from evaluator.errors import TooFewUnits
from evaluator.inference.assigned import difference

FIRST = np.array([True, True, True, False, False, False])
LOG_LIFTS = np.array([1.0, 2.0, 3.0, 0.0, 1.0, 2.0])
"""Means 2 and 1, both variances 1: the error of the difference is √(1/3 + 1/3)."""


def test_by_hand() -> None:
    law = difference(LOG_LIFTS, FIRST, (0,) * 6)
    assert float(law.location) == pytest.approx(1.0)
    assert float(law.scale) == pytest.approx(np.sqrt(2 / 3))
    assert law.dof == 4.0


def test_one_stratum_is_the_two_sample_t() -> None:
    law = difference(LOG_LIFTS, FIRST, (7,) * 6)
    known = stats.ttest_ind(LOG_LIFTS[FIRST], LOG_LIFTS[~FIRST])
    assert 2 * (1 - float(law.cdf(0.0))) > 0
    assert 2 * min(float(law.cdf(0.0)), 1 - float(law.cdf(0.0))) == pytest.approx(known.pvalue)


def test_pairs_are_the_paired_t() -> None:
    values = np.array([1.0, 2.5, 3.0, 0.0, 1.0, 2.9])
    law = difference(values, FIRST, (0, 1, 2, 0, 1, 2))
    known = stats.ttest_rel(values[:3], values[3:])
    assert law.dof == 2.0
    assert 2 * min(float(law.cdf(0.0)), 1 - float(law.cdf(0.0))) == pytest.approx(known.pvalue)


def test_a_batch_is_its_rows() -> None:
    many = np.random.default_rng(1).normal(size=(3, 2, 6))
    whole = difference(many, FIRST, (0, 0, 1, 0, 1, 1))
    for index in np.ndindex(3, 2):
        one = difference(many[index], FIRST, (0, 0, 1, 0, 1, 1))
        assert whole.location[index] == pytest.approx(float(one.location))
        assert whole.scale[index] == pytest.approx(float(one.scale))


DESIGNS = {
    "three pairs": ((1, 1),) * 3,
    "seven courses in three cohorts": ((2, 1), (1, 1), (1, 1)),
    "seven courses at once": ((4, 3),),
}


@pytest.mark.parametrize("kinds", DESIGNS.values(), ids=DESIGNS)
@pytest.mark.parametrize("unlike", [0.0, 0.7])
@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_covers_the_mean_effect_of_unlike_courses(
    kinds: tuple[tuple[int, int], ...], unlike: float, spread: float
) -> None:
    """4,000 draws of courses, errors, effects and chance: .95 less three errors of .0034."""
    rng = np.random.default_rng(11)
    strata = np.repeat(np.arange(len(kinds)), [sum(own) for own in kinds])
    noise = np.exp(unlike * rng.normal(size=(4000, len(strata))))
    effects = 1 + spread * noise * rng.normal(size=noise.shape)
    errors = noise * rng.normal(size=noise.shape)
    # Which draw of courses comes in which place is chance: the first places of a stratum are paid.
    first = np.concatenate([np.arange(a + b) < a for a, b in kinds])
    law = difference(errors + first * effects, first, strata.tolist())
    low, high = law.quantile(0.025), law.quantile(0.975)
    true = effects.mean(axis=1)
    assert np.mean((low <= true) & (true <= high)) >= 0.95 - 3 * 0.0034


@pytest.mark.parametrize(
    ("log_lifts", "first", "reason"),
    [
        (LOG_LIFTS[:5], FIRST[:5], "3 courses of one kind and 2 of the other"),
        (np.where(FIRST, 1.0, 0.0), FIRST, "do not differ at all"),
    ],
)
def test_what_says_nothing_is_refused(
    log_lifts: np.ndarray, first: np.ndarray, reason: str
) -> None:
    with pytest.raises(TooFewUnits, match=reason):
        difference(log_lifts, first, (0,) * len(first))
