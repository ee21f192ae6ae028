"""Read an experiment file: its protocol, or all of its errors at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from evaluator.errors import DeclarationError, Problem, UsageError, did_you_mean
from evaluator.experiment.concrete import concrete
from evaluator.experiment.faults import Fault, structural_faults
from evaluator.experiment.positions import Lines, key_lines, line_of
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.rules import rule_faults
from evaluator.experiment.spec import Spec
from evaluator.experiment.spelling import respelt

FILE_NAME = "experiment.toml"
TOML_WORDS = {"Cannot overwrite a value": "the same key or table is given twice"}


def load_protocol(path: Path | str) -> Protocol:
    """Protocol declared by an experiment file.

    Parameters
    ----------
    path : the file, or its folder

    Raises
    ------
    UsageError : there is no such file
    DeclarationError : the file breaks a rule; all of its problems, by line
    """
    file = _file(Path(path))
    text = _text(file)
    document = _document(text, file)
    if structural_faults(document) or rule_faults(document):
        found = sorted(_located(document, key_lines(text)), key=lambda placed: placed[0])
        raise DeclarationError(_problem(file, line, fault) for line, fault in found)
    return concrete(Spec.model_validate(document), file)


def shown_path(file: Path) -> str:
    """The path as people know it: from the current directory, if the file lies inside."""
    folder = Path.cwd()
    return str(file.relative_to(folder) if file.is_relative_to(folder) else file)


def _located(document: dict[str, Any], lines: Lines) -> Iterator[tuple[int, Fault]]:
    """All faults with their lines.

    A misspelt key is reported, then read as the key it is taken for: or every name given under
    `[[chanels]]` would be reported as not declared, and `[[channels]]` as missing.
    """
    faults = structural_faults(document)
    while any(fault.meant for fault in faults):
        misspelt = [fault for fault in faults if fault.meant]
        yield from ((line_of(fault.keys, lines), fault) for fault in misspelt)
        document, lines = respelt(document, lines, misspelt)
        faults = structural_faults(document)
    for fault in faults + rule_faults(document):
        yield line_of(fault.keys, lines), fault


def _problem(file: Path, line: int, fault: Fault) -> Problem:
    return Problem(f"{shown_path(file)}:{line}", fault.what, fault.rule, fault.hint)


def _file(path: Path) -> Path:
    file = Path(os.path.abspath(path / FILE_NAME if path.is_dir() else path))  # noqa: PTH100
    if not file.is_file():
        beside = path.parent.glob(f"*/{FILE_NAME}")
        names = sorted(str(found.parent) for found in beside)
        rule = f"looked for {shown_path(file)}" if path.is_dir() else ""
        hint = did_you_mean(path, names)
        raise UsageError(Problem(str(path), "there is no experiment file here", rule, hint))
    return file


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"byte {content[error.start]:#04x} is not UTF-8"
        rule = "a TOML file is written in UTF-8"
        raise DeclarationError(_problem(file, line, Fault((), what, rule))) from None
    except OSError as error:
        raise UsageError(Problem(shown_path(file), f"cannot be read: {error.strerror}")) from None


def _document(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)| \(at end of document\)", str(error))
        line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
        what = str(error)[: place.start()] if place else str(error)
        written = text.split("\n")[line - 1].strip()
        shown = f"it says: {written}" if written else ""
        what = "is not TOML here: " + TOML_WORDS.get(what, what[:1].lower() + what[1:])
        fault = Fault((), what, shown, _no_such_date(written))
        raise DeclarationError(_problem(file, line, fault)) from None


def _no_such_date(written: str) -> str:
    for like_a_date in re.findall(r"\b\d{4}-\d{2}-\d{2}\b", written):
        try:
            date.fromisoformat(like_a_date)
        except ValueError:
            return f"there is no day {like_a_date}; a date is written year-month-day"
    return ""
