"""Labels redrawn: all of them, or many, the real ones first."""

import numpy as np
import pytest

from evaluator.inference.permuted import labellings, share_beyond


def test_every_set_once_and_the_real_one_first() -> None:
    drawn = labellings(6, 2, np.random.default_rng(1))
    assert drawn[0].tolist() == [0, 1]
    assert len({tuple(own) for own in drawn.tolist()}) == len(drawn) == 15


def test_too_many_are_drawn() -> None:
    drawn = labellings(40, 6, np.random.default_rng(1))
    assert len(drawn) == 2000
    assert drawn[0].tolist() == list(range(6))
    assert all(len(set(own)) == 6 for own in drawn.tolist())
    assert drawn[1:].max() == 39


@pytest.mark.parametrize(("first", "share"), [(3.0, 0.25), (-2.0, 0.5), (0.0, 1.0)])
def test_the_first_is_among_those_as_far(first: float, share: float) -> None:
    assert share_beyond(np.array([first, 0.0, -2.0, 1.0])) == share
