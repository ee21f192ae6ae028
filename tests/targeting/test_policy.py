import numpy as np
import pytest

from evaluator.experiment.targeting import Role
from evaluator.targeting.groups import Grouping
from evaluator.targeting.policy import Advice, Setting, actions, policy

N = 2000
HALF = np.arange(N) % 2 == 0


def test_each_gets_what_is_worth_most_or_nothing() -> None:
    worth = np.array([[1.0, 2.0], [3.0, -1.0], [-1.0, -2.0], [0.0, 0.0]])
    assert actions(worth).tolist() == [2, 1, 0, 0]


@pytest.mark.parametrize(
    ("if_even", "if_odd", "found", "advice", "advised"),
    [
        (1.0, -1.0, True, Advice.CHOOSE, 0),
        (1.0, -1.0, False, Advice.OPEN, 0),
        (1.0, 1.0, True, Advice.EVERYONE, 1),
        (-1.0, -1.0, True, Advice.NO_ONE, 0),
        (0.0, 0.0, True, Advice.OPEN, 0),
    ],
    ids=["differ", "differ, not found", "all gain", "all lose", "nothing"],
)
def test_advice(if_even: float, if_odd: float, found: bool, advice: Advice, advised: int) -> None:
    worth = np.where(HALF, if_even, if_odd)
    noise = np.tile([2.0, 2.0, -2.0, -2.0], N // 4)
    answer = policy(worth[:, None], (worth + noise)[:, None], (), Setting(0.95, 1, 50, found))
    assert (answer.advice, answer.advised) == (advice, advised)


def test_nothing_is_advised_from_a_list_that_is_contradicted() -> None:
    worth = np.where(HALF, 1.0, -1.0)[:, None]
    setting = Setting(0.95, 1, 50, True, sound=False)
    assert policy(worth, worth, (), setting).advice is Advice.WITHHELD


def test_values_on_paper() -> None:
    """Half gain 2 and half lose 1: choosing is worth 1, everyone ½, so choosing adds ½ to it."""
    worth = np.where(HALF, 2.0, -1.0)[:, None]
    halves = Grouping("half", Role.COUNTRY, ("even", "odd"), np.where(HALF, 0, 1))
    answer = policy(worth, worth, (halves,), Setting(0.95, 1, 50, True))
    assert answer.value.value == answer.promised == 1.0
    assert [own.value.value for own in answer.uniform] == [0.0, 0.5]
    assert [own.gain.value for own in answer.uniform] == [1.0, 0.5]
    assert answer.contacted == (0.5, 0.5)
    assert [fall.share for fall in answer.falls] == [1.0, 0.0]


def test_small_groups_are_suppressed() -> None:
    worth = np.where(HALF, 2.0, -1.0)[:, None]
    few = Grouping("group", Role.COUNTRY, ("few", "rest"), np.where(np.arange(N) < 10, 0, 1))
    answer = policy(worth, worth, (few,), Setting(0.95, 1, 50, True))
    assert [fall.share for fall in answer.falls] == [None, pytest.approx(0.5, abs=0.01)]
