"""Where the data lie."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from evaluator.experiment.spec.table import Table, Text, Texts

SourceKind = Literal[
    "events",
    "counts",
    "courses",
    "participants",
    "delivery",
    "posts",
    "email",
    "conversions",
    "contacts",
    "negative_control",
    "arms",
]


def _paths(value: Any) -> Any:
    listed = [value] if isinstance(value, str) else value
    if isinstance(listed, list) and listed and all(isinstance(p, str) and p for p in listed):
        return value
    raise PydanticCustomError("paths", "must be a path or a list of paths, as text")


Paths = Annotated[Text | Annotated[Texts, Field(min_length=1)], BeforeValidator(_paths)]


class SourceTable(Table):
    """One table of data: where it lies and what its columns are called."""

    name: Text = Field(description="Name under which this file speaks of it.")
    kind: SourceKind = Field(description="What a row is.")
    path: Paths = Field(description="File, pattern or list of them, relative to this file.")
    columns: dict[str, Text] = Field(
        {}, description="What the program calls a column = what the table calls it."
    )
    course: Text | None = Field(
        None, description="Course of every row, for a table without such a column."
    )
    absent_is_zero: bool = Field(
        False, description="Whether a table of counts leaves out its zeros: no gap where absent."
    )
