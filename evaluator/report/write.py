"""Results on disk: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from evaluator.errors import Problem, UsageError
from evaluator.evaluation import Evaluation
from evaluator.evaluation.suppression import suppressed
from evaluator.report.page import to_html
from evaluator.report.to_csv import to_csv
from evaluator.report.to_json import to_json


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


def write_whole(files: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Put these texts into a folder, so that it holds all of them or what it held before.

    Everything is written beside its place first; then the files change places by renaming. An
    interruption while they do puts the earlier files back. Other files in the folder stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Inside the folder: a rename is only atomic on one file system.
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as staging:
        new, old = Path(staging, "new"), Path(staging, "old")
        new.mkdir()
        old.mkdir()
        for name, text in files.items():
            _write(new / name, text)
        try:
            for name in files:
                if (folder / name).exists():
                    shutil.copyfile(folder / name, old / name)
                (new / name).replace(folder / name)
        except BaseException:
            _put_back(files, old, new, folder)
            raise
    return tuple(folder / name for name in files)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _put_back(files: Mapping[str, str], old: Path, new: Path, folder: Path) -> None:
    for name in files:
        if (old / name).exists():
            (old / name).replace(folder / name)
        elif not (new / name).exists():
            (folder / name).unlink(missing_ok=True)
