"""The weeks before the window, broken on purpose beside weeks as courses have them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluator.assumptions.data.history import history_findings
from evaluator.experiment.protocol import Course, Event, Span
from evaluator.resolve import Resolved
from evaluator.results import Status

Small = Callable[..., Resolved]
Counts = dict[str, NDArray[np.float64]]
PASS, WARN, NOT_RUN = Status.PASS, Status.WARN, Status.NOT_RUN
PEAK = date(2023, 6, 5)
OUTLIERS, CHANGES = "outliers in the reference", "change points before the window"


def moving(counts: Counts, _: int) -> None:
    """Every course moves by a tenth from week to week."""
    rng = np.random.default_rng(5)
    for own in counts.values():
        own *= np.exp(0.1 * np.repeat(rng.standard_normal(40), 7))[: own.shape[1]]


def odd_week(counts: Counts, window: int) -> None:
    moving(counts, window)
    counts["Q"][:, window - 21 : window - 14] *= 2


def changed(counts: Counts, window: int) -> None:
    moving(counts, window)
    counts["P"][:, window - 70 :] *= 1.5


def peak(counts: Counts, window: int) -> None:
    moving(counts, window)
    for own in counts.values():
        own[:, window - 56 : window - 49] *= 2.5


def still(counts: Counts, _: int) -> None:
    del counts


# what happens, what is declared, the finding, its status, and part of its sentence
FOUND: dict[str, tuple[Callable[[Counts, int], None], dict[str, Any], str, Status, str]] = {
    "whole references": (moving, {}, "courses without history", PASS, "the whole reference"),
    "short and none": (
        moving,
        {
            "courses": (
                Course("P", "P", date(2023, 7, 3)),
                Course("Q", "Q", date(2023, 7, 31)),
            )
        },
        "courses without history",
        WARN,
        "of the 8 weeks before the window that are the base, Q have none; P (4 weeks) have less",
    ),
    "no peak": (moving, {}, "deadlines", PASS, "(largest: 1."),
    "a peak": (peak, {}, "deadlines", WARN, "in the week of 5 Jun 2023, where no deadline"),
    "a declared peak": (
        peak,
        {"deadlines": (Event("exam", Span(PEAK, PEAK)),)},
        "deadlines",
        PASS,
        "deadlines declared: 1",
    ),
    "no outlier": (moving, {}, OUTLIERS, PASS, "within"),
    "an outlier": (odd_week, {}, OUTLIERS, WARN, "Q in the week of 10 Jul 2023 (×"),
    "nothing moves": (still, {}, OUTLIERS, NOT_RUN, "do not move at all"),
    "no change": (moving, {}, CHANGES, PASS, "would show"),
    "a change": (changed, {}, CHANGES, WARN, "the share of P to ×1."),
    "too few others": (moving, {"others": 11}, CHANGES, NOT_RUN, "11 other courses are too few"),
    "nobody with history": (
        moving,
        {"courses": (Course("P", "P", date(2023, 7, 3)),)},
        CHANGES,
        NOT_RUN,
        "no promoted course with history",
    ),
}


@pytest.mark.parametrize(("paint", "declared", "name", "status", "said"), FOUND.values(), ids=FOUND)
def test_what_the_history_says(
    small: Small,
    paint: Callable[[Counts, int], None],
    declared: dict[str, Any],
    name: str,
    status: Status,
    said: str,
) -> None:
    resolved = small(**({"paint": paint, "others": 24, "season": False} | declared))
    (found,) = (f for f in history_findings(resolved) if f.name == name)
    assert (found.status, said in found.sentence) == (status, True), found
    assert found.margin is None or status is NOT_RUN or (found.margin >= 0) == (status is PASS)
