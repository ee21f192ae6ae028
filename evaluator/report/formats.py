"""In which form the report is written."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """Of the report that people read; results.json and effects.csv are always written."""

    HTML = "html"
    MD = "md"
