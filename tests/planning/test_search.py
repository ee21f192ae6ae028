"""The winner of a search looks better than it is, and is scored again."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from evaluator.experiment.protocol import Protocol
from evaluator.planning.columns import Contrast
from evaluator.planning.schedule import Calendar, Schedule
from evaluator.planning.search import FINALISTS, FRESH, ByPower, Candidate, Score, searched
from evaluator.planning.separability import Separability
from evaluator.resolve import Resolved

Small = Callable[..., Resolved]


def candidate(small: Small, name: str, identified: int, efficiency: float) -> Candidate:
    contrasts = tuple(Contrast(str(n), n < identified, 1.0, 1.0, (1.0,)) for n in range(4))
    found = Separability(contrasts, 4, identified, efficiency, 1.0)
    schedule = Schedule(Calendar(small().protocol.window.start, ("",)), ())
    return Candidate(name, small(name=name).protocol, schedule, found, 0.0)


def luck(protocol: Protocol, seed: int) -> Score:
    """Nothing differs between candidates but chance."""
    rng = np.random.default_rng([seed, *protocol.name.encode()])
    return Score(float(0.5 + 0.1 * rng.standard_normal()), 1.0, (), 1)


def test_what_identifies_more_is_judged_first(small: Small) -> None:
    given = [candidate(small, *own) for own in (
        ("a", 2, 0.9), ("b", 4, 0.1), ("c", 4, 0.3), ("d", 3, 0.5), ("e", 1, 1.0)
    )]  # fmt: skip
    found = searched(given, luck, 1)
    assert {own.candidate.name for own in found[:FINALISTS]} == {"a", "b", "c", "d"}
    assert [own.candidate.name for own in found[FINALISTS:]] == ["e"]
    assert all(own.searched is None for own in found[FINALISTS:])


def test_the_fresh_score_has_no_winners_curse(small: Small) -> None:
    """Best of three equal candidates: 0.085 above the truth (.846 sd); fresh: none."""
    given = [candidate(small, name, 4, 0.5) for name in "abc"]
    curse, fresh = [], []
    for seed in range(400):
        winner = searched(given, luck, seed)[0]
        assert winner.searched is not None
        assert winner.fresh is not None
        curse.append(winner.searched.power - 0.5)
        fresh.append(winner.fresh.power - 0.5)
    error = 0.1 / np.sqrt(400)
    assert abs(np.mean(curse) - 0.0846) < 4 * error
    assert abs(np.mean(fresh)) < 4 * error


def test_power_is_scored_on_the_worlds_of_its_seed(small: Small) -> None:
    """The same worlds for every candidate of a search, others for the winner."""
    past = small()
    following = replace(past.protocol, window=past.protocol.window.shifted(364))
    judge = ByPower(past, 1.2, 100, 0.95)
    first, again, fresh = (judge(following, seed) for seed in (1, 1, 1 + FRESH))
    assert first == again
    assert first.half_width != fresh.half_width


def test_fresh_worlds_are_not_those_of_the_search(small: Small) -> None:
    seeds: list[int] = []

    def judge(protocol: Protocol, seed: int) -> Score:
        seeds.append(seed)
        return luck(protocol, seed)

    searched([candidate(small, name, 4, 0.5) for name in "ab"], judge, 7)
    assert seeds == [7, 7, 7 + FRESH]
