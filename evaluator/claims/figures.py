"""Figures in side tables: text brought to numbers, with what is wrong by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from evaluator.errors import DataError, Problem, did_you_mean
from evaluator.estimators.arrays import Array

if TYPE_CHECKING:
    import pandas as pd

THOUSANDS = {"": 1.0, "K": 1e3, "M": 1e6}
SHORTENED = re.compile(r"(\d+)(?:\.(\d+))?([KM]?)")


def amounts(table: pd.DataFrame, column: str) -> Array:
    """Numbers of a column, (rows,); NaN where a cell is blank.

    Raises
    ------
    DataError : there is no such column, or a cell is no number of at least 0
    """
    values = _numbers(table, column)
    wrong = [i for i, value in enumerate(values) if value is None or value < 0]
    if wrong:
        raise DataError(_problems(table, column, wrong, "a figure is a number, 0 or more"))
    return np.array(values, dtype=float)


def shortened(table: pd.DataFrame, column: str) -> tuple[Array, Array]:
    """Numbers as posts show them, `6.1K` for 6,146, and the step of their last digit.

    Raises
    ------
    DataError : there is no such column, or a cell cannot be read
    """
    check_columns(table, (column,))
    cells = [_text(cell) for cell in table[column]]
    read = [SHORTENED.fullmatch(cell.replace(",", "")) for cell in cells]
    wrong = [
        i for i, (cell, match) in enumerate(zip(cells, read, strict=True)) if cell and not match
    ]
    if wrong:
        raise DataError(_problems(table, column, wrong, "a figure as 443, 6.1K or 2M"))
    values = [_value(match) if match else (np.nan, np.nan) for match in read]
    shown = np.array(values, dtype=float).reshape(-1, 2)
    return shown[:, 0], shown[:, 1]


def check_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """All columns are there.

    Raises
    ------
    DataError : one is not; all are listed
    """
    known = [str(name) for name in table.columns if name != "source"]
    problems = [
        Problem(
            f"{_where(table)}, column {column}",
            "no such column",
            f"the columns are: {', '.join(known)}",
            did_you_mean(column, known),
        )
        for column in columns
        if column not in known
    ]
    if problems:
        raise DataError(problems)


def _numbers(table: pd.DataFrame, column: str) -> list[float | None]:
    check_columns(table, (column,))
    return [_number(_text(cell)) for cell in table[column]]


def _number(cell: str) -> float | None:
    """NaN for nothing, None for what is no number."""
    try:
        value = float(cell) if cell else np.nan
    except ValueError:
        return None
    return None if cell and not np.isfinite(value) else value


def _text(cell: object) -> str:
    return "" if cell is None or cell != cell else str(cell).strip()


def _value(match: re.Match[str]) -> tuple[float, float]:
    whole, decimals, letter = match.group(1), match.group(2) or "", match.group(3)
    scale = THOUSANDS[letter]
    return float(f"{whole}.{decimals}0") * scale, scale * 10.0 ** -len(decimals)


def _problems(
    table: pd.DataFrame, column: str, rows: Iterable[int], rule: str
) -> Iterator[Problem]:
    for row in rows:
        where = f"{_where(table)}, row {row + 1}, column {column}"
        yield Problem(where, f'"{table[column].iloc[row]}" is no figure', rule)


def _where(table: pd.DataFrame) -> str:
    names = dict.fromkeys(table["source"]) if "source" in table else {}
    return f'source "{", ".join(map(str, names))}"'
