"""Read an experiment file: its protocol, or all of its errors at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

from evaluator.experiment.concrete import concrete
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.spec import Spec

FILE_NAME = "experiment.toml"


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
    file = Path(path).absolute()
    file = file / FILE_NAME if file.is_dir() else file
    return concrete(Spec.model_validate(tomllib.loads(file.read_text("utf-8"))), file)
