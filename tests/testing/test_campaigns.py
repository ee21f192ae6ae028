import numpy as np
import pytest

from evaluator.resampling.worlds import Shocks
from evaluator.testing import campaigns

STILL = Shocks(0.0, 0.5, 0.0, 0.5, 0.0, weekly_alpha=0.0, daily_alpha=0.0)
"""Nothing but Poisson counts."""


def test_a_campaign_shows_its_lift_and_hides_it() -> None:
    """Without shocks and with many counts, totals are what they should be: 10,000 enrolments
    a week have a standard error of 1%."""
    world = campaigns(lift=3.0, promoted=2, others=5, history=8, window=3, level=1e4, shocks=STILL)
    campaign, truth = world(np.random.default_rng(1))
    assert truth == 3.0
    assert campaign.counts.shape == (7, 11)
    assert campaign.promoted.tolist() == [True] * 2 + [False] * 5
    assert campaign.window.tolist() == [False] * 8 + [True] * 3
    expected = np.where(np.outer(campaign.promoted, campaign.window), 3e4, 1e4)
    assert campaign.counts == pytest.approx(expected, rel=0.05)
    assert not hasattr(campaign, "lift")


def test_the_same_seed_is_the_same_campaign() -> None:
    first, second, other = (
        campaigns(lift=2.0)(np.random.default_rng(seed))[0].counts for seed in (1, 1, 2)
    )
    assert (first == second).all()
    assert (first != other).any()


def test_a_data_frame_holds_every_course_and_week() -> None:
    campaign, _ = campaigns(others=3, history=4, window=2)(np.random.default_rng(1))
    frame = campaign.to_pandas()
    assert list(frame) == ["course", "week", "promoted", "window", "count"]
    table = frame.pivot_table(index="course", columns="week", values="count")
    assert (table.to_numpy() == campaign.counts).all()
    assert frame.groupby("course")["promoted"].first().tolist() == [True, False, False, False]
    assert frame.groupby("week")["window"].first().tolist() == [False] * 4 + [True] * 2
