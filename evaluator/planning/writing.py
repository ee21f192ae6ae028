"""The file of the next experiment: written whole, or not at all, and never over a sealed one."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from evaluator.errors import Problem, UsageError
from evaluator.experiment import load_protocol
from evaluator.experiment.load import FILE_NAME
from evaluator.experiment.protocol import Protocol
from evaluator.experiment.schema import json_schema
from evaluator.experiment.seal import seal_path
from evaluator.planning.document import document_of
from evaluator.planning.toml import Notes, commented, to_toml
from evaluator.whole import write_whole

SCHEMA = "experiment.schema.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """An experiment that is to be written: what it declares, the comments on it, its data."""

    protocol: Protocol
    heading: str = ""
    """Comment at the top: what this is, in lines."""
    notes: Notes = field(default_factory=dict)
    """Comments on tables and keys, see `toml`."""
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    """What lies beside the file: name → content."""


def write_experiment(draft: Draft, file: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write an experiment file and what lies beside it; returns the paths, the file first.

    Parameters
    ----------
    file : where; sources of the protocol that are to be found beside it have paths in its folder
    force : whether files that are there may be replaced; a sealed experiment never is

    Raises
    ------
    UsageError : something is there, it is sealed, or the folder cannot be written
    DeclarationError : the protocol breaks a rule of experiment files; nothing is written
    """
    folder = file.parent
    text = experiment_text(draft, schema=_schema(folder))
    contents: dict[str, str | bytes] = {file.name: text, **draft.files}
    if not (folder.parent / SCHEMA).is_file():
        contents[SCHEMA] = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    check_free(file, contents, force=force)
    check_loads(text, draft.protocol)
    try:
        return write_whole(contents, folder)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise UsageError(Problem(str(folder), what, hint="name another folder")) from None


def check_free(file: Path, names: Iterable[str] = (), *, force: bool = False) -> None:
    """Whether an experiment file may be written: nothing is there, or it may be replaced.

    Parameters
    ----------
    names : of what else is to be written beside it

    Raises
    ------
    UsageError : something is there, or it is sealed
    """
    if seal_path(file).exists():
        what = "is sealed: its protocol stands as it was on the day of the seal"
        raise UsageError(Problem(str(file), what, hint="write the next experiment elsewhere"))
    wanted = dict.fromkeys((file.name, *names))
    there = [name for name in wanted if name != SCHEMA and (file.parent / name).exists()]
    if there and not force:
        what = f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already"
        hint = "name another folder, or say --force to replace what is there"
        raise UsageError(Problem(str(file.parent), what, hint=hint))


def experiment_text(draft: Draft, *, schema: str = SCHEMA) -> str:
    """The text of the file; the same draft, the same bytes."""
    heading = f"{commented(draft.heading)}\n\n" if draft.heading else ""
    return f"#:schema {schema}\n\n{heading}{to_toml(document_of(draft.protocol), draft.notes)}"


def check_loads(text: str, protocol: Protocol) -> None:
    """Whether the text means what was to be written.

    Raises
    ------
    DeclarationError : it breaks a rule
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(os.path.realpath(folder), FILE_NAME)
        path.write_text(text, "utf-8")
        loaded = load_protocol(path)
    moved = replace(loaded, path=protocol.path, sources=protocol.sources)
    assert moved == protocol, "an experiment file loads to another protocol than was written"


def _schema(folder: Path) -> str:
    return f"../{SCHEMA}" if (folder.parent / SCHEMA).is_file() else SCHEMA
