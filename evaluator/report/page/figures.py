"""Figures of the page: which rows and series they draw, and what they find, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from evaluator.comparisons import ALL
from evaluator.experiment.protocol import Protocol
from evaluator.report import numbers
from evaluator.report.page import cells
from evaluator.report.page.behind import Grid
from evaluator.report.page.forest import Mark, forests
from evaluator.report.page.questions import PART, Line, Section
from evaluator.report.page.weekly import weekly
from evaluator.report.tables import Record
from evaluator.report.words import outcome_label, question_title


@dataclass(frozen=True, slots=True)
class Panel:
    """A drawing with its heading and its finding: what it says to those who do not see it."""

    title: str
    finding: str
    drawing: Markup


def course_forests(sections: Sequence[Section]) -> tuple[Panel, ...]:
    """A panel for each question about courses; on one axis, secondary outcomes on another.

    These are few people, whose wide intervals would leave no room to see the others by.
    """
    asked = [
        (question, [line for line in section.lines if line.record["question"] == question])
        for section in sections
        if not section.waves
        for question in section.questions
    ]
    about = [(question, own) for question, own in asked if any(_lift(line) for line in own)]
    drawn: list[Panel] = []
    for secondary in (False, True):
        alike = [one for one in about if bool(outcome_label(one[0])) == secondary]
        drawings = forests([[_headline(line) for line in own] for _, own in alike])
        drawn += (
            Panel(question_title(question), _findings(own), drawing)
            for (question, own), drawing in zip(alike, drawings, strict=True)
        )
    return tuple(drawn)


def part_forests(sections: Sequence[Section]) -> Mapping[str, tuple[Panel, ...]]:
    """Block → a panel for each course of which parts are asked, as days of the week are."""
    parted = {section.block: section for section in sections if section.heading == PART}
    return {
        block: tuple(
            Panel(name, _findings(lines), drawing)
            for (name, lines), drawing in zip(
                section.groups,
                forests([[_headline(line) for line in lines] for _, lines in section.groups]),
                strict=True,
            )
        )
        for block, section in parted.items()
    }


def grid_forests(grid: Grid, section: Section | None = None) -> tuple[Panel, ...]:
    """The cells of each channel, raw and shrunk; before them the means of a section, if given."""
    by_channel = {
        channel: [(about, row[column]) for about, row in grid.rows]
        for column, channel in enumerate(grid.columns)
    }
    means = section.lines if section else ()
    panels = [[_headline(line) for line in means]] if means else []
    panels += [[_shrunk(about, cell) for about, cell in own] for own in by_channel.values()]
    findings = [_findings(means)] if means else []
    findings += [
        "; ".join(_shrunk_finding(about, cell) for about, cell in own)
        for own in by_channel.values()
    ]
    titles = [*(["all channels: mean over courses"] if means else []), *by_channel]
    drawn = zip(titles, findings, forests(panels), strict=True)
    return tuple(Panel(*parts) for parts in drawn)


def weekly_panels(
    results: Mapping[str, Any], protocol: Protocol
) -> Mapping[str, tuple[Panel, ...]]:
    """Question → a panel for each of its series; of the experiment's own outcome only.

    Secondary outcomes are a few people a week: their courses are drawn in one forest.
    """
    series = [one for one in results["series"] if not outcome_label(one["question"])]
    names = ("question", "course", "channel", "arm", "method", "variant")
    rows = {tuple(row[name] for name in names): row for row in results["rows"]}
    panels: dict[str, list[Panel]] = {}
    for one, drawing in zip(series, weekly(series, protocol), strict=True):
        record = rows[tuple(one[name] for name in names)]
        title = one["course"] if one["arm"] == ALL else f"{one['course']}, arm {one['arm']}"
        finding = "; ".join((_finding(record), *_after(one)))
        panels.setdefault(one["question"], []).append(Panel(title, finding, drawing))
    return {question: tuple(own) for question, own in panels.items()}


def _after(series: Mapping[str, Any]) -> Iterator[str]:
    """What was observed and expected behind the window."""
    names = ("after", "days", "observed", "counterfactual", "low", "high")
    for after, days, *counts in zip(*(series[name] for name in names), strict=True):
        if after and counts[1] is not None:
            observed, expected, low, high = map(numbers.count, counts)
            yield f"{days} days after it {observed}, expected {expected} [{low}; {high}]"


def _lift(line: Line) -> float | None:
    lift: float | None = line.record["lift"]
    return lift


def _headline(line: Line) -> Mark:
    record = line.record
    if record["lift"] is None:
        return Mark(line.label, None, record["verdict"])
    together = record["lift_low_sim"] is not None
    return Mark(
        line.label,
        record["lift"],
        cells.lift(record),
        _ends(record, "lift_low", "lift_high"),
        _ends(record, "lift_low_sim", "lift_high_sim") if together else None,
        hollow=record["status"] == "descriptive",
        coverage="" if record["coverage"] is None else numbers.probability(record["coverage"]),
    )


def _shrunk(about: str, cell: Line | None) -> Mark:
    if cell is None or cell.record["lift"] is None:
        return Mark(about, None, "no wave" if cell is None else cell.record["verdict"])
    record = cell.record
    raw = _ends(record, "lift_low", "lift_high")
    if record["lift_shrunk"] is None:
        return Mark(about, record["lift"], cells.lift(record), raw)
    return Mark(
        about,
        record["lift_shrunk"],
        cells.shrunk(record),
        _ends(record, "lift_shrunk_low", "lift_shrunk_high"),
        raw,
        beside=record["lift"],
    )


def _ends(record: Record, low: str, high: str) -> tuple[float, float]:
    return record[low] or 0.0, math.inf if record[high] is None else record[high]


def _findings(lines: Sequence[Line]) -> str:
    return "; ".join(f"{line.label} {_short(line.record)}" for line in lines)


def _short(record: Record) -> str:
    if record["lift"] is None:
        return str(record["verdict"])
    covered = f", coverage {cells.coverage(record)}" if record["coverage"] is not None else ""
    return f"{cells.lift(record)} {cells.lift_interval(record)}, {record['verdict']}{covered}"


def _shrunk_finding(about: str, cell: Line | None) -> str:
    if cell is None:
        return f"{about} no wave"
    if cell.record["lift_shrunk"] is None:
        return f"{about} {_short(cell.record)}"
    shrunk = f"{cells.shrunk(cell.record)} {cells.shrunk_interval(cell.record)}"
    return f"{about} {cells.lift(cell.record)} raw, {shrunk} shrunk"


def _finding(record: Record) -> str:
    told = "forecast" if record["status"] == "descriptive" else "counterfactual"
    lift = f"{cells.lift(record)} {cells.lift_interval(record)} the {told}"
    extra = f", {cells.extra(record)} {cells.extra_interval(record)} extra"
    return f"{lift}{extra if record['extra_realised'] is not None else ''}: {record['verdict']}"
