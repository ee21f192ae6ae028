"""Enrolments in the wrong arm: mixed on purpose, and drawn apart again."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions import Looked
from evaluator.assumptions.interference.wrong_arm import mixed_up, unmixed
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]
LookedAt = Callable[[Resolved, str, str], Looked]
Counts = dict[str, NDArray[np.float64]]


def moving(counts: Counts, _: int) -> None:
    """Countries move by a tenth from week to week, in all courses alike."""
    rng = np.random.default_rng(4)
    weekly = np.repeat(np.exp(0.1 * rng.standard_normal((14, 40))), 7, axis=1)
    for own in counts.values():
        own *= weekly[:, : own.shape[1]]


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
@pytest.mark.parametrize(("lift_a", "lift_b"), [(2.0, 1.0), (1.0, 3.0), (1.5, 1.5)])
def test_unmixing_undoes_mixing(share: float, lift_a: float, lift_b: float) -> None:
    mixed_a = (1 - share) * lift_a + share * lift_b
    mixed_b = (1 - share) * lift_b + share * lift_a
    assert unmixed(math.log(mixed_a / mixed_b), share) == pytest.approx(math.log(lift_a / lift_b))


def test_more_than_a_mixture_can_be_is_infinite() -> None:
    assert unmixed(math.log(5), 0.2) == math.inf
    assert unmixed(-math.log(5), 0.2) == -math.inf


def test_the_planted_lift_of_mixed_arms_is_named(small: Small, looked_at: LookedAt) -> None:
    """A fifth of each arm is in the other: ×2 against ×1 shows as ×1.5, and ×2 is named."""
    mixed = {"P": (0.8 * 2 + 0.2, 0.8 + 0.2 * 2)}
    (finding,) = mixed_up(looked_at(small(lifts=mixed), "P", "arms_wider")).findings
    assert finding.status is Status.NOT_RUN
    assert "×1.57, ×1.67, ×2.00, one standard error" in finding.sentence


def test_arms_alike_are_alike_however_mixed(small: Small, looked_at: LookedAt) -> None:
    """Even then it is no pass: nothing in the counts would tell."""
    resolved = small(paint=moving)
    (finding,) = mixed_up(looked_at(resolved, "P", "arms_wider")).findings
    assert (finding.status, finding.power) == (Status.NOT_RUN, 0.0)
    assert finding.margin is not None
    assert finding.margin > 0
    assert not mixed_up(looked_at(resolved, "P", "size_adjusted_ratio")).findings
