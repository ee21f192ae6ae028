"""Results on disk: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from evaluator.errors import Problem, UsageError
from evaluator.evaluation import Evaluation
from evaluator.evaluation.suppression import suppressed
from evaluator.report.formats import Format
from evaluator.report.markdown import to_markdown
from evaluator.report.page import to_html
from evaluator.report.to_csv import to_csv
from evaluator.report.to_json import to_json
from evaluator.whole import write_whole

REPORTS: Mapping[Format, Callable[[Evaluation], str]] = {
    Format.HTML: to_html,
    Format.MD: to_markdown,
}


def write_results(
    evaluation: Evaluation, folder: Path, formats: Sequence[Format] = (Format.HTML,)
) -> tuple[Path, ...]:
    """Write results.json, effects.csv and the report in each of the formats; returns their paths.

    A report of an earlier run in a format that is not asked for now goes: a folder never holds
    the results of one run beside the report of another.

    Raises
    ------
    UsageError : the folder cannot be written
    """
    shared = suppressed(evaluation)  # a report is made to be passed on
    files = {
        "results.json": to_json(evaluation),
        "effects.csv": to_csv(evaluation),
        **{_report(name): REPORTS[name](shared) for name in dict.fromkeys(formats)},
    }
    try:
        return write_whole(files, folder, instead_of=[*map(_report, REPORTS)])
    except OSError as error:
        what = f"the results cannot be written: {error.strerror or error}"
        raise UsageError(Problem(str(folder), what, hint="name another folder by --out")) from None


def _report(name: Format) -> str:
    return f"report.{name}"
