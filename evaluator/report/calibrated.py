"""What `evaluator calibrate` shows: how often each row's interval held what was planted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Group
from rich.text import Text

from evaluator.calibration import FITTED, PLACEBO, Calibration, Found
from evaluator.report import numbers
from evaluator.report.layout import NOTHING, Line, laid_out
from evaluator.report.terminal import to_text
from evaluator.report.words import question_title, row_label
from evaluator.results import Measured

HEAD = Line("", ("placebo", "fitted", "shocked", "trending", "finds\nsmallest"))
LEGEND = (
    "Share of campaigns in which the interval held what was planted: placebo, other courses that"
    " nobody promoted; fitted, worlds like the promoted courses' own weeks; shocked and trending,"
    " the same with an assumption broken. Finds smallest: share of placebo campaigns in which the"
    " smallest lift worth having was found."
)


def render_calibration(calibration: Calibration, written: Path, *, colour: bool) -> str:
    """A table of coverages, a line a row, and where they were written."""
    lines: list[Line] = []
    for question in dict.fromkeys(found.key.question for found in calibration.rows):
        rows = [found for found in calibration.rows if found.key.question == question]
        lines.append(Line(question_title(question)))
        lines += [_line(found) for found in rows]
    reasons = [
        Text(f"{question_title(found.key.question)}, {row_label(found.key)}: {reason}")
        for found in calibration.rows
        for reason in found.reasons
    ]
    after = [Text(LEGEND), Text(f"written: {written}")]
    return to_text(Group(laid_out(HEAD, lines), Text(), *reasons, *after), colour=colour)


def _line(found: Found) -> Line:
    unlifted = [one for one in found.measured if one.lift == 1]
    violated = [one for one in unlifted if one.world not in (PLACEBO, FITTED)]
    lifted = [one for one in found.measured if one.world == PLACEBO and one.lift != 1]
    cells = (
        _covers([one for one in unlifted if one.world == PLACEBO]),
        _covers([one for one in unlifted if one.world == FITTED]),
        _covers(violated[:1]),
        _covers(violated[1:]),
        numbers.rate(lifted[0].found) if lifted else NOTHING,
    )
    return Line(row_label(found.key), cells)


def _covers(measured: Sequence[Measured]) -> str:
    return numbers.probability(measured[0].coverage) if measured else NOTHING
