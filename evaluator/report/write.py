"""Results on disk: all of them, or none."""

from __future__ import annotations

from pathlib import Path

from evaluator.errors import Problem, UsageError
from evaluator.evaluation import Evaluation
from evaluator.evaluation.suppression import suppressed
from evaluator.report.page import to_html
from evaluator.report.to_csv import to_csv
from evaluator.report.to_json import to_json
from evaluator.whole import write_whole


def write_results(evaluation: Evaluation, folder: Path) -> tuple[Path, ...]:
    """Write results.json, effects.csv and report.html; returns their paths.

    Raises
    ------
    UsageError : the folder cannot be written
    """
    files = {
        "results.json": to_json(evaluation),
        "effects.csv": to_csv(evaluation),
        "report.html": to_html(suppressed(evaluation)),  # it is made to be passed on
    }
    try:
        return write_whole(files, folder)
    except OSError as error:
        what = f"the results cannot be written: {error.strerror or error}"
        raise UsageError(Problem(str(folder), what, hint="name another folder by --out")) from None
