"""report.html: one self-contained file without a script, the same bytes for the same inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from evaluator.evaluation import Evaluation
from evaluator.report import numbers
from evaluator.report.answer import audited, banner
from evaluator.report.believed import Believed, believed
from evaluator.report.notes import notes
from evaluator.report.page import cells
from evaluator.report.page.behind import Grid, costs, grids, lists
from evaluator.report.page.causes import causes
from evaluator.report.page.choices import choices
from evaluator.report.page.closely import closely
from evaluator.report.page.figures import Panel, channel_forests, course_forests, weekly_panels
from evaluator.report.page.questions import Section, anchor, sections
from evaluator.report.page.top import top
from evaluator.report.to_json import to_dict
from evaluator.report.words import asked, counted, question_title
from evaluator.results import RowRole

TEMPLATES = Path(__file__).with_name("templates")
CHANNELS = "channels"
"""The question with a forest for each channel."""
FILTERS: tuple[Callable[..., Any], ...] = (
    *(cells.lift, cells.lift_interval, cells.own_lift_interval, cells.p_value),
    *(cells.shrunk, cells.shrunk_interval, cells.extra, cells.extra_interval),
    *(cells.share, cells.share_interval, cells.money, cells.cost_interval, cells.figure),
    cells.coverage,
    *(numbers.count, numbers.factor, numbers.percent, anchor, counted, question_title, asked),
)
"""What the templates may do with a value, by the names of the functions."""


def to_html(evaluation: Evaluation) -> str:
    """The page. Its numbers are those of results.json; it computes none."""
    results = to_dict(evaluation)
    records = results["rows"]
    about = sections(evaluation, records)
    cells_of = tuple(grids(evaluation.rows, records))
    return _render(
        protocol=evaluation.protocol,
        results=results,
        banner=banner(evaluation.protocol),
        top=top(evaluation, records),
        sections=about,
        courses=course_forests(about),
        channels=_channel_panels(about, cells_of),
        weeks=weekly_panels(results, evaluation.protocol),
        causes=causes(evaluation.graph),
        looked=closely(evaluation.rows, records),
        belief=_believed(evaluation),
        grids=cells_of,
        lists=lists(evaluation.rows, records),
        costs=costs(evaluation.rows, records),
        choices=choices(evaluation.rows, records),
        audited=audited(evaluation.claims),
        unidentified=_by_data(results["not_identified"]),
    )


def _believed(evaluation: Evaluation) -> Believed:
    shown = [row for row in evaluation.rows if row.role is RowRole.HEADLINE]
    return believed(evaluation, shown, notes(shown, evaluation.findings))


def _by_data(left: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Data that would identify something → all that they would identify."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in left:
        found.setdefault(one["needed"], []).append(one)
    return found


def _channel_panels(asked: Sequence[Section], found: Sequence[Grid]) -> tuple[Panel, ...]:
    """Of the first grid that the question about channels has."""
    section = next((section for section in asked if CHANNELS in section.questions), None)
    grid = next((grid for grid in found if grid.question == CHANNELS), None)
    return channel_forests(section, grid) if section and grid else ()


def _render(**content: Any) -> str:
    # Imported here, so that nobody pays for it who writes no page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {function.__name__: function for function in FILTERS}
    environment.filters["groupby_in_order"] = _grouped
    return environment.get_template("page.html").render(**content)


def _grouped(items: Sequence[Mapping[str, Any]], name: str) -> list[tuple[str, list[Any]]]:
    return [(key, list(group)) for key, group in groupby(items, key=itemgetter(name))]
