"""Small and odd experiments: every row is a number or a reason, and nothing ends the run."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from evaluator.evaluation import evaluate
from evaluator.experiment.protocol import Bin, Course, Event, Question, Reference, Span, Wave
from evaluator.report.page import to_html
from evaluator.report.terminal import render
from evaluator.report.to_csv import to_csv
from evaluator.report.to_json import to_json
from evaluator.resolve import Resolved
from evaluator.results import RowStatus, Status

Small = Callable[..., Resolved]
Counts = dict[str, np.ndarray]
FIRST = date(2023, 7, 31)
COMPARED = (Question.PROMOTED_VS_OTHER, Question.A_VS_B, Question.PRE_VS_CAMPAIGN)
EVERY = (*COMPARED, Question.CHANNELS, Question.PORTFOLIO, Question.ORDER)
P, Q = Course("P", "Promoted"), Course("Q", "Also promoted")


def days(first: int, last: int) -> Span:
    """Days counted from the first of the window."""
    return Span(FIRST + timedelta(first), FIRST + timedelta(last))


WAVES = (
    Wave("first", "ads", ("P",), False, days(0, 6)),
    Wave("second", "ads", ("Q",), False, days(14, 20)),
    Wave("posts", "posts", ("P", "Q"), False, days(21, 27)),
    Wave("everybody", "posts", (), True, days(35, 41)),
)


def thinned(each: float) -> Callable[[Counts, int], None]:
    """Counts drawn about so many a day in a course's country."""

    def paint(counts: Counts, _: int) -> None:
        rng = np.random.default_rng(1)
        for own in counts.values():
            own[:] = rng.poisson(own * each * 14 / 1e6)

    return paint


def silent(*codes: str, window: bool = True) -> Callable[[Counts, int], None]:
    """Courses in which nobody enrols, in the window or before it."""

    def paint(counts: Counts, first: int) -> None:
        thinned(0.5)(counts, first)
        for code in codes:
            counts[code][:, first:] = 0 if window else counts[code][:, first:]
            counts[code][:, :first] = counts[code][:, :first] if window else 0

    return paint


ODD: Mapping[str, dict[str, Any]] = {
    "every question": {"questions": EVERY, "waves": WAVES, "paint": thinned(0.5)},
    "no other courses": {"others": 0, "waves": WAVES, "questions": EVERY},
    "one other course": {"others": 1, "paint": thinned(0.5), "questions": EVERY, "waves": WAVES},
    "three other courses": {"others": 3, "paint": thinned(0.5), "questions": EVERY, "waves": WAVES},
    "no arms": {"arms": None, "questions": (COMPARED[0], COMPARED[2]), "paint": thinned(0.5)},
    "an arm of two countries": {"arm_a": dict.fromkeys("PQ", ("C00", "C01"))},
    "an arm without countries": {"arm_a": dict.fromkeys("PQ", ()), "paint": thinned(0.5)},
    "an arm of all countries": {
        "arm_a": dict.fromkeys("PQ", tuple(f"C{n:02d}" for n in range(14))),
        "paint": thinned(0.5),
    },
    "no waves": {"questions": EVERY, "paint": thinned(0.5)},
    "one course": {"courses": (P,), "questions": EVERY, "waves": WAVES[:1], "paint": thinned(0.5)},
    "one course and no other": {"courses": (P,), "others": 0, "paint": thinned(0.5)},
    "three reference weeks": {"reference": Reference(3, (4, None)), "paint": thinned(0.5)},
    "two reference weeks": {"reference": Reference(2, ()), "paint": thinned(0.5)},
    "one reference week": {"reference": Reference(1, (), 1), "paint": thinned(0.5)},
    "a reference of all history": {"reference": Reference(None, (4,)), "paint": thinned(0.5)},
    "a longer reference than history": {"reference": Reference(60, (), 80), "paint": thinned(0.5)},
    "daily bins": {"bin": Bin.DAY, "paint": thinned(0.5), "questions": EVERY, "waves": WAVES},
    "a window of three days": {"window": days(0, 2), "as_of": FIRST + timedelta(2)},
    "a window that is no whole weeks": {"window": days(0, 39), "paint": thinned(0.5)},
    "nothing counted at all": {"paint": thinned(0.0), "questions": EVERY, "waves": WAVES},
    "next to nothing counted": {"paint": thinned(0.003), "questions": EVERY, "waves": WAVES},
    "nothing in the window": {"paint": silent("P", "Q")},
    "nothing before the window": {"paint": silent("P", "Q", window=False)},
    "other courses that stop": {"paint": silent(*(f"O{n:02d}" for n in range(12)))},
    "other courses that begin": {"paint": silent(*(f"O{n:02d}" for n in range(12)), window=False)},
    "an other course without counts": {"paint": silent("O03", "O04")},
    "nothing random": {"questions": EVERY, "waves": WAVES},
    "a flat series": {"season": False, "lifts": {"P": (2.0, 2.0)}},
    "all opened in the window": {
        "courses": tuple(replace(own, available_from=FIRST) for own in (P, Q)),
        "waves": WAVES,
        "paint": thinned(0.5),
    },
    "a reference that is all previous campaign": {
        "previous_campaigns": (Event("before", days(-400, -1)),),
        "paint": thinned(0.5),
    },
    "a window that is all deadline": {
        "deadlines": (Event("due", days(-400, 400)),),
        "paint": thinned(0.5),
    },
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_experiment_is_evaluated_and_shown(small: Small, odd: dict[str, Any]) -> None:
    shown(small(**odd))


@pytest.mark.parametrize("weeks", [0, 1, 2, 3, 5, 9])
def test_a_short_history_is_evaluated_and_shown(small: Small, weeks: int) -> None:
    shown(since(small(paint=thinned(0.5), questions=EVERY, waves=WAVES), weeks))


def shown(resolved: Resolved) -> None:
    """Evaluated, held to what every row is, and rendered in every form."""
    evaluation = evaluate(resolved)
    assert evaluation.rows
    for row in evaluation.rows:
        assert (row.effect is None) <= bool(row.reason), row.key
        for finding in row.findings:
            assert finding.sentence
            assert "nan" not in finding.sentence.split()
            assert finding.margin is None or not np.isnan(finding.margin), finding
            assert finding.power is None or 0 <= finding.power <= 1, finding
        if row.status is RowStatus.REFUSED:
            assert all(finding.status is not Status.FAIL for finding in row.findings)
    for rendering in (render(evaluation, all_rows=True), render(evaluation), to_csv(evaluation)):
        assert rendering
    assert "NaN" not in to_json(evaluation)
    assert to_html(evaluation)


def since(resolved: Resolved, weeks: int) -> Resolved:
    """The same with data from so many weeks before the window."""
    panel = resolved.panel
    cut = panel.day(resolved.protocol.window.start) - 7 * weeks
    kept = panel.cells[3] >= cut
    cells = panel.cells[:, kept].copy()
    cells[3] -= cut
    start = panel.start + timedelta(cut)
    return replace(
        resolved,
        panel=replace(
            panel, start=start, days=panel.days - cut, cells=cells, values=panel.values[kept]
        ),
        first_day={code: max(first, start) for code, first in resolved.first_day.items()},
    )
