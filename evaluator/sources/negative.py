"""Negative-control outcomes: read as tables of counts are, on the courses and days of the panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from evaluator.errors import Problem
from evaluator.experiment.protocol import Protocol
from evaluator.panel import Panel, panel_from_codes
from evaluator.sources.counted import Counted, coded_labels, read_source


def read_negative(
    connection: Any, protocol: Protocol, courses: Sequence[str]
) -> tuple[dict[str, Counted], tuple[Problem, ...]]:
    """What each source of a negative-control outcome counts, by source, and what is wrong.

    Parameters
    ----------
    courses : every course that data may name; empty where that is not known
    """
    found = {
        source.name: read_source(connection, source, protocol, courses)
        for source in protocol.source("negative_control")
    }
    return found, tuple(problem for counted in found.values() for problem in counted.problems)


def negative_panels(
    protocol: Protocol, found: Mapping[str, Counted], panel: Panel
) -> dict[str, Panel]:
    """Every declared negative-control outcome by name, on the courses and days of the panel."""
    return {
        control.name: _panel(found[control.source], panel) for control in protocol.negative_controls
    }


def _panel(counted: Counted, panel: Panel) -> Panel:
    (cells,) = counted.cells
    table = cells.to_pyarrow()
    named, course = coded_labels(table["course"])
    countries, country = coded_labels(table["country"])
    rank = {code: position for position, code in enumerate(panel.courses)}
    position = np.array([rank.get(code, -1) for code in named], dtype=np.intp)[course]
    days = table["day"].cast("int32").to_numpy() - (panel.start - date(1970, 1, 1)).days
    codes = np.array([position, country, np.zeros_like(country), days], dtype=np.intp)
    kept = (position >= 0) & (days >= 0)
    labels = (panel.courses, countries, ("all",))
    values = table["value"].to_numpy()[kept]
    return panel_from_codes(labels, codes[:, kept], values, span=(panel.start, panel.end))
