"""The plan on disk: page and content together, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluator.errors import Problem, UsageError
from evaluator.report.planning.assembled import assembled
from evaluator.report.planning.page import to_html
from evaluator.report.planning.to_json import to_json
from evaluator.whole import write_whole


def write_plan(plan: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write plan.json and plan.html; returns their paths.

    Parameters
    ----------
    plan : see `to_dict`

    Raises
    ------
    UsageError : the folder cannot be written
    """
    files = {"plan.json": to_json(plan), "plan.html": to_html(assembled(plan))}
    try:
        return write_whole(files, folder)
    except OSError as error:
        what = f"the plan cannot be written: {error.strerror or error}"
        raise UsageError(Problem(str(folder), what, hint="name another folder by --out")) from None
