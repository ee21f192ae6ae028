from pathlib import Path

import numpy as np
import pytest

import evaluator
from evaluator.resampling.simulate import simulate
from evaluator.resolve import Resolved
from tests.worlds import Small, met, protocol_of, world_of


@pytest.fixture(scope="session")
def experiment_2(root: Path) -> Resolved:
    """The shipped experiment, read and not evaluated: what a next one is planned from."""
    return evaluator.load_experiment(root / "experiments" / "itcilo-2022").resolved()


@pytest.fixture(scope="session")
def drawn() -> Resolved:
    """A small experiment whose counts were drawn: three promoted courses, 24 others, no lift."""
    small = Small()
    return met(protocol_of(small), simulate(world_of(small), np.random.default_rng(8)))
