"""What a check found, for machines and pull requests: JUnit, JSON, Markdown, GitHub, GitLab.

Each rendering takes every experiment that was checked and the status from which a check fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from evaluator.errors import Problem, UsageError
from evaluator.gate.items import Checked, FailOn
from evaluator.report.checked.annotations import to_annotations
from evaluator.report.checked.code_quality import to_code_quality
from evaluator.report.checked.junit import to_junit
from evaluator.report.checked.markdown import to_markdown
from evaluator.report.checked.to_json import to_json

__all__ = [
    "to_annotations",
    "to_code_quality",
    "to_json",
    "to_junit",
    "to_markdown",
    "write_checked",
]

Rendering = Callable[[Sequence[Checked], FailOn], str]


def write_checked(
    checked: Sequence[Checked], fail_on: FailOn, files: Mapping[Rendering, Path | None]
) -> None:
    """Write each rendering to its file, where it has one.

    Raises
    ------
    UsageError : a file cannot be written
    """
    for rendering, path in files.items():
        if path is None:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(rendering(checked, fail_on), "utf-8", newline="")
        except OSError as error:
            what = f"what was checked cannot be written: {error.strerror or error}"
            raise UsageError(Problem(str(path), what, hint="name another file")) from None
