import numpy as np
import pytest
from scipy.stats import binom

from evaluator.testing.exact import Band, lost_and_gained, unchanged


@pytest.mark.parametrize("conservative", [False, True])
@pytest.mark.parametrize(("level", "draws"), [(0.95, 400), (0.9, 57), (0.99, 2000)])
def test_the_band_is_the_smallest_with_its_false_alarms(
    level: float, draws: int, conservative: bool
) -> None:
    alarms = 0.001
    low, high = Band(level, draws, alarms, conservative).ends
    law = binom(draws, level)
    tail = alarms if conservative else alarms / 2
    assert law.cdf(low - 1) < tail <= law.cdf(low)
    if conservative:
        assert high == draws
    else:
        assert law.sf(high) <= tail < law.sf(high - 1)


def test_what_is_noticed_leaves_the_band_nine_times_in_ten() -> None:
    band = Band(0.95, 400, 0.001)
    low, _ = band.ends
    assert binom.cdf(low - 1, 400, band.noticed()) >= 0.9
    assert binom.cdf(low - 1, 400, band.noticed() + 0.001) < 0.9
    assert Band(0.95, 5, 0.001).noticed() < 0.3


def test_mcnemar_on_paper() -> None:
    """9 worlds lost and 1 gained: 2 · (1 + 10) / 2^10."""
    before = np.array([True] * 9 + [False] + [True] * 90)
    after = np.array([False] * 9 + [True] + [True] * 90)
    assert lost_and_gained(before, after) == (9, 1)
    assert unchanged(before, after) == pytest.approx(22 / 1024)
    assert unchanged(after, before) == unchanged(before, after)
