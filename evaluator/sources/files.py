"""Files as tables of text: CSV and Parquet, every cell unread, every row with its number.

Nothing is sniffed: the header names the columns, and each column is text until a rule casts it,
so a value that cannot be cast can be shown with its row.
"""

from __future__ import annotations

import csv
import glob
import gzip
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import duckdb
import ibis
import ibis.expr.types as ir

from evaluator.errors import DataError, Problem, did_you_mean
from evaluator.experiment.protocol import Source

ROW = "#row"
"""Number of a row in its file: the header of a CSV file is row 1, blank lines do not count."""

_FORMATS = (".csv", ".csv.gz", ".parquet")
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a source."""

    name: str
    """As shown to people: relative to the folder of the experiment."""
    table: ir.Table
    """Its columns as text, and `ROW`."""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in self.table.columns if name != ROW)


def open_files(
    connection: ibis.BaseBackend, source: Source, folder: Path
) -> tuple[tuple[File, ...], tuple[Problem, ...]]:
    """Every file that a source names, and what is wrong with those that cannot be read."""
    files: list[File] = []
    problems: list[Problem] = []
    for pattern in source.paths:
        try:
            found = _matches(pattern, source, folder)
        except DataError as error:
            problems += error.problems
            continue
        for path in found:
            name = _shown(path, folder)
            if any(file.name == name for file in files):
                continue
            try:
                files.append(File(name, _open(connection, path, name)))
            except DataError as error:
                problems += error.problems
    return tuple(files), tuple(problems)


def _matches(pattern: Path, source: Source, folder: Path) -> list[Path]:
    if pattern.is_file():
        return [pattern]
    name = _shown(pattern, folder)
    if pattern.is_dir():
        rule, hint = (
            "a source is a file or a pattern of files",
            f'for all its files: "{name}/*.csv"',
        )
        raise DataError(Problem(name, "is a folder", rule, hint))
    found = sorted(folder.glob(name)) if glob.has_magic(name) else []
    if files := [path for path in found if path.is_file()]:
        return files
    what = "no file matches this pattern" if glob.has_magic(name) else "no such file"
    rule = f'source "{source.name}" ({source.kind}) reads it'
    raise DataError(Problem(name, what, rule, _near(pattern, folder)))


def _open(connection: ibis.BaseBackend, path: Path, name: str) -> ir.Table:
    if not path.name.lower().endswith(_FORMATS):
        rule = f"readable formats: {', '.join(_FORMATS)}"
        raise DataError(Problem(name, "is not a format this program reads", rule, "export as CSV"))
    is_parquet = path.suffix.lower() == ".parquet"
    with _named(path, name):
        table = _parquet(connection, path) if is_parquet else _csv(connection, path, name)
        rows = table.count().to_pyarrow().as_py()
    if not rows:
        rule = "a table has rows below the names of its columns"
        raise DataError(Problem(name, "holds no data", rule, "export it again"))
    return table


def _parquet(connection: ibis.BaseBackend, path: Path) -> ir.Table:
    table = connection.read_parquet(str(path))
    text = {name: table[name].cast("string") for name in table.columns}
    return table.select(**text, **{ROW: ibis.row_number() + 1})


def _csv(connection: ibis.BaseBackend, path: Path, name: str) -> ir.Table:
    columns, delimiter = _header(path, name)
    _check_whole(path)
    lazy = connection.read_csv(
        str(path),
        columns=dict.fromkeys(columns, "VARCHAR"),
        auto_detect=False,
        header=True,
        delim=delimiter,
        quote='"',
        escape='"',
    )
    # Parsed once: every rule is a query, and a broken line is found here.
    numbered = lazy.mutate(**{ROW: ibis.row_number() + 2})
    return connection.create_table(ibis.util.gen_name("csv"), numbered, temp=True)


def _header(path: Path, name: str) -> tuple[list[str], str]:
    with _bytes(path) as handle:
        line = handle.readline().decode("utf-8-sig").rstrip("\r\n")
    if not line.strip():
        raise DataError(Problem(name, "is empty", "the first row names the columns"))
    delimiter = max(_DELIMITERS, key=line.count)
    written = next(csv.reader([line], delimiter=delimiter))
    columns = [column.strip() or f"column {i}" for i, column in enumerate(written, 1)]
    folded = [column.casefold() for column in columns]
    twice = {column for column in columns if folded.count(column.casefold()) > 1}
    if twice:
        listed = ", ".join(f'"{column}"' for column in sorted(twice))
        rule = "each column has a name of its own (capitals make no difference)"
        raise DataError(Problem(f"{name}, row 1", f"columns named twice: {listed}", rule))
    return columns, delimiter


def _check_whole(path: Path) -> None:
    """The engine reads a gzip file that was cut short as far as it goes, and says nothing."""
    if path.suffix.lower() == ".gz":
        with _bytes(path) as handle:
            while handle.read(2**20):
                pass


@contextmanager
def _named(path: Path, name: str) -> Iterator[None]:
    """Turn what the engine or the system says of a file into a problem that names it."""
    try:
        yield
    except UnicodeDecodeError:
        raise DataError(_not_utf8(path, name)) from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(Problem(name, f"cannot be read: {reason}", "", "export it again")) from None
    except duckdb.Error as error:
        text = str(error)
        problem = _not_utf8(path, name) if "unicode" in text else _malformed(text, name)
        raise DataError(problem) from None


def _not_utf8(path: Path, name: str) -> Problem:
    with _bytes(path) as handle:
        row = next((i for i, line in enumerate(handle, 1) if not _is_utf8(line)), 1)
    return Problem(
        f"{name}, row {row}",
        "is not written in UTF-8",
        "text files are read as UTF-8, with or without a byte-order mark",
        'save it again as UTF-8 (in a spreadsheet: "CSV UTF-8"; on a command line: '
        "iconv -f cp1252 -t utf-8)",
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


_COMPLAINTS = (
    (r"Expected Number of Columns: (\d+) Found: (\d+)", r"\2 fields where the header has \1"),
    (r"unterminated quote", "a quotation mark that never closes"),
    (r"not a GZIP stream|gzip", "not a gzip file, whatever its name says"),
    (r"No magic bytes|too small to be a Parquet", "not a Parquet file, whatever its name says"),
)


def _malformed(text: str, name: str) -> Problem:
    row = re.search(r"on Line: (\d+)", text)
    where = f"{name}, row {row[1]}" if row else name
    for pattern, complaint in _COMPLAINTS:
        if found := re.search(pattern, text, re.IGNORECASE):
            return Problem(where, found.expand(complaint), "", "correct the row or export it again")
    return Problem(where, f"cannot be read: {text.splitlines()[0]}", "", "export it again")


def _bytes(path: Path) -> IO[bytes]:
    packed = path.name.lower().endswith(".gz")
    return cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")


def _shown(path: Path, folder: Path) -> str:
    """Relative to the experiment where it lies near it, so that messages fit and travel."""
    return Path(os.path.relpath(path, folder)).as_posix()


def _near(path: Path, folder: Path) -> str:
    """A file of nearly that name, or where the search went astray."""
    there = next(parent for parent in path.parents if parent.is_dir())
    near = did_you_mean(path.name, sorted(file.name for file in there.iterdir()))
    return near or f"looked in {_shown(there, folder)}"
