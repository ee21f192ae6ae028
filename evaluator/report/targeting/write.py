"""The answer on disk, and the scored list where it is asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from evaluator.errors import Problem, UsageError
from evaluator.report.targeting.answered import answered
from evaluator.report.targeting.document import Document
from evaluator.report.targeting.page import to_html
from evaluator.report.targeting.refused import refused
from evaluator.report.targeting.to_json import to_json
from evaluator.targeting import NoUplift, Targeted
from evaluator.targeting.policy import Advice
from evaluator.targeting.scored import COLUMNS, segments
from evaluator.whole import write_whole


def document_of(answer: Targeted | NoUplift) -> Document:
    """What is said of an answer."""
    return refused(answer) if isinstance(answer, NoUplift) else answered(answer)


def write_answer(answer: Targeted | NoUplift, document: Document, folder: Path) -> tuple[Path, ...]:
    """Write targeting.json and targeting.html; returns their paths.

    Raises
    ------
    UsageError : the folder cannot be written
    """
    files = {"targeting.json": to_json(answer, document), "targeting.html": to_html(document)}
    return _written(files, folder, "--out")


def write_scores(answer: Targeted | NoUplift, file: Path) -> tuple[Path, ...]:
    """Write the key and the segment of everybody on the list to choose from.

    Raises
    ------
    UsageError : nothing was learned, or by association only, or not enough to advise anything;
        the file cannot be written
    """
    if isinstance(answer, NoUplift):
        what, hint = "nobody can be scored: no uplift was learned", "leave out --scores"
        raise UsageError(Problem(str(file), what, answer.reasons[-1], hint))
    if answer.associational:
        what, hint = "nobody is scored by associations", "leave out --scores"
        rule = "a segment says whom a contact moves; associational differences do not"
        raise UsageError(Problem(str(file), what, rule, hint))
    if answer.policy.advice in (Advice.OPEN, Advice.WITHHELD):
        what, hint = "nobody is scored: the list does not say whom to contact", "leave out --scores"
        raise UsageError(Problem(str(file), what, document_of(answer).sentences[-1], hint))
    text = io.StringIO()
    rows: Sequence[tuple[str, str]] = segments(answer)
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return _written({file.name: text.getvalue()}, file.parent, "--scores")


def _written(files: dict[str, str], folder: Path, option: str) -> tuple[Path, ...]:
    try:
        return write_whole(files, folder)
    except OSError as error:
        what = f"the results cannot be written: {error.strerror or error}"
        hint = f"name another place by {option}"
        raise UsageError(Problem(str(folder), what, hint=hint)) from None
