"""Arm A against arm B in the waves of a channel: a difference, or the effect of a hold-out."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from evaluator.comparisons import Comparison, Planned, channels
from evaluator.comparisons.design import WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.experiment.protocol import Arms, Channel, Listed, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import RowRole

Small = Callable[..., Resolved]
CHANNELS = (Channel("mail", "email"), Channel("ads", "paid"))
A = Arms(Listed(tuple(f"C{number:02d}" for number in range(6))))


def mailed(small: Small, arms: tuple[str, ...], paint: object = None) -> list[Planned]:
    """An e-mail for P in the second week and one for Q in the third; rows of A against B."""
    start = small().protocol.window.start
    waves = tuple(
        Wave(f"mail-{code}", "mail", (code,), False, Span(*[start + timedelta(day)] * 2), arms)
        for code, day in (("P", 7), ("Q", 14))
    )
    more = {"paint": paint} if paint else {}
    resolved = small(waves=waves, channels=CHANNELS, arms=A, questions=(Question.CHANNELS,), **more)
    return [row for row in channels.planned(resolved) if row.key.arm == "A"]


def test_a_hold_out_of_countries_identifies_the_channel(small: Small) -> None:
    """×2 in arm A in each course's own week, ×3 everywhere in both: the second cancels."""

    def paint(counts: dict[str, np.ndarray], window: int) -> None:
        for own in counts.values():
            own[:, window:] *= 3
        counts["P"][:6, window + 7 : window + 14] *= 2
        counts["Q"][4:10, window + 14 : window + 21] *= 2

    rows = mailed(small, ("A",), paint)
    assert [(row.key.course, row.key.method, row.role) for row in rows] == [
        ("all", "triple_difference", RowRole.HEADLINE),
        ("P", "arms_by_unit", RowRole.EXPLORATORY),
        ("Q", "arms_by_unit", RowRole.EXPLORATORY),
    ]
    for row in rows:
        assert isinstance(row.comparison, Comparison)
        assert (row.comparison.codes == WINDOW).sum(axis=1).tolist() == [7] * len(
            row.comparison.series
        )
        answer = estimate(row.comparison, row.key, Setting())
        assert isinstance(answer, Estimated)
        assert answer.effect.lift == pytest.approx(2, rel=0.02)
        assert row.estimand.identifies == (
            "the effect of mail, which only arm A received, on the days of its waves"
        )
        assert row.estimand.wording.up == "raised"


def test_an_e_mail_to_both_arms_has_no_row_of_its_own(small: Small) -> None:
    assert mailed(small, ("A", "B")) == []
