"""Planned rows with their estimates, as the longer looks are given them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions import Looked
from evaluator.comparisons import Comparison, planned_rows
from evaluator.effects import Setting, estimate
from evaluator.experiment import load_protocol
from evaluator.resolve import Resolved, resolve
from evaluator.sources import load

Counts = dict[str, NDArray[np.float64]]


@pytest.fixture
def looked_at() -> Callable[[Resolved, str, str], Looked]:
    """Builder: the default row of a course by a method."""
    return _looked_at


@pytest.fixture
def rough() -> Callable[[Counts, int], None]:
    """Paint: every course wanders by a few percent from week to week."""
    return _rough


@pytest.fixture(scope="session")
def flagship_row(root: Path) -> Callable[[str, str], Looked]:
    """The same of the shipped experiment."""
    protocol = load_protocol(root / "experiments" / "itcilo-2022")
    return partial(_looked_at, resolve(protocol, load(protocol)))


def _looked_at(resolved: Resolved, course: str, method: str) -> Looked:
    planned = next(
        row
        for row in planned_rows(resolved)
        if (row.key.course, row.key.method, row.key.variant) == (course, method, "default")
    )
    assert isinstance(planned.comparison, Comparison)
    setting = Setting(resolved.protocol.decision.level, resolved.protocol.seed)
    outcome = estimate(planned.comparison, planned.key, setting)
    return Looked(planned, planned.comparison, resolved, outcome)


def _rough(counts: Counts, _: int) -> None:
    rng = np.random.default_rng(5)
    for own in counts.values():
        weeks = rng.normal(scale=0.05, size=-(-own.shape[1] // 7))
        own *= np.exp(np.repeat(weeks, 7)[: own.shape[1]])
