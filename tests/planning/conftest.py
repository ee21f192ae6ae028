from pathlib import Path

import pytest

import evaluator
from evaluator.resolve import Resolved


@pytest.fixture(scope="session")
def experiment_2(root: Path) -> Resolved:
    """The shipped experiment, read and not evaluated: what a next one is planned from."""
    return evaluator.load_experiment(root / "experiments" / "itcilo-2022").resolved()
