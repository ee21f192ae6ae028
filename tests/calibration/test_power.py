"""Promised power is realised: in small worlds quickly, in the flagship's where there is time."""

from collections import Counter
from types import ModuleType

import numpy as np
import pytest

from evaluator.effects import Setting
from evaluator.experiment.protocol import Question
from evaluator.inference.shares import share_interval
from evaluator.planning.power import powers
from evaluator.resampling.simulate import simulate
from tests.worlds import Small, met, protocol_of, world_of

LIFTS = {
    Question.PROMOTED_VS_OTHER: 2.0,
    Question.A_VS_B: 3.0,
    Question.PRE_VS_CAMPAIGN: 1.9,
    Question.CHANNELS: 1.5,
}


@pytest.mark.parametrize("question", LIFTS)
def test_a_promise_is_kept_in_small_worlds(power: ModuleType, question: Question) -> None:
    """The band of the promise meets the 99.9% interval of what sixty fresh worlds conclude.

    Of the row of all courses, or of each channel; with power from .2 to .95, so that both a
    promise of nothing and one of everything would fail.
    """
    protocol, lift, worlds = protocol_of(Small(), questions=(question,)), LIFTS[question], 60
    plain = world_of(Small())
    first, *fresh = np.random.SeedSequence(11).spawn(1 + worlds)
    past = met(protocol, simulate(plain, np.random.default_rng(first)))
    world = power.raised(plain, question, past, lift)
    up: Counter[object] = Counter()
    for own in fresh:
        rows = power.concluded(met(protocol, simulate(world, np.random.default_rng(own))))
        up.update(row.key for row in rows if row.verdict in power.UP)
    promises = [
        one
        for one in powers(past, protocol, [lift], 400, Setting(seed=4))
        if one.key.course == "all"
    ]
    assert promises
    for one in promises:
        realised = share_interval(up[one.key], worlds, 0.999)
        band = one.promised
        assert 0.2 < one.power < 0.95
        assert band.low <= realised.high
        assert realised.low <= band.high


@pytest.mark.long
def test_promises_are_kept_in_worlds_of_the_flagship(power: ModuleType) -> None:
    """Of 200 worlds a question nine in ten bands hold."""
    study = power.Study(worlds=200, pasts=3, looked=0, seed=31)
    proofs = [one for question in power.LIFTS for one in power.prove(question, study)]
    for kind in power.Kind:
        inside = sum(proof.inside(kind) for proof in proofs)
        bands = sum(len(proof.promised[kind]) for proof in proofs)
        assert inside >= 0.9 * bands
