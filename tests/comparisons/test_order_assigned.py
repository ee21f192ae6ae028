"""Both orders on one network, given to courses by chance."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import numpy as np
import pytest

from evaluator.comparisons import Comparison, Planned, order
from evaluator.comparisons.design import WINDOW
from evaluator.effects import Estimated, Setting, estimate
from evaluator.evaluation import evaluate
from evaluator.experiment.assignment import Assignment, AssignmentRule, Drawn
from evaluator.experiment.protocol import Channel, Course, Question, Span, Wave
from evaluator.resolve import Resolved
from evaluator.results import NotRun, Verdict

Small = Callable[..., Resolved]
Counts = dict[str, np.ndarray]
CODES = tuple("PQRSTUVW")
PAID, POSTS = Channel("fb", "paid", "Facebook"), Channel("posts", "organic", "Facebook pages")
PAID_FIRST = CODES[:4]
SIMPLE = Drawn(AssignmentRule.SIMPLE)
PAIRS = Drawn(AssignmentRule.MATCHED_PAIRS, tuple(zip(CODES[:4], CODES[4:], strict=True)))
SPREAD = 0.01 * (-1.0) ** np.arange(8)
"""What courses move by themselves, so that there is something to judge by; 0 in the mean."""


def ordered(
    small: Small,
    drawn: Drawn | None = SIMPLE,
    first: tuple[str, ...] = PAID_FIRST,
    starts: Mapping[str, int] | None = None,
    **more: object,
) -> Resolved:
    """A week of each channel, the second a week after the first; ×1.5 over all where paid first."""
    start = small().protocol.window.start
    waves = []
    for code in CODES:
        days = (0, 7) if code in first else (7, 0)
        for channel, day in zip(("fb", "posts"), days, strict=True):
            begin = start + timedelta((starts or {}).get(code, 0) + day)
            span = Span(begin, begin + timedelta(6))
            waves.append(Wave(f"{channel}-{code}", channel, (code,), portfolio=False, span=span))

    def paint(counts: Counts, window: int) -> None:
        for code, own in zip(CODES, SPREAD, strict=True):
            lift = (1.5 if code in first else 1.0) * np.exp(own)
            begin = window + (starts or {}).get(code, 0)
            counts[code][:, begin : begin + 28] *= lift

    fields: dict[str, object] = {
        "courses": tuple(Course(code, code) for code in CODES),
        "channels": (PAID, POSTS),
        "waves": tuple(waves),
        "questions": (Question.ORDER,),
        "assignment": Assignment(order=drawn) if drawn else None,
        "paint": paint,
        "arms": None,
    }
    return small(**(fields | more))


def answer(resolved: Resolved) -> Planned:
    return next(row for row in order.planned(resolved) if row.key.method == "order_of_waves")


@pytest.mark.parametrize("drawn", [SIMPLE, PAIRS])
@pytest.mark.parametrize("starts", [None, dict.fromkeys("PTQU", 7)])
def test_what_is_planted_is_found_on_any_shared_calendar(
    small: Small, drawn: Drawn, starts: Mapping[str, int] | None
) -> None:
    """Both waves and two weeks after: 28 days."""
    row = answer(ordered(small, drawn, starts=starts))
    assert isinstance(row.comparison, Comparison)
    assert (row.comparison.codes == WINDOW).sum(axis=1).tolist() == [28] * 8
    found = estimate(row.comparison, row.key, Setting())
    assert isinstance(found, Estimated)
    assert found.effect.lift == pytest.approx(1.5, rel=0.02)
    strata = len(set(row.comparison.strata))
    assert found.effect.distribution.dof == 8 - strata - 1  # type: ignore[attr-defined]
    assert strata == {(False, False): 1, (False, True): 2}.get(
        (bool(drawn.groups), bool(starts)), 4
    )


REFUSED = {
    "nothing declared": ({"drawn": None}, "both orders occur on Facebook: declare how"),
    "somebody chose": ({"drawn": Drawn(AssignmentRule.NONE)}, "both orders occur on Facebook"),
    "two of one kind": ({"first": CODES[:2]}, "2 had paid promotion first and 6 organic first"),
    "each order in weeks of its own": (
        {"starts": dict.fromkeys(PAID_FIRST, 7)},
        "0 had paid promotion first and 0 organic first in the same weeks",
    ),
    "drawn on another network": (
        {"drawn": Drawn(AssignmentRule.SIMPLE, network="LinkedIn")},
        "chance gave the order on LinkedIn, not on this network",
    ),
    "one order": ({"first": CODES}, "one order only (Facebook: paid first, then organic)"),
}


@pytest.mark.parametrize(("changes", "reason"), REFUSED.values(), ids=REFUSED)
def test_is_refused_by_name(small: Small, changes: dict[str, object], reason: str) -> None:
    row = answer(ordered(small, **changes))  # type: ignore[arg-type]
    assert isinstance(row.comparison, NotRun)
    assert reason in row.comparison.reason


def test_is_concluded_about_the_courses_paid_first(small: Small) -> None:
    resolved = ordered(small)
    (row, *_) = evaluate(resolved).rows
    assert row.verdict is Verdict.RAISED
    assert row.estimand.wording.by == "by having paid promotion before organic on Facebook"
    days = resolved.panel.array("course", "day", course=PAID_FIRST)
    first = resolved.panel.day(resolved.protocol.window.start)
    counted = days[:, first : first + 28].sum()
    assert row.observed == pytest.approx(counted)
    assert row.extra is not None
    assert row.extra.realised.value == pytest.approx(counted / 3, rel=0.02)
